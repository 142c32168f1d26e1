// SPDX-License-Identifier: GPL-2.0
/*
 * Whom to take a task from when this CPU has none.
 *
 * Red Bear OS's ring (scheduler plan, S3.2), nearest first: the other threads of
 * this core, the CPUs that share its cache, its node, the rest; among equals the
 * CPUs after this one in order, wrapping round. The set of lanes that may hold a
 * movable task makes a vain search cheap.
 *
 * Direct (Red Bear): the thief takes the first task of the victim's queue that may
 * run on its CPU. Messenger (moss, checklist B12 to B15): nobody but a lane's own
 * CPU touches its queue. The thief leaves a request in the victim's mailbox and goes
 * idle; the victim moves tasks, several at once, when it next picks, and wakes it.
 *
 * Affinity is kept: the kernel gives a CPU only tasks that may run there. (Red
 * Bear's code rewrote the task's affinity, D4.)
 */
#include "lanes.bpf.h"

/* Answer to one request: half the difference of the queues, at most so many. */
#define MAX_PER_MESSAGE	8

/* near[cpu * nr_cpus + i]: the i-th nearest other CPU; filled in by the loader. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} near SEC(".maps");

static s32 nearest_cpu(s32 cpu, s32 i)
{
	u32 k = cpu * nr_cpus + i;
	u32 *other = bpf_map_lookup_elem(&near, &k);

	return other ? *other : cpu;
}

/*
 * Translate a task's key to another lane's clock. A thief does it before the task is
 * moved, because a moment later it may run; if it cannot be moved after all, running
 * translates it back. Return: whether there was anything to translate.
 */
static bool rebase(struct task_ctx *tctx, s32 cpu, struct lane *lane)
{
	struct lane *from = try_lookup_lane(tctx->cpu);

	tctx->cpu = cpu;
	if (!from)
		return false;
	/* It may have been taken from the slot there, by a change of its affinity. */
	if (from->slot_pid == tctx->pid)
		__sync_bool_compare_and_swap(&from->slot_pid, tctx->pid, 0);
	if (without(REBASE))
		return false;
	discipline_rebase(tctx, from, lane);
	return true;
}

/* Move the last task of one main queue that may run on @to there. */
SUBPROG int steal_move_from(u64 queue, s32 to)
{
	struct lane *dst = try_lookup_lane(to);
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	u32 nr_looks = 0, index;
	int nr_moved = 0;

	if (!dst)
		return 0;
	/* Nothing else does while it picks nothing. */
	if (dst->is_tickless)
		discipline_catch_up(dst, now_ns());
	bpf_rcu_read_lock();
	if (!bpf_iter_scx_dsq_new(&it, queue, DSQ_ITER_REV)) {
		while ((p = bpf_iter_scx_dsq_next(&it)) && nr_looks++ < max_looks) {
			struct task_ctx *tctx = try_lookup_task_ctx(p);

			if (!tctx || !task_may_move(p, to))
				continue;
			rebase(tctx, to, dst);
			index = discipline_replace(p, tctx, dst, true);
			nr_moved = queue_move(&it, p, tctx,
					      queue_mark(main_kind(index), main_cpu(dst, index, to),
							 false),
					      tctx->key);
			break;
		}
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	if (nr_moved)
		lane_set_add(&stealable, to);
	return nr_moved;
}

/* A task has been moved to @lane: an idle CPU looks for it, and one without ticks. */
static void steal_wake(s32 cpu, struct lane *lane)
{
	if (lane->is_tickless)
		make_pick(cpu, lane);
	else
		kick_cpu(cpu, KICK_IDLE);
}

/**
 * steal_move - move a task from one lane's main queues to another's
 * @from, @to: CPUs
 *
 * Of those that may run there the one whose turn comes last. Context: ops.dispatch of
 * @from, or a timer. Return: whether there was one.
 */
static int steal_move(s32 from, s32 to)
{
	struct lane *lane = try_lookup_lane(from);
	u32 i, queue;

	if (from == to || !lane)
		return 0;
	bpf_for(i, 0, nr_queues) {
		queue = nr_queues - 1 - i;
		if (!queue_is_empty(lane, queue) &&
		    steal_move_from(lane_queue(main_kind(queue), from), to))
			return 1;
	}
	return 0;
}

/**
 * steal_answer - move tasks to the lane that has asked for some
 * @is_busy: this CPU has a task to go on with. If not it keeps one, or idle CPUs would send a
 *	task round and nobody would run it
 *
 * Context: ops.dispatch of @cpu.
 */
static void steal_answer(s32 cpu, struct lane *lane, bool is_busy)
{
	s32 thief = (s32)__sync_lock_test_and_set(&lane->mailbox, 0) - 1;
	struct lane *to = try_lookup_lane(thief);
	u32 nr_kept = !is_busy;
	s32 i;

	if (!to || lane_movable(lane) <= nr_kept)
		return;
	stat_inc(lane, LANES_STAT_messages);
	bpf_for(i, 0, MAX_PER_MESSAGE) {
		if (i && lane_movable(lane) <= lane_depth(to) + nr_kept)
			break;
		if (!steal_move(cpu, thief))
			break;
		stat_inc(lane, LANES_STAT_sent);
	}
	stat_inc(lane, LANES_STAT_kicks);
	steal_wake(thief, to);
}

/* steal_ask - ask the owner of a lane for tasks; one request at a time waits there */
static void steal_ask(s32 for_cpu, s32 victim, struct lane *theirs)
{
	if (!__sync_bool_compare_and_swap(&theirs->mailbox, 0, for_cpu + 1))
		return;
	__sync_fetch_and_or(&theirs->todo, LANES_TODO_MAIL);
	kick_cpu(victim, KICK_PREEMPT);
	count(LANES_STAT_kicks);
}

static bool steal_from(s32 cpu, struct lane *lane, s32 victim)
{
	struct lane *theirs = try_lookup_lane(victim);

	if (!theirs || !lane_movable(theirs))
		return false;
	if (steal_mode == LANES_STEAL_MESSENGER) {
		steal_ask(cpu, victim, theirs);
		return false;
	}
	if (!queue_take(victim)) {
		stat_inc(lane, LANES_STAT_steal_misses);
		return false;
	}
	lane->is_stealing = true;
	stat_inc(lane, LANES_STAT_steals);
	stat_inc(lane, LANES_STAT_remote_writes);
	trace(2, LANES_TRACE_STEAL, 0, victim, 0);
	return true;
}

/**
 * steal_one - get a task of another lane to this CPU's local queue
 * @cpu: this CPU
 * @lane: its lane
 *
 * Context: ops.dispatch of @cpu. Return: whether there is one.
 */
static bool steal_one(s32 cpu, struct lane *lane)
{
	s32 i;

	if (!lane_movable(lane))
		lane_set_remove(&stealable, cpu);
	if (lane_set_is_empty(&stealable))
		return false;
	bpf_for(i, 0, nr_cpus - 1) {
		s32 victim = nearest_cpu(cpu, i);

		if (lane_set_has(&stealable, victim) && steal_from(cpu, lane, victim))
			return true;
	}
	return false;
}
