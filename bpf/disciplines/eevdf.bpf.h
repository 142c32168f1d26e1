/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Discipline "eevdf": of those who are not ahead of their share, the one whose request
 * is due first.
 *
 * Moss's rule (its pull request "multicore scheduling" of 2025 and what became of it).
 * A task asks for a slice at a time, 4 ms or what it has set by sched_setattr(2). It is
 * eligible as soon as the lane's virtual clock has come to where its own stands, and
 * its request is due one slice, on its own clock, after that; see math/eevdf.h. Nobody
 * who is eligible: the clock is put forward to the first who will be. A task that wakes,
 * or is new, is eligible at once and asks anew; one that changes lanes takes what it is
 * owed, or owes, along.
 *
 * The clock moves by what tasks ran, not by the time of day, so that all lags together
 * stay 0 while nobody comes or goes. Moss resets who wakes, and who falls asleep owing
 * something leaves it to the others as something they are owed: without a limit that
 * grows for as long as the machine is up, and shuts out newcomers. So nobody is owed
 * more than two requests.
 *
 * Queue 0 holds the eligible, ordered by when they are due; queue 1 the others, ordered
 * by when they become eligible, from where they are moved before each pick.
 */
#ifndef __LANES_EEVDF_BPF_H
#define __LANES_EEVDF_BPF_H

#include "math/eevdf.h"

#define EEVDF_ELIGIBLE	0
#define EEVDF_WAITING	1

/* Shorter than this, what is left of a request is not worth a slice. */
#define EEVDF_MIN_NS	(100 * NS_PER_US)

/* enum lanes_weights: how much nice values count. */
const volatile u32 eevdf_weights;

/* Moved to queue 0 before a pick; a variable, as max_looks. */
u32 eevdf_max_moves = 16;

static inline u32 eevdf_weight(const struct task_struct *p, const struct task_ctx *tctx)
{
	u32 level = task_level(p, tctx);

	if (level >= NR_LEVELS)
		level = NR_LEVELS - 1;
	return eevdf_weights == LANES_WEIGHTS_MOSS ? eevdf_moss_weight(level) :
						     level_weights[level];
}

static inline bool eevdf_may_run(const struct lane *lane, u64 eligible)
{
	return without(ELIGIBLE) || eevdf_is_eligible(eligible, lane->eevdf.clock);
}

static inline u64 eevdf_request_ns(const struct task_ctx *tctx)
{
	return tctx->slice_ns ?: slice_ns();
}

static inline void eevdf_ask_anew(struct task_ctx *tctx, u32 weight)
{
	tctx->eevdf.deadline = tctx->eevdf.eligible +
			       eevdf_virtual(eevdf_request_ns(tctx), weight);
}

/* The clock goes on by @ran_ns of a task with @weight; @ahead_ns of it is in already. */
static inline void eevdf_advance(struct lane *lane, u64 ran_ns, u32 weight)
{
	u64 total = lane->eevdf.queued_weight + weight;

	if (ran_ns > lane->eevdf.ahead_ns && total)
		lane->eevdf.clock += eevdf_virtual(ran_ns - lane->eevdf.ahead_ns, total);
}

/* In the middle of a slice: what runs has not been charged for it yet. */
static inline void eevdf_catch_up(struct lane *lane, u64 now)
{
	u64 ran_ns = now - lane->since_ns;

	if (!lane->curr_pid || lane->curr_rt || (s64)ran_ns < 0)
		return;
	eevdf_advance(lane, ran_ns, lane->eevdf.curr_weight);
	if (ran_ns > lane->eevdf.ahead_ns)
		lane->eevdf.ahead_ns = ran_ns;
}

static inline void eevdf_open(struct lane *lane, s32 cpu)
{
}

static inline void eevdf_init(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
	tctx->eevdf.eligible = lane->eevdf.clock;
	eevdf_ask_anew(tctx, eevdf_weight(p, tctx));
}

static inline bool eevdf_lift(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			      u64 now)
{
	bool was_behind = vtime_before(tctx->eevdf.eligible, lane->eevdf.clock);

	eevdf_init(p, tctx, lane);
	return was_behind;
}

static inline void eevdf_forgive(struct task_ctx *tctx, struct lane *lane)
{
	u64 limit = lane->eevdf.clock + eevdf_virtual(slice_ns(), WEIGHT_NICE_0);

	if (!vtime_before(limit, tctx->eevdf.eligible))
		return;
	tctx->eevdf.deadline -= tctx->eevdf.eligible - limit;
	tctx->eevdf.eligible = limit;
}

static inline void eevdf_charge(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
				u64 ran_ns)
{
	u32 weight = eevdf_weight(p, tctx);
	u64 most_owed = eevdf_virtual(2 * eevdf_request_ns(tctx), weight);

	eevdf_advance(lane, ran_ns, weight);
	lane->eevdf.ahead_ns -= ran_ns < lane->eevdf.ahead_ns ? ran_ns : lane->eevdf.ahead_ns;
	tctx->eevdf.eligible = vtime_max(tctx->eevdf.eligible + eevdf_virtual(ran_ns, weight),
					 lane->eevdf.clock - most_owed);
	if (!vtime_before(tctx->eevdf.eligible, tctx->eevdf.deadline))
		eevdf_ask_anew(tctx, weight);
}

static inline u32 eevdf_place(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			      bool is_wakeup, u64 now)
{
	tctx->eevdf.weight = eevdf_weight(p, tctx);
	if (eevdf_may_run(lane, tctx->eevdf.eligible)) {
		tctx->key = tctx->eevdf.deadline;
		return EEVDF_ELIGIBLE;
	}
	tctx->key = tctx->eevdf.eligible;
	return EEVDF_WAITING;
}

/* Whose weight has changed while it waited asks anew, and is due the sooner for it. */
static inline u32 eevdf_replace(struct task_struct *p, struct task_ctx *tctx,
				struct lane *lane, bool is_moved)
{
	if (!is_moved) {
		tctx->eevdf.eligible = vtime_before(lane->eevdf.clock, tctx->eevdf.eligible) ?
				       lane->eevdf.clock : tctx->eevdf.eligible;
		eevdf_ask_anew(tctx, eevdf_weight(p, tctx));
	}
	return eevdf_place(p, tctx, lane, false, 0);
}

static inline u64 eevdf_first_key(struct lane *lane, u32 *queue)
{
	*queue = EEVDF_ELIGIBLE;
	return lane->eevdf.clock - (1ULL << 60);
}

/* What a task counts for here, until it leaves, whatever becomes of its weight. */
static inline void eevdf_joins(struct task_ctx *tctx, struct lane *lane)
{
	tctx->eevdf.counted = tctx->eevdf.weight;
	__sync_fetch_and_add(&lane->eevdf.queued_weight, tctx->eevdf.counted);
}

static inline void eevdf_leaves(struct task_ctx *tctx, struct lane *lane)
{
	__sync_fetch_and_sub(&lane->eevdf.queued_weight, tctx->eevdf.counted);
}

/* Move those that have become eligible to queue 0. */
SUBPROG int eevdf_move_eligible(s32 cpu)
{
	struct lane *lane = try_lookup_lane(cpu);
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	u32 nr_looks = 0;

	if (!lane)
		return 0;
	bpf_rcu_read_lock();
	if (!bpf_iter_scx_dsq_new(&it, lane_queue(main_kind(EEVDF_WAITING), cpu), 0)) {
		while ((p = bpf_iter_scx_dsq_next(&it)) && nr_looks++ < eevdf_max_moves) {
			struct task_ctx *tctx = try_lookup_task_ctx(p);

			if (!tctx)
				continue;
			if (!eevdf_may_run(lane, tctx->eevdf.eligible))
				break;
			tctx->key = tctx->eevdf.deadline;
			queue_move(&it, p, tctx,
				   queue_mark(main_kind(EEVDF_ELIGIBLE), cpu,
					      !(tctx->queued_in & LANES_IN_MOVABLE)),
				   tctx->key);
		}
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return 0;
}

/* Nobody is eligible: the clock goes to the first of those that wait, @first, or @other. */
static void eevdf_forward(struct lane *lane, u64 first, u64 other)
{
	if (vtime_before(other, first))
		first = other;
	if (!vtime_before(lane->eevdf.clock, first))
		return;
	lane->eevdf.clock = first;
	stat_inc(lane, LANES_STAT_forwards);
}

/*
 * See to it that queue 0 holds whoever is eligible. @also: when a task is that is in no
 * queue; @is_needed: whether the clock is put forward if none in the queues is.
 */
SUBPROG int eevdf_settle(s32 cpu, u64 also, bool is_needed)
{
	struct lane *lane = try_lookup_lane(cpu);
	u64 first = 0;

	if (!lane || !lane->nr_in[EEVDF_WAITING] ||
	    !dsq_first_key(lane_queue(main_kind(EEVDF_WAITING), cpu), &first))
		return 0;
	if (!lane->nr_in[EEVDF_ELIGIBLE] && is_needed)
		eevdf_forward(lane, first, also);
	if (eevdf_may_run(lane, first))
		eevdf_move_eligible(cpu);
	return 0;
}

static inline bool eevdf_goes_first(s32 cpu, struct lane *lane, struct task_struct *p,
				    struct task_ctx *tctx)
{
	bool gives_way = task_gives_way(tctx), is_eligible;
	u64 eligible = tctx->eevdf.eligible, due;

	if (!lane_waiting(lane))
		return false;
	is_eligible = !gives_way && eevdf_may_run(lane, eligible);
	eevdf_settle(cpu, gives_way ? lane->eevdf.clock + (1ULL << 62) : eligible, !is_eligible);
	if (!dsq_first_key(lane_queue(main_kind(EEVDF_ELIGIBLE), cpu), &due))
		return false;
	/* The clock may have been put forward to this one. */
	is_eligible = !gives_way && eevdf_may_run(lane, eligible);
	return !is_eligible || vtime_before(due, tctx->eevdf.deadline);
}

static inline bool eevdf_take(s32 cpu, struct lane *lane)
{
	eevdf_settle(cpu, lane->eevdf.clock + (1ULL << 62), true);
	return dsq_move_to_local(lane_queue(main_kind(EEVDF_ELIGIBLE), cpu)) || queue_take(cpu);
}

static inline u64 eevdf_starts(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
	lane->eevdf.curr_weight = eevdf_weight(p, tctx);
	lane->eevdf.ahead_ns = 0;
	trace(3, LANES_TRACE_CLOCK, p->pid, lane->nr_in[EEVDF_ELIGIBLE], lane->eevdf.clock);
	trace(3, LANES_TRACE_LAG, p->pid, 0, lane->eevdf.clock - tctx->eevdf.eligible);
	return tctx->eevdf.deadline;
}

static inline void eevdf_stops(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			       bool runnable)
{
}

/* Until its request is due. */
static inline u64 eevdf_slice(struct task_struct *p, struct task_ctx *tctx, u64 asked_ns)
{
	u64 left_ns = eevdf_real_ns(tctx->eevdf.deadline - tctx->eevdf.eligible,
				    eevdf_weight(p, tctx));

	if ((s64)(tctx->eevdf.deadline - tctx->eevdf.eligible) < 0 || left_ns < EEVDF_MIN_NS)
		return EEVDF_MIN_NS;
	return left_ns;
}

static inline bool eevdf_preempts(struct task_struct *p, struct task_ctx *tctx,
				  struct lane *lane, u64 now)
{
	return eevdf_may_run(lane, tctx->eevdf.eligible) &&
	       vtime_before(tctx->eevdf.deadline, lane->curr_key);
}

/* Its weight counts only in a queue. */
static inline bool eevdf_is_next(const struct task_ctx *tctx, u64 key)
{
	return false;
}

static inline void eevdf_rebase(struct task_ctx *tctx, struct lane *from, struct lane *to)
{
	tctx->eevdf.eligible = vtime_rebase(tctx->eevdf.eligible, from->eevdf.clock,
					    to->eevdf.clock);
	tctx->eevdf.deadline = vtime_rebase(tctx->eevdf.deadline, from->eevdf.clock,
					    to->eevdf.clock);
}

#endif /* __LANES_EEVDF_BPF_H */
