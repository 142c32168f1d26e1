// SPDX-License-Identifier: GPL-2.0
/*
 * Slices that end between two ticks.
 *
 * The kernel looks at slices when it ticks, every 4 ms with HZ=250. So each CPU
 * has a timer that fires when the slice of the running task is over and makes the
 * CPU pick. It is set when a task starts while others wait, and sets itself again
 * as long as that is so; a CPU whose tasks do not have to share never sees it.
 */
#include "lanes.bpf.h"

struct slice_timer {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LANES_MAX_CPUS);
	__type(key, u32);
	__type(value, struct slice_timer);
} slice_timers SEC(".maps");

static void tick_start(struct slice_timer *timer, u64 ns)
{
	bpf_timer_start(&timer->timer, ns, BPF_F_TIMER_CPU_PIN);
}

static bool tick_is_wanted(const struct lane *lane)
{
	return lane->curr_pid && (lane_waiting(lane) || lane->rt_queued || lane->slot_pid);
}

static int tick(void *map, u32 *cpu, struct slice_timer *timer)
{
	struct lane *lane = try_lookup_lane(*cpu);
	s64 left_ns;

	if (!lane)
		return 0;
	if (!tick_is_wanted(lane)) {
		lane->is_timer_armed = false;
		return 0;
	}
	left_ns = lane->since_ns + lane->curr_slice_ns - now_ns();
	/* Nothing ends it, as long as RT tasks have no budget. */
	if (lane->curr_rt && lane->curr_slice_ns == SLICE_INF && rt_is_unlimited())
		left_ns = rt_period_ns();
	if (left_ns <= (s64)SLACK_NS) {
		kick_cpu(*cpu, KICK_PREEMPT);
		stat_inc(lane, LANES_STAT_slice_kicks);
		left_ns = slice_ns();
	}
	tick_start(timer, left_ns < (s64)rt_period_ns() ? left_ns : rt_period_ns());
	return 0;
}

/**
 * tick_arm - see to it that the slice of the task that starts will end in time
 *
 * Context: ops.running, on @cpu itself.
 */
static void tick_arm(s32 cpu, struct lane *lane)
{
	struct slice_timer *timer;

	if (lane->is_timer_armed || !tick_is_wanted(lane) || without(TIMER))
		return;
	timer = bpf_map_lookup_elem(&slice_timers, &cpu);
	if (!timer)
		return;
	lane->is_timer_armed = true;
	tick_start(timer, lane->curr_slice_ns < rt_period_ns() ? lane->curr_slice_ns :
								 rt_period_ns());
}

/* Context: ops.init, so that the timers may do what it may. */
static s32 tick_open(s32 cpu)
{
	struct slice_timer *timer = bpf_map_lookup_elem(&slice_timers, &cpu);

	if (!timer)
		return 0;
	bpf_timer_init(&timer->timer, &slice_timers, CLOCK_MONOTONIC);
	return bpf_timer_set_callback(&timer->timer, tick);
}
