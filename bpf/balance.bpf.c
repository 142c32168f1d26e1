// SPDX-License-Identifier: GPL-2.0
/*
 * The timer that looks round at the lanes, for what no callback would notice:
 * tasks that wait too long (guard.bpf.c), and lanes whose CPU does not serve them.
 *
 * A CPU that is about to go offline, or that a task of a higher class keeps for
 * itself, asks for no tasks; those in its lane wait until another CPU has
 * nothing better to do, which may be never. Worse, an unplug waits for RCU
 * before the scheduler hears of it, and RCU may wait for a task that was
 * preempted and sits in that lane: a deadlock that was seen on 6.19.
 *
 * So it looks round a little less often than slices end. A lane that may
 * hold tasks and has started or kept none since the last look is emptied into
 * the kernel's global queue, which every CPU serves before anything else, an
 * outgoing one included.
 */
#include "lanes.bpf.h"

/* Slices end at a tick, and a tick is at most this. */
#define TICK_NS		(10 * 1000 * 1000ULL)

/* So much at a time: other interrupts wait meanwhile. */
#define MAX_MOVES	256

/**
 * struct balancer - looks round at the lanes
 * @timer: when
 * @first_ns, @first_jiffies: when it began, by both clocks; from that it knows
 *	how long a jiffy is
 */
struct balancer {
	struct bpf_timer timer;
	u64 first_ns;
	u64 first_jiffies;
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
		while ((p = bpf_iter_scx_dsq_next(&it)) && nr_moved < MAX_MOVES) {
			mark_ahead(p);
			nr_moved += dsq_move(&it, p, DSQ_GLOBAL, 0);
		}
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return nr_moved;
}

static bool makes_progress(struct lane *lane)
{
	u64 progress = lane->stats[LANES_STAT_switches] + lane->stats[LANES_STAT_kept];
	bool has_moved = progress != lane->progress_seen;

	lane->progress_seen = progress;
	return has_moved;
}

static void look_at_lane(s32 cpu, struct lane *here, u64 max_wait_jiffies)
{
	struct lane *lane = try_lookup_lane(cpu);
	bool is_served = lane && makes_progress(lane);

	if (!lane || !lane->is_contended)
		return;
	if (!is_served && !without(RESCUE))
		here->stats[LANES_STAT_rescues] += balance_drain(cpu);
	else if (max_wait_jiffies && !without(GUARD))
		here->stats[LANES_STAT_starved] += guard_lane(cpu, lane, max_wait_jiffies);
}

/* The longest wait allowed, in jiffies; 0 as long as it is not known. */
static u64 max_wait_in_jiffies(const struct balancer *balancer)
{
	u64 ns = bpf_ktime_get_ns() - balancer->first_ns;
	u64 jiffies = bpf_jiffies64() - balancer->first_jiffies;

	return jiffies > 10 ? max_wait_ns / (ns / jiffies + 1) : 0;
}

static int look_round(void *map, u32 *key, struct balancer *balancer)
{
	struct lane *here = try_lookup_lane(bpf_get_smp_processor_id());
	u64 max_wait_jiffies = max_wait_in_jiffies(balancer);
	s32 cpu;

	bpf_for(cpu, 0, nr_cpus) {
		if (here)
			look_at_lane(cpu, here, max_wait_jiffies);
	}
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

	if (!balancer)
		return 0;
	balancer->first_ns = bpf_ktime_get_ns();
	balancer->first_jiffies = bpf_jiffies64();
	bpf_timer_init(&balancer->timer, &balancers, CLOCK_MONOTONIC);
	bpf_timer_set_callback(&balancer->timer, look_round);
	return bpf_timer_start(&balancer->timer, slice_ns + 2 * TICK_NS, 0);
}
