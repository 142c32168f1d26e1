/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Discipline "vruntime": who has had the least weighted time runs next.
 *
 * Red Bear OS's rule for ordinary threads (scheduler plan, S4 "vruntime"; its
 * patch P6): running costs ran · 1024 / weight(level) of virtual runtime, and
 * the smallest virtual runtime is picked. What that system's code gets wrong
 * and this one does not: the task that ran takes part in the next pick (D1), a
 * new task starts at the lane's floor and a sleeper is lifted to it (D3).
 *
 * The queue is ordered by the virtual runtime itself. All times are ns of a
 * task of nice 0, on the clock of one lane.
 */
#ifndef __LANES_VRUNTIME_BPF_H
#define __LANES_VRUNTIME_BPF_H

static inline void vruntime_open(struct lane *lane, s32 cpu)
{
}

/*
 * The floor follows the running task from pick to pick. A lane that picks nothing for
 * long (a task alone without ticks; the kernel picks itself while it attaches us, for
 * hundreds of ms) is brought up to date before anybody joins: who came in at a floor
 * that stood still would have all that time ahead of the other.
 */
static inline void vruntime_catch_up(struct lane *lane, u64 now)
{
	u64 key = lane->curr_key;
	s64 ran_ns;

	/* In this order, for a lane that is another CPU's. */
	barrier();
	ran_ns = now - lane->since_ns;
	if (lane->curr_pid && !lane->curr_rt && ran_ns > (s64)(2 * slice_ns()) &&
	    !without(LIFT))
		lane->floor = vtime_max(lane->floor,
					key + weigh_ns(ran_ns, lane->curr_level));
}

/* A new task, or one that comes from another class, owes and owns nothing. */
static inline void vruntime_init(struct task_struct *p, struct task_ctx *tctx,
				 const struct lane *lane)
{
	tctx->key = lane->floor;
	tctx->level = task_level(p, tctx);
}

/*
 * A sleeper keeps at most one and a half slices of credit: enough to interrupt one of
 * those that lie a little behind the floor, too little to shut the others out for long.
 */
static inline bool vruntime_lift(struct task_struct *p, struct task_ctx *tctx,
				 const struct lane *lane, u64 now)
{
	u64 lifted = vtime_lift(tctx->key, lane->floor, vtime_credit(slice_ns()));
	bool was_behind = lifted != tctx->key;

	tctx->rest_ns = 0;
	tctx->key = lifted;
	return was_behind;
}

/*
 * What went ahead of the others without having earned it owes at most a slice
 * for it. Without this limit a busy kernel thread beside tasks of nice -20, whose
 * time passes 87 times more slowly, was seen to wait for more than 30 s once it
 * had to queue.
 */
static inline void vruntime_forgive(struct task_ctx *tctx, const struct lane *lane)
{
	u64 limit = lane->floor + slice_ns();

	if (vtime_before(limit, tctx->key))
		tctx->key = limit;
}

static inline void vruntime_charge(struct task_struct *p, struct task_ctx *tctx,
				   struct lane *lane, u64 ran_ns)
{
	tctx->level = task_level(p, tctx);
	tctx->key += weigh_ns(ran_ns, tctx->level);
	tctx->rest_ns -= ran_ns < tctx->rest_ns ? ran_ns : tctx->rest_ns;
}

static inline u32 vruntime_place(struct task_struct *p, struct task_ctx *tctx,
				 struct lane *lane, bool is_wakeup, u64 now)
{
	return 0;
}

/* Before all others of the lane, sleepers included. */
static inline u64 vruntime_first_key(const struct lane *lane, u32 *queue)
{
	return lane->floor - 2 * slice_ns();
}

static inline u32 vruntime_replace(struct task_struct *p, struct task_ctx *tctx,
				   const struct lane *lane, bool is_moved)
{
	u32 queue = 0;

	if (!is_moved)
		tctx->key = tctx->lent_level < NR_LEVELS ? vruntime_first_key(lane, &queue) :
							   lane->floor;
	return 0;
}

static inline void vruntime_joins(struct task_ctx *tctx, struct lane *lane)
{
}

static inline void vruntime_leaves(struct task_ctx *tctx, struct lane *lane)
{
}

static inline bool vruntime_goes_first(s32 cpu, struct lane *lane, struct task_struct *p,
				       const struct task_ctx *tctx)
{
	bool goes_first = task_gives_way(tctx);

	if (!lane_waiting(lane))
		return false;
	/* With more than one it need not be known how the two compare: see is_next. */
	if (goes_first && lane_waiting(lane) > 1)
		return true;
	if (!dsq_first_key(lane_queue(QUEUE_MAIN, cpu), &lane->next_key))
		return false;
	/* Who is equal to it by half a slice has waited. */
	return goes_first || vtime_before(lane->next_key, tctx->key + slice_ns() / 2);
}

static inline bool vruntime_take(s32 cpu, struct lane *lane)
{
	return dsq_move_to_local(lane_queue(QUEUE_MAIN, cpu));
}

static inline u64 vruntime_starts(struct task_struct *p, struct task_ctx *tctx,
				  struct lane *lane)
{
	if (!(tctx->flags & LANES_TASK_AHEAD))
		lane->floor = vtime_max(lane->floor, tctx->key);
	tctx->rest_ns = p->scx.slice;
	lane->curr_level = tctx->level;
	return tctx->key;
}

static inline void vruntime_stops(struct task_struct *p, struct task_ctx *tctx,
				  struct lane *lane, bool runnable)
{
}

/* Who was interrupted by somebody that did not stay goes on with the rest of its slice. */
static inline u64 vruntime_slice(struct task_struct *p, struct task_ctx *tctx, u64 asked_ns)
{
	u64 new_ns = asked_ns ?: slice_ns(), rest_ns = tctx->rest_ns;

	tctx->rest_ns = 0;
	return rest_ns > new_ns / 8 && rest_ns < new_ns ? rest_ns : new_ns;
}

/* Half a slice of difference, so that equals do not interrupt each other. */
static inline bool vruntime_preempts(struct task_struct *p, const struct task_ctx *tctx,
				     const struct lane *lane, u64 now)
{
	return vtime_interrupts(tctx->key, lane->curr_key, slice_ns());
}

/*
 * Would it be picked before the one with @key, once that has run? That only gets more
 * expensive; by an eighth of a slice two may be taken for equal.
 */
static inline bool vruntime_is_next(const struct task_ctx *tctx, u64 key)
{
	return !vtime_before(key + slice_ns() / 8, tctx->key);
}

static inline void vruntime_rebase(struct task_ctx *tctx, const struct lane *from,
				   const struct lane *to)
{
	tctx->key = vtime_rebase(tctx->key, from->floor, to->floor);
}

#endif /* __LANES_VRUNTIME_BPF_H */
