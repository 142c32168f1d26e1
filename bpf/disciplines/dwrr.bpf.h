/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Discipline "dwrr": 40 levels that take turns by deficit weighted round robin.
 *
 * Redox's rule for all threads until 2026 (kernel commit 97675699), and the one that
 * Red Bear OS falls back to: a ring of 40 queues, one for each nice value, each with a
 * balance; math/dwrr.h tells how the next one is found. In a level it is first come,
 * first served. So shares belong to levels, not to tasks: a level gets w / (w + 1024)
 * of what it would alone, which is never more than twice the share of nice 0, and those
 * in it divide that.
 *
 * What that system's code gets wrong and this one does not: the task that ran takes
 * part in the next pick, as the last of its level (D1); and a task that wakes up may
 * interrupt one of a worse level, if its level can pay at once (D7).
 *
 * Queue 0 is for those whose turn comes before every level's, queue 1 + n for level n.
 */
#ifndef __LANES_DWRR_BPF_H
#define __LANES_DWRR_BPF_H

#include "math/dwrr.h"

#define DWRR_FRONT	0

static inline u32 dwrr_queue(u32 level)
{
	return 1 + level;
}

static inline u32 dwrr_level(const struct task_struct *p, const struct task_ctx *tctx)
{
	u32 level = task_level(p, tctx);

	return level < DWRR_LEVELS ? level : DWRR_LEVELS - 1;
}

static inline u32 dwrr_weight(u32 level)
{
	return level < NR_LEVELS ? level_weights[level] : 1;
}

static inline bool dwrr_is_ready(const struct lane *lane, u32 level, u32 also)
{
	return level == also || lane->nr_in[dwrr_queue(level) & (LANES_MAX_QUEUES - 1)];
}

static inline u32 *dwrr_balance(struct lane *lane, u32 level)
{
	return &lane->dwrr.balance[level < DWRR_LEVELS ? level : 0];
}

/* The level whose turn comes first. @also: has a task that is in no queue, or NOBODY. */
SUBPROG u32 dwrr_find(struct lane *lane, u32 also, u32 *turn)
{
	u32 level, best = DWRR_NOBODY;

	if (!lane || !turn)
		return DWRR_NOBODY;
	*turn = ~0U;
	bpf_for(level, 0, DWRR_LEVELS) {
		u32 its_turn;

		if (!dwrr_is_ready(lane, level, also))
			continue;
		its_turn = dwrr_turn(*dwrr_balance(lane, level), dwrr_weight(level),
				     dwrr_distance(level, lane->dwrr.last));
		if (its_turn >= *turn)
			continue;
		*turn = its_turn;
		best = level;
	}
	return best;
}

/* Give each level what the walk would have given it on its way. */
SUBPROG u32 dwrr_advance(struct lane *lane, u32 also, u32 turn)
{
	u32 level, nr_steps = 0;

	if (!lane)
		return 0;
	bpf_for(level, 0, DWRR_LEVELS) {
		nr_steps++;
		if (dwrr_is_ready(lane, level, also))
			*dwrr_balance(lane, level) += dwrr_weight(level) *
				dwrr_visits(turn, dwrr_distance(level, lane->dwrr.last));
	}
	return nr_steps;
}

/* Return: the level that is next and has now paid for it, DWRR_NOBODY if all are empty. */
static u32 dwrr_pick(struct lane *lane, u32 also)
{
	u32 turn = 0, level = dwrr_find(lane, also, &turn), nr_steps = DWRR_LEVELS;
	u32 *balance;

	if (level != DWRR_NOBODY) {
		nr_steps += dwrr_advance(lane, also, turn);
		balance = dwrr_balance(lane, level);
		/* A thief may have emptied the level before it got its share. */
		*balance -= *balance < DWRR_QUANTUM ? *balance : DWRR_QUANTUM;
		lane->dwrr.last = level;
	}
	if (nr_steps > lane->dwrr.max_steps)
		lane->dwrr.max_steps = nr_steps;
	return level;
}

static inline void dwrr_open(struct lane *lane, s32 cpu)
{
	lane->dwrr.last = DWRR_LEVELS - 1;
	lane->dwrr.picked = DWRR_NOBODY;
}

static inline void dwrr_catch_up(struct lane *lane, u64 now)
{
}

static inline void dwrr_init(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
}

static inline bool dwrr_lift(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			     u64 now)
{
	return false;
}

static inline void dwrr_forgive(struct task_ctx *tctx, struct lane *lane)
{
}

/* Levels pay, and they have when they were picked. */
static inline void dwrr_charge(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			       u64 ran_ns)
{
}

static inline u32 dwrr_place(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			     bool is_wakeup, u64 now)
{
	tctx->key = __sync_fetch_and_add(&lane->dwrr.nr_placed, 1);
	return dwrr_queue(dwrr_level(p, tctx));
}

static inline u32 dwrr_replace(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			       bool is_moved)
{
	return dwrr_place(p, tctx, lane, false, 0);
}

static inline u64 dwrr_first_key(struct lane *lane, u32 *queue)
{
	*queue = DWRR_FRONT;
	return __sync_fetch_and_add(&lane->dwrr.nr_placed, 1);
}

static inline void dwrr_joins(struct task_ctx *tctx, struct lane *lane)
{
}

static inline void dwrr_leaves(struct task_ctx *tctx, struct lane *lane)
{
}

/* The pick is made here, with the task that ran as the last of its level. */
static inline bool dwrr_goes_first(s32 cpu, struct lane *lane, struct task_struct *p,
				   struct task_ctx *tctx)
{
	u32 level = dwrr_level(p, tctx), picked;

	if (!lane_waiting(lane))
		return false;
	if (lane->nr_in[DWRR_FRONT])
		return true;
	picked = dwrr_pick(lane, task_gives_way(tctx) ? DWRR_NOBODY : level);
	if (picked == level && !dwrr_is_ready(lane, level, DWRR_NOBODY))
		return false;
	lane->dwrr.picked = picked;
	return picked != DWRR_NOBODY;
}

static inline bool dwrr_take(s32 cpu, struct lane *lane)
{
	u32 picked = lane->dwrr.picked;

	lane->dwrr.picked = DWRR_NOBODY;
	if (lane->nr_in[DWRR_FRONT] && dsq_move_to_local(lane_queue(main_kind(DWRR_FRONT), cpu)))
		return true;
	if (picked == DWRR_NOBODY)
		picked = dwrr_pick(lane, DWRR_NOBODY);
	if (picked != DWRR_NOBODY &&
	    dsq_move_to_local(lane_queue(main_kind(dwrr_queue(picked)), cpu)))
		return true;
	/* A thief was faster. */
	return queue_take(cpu);
}

static inline u64 dwrr_starts(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
	return dwrr_level(p, tctx);
}

static inline void dwrr_stops(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			      bool runnable)
{
}

static inline u64 dwrr_slice(struct task_struct *p, struct task_ctx *tctx, u64 asked_ns)
{
	return asked_ns ?: slice_ns();
}

/* It pays for a turn, as if it had been picked. */
static inline bool dwrr_preempts(struct task_struct *p, struct task_ctx *tctx,
				 struct lane *lane, u64 now)
{
	u32 level = dwrr_level(p, tctx), *balance = dwrr_balance(lane, level);

	if (level >= lane->curr_key || *balance < DWRR_QUANTUM)
		return false;
	*balance -= DWRR_QUANTUM;
	return true;
}

/* Who waits for a turn has to be seen waiting in its level. */
static inline bool dwrr_is_next(const struct task_ctx *tctx, u64 key)
{
	return false;
}

static inline void dwrr_rebase(struct task_ctx *tctx, struct lane *from, struct lane *to)
{
}

#endif /* __LANES_DWRR_BPF_H */
