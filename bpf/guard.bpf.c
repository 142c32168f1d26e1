// SPDX-License-Identifier: GPL-2.0
/*
 * Starvation guard: nobody waits longer than max_wait_ms, whatever the weights and
 * however urgent the others are; but for RT tasks, see below.
 *
 * Virtual time is fair in the long run, and the run can be long: beside nice
 * -20 a task of nice 19 waits 5900 times as long as it ran, more than the
 * kernel's watchdog allows; beside an RT task whose budget is the whole period
 * nobody else runs at all. So the balancer's timer looks who has waited longest in each
 * lane. If that is too long the task is moved to the front, with those that have waited
 * almost as long, and the CPU's next pick is from the main queue whatever the RT pass
 * says. They keep their virtual runtime: after one slice they are where they were. If
 * nobody has waited too long, nobody will have before the difference has passed, and the
 * lane is left alone until then: a queue that is served well is looked through about eight
 * times in max_wait_ms.
 *
 * How long a task has waited is known from p->scx.runnable_at, which the kernel
 * keeps for its watchdog: it costs us nothing when tasks are queued.
 *
 * RT tasks keep to their order: who is less urgent than one that never sleeps waits for it,
 * as with the kernel's own SCHED_FIFO, but for a slice each third of the kernel's watchdog's
 * time, or we would be ejected for it.
 *
 * Others wait for what a kernel thread does, RCU's grace periods above all, and take it for
 * dead after seconds: its wait counts several times.
 */
#include "lanes.bpf.h"

/* A kernel thread waits for this fraction of the limit. */
#define KTHREAD_FRACTION	8

/* Rescued at once: where many starve, one for each tick of the timer is not enough. */
#define MAX_RESCUES		16

/* Looked through again after this fraction of it: tasks come from other lanes. */
#define MAX_PAUSE_FRACTION	KTHREAD_FRACTION

/* How long the kernel's watchdog lets a task wait; set by the loader. */
const volatile u32 watchdog_ms = 30000;

/* How many jiffies has @p been waiting, as much as they count? */
static u64 waited_jiffies(const struct task_struct *p)
{
	u64 waited = bpf_jiffies64() - p->scx.runnable_at;

	return p->flags & PF_KTHREAD ? waited * KTHREAD_FRACTION : waited;
}

static void guard_report(struct task_struct *p, struct task_ctx *tctx, s32 cpu,
			 struct lane *lane)
{
	u64 waited_ns = now_ns() - tctx->runnable_at_ns;

	tctx->stats[LANES_TASK_starved]++;
	count(LANES_STAT_starved);
	lane->last_rescue_pid = p->pid;
	notify(LANES_NOTICE_STARVED, p, cpu, waited_ns / NS_PER_MS);
	trace(1, LANES_TRACE_RESCUE, p->pid, waited_ns / NS_PER_MS, 0);
}

/* Raise the lane's longest wait to that of this queue. */
SUBPROG int guard_look(u64 queue, struct lane *lane)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	u32 nr_looks = 0;

	if (!lane)
		return 0;
	bpf_rcu_read_lock();
	if (!bpf_iter_scx_dsq_new(&it, queue, DSQ_ITER_REV)) {
		while ((p = bpf_iter_scx_dsq_next(&it)) && nr_looks++ < max_looks)
			if (waited_jiffies(p) > lane->longest_wait)
				lane->longest_wait = waited_jiffies(p);
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return 0;
}

/* The key of who is to be before all others, and in which of the lane's queues. */
static u64 guard_key(s32 cpu, struct lane *lane, u32 *queue)
{
	u64 key = discipline_first_key(lane, queue), head;

	if (dsq_first_key(lane_queue(main_kind(*queue), cpu), &head) && !vtime_before(key, head))
		return head - 1;
	return key;
}

/* Is the first one of a queue there because it was rescued, and has not run yet? */
SUBPROG int guard_is_rescuing(u64 queue)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	struct task_ctx *tctx;
	int is_rescuing = 0;

	bpf_rcu_read_lock();
	if (!bpf_iter_scx_dsq_new(&it, queue, 0)) {
		p = bpf_iter_scx_dsq_next(&it);
		tctx = p ? try_lookup_task_ctx(p) : NULL;
		is_rescuing = tctx && tctx->flags & LANES_TASK_RESCUED;
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return is_rescuing;
}

/*
 * Let those that have waited for @least be the next ones. That is near the longest wait:
 * of those that are left the one that waited longest is never passed by for long.
 */
SUBPROG int guard_rescue(u64 queue, struct lane *lane, u64 least)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	int nr_moved = 0;
	u32 nr_looks = 0, to_queue;
	u64 key;

	if (!lane)
		return 0;
	key = guard_key((s32)queue, lane, &to_queue);
	bpf_rcu_read_lock();
	if (!bpf_iter_scx_dsq_new(&it, queue, DSQ_ITER_REV)) {
		while ((p = bpf_iter_scx_dsq_next(&it)) && nr_looks++ < max_looks) {
			struct task_ctx *tctx = try_lookup_task_ctx(p);

			if (!tctx || waited_jiffies(p) < least)
				continue;
			if (tctx->queued_in & LANES_IN_RT)
				discipline_replace(p, tctx, lane, false);
			tctx->flags |= LANES_TASK_AHEAD | LANES_TASK_RESCUED;
			if (!queue_move(&it, p, tctx,
					queue_mark(main_kind(to_queue), (s32)queue,
						   !(tctx->queued_in & LANES_IN_MOVABLE)), key))
				continue;
			guard_report(p, tctx, (s32)queue, lane);
			if (++nr_moved == MAX_RESCUES)
				break;
		}
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return nr_moved;
}

static void guard_look_all(s32 cpu, struct lane *lane)
{
	u32 i;

	lane->longest_wait = 0;
	bpf_for(i, 0, nr_queues)
		if (!queue_is_empty(lane, i))
			guard_look(lane_queue(main_kind(i), cpu), lane);
}

/*
 * Those of one queue, who have waited for three quarters of the excess; the next ones when
 * they have run. Return: whether there is one to pick.
 */
static bool guard_rescue_any(s32 cpu, struct lane *lane, u64 limit)
{
	u64 least = lane->longest_wait - (lane->longest_wait - limit) / 4, queue;
	u32 i;

	bpf_for(i, 0, nr_queues) {
		queue = lane_queue(main_kind(i), cpu);
		if (!queue_is_empty(lane, i) &&
		    (guard_is_rescuing(queue) || guard_rescue(queue, lane, least)))
			return true;
	}
	return false;
}

/* Return: whether there is one to pick among those of the main queues. */
static bool guard_main(s32 cpu, struct lane *lane, u64 limit)
{
	u64 now = bpf_jiffies64(), pause;

	if (!lane_depth(lane) || now < lane->guard_at)
		return false;
	guard_look_all(cpu, lane);
	if (lane->longest_wait > limit)
		return guard_rescue_any(cpu, lane, limit);
	pause = limit - lane->longest_wait;
	lane->guard_at = now + (pause < limit / MAX_PAUSE_FRACTION ?
				pause : limit / MAX_PAUSE_FRACTION);
	return false;
}

/* The same of the RT queue: it is moved to the main queue, for one turn. */
static bool guard_rt(s32 cpu, struct lane *lane, u64 limit)
{
	u64 queue = lane_queue(QUEUE_RT, cpu);

	if (!lane->rt_queued)
		return false;
	lane->longest_wait = 0;
	guard_look(queue, lane);
	return lane->longest_wait > limit && guard_rescue(queue, lane, limit);
}

/**
 * guard_lane - let tasks run that have waited too long
 * @cpu: of the lane
 * @lane: the lane
 * @limit: longest wait, jiffies
 * @rt_limit: that of RT tasks
 *
 * Context: no rq lock held.
 */
static void guard_lane(s32 cpu, struct lane *lane, u64 limit, u64 rt_limit)
{
	bool is_main, is_rt;

	if (lane->todo & LANES_TODO_RESCUE)
		return;
	is_main = guard_main(cpu, lane, limit);
	is_rt = guard_rt(cpu, lane, rt_limit);
	if (!is_main && !is_rt)
		return;
	__sync_fetch_and_or(&lane->todo, LANES_TODO_RESCUE);
	kick_cpu(cpu, KICK_PREEMPT);
}
