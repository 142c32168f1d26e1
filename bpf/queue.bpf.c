// SPDX-License-Identifier: GPL-2.0
/*
 * The queues of the lanes, and how many tasks are in each.
 *
 * A queue is a DSQ, which the kernel locks; asking one how long it is costs a hash
 * lookup, so each lane publishes it. A task is counted before it can be seen in
 * the queue (enqueue returns first) and until it runs, so a count may be too high
 * for a moment and is never too low: who finds a count and no task tries again
 * when it is kicked.
 *
 * Which queue a task is counted in stands in its context. Whoever moves it changes
 * that word first, and only if it still says where the task was.
 */
#include "lanes.bpf.h"

/*
 * At most so many tasks of a queue are looked at: interrupts wait. A variable, because
 * the verifier would walk through each round up to a limit that it knows.
 */
u32 max_looks = 4096;

/* RT tasks that wait, on all lanes together: mostly 0, and then nobody looks. */
u32 nr_rt_waiting;

static u64 queue_share(u32 in)
{
	return in & LANES_IN_MOVABLE ? 1ULL << 32 | 1 : 1;
}

/* Which of the lane's main queues: with one it is not counted again. */
static u32 *queue_count_of(struct lane *lane, u32 in)
{
	return &lane->nr_in[in >> (LANES_IN_KIND_SHIFT + 1) & (LANES_MAX_QUEUES - 1)];
}

/* Not worth a look; without a count, every one is. */
static bool queue_is_empty(const struct lane *lane, u32 queue)
{
	return nr_queues > 1 && !lane->nr_in[queue & (LANES_MAX_QUEUES - 1)];
}

static void queue_count(struct lane *lane, u32 in)
{
	if (in & LANES_IN_RT) {
		__sync_fetch_and_add(&lane->rt_queued, queue_share(in));
		__sync_fetch_and_add(&nr_rt_waiting, 1);
	} else {
		__sync_fetch_and_add(&lane->queued, queue_share(in));
		if (nr_queues > 1)
			__sync_fetch_and_add(queue_count_of(lane, in), 1);
	}
}

static void queue_uncount(struct lane *lane, u32 in)
{
	if (in & LANES_IN_RT) {
		__sync_fetch_and_sub(&lane->rt_queued, queue_share(in));
		__sync_fetch_and_sub(&nr_rt_waiting, 1);
	} else {
		__sync_fetch_and_sub(&lane->queued, queue_share(in));
		if (nr_queues > 1)
			__sync_fetch_and_sub(queue_count_of(lane, in), 1);
	}
}

static u32 queue_mark(u32 kind, s32 cpu, bool is_pinned)
{
	return (cpu + 1) | kind << LANES_IN_KIND_SHIFT | (is_pinned ? 0 : LANES_IN_MOVABLE);
}

static s32 queue_cpu(u32 in)
{
	return (s32)(in & LANES_IN_CPU_MASK) - 1;
}

static u32 queue_kind_of(u32 in)
{
	return in >> LANES_IN_KIND_SHIFT;
}

/* queue_enter - count a task that is about to join a queue of @cpu's lane */
static void queue_enter(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			u32 kind, s32 cpu)
{
	u32 in = queue_mark(kind, cpu, task_is_pinned(p));

	tctx->queued_in = in;
	queue_count(lane, in);
	if (kind != QUEUE_RT)
		discipline_joins(tctx, lane);
	if (lane_depth(lane) > lane->max_depth)
		lane->max_depth = lane_depth(lane);
	stat_inc(lane, LANES_STAT_queued);
}

/* queue_leave - count out a task that runs, or is not in its queue for another reason */
static void queue_leave(struct task_ctx *tctx)
{
	u32 in = __sync_lock_test_and_set(&tctx->queued_in, 0);
	struct lane *lane = in ? try_lookup_lane(queue_cpu(in)) : NULL;

	if (!lane)
		return;
	queue_uncount(lane, in);
	if (!(in & LANES_IN_RT))
		discipline_leaves(tctx, lane);
}

/* Return: whether the task was still counted as @from, and is now as @to. */
static bool queue_recount(struct task_ctx *tctx, u32 from, u32 to)
{
	struct lane *src = try_lookup_lane(queue_cpu(from));
	struct lane *dst = try_lookup_lane(queue_cpu(to));

	if (!src || !dst || !__sync_bool_compare_and_swap(&tctx->queued_in, from, to))
		return false;
	queue_count(dst, to);
	queue_uncount(src, from);
	if (src != dst)
		dst->guard_at = 0;
	if (!(from & LANES_IN_RT))
		discipline_leaves(tctx, src);
	if (!(to & LANES_IN_RT))
		discipline_joins(tctx, dst);
	return true;
}

/**
 * queue_move - move the task that an iterator stands at to another queue of ours
 * @to: what it is counted as there, see queue_mark()
 * @key: its key there
 *
 * Context: where DSQs may be moved between: ops.dispatch, timers, requests.
 * Return: false if the task had left meanwhile.
 */
static bool queue_move(struct bpf_iter_scx_dsq *it, struct task_struct *p,
		       struct task_ctx *tctx, u32 to, u64 key)
{
	u32 from = tctx->queued_in;

	if (!from || !queue_recount(tctx, from, to))
		return false;
	if (dsq_move_to_key(it, p, lane_queue(queue_kind_of(to), queue_cpu(to)), key))
		return true;
	queue_recount(tctx, to, from);
	return false;
}

/* One main queue after the other. Return: whether a task was moved to the local queue. */
SUBPROG int queue_take_any(s32 cpu)
{
	struct lane *lane = try_lookup_lane(cpu);
	u32 queue;

	if (!lane)
		return 0;
	bpf_for(queue, 0, nr_queues)
		if (!queue_is_empty(lane, queue) &&
		    dsq_move_to_local(lane_queue(main_kind(queue), cpu)))
			return 1;
	return 0;
}

/**
 * queue_take - move a waiting task of a lane that may run here to this CPU
 * @cpu: whose main queues they are
 *
 * In the order of the queues, whatever the discipline would say: for thieves.
 * Context: ops.dispatch. Return: whether there was one.
 */
static bool queue_take(s32 cpu)
{
	return nr_queues > 1 ? queue_take_any(cpu) : dsq_move_to_local(lane_queue(QUEUE_MAIN, cpu));
}
