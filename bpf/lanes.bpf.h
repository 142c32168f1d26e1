/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the scheduler share: the maps and their lookups, the knobs,
 * and the verbs that one topic offers the others. The story that ties them
 * together is at the head of main.bpf.c.
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
#include "math/rtkey.h"
#include "math/vtime.h"
#include "math/weight.h"

#define BPF_STRUCT_OPS(name, args...) \
	SEC("struct_ops/" #name) BPF_PROG(name, ##args)

#define BPF_STRUCT_OPS_SLEEPABLE(name, args...) \
	SEC("struct_ops.s/" #name) BPF_PROG(name, ##args)

/*
 * A function that the verifier looks at once, by itself, instead of anew with each
 * path that leads to it: for what is rare, or loops. Pointers it is given may be
 * NULL to it; a task has to be TRUSTED.
 */
#define SUBPROG		__noinline
#define TRUSTED		__arg_trusted

/* On the way of every switch: a call would take 17 instructions. */
#define HOT		static __always_inline

/* linux/errno.h, linux/sched.h and linux/time.h, which BTF does not carry. */
#define EPERM		1
#define ENOENT		2
#define ESRCH		3
#define ENOMEM		12
#define EINVAL		22
#define PF_KTHREAD		0x00200000
#define PF_NO_SETAFFINITY	0x04000000
#define SCHED_BATCH	3
#define SCHED_IDLE	5
#define CLOCK_MONOTONIC	1
#define MAX_RT_PRIO	100

#define NS_PER_US	1000ULL
#define NS_PER_MS	1000000ULL
#define NS_PER_SEC	1000000000ULL

/* Closer to its end than this, a slice is over. */
#define SLACK_NS	(50 * NS_PER_US)

/* Slices end at a tick, and a tick is at most this. */
#define TICK_NS_MAX	(10 * NS_PER_MS)

/* Sized by the loader to the CPUs there are; mapped by whoever reads it. */
struct lanes_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct lane);
};

extern struct lanes_map lanes SEC(".maps");

/* Chosen by the loader before load; main.bpf.c explains each. */
extern const volatile s32 nr_cpus;
extern const volatile u32 steal_mode;
extern const volatile u32 parts_off;
/*
 * The same; weak instead of volatile, so that clang takes no value for granted and yet
 * reads each once in a function.
 */
extern const u32 discipline;
extern const u32 nr_queues;
extern const u32 queue_domain;
extern const u32 rt_by_discipline;

/* Can be changed at any time; lanes_knobs.def explains each. */
extern struct lanes_knobs knobs;

#define without(part) (parts_off & LANES_PART_##part)

/*
 * The id of a lane's queue: the kind above, the CPU below. Main queues have even kinds,
 * the first of them is QUEUE_MAIN.
 */
enum queue_kind {
	QUEUE_MAIN,
	QUEUE_RT,
};

static inline u64 lane_queue(u32 kind, s32 cpu)
{
	return (u64)kind << 32 | (u32)cpu;
}

static inline u32 main_kind(u32 queue)
{
	return queue << 1;
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

/* The CPU under whose number the main queues are that the lane of @cpu shares. */
static inline s32 home_cpu(const struct lane *lane, s32 cpu)
{
	if (queue_domain == LANES_DOMAIN_CPU)
		return cpu;
	return queue_domain == LANES_DOMAIN_CORE ? lane->core : 0;
}

/* The same for one of the main queues: the first is each lane's own. */
static inline s32 main_cpu(const struct lane *lane, u32 queue, s32 cpu)
{
	return queue ? home_cpu(lane, cpu) : cpu;
}

/* The lane in which the tasks of these queues are counted; queue 0 is each lane's own. */
static inline struct lane *home_lane(struct lane *lane)
{
	struct lane *home;

	if (queue_domain == LANES_DOMAIN_CPU)
		return lane;
	home = try_lookup_lane(home_cpu(lane, 0));
	return home ?: lane;
}

/* Ordinary tasks that wait for the lane's CPU alone. */
static inline u32 lane_waiting_here(const struct lane *lane)
{
	return queue_domain == LANES_DOMAIN_CPU ? lane_depth(lane) : lane->nr_in[0];
}

/* Those that wait for whichever CPU of its domain comes first: in queues 1 and up. */
static inline u32 lane_waiting_shared(const struct lane *lane)
{
	if (queue_domain == LANES_DOMAIN_CPU)
		return 0;
	return home_lane((struct lane *)lane)->nr_in[1];
}

static inline u32 lane_waiting(const struct lane *lane)
{
	return lane_waiting_here(lane) + lane_waiting_shared(lane);
}

/* Will its CPU run what is put there? */
static inline bool lane_is_open(const struct lane *lane)
{
	return lane->is_online && !lane->is_taken && !lane->is_disabled;
}

static inline struct lane *this_lane(void)
{
	return try_lookup_lane(bpf_get_smp_processor_id());
}

static inline void stat_inc(struct lane *lane, enum lanes_stat stat)
{
	lane->stats[stat]++;
}

/* For what a CPU does to another one's lane: it counts as its own doing. */
static inline void count(enum lanes_stat stat)
{
	struct lane *lane = this_lane();

	if (lane)
		stat_inc(lane, stat);
}

/* Make a CPU pick anew. What runs there is not taken for having yielded by it. */
static inline void make_pick(s32 cpu, struct lane *lane)
{
	lane->is_preempting = true;
	kick_cpu(cpu, KICK_PREEMPT);
}

static inline bool task_is_queued(const struct task_struct *p)
{
	return p->scx.flags & TASK_QUEUED;
}

/*
 * The priority of the RT pass, 0 for none. Also for whom a task keeps waiting that
 * is more urgent than itself. 0 for all where the discipline gives a designation
 * its own meaning.
 */
static inline u32 rt_prio_of(const struct task_ctx *tctx)
{
	if (rt_by_discipline)
		return 0;
	return tctx->rt_prio > tctx->lent_prio ? tctx->rt_prio : tctx->lent_prio;
}

/* Not so one that only disabled migration: it is advertised, thieves pass it by. */
static inline bool task_is_pinned(const struct task_struct *p)
{
	return p->nr_cpus_allowed == 1;
}

/* One that was made for its CPU; on a machine with one CPU every task is pinned. */
static inline bool task_is_cpu_kthread(const struct task_struct *p)
{
	return (p->flags & (PF_KTHREAD | PF_NO_SETAFFINITY)) ==
	       (PF_KTHREAD | PF_NO_SETAFFINITY) && task_is_pinned(p);
}

/* Who asked to be disturbed less disturbs nobody. */
static inline bool task_is_patient(const struct task_struct *p)
{
	return p->policy == SCHED_BATCH || p->policy == SCHED_IDLE;
}

static inline u64 slice_ns(void)
{
	return knobs.slice_us * NS_PER_US;
}

#endif /* __LANES_BPF_H */
