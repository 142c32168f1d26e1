// SPDX-License-Identifier: GPL-2.0
/*
 * Priority inheritance: whoever holds a lock runs as urgently as the most urgent
 * task that waits for it.
 *
 * Linux does this for its own real-time classes; between two tasks of sched_ext it
 * sees no difference in priority and does nothing. But it keeps the books: a task
 * that blocks on a PI futex (or any rt_mutex) has p->pi_blocked_on, which leads to the
 * lock and its owner. So when a task stops in that state it lends the owner its RT
 * priority and its weight, the owner lends them on if it is itself blocked, up to four
 * links; when it wakes it takes them back. An owner lives with the most urgent of up
 * to eight loans; what remains after one was taken back is what counts then (Red
 * Bear's code restores the original priority when the last contender is gone, D6).
 *
 * When the lock is handed over, those who go on waiting for it wait for its new
 * owner: their loans move along.
 *
 * An owner that waits in a queue is moved to where it now belongs by the CPU that
 * blocked, at its next pick: stopping may not move tasks.
 *
 * Plain futexes have no owner in the kernel: those who wait for them lend nothing.
 */
#include "lanes.bpf.h"

#define MAX_LINKS	4
#define MAX_LOANS	8

struct loan {
	u32 from;
	u8 prio;
	u8 level;
	u16 pad;
	u64 lock;
};

/* The loans of one lock owner; a free place has no @from. */
struct loans {
	struct loan loan[MAX_LOANS];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct loans);
} loans_of SEC(".maps");

/* What a new entry starts from; too large for the stack. */
static const struct loans no_loans;

/* The best of an owner's loans. */
struct terms {
	u8 prio;
	u8 level;
};

static struct loan *loan_at(struct loans *loans, u32 i)
{
	return &loans->loan[i & (MAX_LOANS - 1)];
}

static void loans_best(struct loans *loans, struct terms *best)
{
	u32 i;

	best->prio = 0;
	best->level = LANES_LENT_NOTHING;
	bpf_for(i, 0, MAX_LOANS) {
		struct loan *loan = loan_at(loans, i);

		if (!loan->from)
			continue;
		if (loan->prio > best->prio)
			best->prio = loan->prio;
		if (loan->level < best->level)
			best->level = loan->level;
	}
}

/* The place of a lender's loan, or a free one that is now the lender's. */
static struct loan *loan_place(struct loans *loans, u32 from)
{
	u32 i;

	bpf_for(i, 0, MAX_LOANS)
		if (loan_at(loans, i)->from == from)
			return loan_at(loans, i);
	bpf_for(i, 0, MAX_LOANS)
		if (__sync_bool_compare_and_swap(&loan_at(loans, i)->from, 0, from))
			return loan_at(loans, i);
	return NULL;
}

/* Enter a loan to @owner. Return: whether @owner can have loans. */
SUBPROG int loans_put(u32 owner, const struct loan *loan, struct terms *best)
{
	struct loans *loans;
	struct loan *place;

	if (!loan || !best)
		return 0;
	bpf_map_update_elem(&loans_of, &owner, &no_loans, BPF_NOEXIST);
	loans = bpf_map_lookup_elem(&loans_of, &owner);
	if (!loans)
		return 0;
	place = loan_place(loans, loan->from);
	if (place) {
		place->prio = loan->prio;
		place->level = loan->level;
		place->lock = loan->lock;
	}
	loans_best(loans, best);
	return 1;
}

/* Take one loan of @owner's: @from's, or without @from one on @lock. */
SUBPROG int loans_take(u32 owner, u32 from, u64 lock, struct loan *taken, struct terms *best)
{
	struct loans *loans = bpf_map_lookup_elem(&loans_of, &owner);
	int found = 0;
	u32 i;

	if (!loans || !taken || !best)
		return 0;
	bpf_for(i, 0, MAX_LOANS) {
		struct loan *loan = loan_at(loans, i);

		if (!loan->from || (from ? loan->from != from : loan->lock != lock))
			continue;
		*taken = *loan;
		loan->from = 0;
		found = 1;
		break;
	}
	loans_best(loans, best);
	return found;
}

/* Return: whether @tctx's urgency is another one now. */
static bool take_terms(struct task_ctx *tctx, const struct terms *terms)
{
	if (tctx->lent_prio == terms->prio && tctx->lent_level == terms->level)
		return false;
	tctx->lent_prio = terms->prio;
	tctx->lent_level = terms->level;
	return true;
}

/* The lock a task is blocked on, 0 for none, and the pid of its owner, 0 for none. */
static u64 lock_blocked_on(struct task_struct *p, u32 *owner)
{
	struct rt_mutex_waiter *waiter = p->pi_blocked_on;
	struct rt_mutex_base *lock;
	u64 word = 0;

	*owner = 0;
	if (!waiter)
		return 0;
	lock = BPF_CORE_READ(waiter, lock);
	bpf_probe_read_kernel(&word, sizeof(word), &lock->owner);
	/* The lowest bit says that there are waiters. */
	word &= ~1ULL;
	if (word)
		*owner = BPF_CORE_READ((struct task_struct *)word, pid);
	return (u64)lock;
}

/*
 * The CPU that blocked moves the owner at its next pick; a kick brings that about even
 * if the slot holds a task that needs none.
 */
static void ask_for_requeue(u32 owner)
{
	struct lane *here = this_lane();

	if (!here)
		return;
	here->pi_owner = owner;
	__sync_fetch_and_or(&here->todo, LANES_TODO_INHERIT);
	kick_cpu(bpf_get_smp_processor_id(), KICK_PREEMPT);
}

/*
 * If it runs, whoever wants to interrupt it has to know. @is_less: its slice, too, is one
 * that it is not worth any more.
 */
static void publish_terms(const struct task_struct *p, const struct task_ctx *tctx, bool is_less)
{
	struct lane *lane = try_lookup_lane(tctx->last_cpu);

	if (!lane || lane->curr_pid != (u32)p->pid)
		return;
	lane->curr_rt = rt_prio_of(tctx);
	if (is_less)
		make_pick(tctx->last_cpu, lane);
}

/*
 * Lend to @owner; @loan becomes what @owner has to lend in turn.
 *
 * Return: the owner of the lock that @owner is blocked on, 0 if it is not, or if
 * nothing has changed for it.
 */
SUBPROG u32 lend_link(u32 owner, struct loan *loan)
{
	struct terms terms = {};
	struct task_struct *p;
	struct task_ctx *tctx;
	u32 next = 0;

	if (!loan || !loans_put(owner, loan, &terms))
		return 0;
	p = bpf_task_from_pid(owner);
	if (!p)
		return 0;
	tctx = try_lookup_task_ctx(p);
	if (tctx && take_terms(tctx, &terms)) {
		publish_terms(p, tctx, false);
		loan->from = owner;
		loan->prio = rt_prio_of(tctx);
		loan->level = discipline_urgency(p, tctx);
		loan->lock = lock_blocked_on(p, &next);
		tctx->lends_to = next;
		if (!next)
			ask_for_requeue(owner);
	}
	bpf_task_release(p);
	return next;
}

/**
 * inherit_lend - a task that blocks lends its urgency to whoever it waits for
 * @p: the task; blocked on an rt_mutex
 *
 * Context: ops.stopping, or where the terms of a blocked task have changed.
 */
SUBPROG int inherit_lend(struct task_struct *p TRUSTED, struct task_ctx *tctx)
{
	struct loan loan = {};
	u32 owner = 0;
	int i;

	if (!tctx)
		return 0;
	loan.from = p->pid;
	loan.prio = rt_prio_of(tctx);
	loan.level = discipline_urgency(p, tctx);
	loan.lock = lock_blocked_on(p, &owner);
	tctx->lends_to = owner;
	count(LANES_STAT_lent);
	trace(2, LANES_TRACE_LEND, p->pid, owner, loan.prio);
	bpf_for(i, 0, MAX_LINKS) {
		if (!owner)
			break;
		owner = lend_link(owner, &loan);
	}
	return 0;
}

/*
 * A loan was taken from @owner: what remains counts now. What @owner has itself lent
 * with it stays lent until @owner wakes.
 */
SUBPROG int settle_owner(u32 owner, const struct terms *terms)
{
	struct task_struct *p = terms ? bpf_task_from_pid(owner) : NULL;
	struct task_ctx *tctx;

	if (!p)
		return 0;
	tctx = try_lookup_task_ctx(p);
	if (tctx && take_terms(tctx, terms))
		publish_terms(p, tctx, true);
	bpf_task_release(p);
	return 0;
}

static bool lock_has_no_owner(u64 lock)
{
	u64 word = 1;

	bpf_probe_read_kernel(&word, sizeof(word), &((struct rt_mutex_base *)lock)->owner);
	return !(word & ~1ULL);
}

/* The lender now waits for @owner. */
static void redirect_lender(u32 lender, u32 owner)
{
	struct task_struct *p = bpf_task_from_pid(lender);
	struct task_ctx *tctx;

	if (!p)
		return;
	tctx = try_lookup_task_ctx(p);
	if (tctx)
		tctx->lends_to = owner;
	bpf_task_release(p);
}

/* The lock is handed to @p: those who go on waiting for it wait for @p. */
SUBPROG int take_over(struct task_struct *p TRUSTED, struct task_ctx *tctx, u32 owner,
		      u64 lock)
{
	struct terms terms = {};
	struct loan loan = {};
	int i;

	if (!tctx)
		return 0;
	bpf_for(i, 0, MAX_LOANS) {
		if (!loans_take(owner, 0, lock, &loan, &terms))
			break;
		settle_owner(owner, &terms);
		if (loans_put(p->pid, &loan, &terms))
			take_terms(tctx, &terms);
		redirect_lender(loan.from, p->pid);
	}
	return 0;
}

/**
 * inherit_take_back - a task that has lent its urgency wakes
 *
 * Context: ops.select_cpu, ops.enqueue.
 */
SUBPROG int inherit_take_back(struct task_struct *p TRUSTED, struct task_ctx *tctx)
{
	struct terms terms = {};
	struct loan loan = {};
	u32 owner;

	if (!tctx)
		return 0;
	owner = tctx->lends_to;
	tctx->lends_to = 0;
	if (!loans_take(owner, p->pid, 0, &loan, &terms))
		return 0;
	settle_owner(owner, &terms);
	if (lock_has_no_owner(loan.lock))
		take_over(p, tctx, owner, loan.lock);
	return 0;
}

/* inherit_requeue - move an owner that has been lent to where it now belongs */
static void inherit_requeue(struct lane *lane)
{
	struct task_struct *p = bpf_task_from_pid(lane->pi_owner);
	struct task_ctx *tctx;

	if (!p)
		return;
	tctx = try_lookup_task_ctx(p);
	if (tctx)
		requeue_waiting(p, tctx);
	bpf_task_release(p);
}

static void inherit_forget(u32 pid)
{
	bpf_map_delete_elem(&loans_of, &pid);
}
