/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verbs of a discipline: what the scheduler asks the rule that orders a main queue.
 *
 * Which rule it is was decided before load, so the verifier drops the others and
 * nothing is called by address. Each file in disciplines/ has all verbs, under its
 * own name; nothing outside it knows its formulas.
 *
 * A discipline may have several queues in each lane (the table says how many) and
 * says by number which of them a task goes to; queue 0 is looked at first by thieves.
 * All are ordered by tctx->key. It may use the fields of struct task_ctx and struct
 * lane that bear its name; those of a lane are changed with the rq lock of its CPU
 * held, or atomically.
 */
#ifndef __LANES_DISCIPLINE_BPF_H
#define __LANES_DISCIPLINE_BPF_H

/* Of queue.bpf.c, for those that move tasks between queues of their own. */
static u32 queue_mark(u32 kind, s32 cpu, bool is_pinned);
static bool queue_move(struct bpf_iter_scx_dsq *it, struct task_struct *p,
		       struct task_ctx *tctx, u32 to, u64 key);
static bool queue_take(s32 cpu);

static inline u32 task_own_level(const struct task_struct *p)
{
	if (p->policy == SCHED_IDLE)
		return LEVEL_IDLE;
	return p->static_prio - MAX_RT_PRIO;
}

/* Whom others wait for counts as the heaviest of them, if that is heavier. */
static inline u32 task_level(const struct task_struct *p, const struct task_ctx *tctx)
{
	u32 level = task_own_level(p);

	return level < tctx->lent_level ? level : tctx->lent_level;
}

/* Does the task that ran let others go first, whatever the rule says? */
static inline bool task_gives_way(const struct task_ctx *tctx)
{
	return without(PREV) || tctx->flags & LANES_TASK_YIELDED;
}

#include "level.bpf.h"

/* Made by the Makefile: includes each file of disciplines/. */
#include "disciplines.h"

/* The table's line for a verb: name##_verb(args), whose answer is the answer. */
#define VERB(name, verb, args...) case LANES_DISCIPLINE_##name: return name##_##verb(args);

/* open - make the lane ready; ops.init, its queues are there */
static inline void discipline_open(struct lane *lane, s32 cpu)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, open, lane, cpu)
#include "lanes_disciplines.def"
	}
}

/* catch_up - somebody is about to join the lane, whose task may have run for a while */
static inline void discipline_catch_up(struct lane *lane, u64 now)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, catch_up, lane, now)
#include "lanes_disciplines.def"
	}
}

/* init - a task that is new, or comes from another class, joins its first lane */
static inline void discipline_init(struct task_struct *p, struct task_ctx *tctx,
				   struct lane *lane)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, init, p, tctx, lane)
#include "lanes_disciplines.def"
	}
}

/* lift - a task has woken up. Return: whether sleeping has changed its standing. */
HOT bool discipline_lift(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			 u64 now)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, lift, p, tctx, lane, now)
#include "lanes_disciplines.def"
	}
	return false;
}

/* forgive - what went ahead of the others unasked owes only so much for it */
static inline void discipline_forgive(struct task_ctx *tctx, struct lane *lane)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, forgive, tctx, lane)
#include "lanes_disciplines.def"
	}
}

/* charge - the task has run for so long since it was last asked */
HOT void discipline_charge(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			   u64 ran_ns)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, charge, p, tctx, lane, ran_ns)
#include "lanes_disciplines.def"
	}
}

/*
 * place - a task is about to wait: set tctx->key. @is_wakeup: it has not just run here.
 * Return: which of the lane's queues it goes to.
 */
static inline u32 discipline_place(struct task_struct *p, struct task_ctx *tctx,
				   struct lane *lane, bool is_wakeup, u64 now)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, place, p, tctx, lane, is_wakeup, now)
#include "lanes_disciplines.def"
	}
	return 0;
}

/*
 * replace - the same for a task that waits: it was lent urgency, that was taken back,
 * or it waits in another lane from here on
 */
static inline u32 discipline_replace(struct task_struct *p, struct task_ctx *tctx,
				     struct lane *lane, bool is_moved)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, replace, p, tctx, lane, is_moved)
#include "lanes_disciplines.def"
	}
	return 0;
}

/* joins, leaves - the task is counted in a queue of the lane, or no longer */
static inline void discipline_joins(struct task_ctx *tctx, struct lane *lane)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, joins, tctx, lane)
#include "lanes_disciplines.def"
	}
}

static inline void discipline_leaves(struct task_ctx *tctx, struct lane *lane)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, leaves, tctx, lane)
#include "lanes_disciplines.def"
	}
}

/*
 * goes_first - does one that waits go before the task that ran and still wants to?
 * If not, the latter goes on. ops.dispatch.
 */
static inline bool discipline_goes_first(s32 cpu, struct lane *lane, struct task_struct *p,
					 struct task_ctx *tctx)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, goes_first, cpu, lane, p, tctx)
#include "lanes_disciplines.def"
	}
	return false;
}

/* take - move the one whose turn it is to the local queue. Return: whether there was one. */
static inline bool discipline_take(s32 cpu, struct lane *lane)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, take, cpu, lane)
#include "lanes_disciplines.def"
	}
	return false;
}

/* starts - the task runs from here on, or goes on. Return: what is to be curr_key. */
HOT u64 discipline_starts(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, starts, p, tctx, lane)
#include "lanes_disciplines.def"
	}
	return 0;
}

/* stops - the task has stopped and was charged; @runnable: against its will */
static inline void discipline_stops(struct task_struct *p, struct task_ctx *tctx,
				    struct lane *lane, bool runnable)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, stops, p, tctx, lane, runnable)
#include "lanes_disciplines.def"
	}
}

/* slice - how long the task may run; @asked_ns: as long as it asked for, 0 if it did not */
HOT u64 discipline_slice(struct task_struct *p, struct task_ctx *tctx, u64 asked_ns)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, slice, p, tctx, asked_ns)
#include "lanes_disciplines.def"
	}
	return 0;
}

/* preempts - may the waking task interrupt the ordinary one that runs? If so, it does. */
static inline bool discipline_preempts(struct task_struct *p, struct task_ctx *tctx,
				       struct lane *lane, u64 now)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, preempts, p, tctx, lane, now)
#include "lanes_disciplines.def"
	}
	return false;
}

/* is_next - would it be picked before the one that had @key when it was started? */
static inline bool discipline_is_next(const struct task_ctx *tctx, u64 key)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, is_next, tctx, key)
#include "lanes_disciplines.def"
	}
	return false;
}

/* rebase - translate the task's standing to another lane */
static inline void discipline_rebase(struct task_ctx *tctx, struct lane *from,
				     struct lane *to)
{
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, rebase, tctx, from, to)
#include "lanes_disciplines.def"
	}
}

/*
 * urgency - what the task can lend to whom it waits for: the lower the more, less than
 * LANES_LENT_NOTHING
 */
static inline u32 discipline_urgency(struct task_struct *p, struct task_ctx *tctx)
{
	switch (discipline) {
	case LANES_DISCIPLINE_lk:	return lk_urgency(p, tctx);
	case LANES_DISCIPLINE_haiku:	return haiku_urgency(p, tctx);
	}
	return task_level(p, tctx);
}

/* first_key - the key of who is to go before all others; @queue: in which queue */
static inline u64 discipline_first_key(struct lane *lane, u32 *queue)
{
	*queue = 0;
	switch (discipline) {
#define LANES_DISCIPLINE(name, ...) VERB(name, first_key, lane, queue)
#include "lanes_disciplines.def"
	}
	return 0;
}

#undef VERB

#endif /* __LANES_DISCIPLINE_BPF_H */
