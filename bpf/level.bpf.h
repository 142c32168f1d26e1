/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the disciplines of strict levels have in common, "lk" and "haiku": who is next
 * is a question of ranks, 0 the first, and of places within them (math/levelkey.h).
 *
 * A lane has its own queue, 0, for those who may not run everywhere, and one, 1, that it
 * shares with its domain; without a domain there is queue 0 alone. The first of both
 * is the next, so places are given from one counter for the domain.
 */
#ifndef __LANES_LEVEL_BPF_H
#define __LANES_LEVEL_BPF_H

#include "math/levelkey.h"

#define QUEUE_OWN	0
#define QUEUE_SHARED	1

/* Whoever is before another interrupts it, however short a time that has run and how often. */
static inline bool discipline_is_strict(void)
{
	return discipline == LANES_DISCIPLINE_lk || discipline == LANES_DISCIPLINE_haiku;
}

/* After all ranks, and so that its difference to a key before all of them is positive. */
#define NO_KEY		(~0ULL >> 2)

/* May it run wherever the queue of a domain is served? */
static inline bool task_fits_domain(const struct task_struct *p)
{
	return queue_domain != LANES_DOMAIN_CPU && p->nr_cpus_allowed >= nr_cpus &&
	       !task_is_kept_here(p);
}

static inline u32 level_queue_of(const struct task_struct *p)
{
	return task_fits_domain(p) ? QUEUE_SHARED : QUEUE_OWN;
}

/* A key at the head or the tail of its rank. */
static inline u64 level_place(struct lane *lane, u32 rank, bool at_head)
{
	struct lane *home = home_lane(lane);

	if (at_head)
		return level_key_head(rank, __sync_fetch_and_add(&home->level_heads, 1));
	return level_key_tail(rank, __sync_fetch_and_add(&home->level_tails, 1));
}

static inline u64 level_first_own(s32 cpu, const struct lane *lane)
{
	u64 key = NO_KEY;

	if (lane_waiting_here(lane))
		dsq_first_key(lane_queue(main_kind(QUEUE_OWN), cpu), &key);
	return key;
}

/* A disabled CPU leaves what others may run to them. */
static inline u64 level_first_shared(s32 cpu, const struct lane *lane)
{
	u64 key = NO_KEY;

	if (lane_waiting_shared(lane) && !lane->is_disabled)
		dsq_first_key(lane_queue(main_kind(QUEUE_SHARED), home_cpu(lane, cpu)), &key);
	return key;
}

/* Return: the key of the next one in either queue, NO_KEY if there is none. */
SUBPROG u64 level_first(s32 cpu)
{
	struct lane *lane = try_lookup_lane(cpu);
	u64 own, shared;

	if (!lane)
		return NO_KEY;
	own = level_first_own(cpu, lane);
	if (queue_domain == LANES_DOMAIN_CPU)
		return own;
	shared = level_first_shared(cpu, lane);
	return vtime_before(shared, own) ? shared : own;
}

/*
 * level_goes_first - does one that waits go before the task that ran?
 * @rank: of the task
 * @lets_equals: whether its turn is over
 */
static inline bool level_goes_first(s32 cpu, struct lane *lane, u32 rank, bool lets_equals)
{
	u64 key;

	if (!lane_waiting(lane))
		return false;
	key = level_first(cpu);
	if (key == NO_KEY)
		return false;
	return without(PREV) || vtime_before(key, level_key_first(rank + lets_equals));
}

/* Move the next one of both queues to the local queue. */
SUBPROG int level_take_next(s32 cpu)
{
	u64 own = lane_queue(main_kind(QUEUE_OWN), cpu), shared;
	struct lane *lane = try_lookup_lane(cpu);

	if (!lane)
		return 0;
	shared = lane_queue(main_kind(QUEUE_SHARED), home_cpu(lane, cpu));
	if (vtime_before(level_first_own(cpu, lane), level_first_shared(cpu, lane)))
		return dsq_move_to_local(own) || dsq_move_to_local(shared);
	if (!lane->is_disabled && dsq_move_to_local(shared))
		return 1;
	return dsq_move_to_local(own);
}

/* level_take - move the next one to the local queue. Return: whether there was one. */
static inline bool level_take(s32 cpu, struct lane *lane)
{
	if (!lane_waiting_shared(lane))
		return dsq_move_to_local(lane_queue(main_kind(QUEUE_OWN), cpu));
	return level_take_next(cpu);
}

/*
 * level_started - a task runs that may not be the first any more
 *
 * Between a pick and here the queues may have changed, and whoever came did not know
 * whom to compare itself with; or its nice value was changed. Kernel threads that went
 * ahead and tasks of the RT pass are left alone; who was rescued has one slice, whatever
 * its quantum is.
 */
static inline void level_started(struct task_struct *p, struct task_ctx *tctx,
				 struct lane *lane, u32 rank)
{
	s32 cpu = bpf_get_smp_processor_id();

	if (tctx->flags & LANES_TASK_RESCUED) {
		task_set_slice(p, slice_ns());
		/* It is set for the quantum of the one before. */
		lane->is_timer_armed = false;
	}
	if (tctx->flags & LANES_TASK_RESCUED || !lane_waiting(lane) || without(PREV) ||
	    rt_prio_of(tctx) || (tctx->flags & LANES_TASK_AHEAD && task_is_cpu_kthread(p)))
		return;
	if (vtime_before(level_first(cpu), level_key_first(rank)))
		make_pick(cpu, lane);
}

/* Has wakeup_interrupts() looked whether it is to interrupt what runs there? */
static inline bool level_has_asked(struct task_struct *p, const struct task_ctx *tctx)
{
	return tctx->flags & LANES_TASK_WOKEN && tctx->cpu == task_cpu_of(p);
}

/*
 * level_arrived - a task is about to wait that has not just run here, nor woken up
 *
 * It comes from another CPU, or its nice value was changed. Nobody else would tell what
 * runs, which may be real-time and pick no more.
 */
static inline void level_arrived(struct task_ctx *tctx, struct lane *lane, u32 rank)
{
	if (lane->curr_pid && !lane->curr_rt && !lane->is_preempting && !without(PREEMPT) &&
	    rank < level_key_rank(lane->curr_key))
		make_pick(tctx->cpu, lane);
}

/*
 * Of the CPUs of the domain the one that runs the last in rank, idle ones first. One that runs
 * none of ours and is not idle has a task of a higher class, or is about to be idle: if there
 * is no other one.
 */
SUBPROG s32 level_victim(struct task_struct *p TRUSTED, u32 rank, s32 here)
{
	const struct cpumask *allowed = p->cpus_ptr, *idle = get_idle_cpumask();
	struct lane *mine = try_lookup_lane(here);
	u32 worst = rank;
	s32 i, best = -1, unknown = -1;

	if (!mine)
		goto out;
	bpf_for(i, 0, nr_cpus + 1) {
		s32 cpu = i ? i - 1 : here;
		struct lane *lane = try_lookup_lane(cpu);
		u32 runs;

		if (!lane || !lane_is_open(lane) || lane->is_realtime || lane->curr_rt ||
		    lane->is_preempting || !bpf_cpumask_test_cpu(cpu, allowed) ||
		    home_cpu(lane, cpu) != home_cpu(mine, here))
			continue;
		if (!lane->curr_pid && !bpf_cpumask_test_cpu(cpu, idle)) {
			unknown = cpu;
			continue;
		}
		runs = lane->curr_pid ? level_key_rank(lane->curr_key) : LEVEL_KEY_RANKS;
		/* Not "runs <= worst": 6.12 would follow each round's narrower bounds. */
		if ((s32)(runs - worst) <= 0)
			continue;
		worst = runs;
		best = cpu;
	}
out:
	put_idle_cpumask(idle);
	return best >= 0 ? best : unknown;
}

SUBPROG int level_kick_all(s32 here)
{
	s32 cpu;

	bpf_for(cpu, 0, nr_cpus) {
		struct lane *lane = try_lookup_lane(cpu);

		if (!lane || cpu == here || !lane_is_open(lane) || lane->is_realtime)
			continue;
		make_pick(cpu, lane);
		count(LANES_STAT_kicks);
	}
	return 0;
}

/*
 * level_kick - a task that has woken up is about to wait in the queue of its domain
 * @all: everybody is to pick anew, otherwise the one that runs the last in rank
 */
SUBPROG int level_kick(struct task_struct *p TRUSTED, u32 rank, bool all)
{
	s32 here = task_cpu_of(p), victim;
	struct lane *theirs;

	if (all)
		return level_kick_all(here);
	victim = level_victim(p, rank, here);
	theirs = try_lookup_lane(victim);
	if (!theirs)
		return 0;
	if (theirs->curr_pid)
		make_pick(victim, theirs);
	else
		kick_cpu(victim, KICK_IDLE);
	count(LANES_STAT_kicks);
	return 0;
}

#endif /* __LANES_LEVEL_BPF_H */
