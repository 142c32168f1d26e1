/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Discipline "haiku": the highest priority runs, and loses priority by running.
 *
 * Haiku's scheduler as its progress report describes it: 121 priorities, strict, but
 * whoever uses up its quantum has one less each time, down to a fifth of its own;
 * from there it goes round between that and 1, so that it starves nobody and yet
 * gets its share. Being interrupted costs nothing: the task returns to the front of
 * its priority with the rest of its quantum. Who has really slept begins anew.
 * Priorities from 100 on are real-time and never lose any. All that is arithmetic
 * is in math/haiku.h, with what is known only from the code of today.
 *
 * --rule 2013 is the report's penalty, --rule today that of the present code; what the
 * report leaves open (quanta, loads, migration) is today's in both.
 *
 * Who may run anywhere waits in the queue of its core (--queue core), or of the
 * machine (--queue shared, for machines that share all caches); who may not waits in
 * the one of its CPU. Where a task goes is in haiku_cores.bpf.c.
 *
 * The mode, low-latency or power-saving, is a knob: it may change at any time, and
 * counts from the next quantum on.
 */
#ifndef __LANES_HAIKU_BPF_H
#define __LANES_HAIKU_BPF_H

#include "math/haiku.h"

/* enum haiku_rule. */
const volatile u32 haiku_rule;

static inline const struct haiku_mode *haiku_mode(void)
{
	return haiku_mode_of(knobs.mode == LANES_MODE_POWER_SAVING);
}

/* RT priorities 1 ... 99 are 100 ... 120 where the discipline has them. */
static inline u32 haiku_own_priority(const struct task_struct *p, const struct task_ctx *tctx)
{
	if (tctx->level_asked)
		return haiku_clamp_priority(tctx->level_asked);
	if (rt_by_discipline && tctx->rt_prio)
		return HAIKU_REALTIME + (tctx->rt_prio - 1) * (HAIKU_HIGHEST - HAIKU_REALTIME) /
					(LANES_RT_PRIO_MAX - 1);
	if (p->policy == SCHED_IDLE)
		return HAIKU_LOWEST;
	return haiku_priority_of_nice(p->static_prio - MAX_RT_PRIO - 20);
}

static inline void haiku_read_lost(const struct task_ctx *tctx, struct haiku_penalty *lost)
{
	lost->penalty = tctx->penalty;
	lost->additional = tctx->additional;
}

static inline void haiku_write_lost(struct task_ctx *tctx, const struct haiku_penalty *lost)
{
	tctx->penalty = lost->penalty;
	tctx->additional = lost->additional;
}

/* What a task has left; whom others wait for has what they have left, if that is more. */
static inline u32 haiku_priority(const struct task_struct *p, const struct task_ctx *tctx)
{
	struct haiku_penalty lost;
	u32 left, lent = HAIKU_HIGHEST - tctx->lent_level;

	haiku_read_lost(tctx, &lost);
	left = haiku_effective(haiku_own_priority(p, tctx), &lost, haiku_rule);
	return tctx->lent_level <= HAIKU_HIGHEST && lent > left ? lent : left;
}

/* urgency - what it can lend: 0 for the most urgent, as with nice levels */
static inline u32 haiku_urgency(const struct task_struct *p, const struct task_ctx *tctx)
{
	return haiku_rank(haiku_priority(p, tctx));
}

/* Those that are ready or run where this lane's tasks are, for each CPU there. */
static inline u32 haiku_nr_threads(const struct lane *lane)
{
	return lane_waiting(lane) / (lane->nr_siblings ?: 1) + 1;
}

static inline void haiku_open(struct lane *lane, s32 cpu)
{
}

/* Today a child begins with what its parent has lost. */
static inline void haiku_init(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
	struct haiku_penalty lost = {}, theirs = { .penalty = tctx->parent_penalty };

	haiku_inherit(haiku_own_priority(p, tctx), &lost, &theirs, haiku_rule);
	haiku_write_lost(tctx, &lost);
	tctx->parent_penalty = 0;
	tctx->quantum_ns = 0;
	tctx->used_ns = 0;
}

static inline void haiku_catch_up(struct lane *lane, u64 now)
{
}

static inline bool haiku_lift(struct task_struct *p, struct task_ctx *tctx,
			      struct lane *lane, u64 now)
{
	struct haiku_penalty lost;
	bool is_lifted;
	u64 passed_ns;

	passed_ns = tctx->load_active_ns + now - tctx->slept_at_ns;
	if (tctx->slept_at_ns && passed_ns >= HAIKU_LOAD_INTERVAL_NS) {
		tctx->load = haiku_load(tctx->load, tctx->load_active_ns, passed_ns);
		tctx->load_active_ns = 0;
	}
	haiku_read_lost(tctx, &lost);
	is_lifted = tctx->slept_at_ns &&
		    haiku_woke_up(&lost, now - tctx->slept_at_ns, haiku_rule, haiku_mode());
	haiku_write_lost(tctx, &lost);
	return is_lifted;
}

static inline void haiku_forgive(struct task_ctx *tctx, struct lane *lane)
{
}

/* The task has come to the end of a quantum, by the rule in force. */
static inline void haiku_lose(struct task_struct *p, struct task_ctx *tctx)
{
	struct haiku_penalty lost;

	haiku_read_lost(tctx, &lost);
	haiku_penalize(haiku_own_priority(p, tctx), &lost, haiku_rule);
	haiku_write_lost(tctx, &lost);
	trace(2, LANES_TRACE_LEVEL, p->pid, haiku_priority(p, tctx), tctx->penalty);
}

static inline u64 haiku_left_ns(const struct task_ctx *tctx)
{
	return tctx->used_ns < tctx->quantum_ns ? tctx->quantum_ns - tctx->used_ns : 0;
}

/* Loads of the CPU and, if it hardly sleeps, of the task. */
static inline void haiku_measure(struct task_ctx *tctx, struct lane *lane, u64 ran_ns)
{
	u64 now = now_ns(), passed_ns = now - lane->load_since_ns;

	tctx->load_active_ns += ran_ns;
	if (tctx->load_active_ns > 10 * HAIKU_LOAD_INTERVAL_NS) {
		tctx->load = haiku_load(tctx->load, ran_ns, ran_ns);
		tctx->load_active_ns = 0;
	}
	lane->load_active_ns += ran_ns;
	if (passed_ns < HAIKU_LOAD_INTERVAL_NS)
		return;
	lane->load = haiku_load(lane->load, lane->load_active_ns, passed_ns);
	lane->load_active_ns = 0;
	lane->load_since_ns = now;
}

static inline void haiku_charge(struct task_struct *p, struct task_ctx *tctx,
				struct lane *lane, u64 ran_ns)
{
	u64 left_ns;

	if (!ran_ns)
		return;
	haiku_measure(tctx, lane, ran_ns);
	tctx->used_ns += ran_ns;
	left_ns = haiku_left_ns(tctx);
	if (!tctx->quantum_ns || !haiku_quantum_is_over(left_ns, haiku_mode()))
		return;
	/* What was left of it is the task's all the same. */
	tctx->rest_ns = left_ns;
	tctx->used_ns = 0;
	tctx->quantum_ns = 0;
	tctx->flags |= LANES_TASK_TURN_OVER;
	haiku_lose(p, tctx);
}

/* Giving a quantum away ends it; today that costs as much as using it up. */
static inline void haiku_end_if_yielded(struct task_struct *p, struct task_ctx *tctx)
{
	if (!(tctx->flags & LANES_TASK_YIELDED) || tctx->flags & LANES_TASK_TURN_OVER)
		return;
	tctx->used_ns = 0;
	tctx->quantum_ns = 0;
	tctx->flags |= LANES_TASK_TURN_OVER;
	if (haiku_rule == HAIKU_RULE_TODAY)
		haiku_lose(p, tctx);
}

static inline void haiku_set_key(struct task_struct *p, struct task_ctx *tctx,
				 struct lane *lane, bool at_head)
{
	tctx->level = haiku_priority(p, tctx);
	tctx->key = level_place(lane, haiku_rank(tctx->level), at_head);
}

static inline u32 haiku_place(struct task_struct *p, struct task_ctx *tctx,
			      struct lane *lane, bool is_wakeup, u64 now)
{
	haiku_end_if_yielded(p, tctx);
	haiku_set_key(p, tctx, lane, !is_wakeup && !(tctx->flags & LANES_TASK_TURN_OVER));
	if (is_wakeup && task_fits_domain(p))
		level_kick(p, haiku_rank(tctx->level), false);
	else if (!is_wakeup || !level_has_asked(p, tctx))
		level_arrived(tctx, lane, haiku_rank(tctx->level));
	return level_queue_of(p);
}

static inline u32 haiku_replace(struct task_struct *p, struct task_ctx *tctx,
				struct lane *lane, bool is_moved)
{
	haiku_set_key(p, tctx, lane, !is_moved);
	return level_queue_of(p);
}

static inline void haiku_joins(struct task_ctx *tctx, struct lane *lane)
{
}

static inline void haiku_leaves(struct task_ctx *tctx, struct lane *lane)
{
}

/* The task that ran wins among equals, unless its turn is over. */
static inline bool haiku_goes_first(s32 cpu, struct lane *lane, struct task_struct *p,
				    struct task_ctx *tctx)
{
	haiku_end_if_yielded(p, tctx);
	return level_goes_first(cpu, lane, haiku_rank(haiku_priority(p, tctx)),
				tctx->flags & LANES_TASK_TURN_OVER);
}

static inline bool haiku_take(s32 cpu, struct lane *lane)
{
	return level_take(cpu, lane);
}

static inline u64 haiku_starts(struct task_struct *p, struct task_ctx *tctx,
			       struct lane *lane)
{
	tctx->flags &= ~LANES_TASK_TURN_OVER;
	tctx->level = haiku_priority(p, tctx);
	level_started(p, tctx, lane, haiku_rank(tctx->level));
	return level_key_first(haiku_rank(tctx->level));
}

/* Today, who sleeps before its quantum is over does not keep its place in the round. */
static inline void haiku_stops(struct task_struct *p, struct task_ctx *tctx,
			       struct lane *lane, bool runnable)
{
	struct haiku_penalty lost;

	if (runnable)
		return;
	tctx->slept_at_ns = now_ns();
	tctx->slept_run_ns = lane->stats[LANES_STAT_run_ns];
	if (tctx->flags & LANES_TASK_TURN_OVER)
		return;
	haiku_read_lost(tctx, &lost);
	haiku_went_to_sleep(haiku_own_priority(p, tctx), &lost, haiku_rule);
	haiku_write_lost(tctx, &lost);
}

/* How long a new quantum is where the task is now. */
SUBPROG u64 haiku_new_quantum(struct task_struct *p TRUSTED, const struct task_ctx *tctx)
{
	struct lane *lane = tctx ? try_lookup_lane(tctx->cpu) : NULL;

	if (!lane || !tctx)
		return haiku_mode()->min_ns;
	return haiku_quantum(haiku_own_priority(p, tctx), haiku_priority(p, tctx),
			     haiku_nr_threads(lane), haiku_mode());
}

/* The rest of its quantum, or a new one. */
static inline u64 haiku_slice(struct task_struct *p, struct task_ctx *tctx, u64 asked_ns)
{
	if (tctx->quantum_ns)
		return haiku_left_ns(tctx) ?: haiku_mode()->min_ns;
	tctx->quantum_ns = (asked_ns ?: haiku_new_quantum(p, tctx)) + tctx->rest_ns;
	tctx->rest_ns = 0;
	return tctx->quantum_ns;
}

static inline bool haiku_preempts(struct task_struct *p, struct task_ctx *tctx,
				  struct lane *lane, u64 now)
{
	return haiku_rank(haiku_priority(p, tctx)) < level_key_rank(lane->curr_key);
}

static inline bool haiku_is_next(const struct task_ctx *tctx, u64 key)
{
	return false;
}

static inline void haiku_rebase(struct task_ctx *tctx, struct lane *from, struct lane *to)
{
}

static inline u64 haiku_first_key(struct lane *lane, u32 *queue)
{
	return level_key_first(0) - 1;
}

#endif /* __LANES_HAIKU_BPF_H */
