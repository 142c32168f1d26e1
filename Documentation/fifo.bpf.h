/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Discipline "fifo": whoever came first runs first, until it sleeps or its slice is over.
 *
 * The example of adding-a-discipline.rst. A task that has used its slice goes to the
 * end of the line; nice values count for nothing.
 */
#ifndef __LANES_FIFO_BPF_H
#define __LANES_FIFO_BPF_H

static inline void fifo_open(struct lane *lane, s32 cpu)
{
}

static inline void fifo_catch_up(struct lane *lane, u64 now)
{
}

static inline void fifo_init(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
}

static inline bool fifo_lift(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			     u64 now)
{
	return false;
}

static inline void fifo_forgive(struct task_ctx *tctx, struct lane *lane)
{
}

static inline void fifo_charge(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			       u64 ran_ns)
{
}

/* The places in the queue, from 2^32 on: before them is room for first_key. */
static inline u32 fifo_place(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			     bool is_wakeup, u64 now)
{
	tctx->key = (1ULL << 32) + __sync_fetch_and_add(&lane->floor, 1);
	return 0;
}

static inline u32 fifo_replace(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			       bool is_moved)
{
	return is_moved ? fifo_place(p, tctx, lane, false, 0) : 0;
}

static inline u64 fifo_first_key(struct lane *lane, u32 *queue)
{
	return lane->floor;
}

static inline void fifo_joins(struct task_ctx *tctx, struct lane *lane)
{
}

static inline void fifo_leaves(struct task_ctx *tctx, struct lane *lane)
{
}

/* Dispatch asks when a slice is over, or when the task that ran is to make room. */
static inline bool fifo_goes_first(s32 cpu, struct lane *lane, struct task_struct *p,
				   struct task_ctx *tctx)
{
	return lane_waiting(lane);
}

static inline bool fifo_take(s32 cpu, struct lane *lane)
{
	return queue_take(cpu);
}

static inline u64 fifo_starts(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
	return tctx->key;
}

static inline void fifo_stops(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			      bool runnable)
{
}

static inline u64 fifo_slice(struct task_struct *p, struct task_ctx *tctx, u64 asked_ns)
{
	return asked_ns ?: slice_ns();
}

static inline bool fifo_preempts(struct task_struct *p, struct task_ctx *tctx,
				 struct lane *lane, u64 now)
{
	return false;
}

static inline bool fifo_is_next(const struct task_ctx *tctx, u64 key)
{
	return false;
}

static inline void fifo_rebase(struct task_ctx *tctx, struct lane *from, struct lane *to)
{
}

#endif /* __LANES_FIFO_BPF_H */
