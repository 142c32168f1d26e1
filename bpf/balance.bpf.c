// SPDX-License-Identifier: GPL-2.0
/*
 * Lanes whose CPU does not serve them.
 *
 * A CPU that is about to go offline, or that a task of a higher class keeps for
 * itself, asks for no tasks; those in its lane wait until another CPU has
 * nothing better to do, which may be never. Worse, an unplug waits for RCU
 * before the scheduler hears of it, and RCU may wait for a task that was
 * preempted and sits in that lane: a deadlock that was seen on 6.19.
 *
 * So a timer looks round a little less often than slices end. A lane that may
 * hold tasks and has started or kept none since the last look is emptied into
 * the kernel's global queue, which every CPU serves before anything else, an
 * outgoing one included.
 */
#include "lanes.bpf.h"

/* Slices end at a tick, and a tick is at most this. */
#define TICK_NS		(10 * 1000 * 1000ULL)

/* So much at a time: other interrupts wait meanwhile. */
#define MAX_MOVES	256

struct balancer {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct balancer);
} balancers SEC(".maps");

/* Own function: the verifier sees one iterator at a time. */
static __noinline int balance_drain(s32 cpu)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	int nr_moved = 0;

	bpf_rcu_read_lock();
	if (!bpf_iter_scx_dsq_new(&it, lane_dsq(cpu), 0)) {
		while ((p = bpf_iter_scx_dsq_next(&it)) && nr_moved < MAX_MOVES)
			nr_moved += dsq_move(&it, p, DSQ_GLOBAL, 0);
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return nr_moved;
}

static void look_at_lane(s32 cpu)
{
	struct lane *lane = try_lookup_lane(cpu), *here;
	u64 progress;

	if (!lane)
		return;
	progress = lane->stats[LANES_STAT_switches] + lane->stats[LANES_STAT_kept];
	if (progress == lane->progress_seen && lane->is_contended) {
		here = try_lookup_lane(bpf_get_smp_processor_id());
		if (here)
			here->stats[LANES_STAT_rescues] += balance_drain(cpu);
	}
	lane->progress_seen = progress;
}

static int look_round(void *map, u32 *key, struct balancer *balancer)
{
	s32 cpu;

	bpf_for(cpu, 0, nr_cpus)
		look_at_lane(cpu);
	bpf_timer_start(&balancer->timer, slice_ns + 2 * TICK_NS, 0);
	return 0;
}

/**
 * balance_start - begin to look round
 *
 * Context: ops.init, so that the timer may do what ops.init may.
 */
static s32 balance_start(void)
{
	u32 key = 0;
	struct balancer *balancer = bpf_map_lookup_elem(&balancers, &key);

	if (!balancer || without(RESCUE))
		return 0;
	bpf_timer_init(&balancer->timer, &balancers, CLOCK_MONOTONIC);
	bpf_timer_set_callback(&balancer->timer, look_round);
	return bpf_timer_start(&balancer->timer, slice_ns + 2 * TICK_NS, 0);
}
