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

/* SCHED_IDLE counts as the lightest level whatever its nice value is. */
static inline u32 vruntime_level(const struct task_struct *p)
{
	if (p->policy == SCHED_IDLE)
		return NR_LEVELS - 1;
	return p->static_prio - MAX_RT_PRIO;
}

/* A new task, or one that comes from another class, owes and owns nothing. */
static inline void vruntime_init(struct task_ctx *tctx, const struct lane *lane)
{
	tctx->vruntime = lane->floor;
}

/*
 * A sleeper keeps at most one slice of credit: enough to be served soon after
 * it wakes, too little to shut the others out for long.
 */
static inline bool vruntime_lift(struct task_ctx *tctx, const struct lane *lane)
{
	u64 lifted = vtime_lift(tctx->vruntime, lane->floor, slice_ns);
	bool was_behind = lifted != tctx->vruntime;

	tctx->vruntime = lifted;
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
	u64 limit = lane->floor + slice_ns;

	if (vtime_before(limit, tctx->vruntime))
		tctx->vruntime = limit;
}

static inline void vruntime_charge(struct task_struct *p, struct task_ctx *tctx,
				   u64 ran_ns)
{
	tctx->vruntime += weigh_ns(ran_ns, vruntime_level(p));
}

static inline u64 vruntime_key(const struct task_ctx *tctx)
{
	return tctx->vruntime;
}

/* Half a slice of difference, so that equals do not interrupt each other. */
static inline bool vruntime_preempts(const struct task_ctx *tctx,
				     const struct lane *lane)
{
	return vtime_before(tctx->vruntime + slice_ns / 2, lane->curr_key);
}

static inline void vruntime_rebase(struct task_ctx *tctx, const struct lane *from,
				   const struct lane *to)
{
	tctx->vruntime = vtime_rebase(tctx->vruntime, from->floor, to->floor);
}

#endif /* __LANES_VRUNTIME_BPF_H */
