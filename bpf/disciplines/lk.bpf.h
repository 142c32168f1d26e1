/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Discipline "lk": the highest level runs, equals take turns of 50 ms.
 *
 * The kernel LK: 32 levels and nothing else. Whoever is at a higher level runs, for
 * ever if it wants to; nobody ages, nobody is charged (Lanes' starvation guard is all
 * that those below can hope for). Among equals the quantum passes round. A thread
 * that wakes goes to the head of its level; so does one that was interrupted, and
 * goes on with the rest of its quantum; one that has used it up or yields goes to the
 * tail. With the real-time flag there is no quantum: it runs until it sleeps or
 * yields; above the default level its CPU is not disturbed by ordinary wakeups.
 *
 * LK has one queue for the machine (--queue shared): whoever may run anywhere waits
 * there and whichever CPU is free first takes it, which is all the balancing there
 * is. Who may not run everywhere waits at its CPU, and the two places count as one:
 * places are given from one counter. With --queue per-cpu each lane has its own.
 *
 * A wakeup that finds no CPU to interrupt at once asks one to pick anew, the one that
 * runs the lowest level (--kick one); or all others, as LK does (--kick all).
 *
 * LK has levels where Linux has nice values: see math/lk.h; "lanesctl level" sets
 * them directly. Kernel threads bound to a CPU have the level of LK's DPC thread.
 */
#ifndef __LANES_LK_BPF_H
#define __LANES_LK_BPF_H

#include "math/lk.h"

/* enum lanes_kick: whom a wakeup asks to pick anew. */
const volatile u32 lk_kick;

/* Real-time threads have no quantum; yet it is a number that can be added to a time. */
#define LK_NO_QUANTUM_NS	(1ULL << 60)

static inline bool lk_is_realtime(const struct task_ctx *tctx)
{
	return tctx->is_realtime || (rt_by_discipline && tctx->rt_prio);
}

static inline u32 lk_own_level(const struct task_struct *p, const struct task_ctx *tctx)
{
	if (tctx->level_asked)
		return lk_clamp_level(tctx->level_asked);
	if (task_is_cpu_kthread(p))
		return LK_DPC;
	if (p->policy == SCHED_IDLE)
		return LK_LOWEST + 1;
	return lk_level_of_nice(p->static_prio - MAX_RT_PRIO - 20);
}

/* Whom others wait for is at the highest of their levels, if that is higher. */
static inline u32 lk_level(const struct task_struct *p, const struct task_ctx *tctx)
{
	u32 level = lk_own_level(p, tctx);
	u32 lent = LK_HIGHEST - tctx->lent_level;

	return tctx->lent_level <= LK_HIGHEST && lent > level ? lent : level;
}

/* urgency - what it can lend: 0 for the most urgent, as with nice levels */
static inline u32 lk_urgency(const struct task_struct *p, const struct task_ctx *tctx)
{
	return lk_rank(lk_level(p, tctx));
}

static inline void lk_open(struct lane *lane, s32 cpu)
{
}

static inline void lk_init(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
	tctx->quantum_ns = 0;
}

static inline void lk_catch_up(struct lane *lane, u64 now)
{
}

static inline bool lk_lift(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			   u64 now)
{
	return false;
}

static inline void lk_forgive(struct task_ctx *tctx, struct lane *lane)
{
}

static inline void lk_charge(struct task_struct *p, struct task_ctx *tctx,
				  struct lane *lane, u64 ran_ns)
{
	tctx->quantum_ns = lk_spend(tctx->quantum_ns, ran_ns, lk_is_realtime(tctx));
	/* A timer that fires a moment too early ends it too. */
	if (tctx->quantum_ns < SLACK_NS)
		tctx->quantum_ns = 0;
}

static inline void lk_set_key(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			      bool at_head)
{
	tctx->level = lk_level(p, tctx);
	tctx->key = level_place(lane, lk_rank(tctx->level), at_head);
}

static inline u32 lk_place(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			   bool is_wakeup, u64 now)
{
	enum lk_why why = is_wakeup ? LK_WHY_WOKEN : LK_WHY_PREEMPTED;

	if (!is_wakeup && tctx->flags & LANES_TASK_YIELDED)
		why = LK_WHY_YIELDED;
	if (why == LK_WHY_YIELDED)
		tctx->quantum_ns = 0;
	lk_set_key(p, tctx, lane, lk_goes_to_head(why, tctx->quantum_ns) ||
				  (why == LK_WHY_PREEMPTED && lk_is_realtime(tctx)));
	if (is_wakeup && task_fits_domain(p))
		level_kick(p, lk_rank(tctx->level), lk_kick == LANES_KICK_ALL);
	else if (!is_wakeup || !level_has_asked(p, tctx))
		level_arrived(tctx, lane, lk_rank(tctx->level));
	return level_queue_of(p);
}

static inline u32 lk_replace(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			     bool is_moved)
{
	lk_set_key(p, tctx, lane, lk_goes_to_head(LK_WHY_RANKED, 0));
	return level_queue_of(p);
}

static inline void lk_joins(struct task_ctx *tctx, struct lane *lane)
{
}

static inline void lk_leaves(struct task_ctx *tctx, struct lane *lane)
{
}

/* Its equals go first if its quantum is over or given away, otherwise only its betters. */
static inline bool lk_goes_first(s32 cpu, struct lane *lane, struct task_struct *p,
				 struct task_ctx *tctx)
{
	if (tctx->flags & LANES_TASK_YIELDED)
		tctx->quantum_ns = 0;
	tctx->level = lk_level(p, tctx);
	return level_goes_first(cpu, lane, lk_rank(tctx->level),
				!tctx->quantum_ns && !(lk_is_realtime(tctx) &&
						       !(tctx->flags & LANES_TASK_YIELDED)));
}

static inline bool lk_take(s32 cpu, struct lane *lane)
{
	return level_take(cpu, lane);
}

static inline u64 lk_starts(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
	tctx->level = lk_level(p, tctx);
	tctx->quantum_ns = lk_refill(tctx->quantum_ns);
	lane->is_realtime = lk_cpu_is_realtime(tctx->level, lk_is_realtime(tctx));
	level_started(p, tctx, lane, lk_rank(tctx->level));
	return level_key_first(lk_rank(tctx->level));
}

static inline void lk_stops(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			    bool runnable)
{
	lane->is_realtime = false;
}

static inline u64 lk_slice(struct task_struct *p, struct task_ctx *tctx, u64 asked_ns)
{
	if (lk_is_realtime(tctx))
		return LK_NO_QUANTUM_NS;
	return lk_refill(tctx->quantum_ns);
}

static inline bool lk_preempts(struct task_struct *p, struct task_ctx *tctx,
			       struct lane *lane, u64 now)
{
	return lk_interrupts(lk_level(p, tctx), LK_HIGHEST - level_key_rank(lane->curr_key));
}

/* Nobody knows who comes next until it is picked. */
static inline bool lk_is_next(const struct task_ctx *tctx, u64 key)
{
	return false;
}

static inline void lk_rebase(struct task_ctx *tctx, struct lane *from, struct lane *to)
{
}

static inline u64 lk_first_key(struct lane *lane, u32 *queue)
{
	return level_key_first(0) - 1;
}

#endif /* __LANES_LK_BPF_H */
