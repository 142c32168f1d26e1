/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the BPF scheduler and its loader share: limits, the published state of
 * a lane, the exit record. Compiled by both sides, so fixed-size types only.
 */
#ifndef __LANES_SCHED_H
#define __LANES_SCHED_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* What /sys/kernel/sched_ext/root/ops shows while it is attached. */
#define LANES_OPS_NAME		"lanes_vruntime"

/* The set of lanes with work is a bitmap of this many bits. */
#define LANES_MAX_CPUS		1024
#define LANES_EXIT_DUMP_LEN	32768

#define LANES_SLICE_US_MIN	100
#define LANES_SLICE_US_MAX	100000
#define LANES_SLICE_US_DFL	3000

#define LANES_MAX_WAIT_MS_MIN	10
#define LANES_MAX_WAIT_MS_MAX	10000
#define LANES_MAX_WAIT_MS_DFL	1000

/* The kernel accepts no longer watchdog time. */
#define LANES_WATCHDOG_SECS_MAX	30

enum lanes_stat {
#define LANES_STAT(name, unit, meaning) LANES_STAT_##name,
#include "lanes_stats.def"
	LANES_NR_STATS,
};

/*
 * Parts of the scheduler that can be left out (--without), to see what each is
 * good for; the tests use them as their negative controls.
 */
enum lanes_part {
	LANES_PART_PREV		= 1 << 0,
	LANES_PART_REBASE	= 1 << 1,
	LANES_PART_LIFT		= 1 << 2,
	LANES_PART_KTHREAD	= 1 << 3,
	LANES_PART_STEAL	= 1 << 4,
	LANES_PART_PREEMPT	= 1 << 5,
	LANES_PART_IDLE		= 1 << 6,
	LANES_PART_RESCUE	= 1 << 7,
	LANES_PART_GUARD	= 1 << 8,
};

/*
 * Kernel features newer than 6.12 that can be left unused (--without), which
 * forces the branch that an older kernel would take.
 */
enum lanes_feature {
	LANES_FEATURE_INSERT_V2		= 1 << 0,
	LANES_FEATURE_INSERT_ARGS	= 1 << 1,
	LANES_FEATURE_MOVE_V2		= 1 << 2,
	LANES_FEATURE_PEEK		= 1 << 3,
	LANES_FEATURE_NOW		= 1 << 4,
	LANES_FEATURE_SET_SLICE		= 1 << 5,
};

/*
 * Latencies are counted in buckets that grow by a quarter of a power of two,
 * see bpf/math/histogram.h.
 */
#define LANES_HIST_BUCKETS	160

/**
 * struct lane - the published state of one CPU
 * @floor: virtual time before which no queued task may lie, ns of nice 0;
 *	only grows
 * @curr_key: virtual runtime of the running task when it was picked
 * @curr_pid: the running task, 0 for none of ours
 * @is_contended: the queue may hold a task; set by enqueue, cleared by the
 *	owner's dispatch, both under the CPU's rq lock
 * @is_preempting: a wakeup has asked the running task to stop and it has not
 *	yet; under the rq lock too
 * @is_online: takes part in placement
 * @depth: tasks waiting in the queue, as of the reader's last sample
 * @progress_seen: tasks started and kept, at the balancer's last look; its alone
 * @node: NUMA node, set by the loader before load
 * @stats: counters, &enum lanes_stat
 * @wake_hist: wakeups by the time from becoming runnable to running
 *
 * State is written under the CPU's rq lock, counters by the CPU itself; readers
 * see what was true a moment ago.
 */
struct lane {
	__u64 floor;
	__u64 curr_key;
	__u32 curr_pid;
	__u32 is_contended;
	__u32 is_preempting;
	__u32 is_online;
	__u64 depth;
	__u64 progress_seen;
	__s32 node;
	__u32 pad[3];
	__u64 stats[LANES_NR_STATS];
	__u64 wake_hist[LANES_HIST_BUCKETS];
} __attribute__((aligned(64)));

/**
 * struct lanes_exit - why the scheduler ended, filled in by ops.exit
 * @kind: the kernel's enum scx_exit_kind, 0 while running
 * @code: the kernel's exit code; carries the restart request
 */
struct lanes_exit {
	__u32 kind;
	__u32 pad;
	__s64 code;
	char reason[128];
	char msg[1024];
	char dump[LANES_EXIT_DUMP_LEN];
};

_Static_assert(sizeof(struct lane) % 64 == 0, "lanes must not share a cache line");
_Static_assert(sizeof(struct lanes_exit) == 16 + 128 + 1024 + LANES_EXIT_DUMP_LEN,
	       "both compilers must agree on the exit record");

#endif /* __LANES_SCHED_H */
