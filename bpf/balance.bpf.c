// SPDX-License-Identifier: GPL-2.0
/*
 * The timer that looks round at the lanes, for what no callback would notice:
 * lanes that are longer than others, tasks that wait too long (guard.bpf.c), and
 * lanes whose CPU does not serve them. Every 10 ms as long as tasks wait anywhere,
 * otherwise every 100 ms.
 *
 * Evening out, policy "plan" (Red Bear S3.4): a lane with more than 1.25 times the
 * average load gives away what it has above the average, to the least loaded ones.
 * Policy "delivered" is what that system's code does: only a CPU with nothing at all
 * is given a task, by the longest lane. A task that runs counts, and where RT tasks or
 * interrupts take much of a CPU a task counts for more (place.bpf.c). With messengers
 * the lane's own CPU is asked to move them.
 *
 * A CPU that a task of a higher class keeps for itself asks for no tasks, and one that is
 * about to go offline gets none; those in its lane wait until another CPU has nothing
 * better to do, which may be never. Worse, an unplug waits for RCU before the
 * scheduler hears of it, and RCU may wait for a task that was preempted and sits in
 * that lane: a deadlock that was seen on 6.19. So a lane that may hold tasks and
 * has started or kept none for longer than a slice takes is emptied into the kernel's
 * global queue, which every CPU serves before anything else, an outgoing one included.
 */
#include "lanes.bpf.h"

#define BUSY_ROUND_NS	(10 * NS_PER_MS)
#define IDLE_ROUND_NS	(100 * NS_PER_MS)

/* Looks after which a task in the local queue of a CPU that runs none of ours is stuck. */
#define MAX_LOCAL_WAITS	5

/* Moves of one round: the next one comes soon. */
#define MAX_BALANCED	16
#define MAX_DRAINED	256

struct balancer {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct balancer);
} balancers SEC(".maps");

/*
 * The round that the timer is at. Apart from the timer, so that functions of their own,
 * which the verifier looks at once and not for each of their callers, get at it.
 *
 * @first_ns, @first_jiffies: when the first one began, by both clocks: it tells
 *	how long a jiffy is
 * @last, @now: when the last round and this one began
 * @max_wait, @max_rt_wait: longest wait allowed, in jiffies; 0 as long as it is not known
 * @total_load, @nr_lanes: of the lanes that are online
 * @is_busy: tasks wait somewhere
 */
struct {
	u64 first_ns;
	u64 first_jiffies;
	u64 last;
	u64 now;
	u64 max_wait;
	u64 max_rt_wait;
	u64 total_load;
	u32 nr_lanes;
	bool is_busy;
} this_round;

/*
 * Let the kernel have the first task of @cpu's queue for whatever CPU asks next; one that it
 * may use is made to ask, for what runs there may have a slice without an end.
 */
SUBPROG int drain_one(u64 queue, s32 cpu)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	struct lane *lane;
	int nr_moved = 0;

	bpf_rcu_read_lock();
	if (!bpf_iter_scx_dsq_new(&it, queue, 0)) {
		p = bpf_iter_scx_dsq_next(&it);
		if (p) {
			struct task_ctx *tctx = try_lookup_task_ctx(p);

			if (tctx)
				tctx->flags |= LANES_TASK_AHEAD;
			cpu = place_least_loaded(p, cpu, ANY_NODE);
			lane = try_lookup_lane(cpu);
			nr_moved = dsq_move(&it, p, DSQ_GLOBAL, 0);
			if (nr_moved && lane && !lane->curr_rt)
				make_pick(cpu, lane);
		}
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return nr_moved;
}

/* Does another CPU serve what the lane shares with its domain? */
SUBPROG int domain_is_served(s32 cpu)
{
	struct lane *mine = try_lookup_lane(cpu);
	s32 other;

	if (!mine || queue_domain == LANES_DOMAIN_CPU)
		return 0;
	bpf_for(other, 0, nr_cpus) {
		struct lane *lane = try_lookup_lane(other);

		if (lane && other != cpu && lane_is_open(lane) &&
		    home_cpu(lane, other) == home_cpu(mine, cpu))
			return 1;
	}
	return 0;
}

static int drain_main(s32 cpu)
{
	struct lane *lane = try_lookup_lane(cpu);
	u32 queue;

	if (!lane)
		return 0;
	bpf_for(queue, 0, nr_queues)
		if (!queue_is_empty(lane, queue) && (!queue || !domain_is_served(cpu)) &&
		    drain_one(lane_queue(main_kind(queue), cpu), cpu))
			return 1;
	return 0;
}

/* balance_drain - let the other CPUs have the tasks that wait in a lane */
static u32 balance_drain(s32 cpu)
{
	u32 i, nr_moved = 0;

	bpf_for(i, 0, MAX_DRAINED) {
		if (!drain_one(lane_queue(QUEUE_RT, cpu), cpu) && !drain_main(cpu))
			break;
		nr_moved++;
	}
	return nr_moved;
}

/* Tasks started and kept: a CPU that takes some goes on. */
static u64 progress_of(const struct lane *lane)
{
	return lane->stats[LANES_STAT_switches] + lane->stats[LANES_STAT_kept];
}

/*
 * A task that was alone waits in the local queue when a higher class takes the CPU. Others
 * wait there for a moment, until the CPU has noticed.
 */
static void look_at_local(s32 cpu, struct lane *lane)
{
	bool is_stuck = !lane->is_taken && !lane->curr_pid && local_waits(cpu) &&
			progress_of(lane) == lane->progress_seen;

	lane->nr_local_waits = is_stuck ? lane->nr_local_waits + 1 : 0;
}

/*
 * Does the lane's CPU start or keep a task as often as slices end, or has it a reason not
 * to? That it looks for one says nothing while tasks wait: a CPU on its way out looks each
 * time it is kicked, by the guard for one, and the kernel lets it have none.
 */
static bool is_served(struct lane *lane, u64 now, bool is_waiting)
{
	u64 progress = progress_of(lane);
	u64 scans = lane->stats[LANES_STAT_scans], longest_ns = slice_ns(), passed_ns;

	if (lane->curr_pid && lane->curr_slice_ns > longest_ns)
		longest_ns = lane->curr_slice_ns;

	if (progress != lane->progress_seen || (lane->curr_rt && lane->curr_pid)) {
		lane->progress_seen = progress;
		lane->progress_at_ns = now;
		lane->is_taken = false;
	} else if (!is_waiting && scans != lane->scans_seen) {
		lane->is_taken = false;
	}
	lane->scans_seen = scans;
	passed_ns = now - lane->progress_at_ns;
	/* What runs may have a slice without an end. */
	return passed_ns < longest_ns || passed_ns - longest_ns < 2 * TICK_NS_MAX;
}

static void rescue_lane(s32 cpu, struct lane *lane)
{
	struct lane *here = this_lane();
	u32 nr_moved;

	lane->is_taken = true;
	nr_moved = balance_drain(cpu);
	/* Whom the guard wanted it to run is among them. */
	__sync_fetch_and_and(&lane->todo, ~LANES_TODO_RESCUE);
	if (here)
		here->stats[LANES_STAT_rescues] += nr_moved;
	/* What the kernel already holds for that CPU comes back to ops.enqueue. */
	reenqueue_on(cpu);
}

SUBPROG int look_at_lane(s32 cpu)
{
	struct lane *lane = try_lookup_lane(cpu);
	bool is_waiting;

	if (!lane)
		return 0;
	look_at_local(cpu, lane);
	is_waiting = lane_depth(lane) || lane->rt_queued ||
		     lane->nr_local_waits >= MAX_LOCAL_WAITS;
	rt_look(lane, this_round.last, this_round.now);
	irq_look(cpu, lane);
	if (rt_holds_up(cpu, lane, this_round.now))
		make_pick(cpu, lane);
	if (lane_is_open(lane)) {
		this_round.total_load += lane_load(lane);
		this_round.nr_lanes++;
	}
	if (!is_served(lane, this_round.now, is_waiting) && is_waiting && !without(RESCUE))
		rescue_lane(cpu, lane);
	/* Also then: other CPUs may serve what they share with it, and leave some waiting. */
	if (is_waiting && this_round.max_wait && !without(GUARD))
		guard_lane(cpu, lane, this_round.max_wait, this_round.max_rt_wait);
	this_round.is_busy |= is_waiting || lane->nr_local_waits;
	return 0;
}

SUBPROG s32 least_loaded_lane(u64 *load)
{
	s32 cpu, best = -1;

	if (!load)
		return -1;
	*load = ~0ULL;
	bpf_for(cpu, 0, nr_cpus) {
		struct lane *lane = try_lookup_lane(cpu);

		if (!lane || !lane_is_open(lane) || lane_load(lane) >= *load)
			continue;
		*load = lane_load(lane);
		best = cpu;
	}
	return best;
}

/*
 * Does @to's lane gain from a task of @lane? Even with it it has less than that one, by
 * half a task.
 */
static bool is_better_off(const struct lane *lane, s32 to)
{
	struct lane *dst = try_lookup_lane(to);

	return dst && dst != lane &&
	       lane_load(lane) >= lane_load_with(dst, 1) + (1 << LOAD_SHIFT) / 2;
}

/* The least loaded lane that a task of this queue may go to and gains by; -1 for none. */
SUBPROG s32 shed_target_of(u64 queue, s32 cpu)
{
	struct lane *lane = try_lookup_lane(cpu);
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	u32 nr_looks = 0;
	s32 to, best = -1;

	if (!lane)
		return -1;
	bpf_rcu_read_lock();
	if (!bpf_iter_scx_dsq_new(&it, queue, DSQ_ITER_REV)) {
		while ((p = bpf_iter_scx_dsq_next(&it)) && nr_looks++ < max_looks) {
			to = place_least_loaded(p, cpu, ANY_NODE);
			if (!is_better_off(lane, to))
				continue;
			best = to;
			break;
		}
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return best;
}

static s32 shed_target(s32 cpu, struct lane *lane)
{
	u32 queue;
	s32 to;

	bpf_for(queue, 0, nr_queues) {
		if (queue_is_empty(lane, queue))
			continue;
		to = shed_target_of(lane_queue(main_kind(queue), cpu), cpu);
		if (to >= 0)
			return to;
	}
	return -1;
}

/* Give one task of @cpu's to the least loaded lane it may use, if that evens them out. */
SUBPROG int shed_one(s32 cpu)
{
	struct lane *lane = try_lookup_lane(cpu), *dst;
	s32 to;

	if (!lane)
		return 0;
	to = shed_target(cpu, lane);
	dst = try_lookup_lane(to);
	if (!dst)
		return 0;
	if (steal_mode == LANES_STEAL_MESSENGER) {
		steal_ask(to, cpu, lane);
		return 0;
	}
	if (!steal_move(cpu, to))
		return 0;
	__sync_fetch_and_add(&dst->stats[LANES_STAT_balanced], 1);
	count(LANES_STAT_remote_writes);
	trace(1, LANES_TRACE_BALANCE, 0, to, cpu);
	steal_wake(to, dst);
	return 1;
}

/* Does the policy want this lane to give tasks away? @average: load of a lane. */
static bool is_overloaded(const struct lane *lane, u64 average)
{
	u64 least = 0;

	if (knobs.balance == LANES_BALANCE_PLAN)
		return lane_load(lane) * 4 > average * 5;
	if (knobs.balance == LANES_BALANCE_DELIVERED)
		return lane_load(lane) > average + (1 << LOAD_SHIFT) &&
		       least_loaded_lane(&least) >= 0 && least < 1 << LOAD_SHIFT;
	return false;
}

static void even_out(void)
{
	u64 average = this_round.nr_lanes ? this_round.total_load / this_round.nr_lanes : 0;
	s32 cpu, i, nr_moves = 0;

	bpf_for(cpu, 0, nr_cpus) {
		struct lane *lane = try_lookup_lane(cpu);

		if (!lane || !lane_movable(lane))
			continue;
		bpf_for(i, 0, MAX_BALANCED) {
			if (nr_moves >= MAX_BALANCED || !is_overloaded(lane, average) ||
			    !shed_one(cpu))
				break;
			nr_moves++;
		}
	}
}

/* 0 as long as it is not known how long one takes. */
static u64 jiffies_in(u64 wait_ns)
{
	u64 ns = bpf_ktime_get_ns() - this_round.first_ns;
	u64 jiffies = bpf_jiffies64() - this_round.first_jiffies;

	return jiffies > 10 ? wait_ns / (ns / jiffies + 1) : 0;
}

static u64 max_wait_in_jiffies(void)
{
	u64 wait_ns = knobs.max_wait_ms * NS_PER_MS;

	/* It is seen a round late, and several at once are let run one a round. */
	if (wait_ns > 2 * BUSY_ROUND_NS)
		wait_ns -= BUSY_ROUND_NS + wait_ns / 16;
	return jiffies_in(wait_ns);
}

static int look_round(void *map, u32 *key, struct balancer *balancer)
{
	s32 cpu;

	this_round.max_wait = max_wait_in_jiffies();
	this_round.max_rt_wait = jiffies_in(watchdog_ms / 3 * NS_PER_MS);
	this_round.last = this_round.now;
	this_round.now = now_ns();
	this_round.total_load = 0;
	this_round.nr_lanes = 0;
	this_round.is_busy = false;
	bpf_for(cpu, 0, nr_cpus)
		look_at_lane(cpu);
	if (this_round.is_busy)
		even_out();
	bpf_timer_start(&balancer->timer, this_round.is_busy ? BUSY_ROUND_NS : IDLE_ROUND_NS, 0);
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
	this_round.first_ns = bpf_ktime_get_ns();
	this_round.first_jiffies = bpf_jiffies64();
	bpf_timer_init(&balancer->timer, &balancers, CLOCK_MONOTONIC);
	bpf_timer_set_callback(&balancer->timer, look_round);
	return bpf_timer_start(&balancer->timer, IDLE_ROUND_NS, 0);
}

/*
 * Let another lane have one of those that wait here and may run there. Not the kernel's
 * queue: this CPU would take them from it itself.
 */
SUBPROG int hand_out_one(s32 cpu)
{
	struct lane *lane = try_lookup_lane(cpu), *dst;
	u64 load;
	s32 to = least_loaded_lane(&load);
	u32 queue;

	dst = try_lookup_lane(to);
	if (!lane || !dst)
		return 0;
	bpf_for(queue, 0, nr_queues) {
		if (queue_is_empty(lane, queue) || (queue && domain_is_served(cpu)) ||
		    !steal_move_from(lane_queue(main_kind(queue), cpu), to))
			continue;
		steal_wake(to, dst);
		return 1;
	}
	return 0;
}

/* struct lanes_cpu_call: those who wait for a disabled CPU and may run elsewhere do. */
SEC("syscall")
int cpu_set(struct lanes_cpu_call *call)
{
	s32 cpu = call->cpu, i;
	struct lane *lane = try_lookup_lane(cpu);

	call->out_err = -EINVAL;
	if (!lane)
		return 0;
	lane->is_disabled = call->is_disabled;
	call->out_err = 0;
	if (lane->is_disabled) {
		bpf_for(i, 0, MAX_DRAINED)
			if (!hand_out_one(cpu))
				break;
		balance_drain(cpu);
	}
	make_pick(cpu, lane);
	return 0;
}
