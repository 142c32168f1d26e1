/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the scheduler share: its contexts, their lookups, the
 * knobs, and the verbs that one topic offers the others. The story that ties
 * them together is at the head of main.bpf.c.
 */
#ifndef __LANES_BPF_H
#define __LANES_BPF_H

#define BPF_NO_KFUNC_PROTOTYPES
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "lanes_sched.h"
#include "compat.bpf.h"
#include "math/histogram.h"
#include "math/vtime.h"
#include "math/weight.h"

#define BPF_STRUCT_OPS(name, args...) \
	SEC("struct_ops/" #name) BPF_PROG(name, ##args)

#define BPF_STRUCT_OPS_SLEEPABLE(name, args...) \
	SEC("struct_ops.s/" #name) BPF_PROG(name, ##args)

/* linux/errno.h, linux/sched.h and linux/time.h, which BTF does not carry. */
#define ENOENT		2
#define ENOMEM		12
#define PF_KTHREAD	0x00200000
#define SCHED_BATCH	3
#define SCHED_IDLE	5
#define CLOCK_MONOTONIC	1
#define MAX_RT_PRIO	100

/**
 * struct task_ctx - what the scheduler remembers of one task
 * @vruntime: virtual runtime, on the clock of lane @cpu
 * @exec_seen_ns: sum_exec_runtime up to which the task was charged
 * @exec_at_wakeup_ns: the same at its last wakeup; kept for kernel threads only
 * @runnable_at_ns: when it woke up, 0 once it has run
 * @is_ahead: its turn came before its key's; says nothing about the lane's floor
 * @has_yielded: has asked not to be picked next
 * @cpu: whose clock @vruntime is on; NO_CPU before the first enqueue
 *
 * Only touched with the task's rq lock held, or by the waker before that.
 */
struct task_ctx {
	u64 vruntime;
	u64 exec_seen_ns;
	u64 exec_at_wakeup_ns;
	u64 runnable_at_ns;
	s32 cpu;
	bool is_ahead;
	bool has_yielded;
};

#define NO_CPU (-1)

struct task_ctxs {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_ctx);
};

/* Sized by the loader to the CPUs there are; mapped by whoever reads it. */
struct lanes_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct lane);
};

extern struct task_ctxs task_ctxs SEC(".maps");
extern struct lanes_map lanes SEC(".maps");

/* Knobs, set by the loader before load; main.bpf.c explains each. */
extern const volatile u64 slice_ns;
extern const volatile u64 max_wait_ns;
extern const volatile s32 nr_cpus;
extern const volatile u32 parts_off;

#define without(part) (parts_off & LANES_PART_##part)

/* A lane has one queue so far; the id's upper half is for the kind of queue. */
static inline u64 lane_dsq(s32 cpu)
{
	return (u32)cpu;
}

static inline struct lane *try_lookup_lane(s32 cpu)
{
	return bpf_map_lookup_elem(&lanes, &cpu);
}

static inline struct lane *lookup_lane(s32 cpu)
{
	struct lane *lane = try_lookup_lane(cpu);

	if (!lane)
		sched_error("cpu %d: no lane", cpu);
	return lane;
}

static inline struct task_ctx *try_lookup_task_ctx(struct task_struct *p)
{
	return bpf_task_storage_get(&task_ctxs, p, NULL, 0);
}

static inline struct task_ctx *lookup_task_ctx(struct task_struct *p)
{
	struct task_ctx *tctx = try_lookup_task_ctx(p);

	if (!tctx)
		sched_error("task %d: no task_ctx", p->pid);
	return tctx;
}

static inline void mark_ahead(struct task_struct *p)
{
	struct task_ctx *tctx = try_lookup_task_ctx(p);

	if (tctx)
		tctx->is_ahead = true;
}

static inline void stat_inc(struct lane *lane, enum lanes_stat stat)
{
	lane->stats[stat]++;
}

/* For callbacks that a waker may run on a CPU other than the task's: IRQs are off. */
static inline void count(enum lanes_stat stat)
{
	struct lane *lane = try_lookup_lane(bpf_get_smp_processor_id());

	if (lane)
		stat_inc(lane, stat);
}

static inline bool task_is_queued(const struct task_struct *p)
{
	return p->scx.flags & TASK_QUEUED;
}

/* Not so one that only disabled migration: it is advertised, thieves pass it by. */
static inline bool task_is_pinned(const struct task_struct *p)
{
	return p->nr_cpus_allowed == 1;
}

static inline bool task_is_cpu_kthread(const struct task_struct *p)
{
	return (p->flags & PF_KTHREAD) && task_is_pinned(p);
}

/* steal.bpf.c */
static void steal_advertise(s32 cpu);
static void steal_withdraw(s32 cpu);
static bool steal_one(s32 cpu, struct lane *lane);

/* balance.bpf.c */
static int balance_drain(s32 cpu);
static s32 balance_start(void);

/* guard.bpf.c */
static int guard_lane(s32 cpu, struct lane *lane, u64 limit);

/* place.bpf.c */
static s32 place_new_task(struct task_struct *p, s32 prev_cpu);
static void place_kick_idle(struct task_struct *p);

/* view.bpf.c */
static void view_dump(void);
static void view_dump_lane(s32 cpu, bool is_idle);
static void view_dump_task(struct task_struct *p);

#endif /* __LANES_BPF_H */
