// SPDX-License-Identifier: GPL-2.0
/*
 * The RT pass: tasks designated as FIFO or RR run before all ordinary ones.
 *
 * Red Bear OS, scheduler plan S2: the most urgent task first; equals of FIFO one
 * after the other, equals of RR in turns of a quantum. Its two policies share
 * one space of priorities, 1 … 99, as in POSIX (the plan scans FIFO before RR), and
 * all of them are told apart (Red Bear folds them into 40 levels). A task that is
 * preempted returns to the head of its level, one whose quantum is over to the tail.
 *
 * Over all CPUs: of the RT tasks that want to run, the most urgent do. A waking
 * task goes to the allowed CPU that runs the least urgent one (push); a CPU that
 * picks looks at the RT queues of all lanes (pull).
 *
 * Each CPU has a budget for RT tasks in every period (fix plan T3.4), 950 of 1000
 * ms. When it is spent, ordinary tasks that wait go first until the period ends;
 * if none waits, RT tasks run on. The fraction of the time that RT tasks take makes a
 * lane count as that much more loaded (place.bpf.c).
 *
 * Tasks of the kernel's own SCHED_FIFO, RR and DEADLINE never come here.
 */
#include "lanes.bpf.h"

#define SLICE_INF	(~0ULL)

static u64 rt_period_ns(void)
{
	return knobs.rt_period_ms * NS_PER_MS;
}

static void rt_roll_period(struct lane *lane, u64 now)
{
	u64 period_ns = rt_period_ns(), passed_ns = now - lane->rt_period_ns;

	if (passed_ns < period_ns || !period_ns)
		return;
	lane->rt_used_ns = 0;
	lane->rt_period_ns = now - passed_ns % period_ns;
	lane->is_spent = false;
}

static bool rt_is_unlimited(void)
{
	return without(CAP) || knobs.rt_runtime_ms >= knobs.rt_period_ms;
}

static u64 rt_budget_left_ns(struct lane *lane, u64 now)
{
	u64 runtime_ns = knobs.rt_runtime_ms * NS_PER_MS;

	rt_roll_period(lane, now);
	if (rt_is_unlimited())
		return SLICE_INF;
	if (lane->rt_used_ns < runtime_ns)
		return runtime_ns - lane->rt_used_ns;
	if (!lane->is_spent) {
		lane->is_spent = true;
		stat_inc(lane, LANES_STAT_rt_spent);
		trace(1, LANES_TRACE_RT_SPENT, lane->curr_pid, 0, lane->curr_rt);
	}
	return 0;
}

static u64 rt_quantum_ns(const struct task_ctx *tctx)
{
	return tctx->rr_ns ?: knobs.rr_quantum_ms * NS_PER_MS;
}

/*
 * How long an RT task may run from now on: until its quantum, the budget or the period
 * ends, for what it has run is charged to the period in which it stops. No pick brings
 * on what is in the slot: it is let through after a slice.
 */
static u64 rt_slice_ns(const struct task_ctx *tctx, struct lane *lane, u64 now)
{
	u64 left_ns = rt_budget_left_ns(lane, now);
	u64 period_left_ns = lane->rt_period_ns + rt_period_ns() - now + 1;

	if (lane->slot_pid && left_ns > slice_ns())
		return slice_ns();
	if (!left_ns || (left_ns != SLICE_INF && left_ns > period_left_ns))
		left_ns = period_left_ns;
	if (tctx->rt_policy == LANES_RT_RR && tctx->rr_left_ns < left_ns)
		return tctx->rr_left_ns + 1;
	return left_ns;
}

static void rt_charge(struct task_ctx *tctx, struct lane *lane, u64 ran_ns)
{
	lane->rt_used_ns += ran_ns;
	lane->rt_ran_ns += ran_ns;
	if (tctx->rt_policy != LANES_RT_RR)
		return;
	if (tctx->rr_left_ns > ran_ns) {
		tctx->rr_left_ns -= ran_ns;
		return;
	}
	tctx->rr_left_ns = rt_quantum_ns(tctx);
	tctx->flags |= LANES_TASK_RR_OVER;
}

/**
 * rt_look - how much of the CPU RT tasks take
 * @since: when it was looked at before
 *
 * It rises within some 50 ms and falls in a second, so that the pause at the end of each
 * period draws nobody here. Context: the balancer's timer.
 */
static void rt_look(struct lane *lane, u64 since, u64 now)
{
	u64 passed_ns = now - since, ran_ns = lane->rt_ran_ns - lane->rt_ran_seen_ns;
	u32 permille;

	lane->rt_ran_seen_ns += ran_ns;
	/* What runs is charged when it stops. */
	if (lane->curr_rt && lane->curr_pid)
		ran_ns += now - lane->since_ns;
	if (!passed_ns || passed_ns > NS_PER_SEC)
		return;
	permille = ran_ns < passed_ns ? ran_ns * 1000 / passed_ns : 1000;
	if (permille > lane->rt_share)
		lane->rt_share += (permille - lane->rt_share + 3) / 4;
	else
		lane->rt_share -= (lane->rt_share - permille + 127) / 128;
}

/* Ordinary tasks go first here: the budget is spent and some want to run. */
static bool rt_is_throttled(struct lane *lane, bool is_prev_ordinary, u64 now)
{
	return (is_prev_ordinary || lane_waiting(lane)) && !rt_budget_left_ns(lane, now);
}

static u64 rt_next_key(struct task_ctx *tctx, struct lane *lane, bool at_head)
{
	if (at_head)
		return rt_key_head(rt_prio_of(tctx),
				   __sync_fetch_and_add(&lane->rt_seq_head, 1));
	return rt_key_tail(rt_prio_of(tctx), __sync_fetch_and_add(&lane->rt_seq_tail, 1));
}

/* How little is lost by interrupting a CPU: idle ones first, then by what runs. */
static u32 rt_rank(const struct lane *lane)
{
	return 2 * lane->curr_rt + (lane->curr_pid != 0);
}

/* A CPU that runs none of ours and is not idle has a task of a higher class. */
static bool rt_may_run(const struct cpumask *allowed, const struct cpumask *idle, s32 cpu,
		       struct lane *lane)
{
	return lane && lane_is_open(lane) && bpf_cpumask_test_cpu(cpu, allowed) &&
	       (lane->curr_pid || bpf_cpumask_test_cpu(cpu, idle)) &&
	       !(lane->is_spent && lane_waiting(lane));
}

/**
 * rt_find_victim - the allowed CPU that runs the least urgent task
 * @p: an RT task
 * @prio: its priority
 * @cpu: preferred among equals
 *
 * Return: the CPU, or a negative number if all run tasks as urgent as @p.
 */
SUBPROG s32 rt_find_victim(struct task_struct *p TRUSTED, u32 prio, s32 cpu)
{
	const struct cpumask *allowed = p->cpus_ptr, *idle = get_idle_cpumask();
	u32 best_rank = 2 * prio;
	s32 i, best = -1;

	bpf_for(i, 0, nr_cpus + 1) {
		s32 other = i ? i - 1 : cpu;
		struct lane *lane = try_lookup_lane(other);

		if (!rt_may_run(allowed, idle, other, lane) || rt_rank(lane) >= best_rank)
			continue;
		best_rank = rt_rank(lane);
		best = other;
	}
	put_idle_cpumask(idle);
	return best;
}

/* rt_select_cpu - where a waking RT task goes: it will interrupt what runs there */
static s32 rt_select_cpu(struct task_struct *p, struct task_ctx *tctx, s32 prev_cpu)
{
	s32 cpu = without(PUSH) ? prev_cpu : rt_find_victim(p, rt_prio_of(tctx), prev_cpu);

	return cpu >= 0 ? cpu : prev_cpu;
}

/* A task that has to wait may find its CPU elsewhere. */
static void rt_push(struct task_struct *p, struct task_ctx *tctx, s32 cpu)
{
	s32 victim = without(PUSH) ? -1 : rt_find_victim(p, rt_prio_of(tctx), cpu);
	struct lane *theirs = try_lookup_lane(victim);

	if (!theirs)
		return;
	make_pick(victim, theirs);
	count(LANES_STAT_kicks);
}

static bool cpu_is_idle(s32 cpu)
{
	const struct cpumask *idle = get_idle_cpumask();
	bool is_idle = bpf_cpumask_test_cpu(cpu, idle);

	put_idle_cpumask(idle);
	return is_idle;
}

/*
 * May a task that wants to run do so at once? Where a higher class has the CPU it would wait
 * in the local queue, out of the others' sight.
 */
static bool rt_goes_ahead(const struct task_ctx *tctx, struct lane *lane, s32 cpu, u64 now)
{
	return rt_prio_of(tctx) > lane->curr_rt && !lane->rt_queued &&
	       (lane->curr_pid || cpu_is_idle(cpu)) &&
	       !rt_is_throttled(lane, lane->curr_pid && !lane->curr_rt, now);
}

static void rt_mark(struct task_ctx *tctx)
{
	tctx->pass = LANES_PASS_RT;
	tctx->flags = (tctx->flags & ~(LANES_TASK_RR_OVER | LANES_TASK_YIELDED)) |
		      LANES_TASK_AHEAD;
}

static void rt_queue(struct task_struct *p, struct task_ctx *tctx, struct lane *lane, s32 cpu,
		     bool at_head)
{
	rt_mark(tctx);
	queue_enter(p, tctx, lane, QUEUE_RT, cpu);
	lane_set_add(&rt_lanes, cpu);
	dsq_insert_vtime(p, lane_queue(QUEUE_RT, cpu), slice_ns(),
			 rt_next_key(tctx, lane, at_head), 0);
	rt_push(p, tctx, cpu);
}

/**
 * rt_enqueue - an RT task wants to run
 * @is_new: it woke up, or has just become an RT task; not so one that was stopped
 *
 * Context: ops.enqueue.
 */
static void rt_enqueue(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
		       s32 cpu, bool is_new, u64 now)
{
	if (!is_new || !rt_goes_ahead(tctx, lane, cpu, now)) {
		rt_queue(p, tctx, lane, cpu, !is_new && !(tctx->flags & (LANES_TASK_RR_OVER |
									 LANES_TASK_YIELDED)));
		return;
	}
	rt_mark(tctx);
	/* A second one may wake before this one runs. */
	lane->curr_rt = rt_prio_of(tctx);
	stat_inc(lane, LANES_STAT_preempts);
	stat_inc(lane, LANES_STAT_rt_picks);
	dsq_insert(p, DSQ_LOCAL, rt_slice_ns(tctx, lane, now), ENQ_PREEMPT);
}

/* Return: priority of the first task in a lane's RT queue, 0 if there is none. */
static u32 rt_head_prio(s32 cpu, const struct lane *lane)
{
	u64 key = 0;

	if (!lane->rt_queued || !dsq_first_key(lane_queue(QUEUE_RT, cpu), &key))
		return 0;
	return rt_key_prio(key);
}

/* May a task that waits be moved to @cpu? */
static bool task_may_move(const struct task_struct *p, s32 cpu)
{
	return !task_is_kept_here(p) && bpf_cpumask_test_cpu(cpu, p->cpus_ptr);
}

/* Priority of the first task in @from's RT queue that may run on @cpu, 0 if there is none. */
SUBPROG u32 rt_first_for(s32 cpu, s32 from)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	u32 nr_looks = 0, prio = 0;

	bpf_rcu_read_lock();
	if (!bpf_iter_scx_dsq_new(&it, lane_queue(QUEUE_RT, from), 0)) {
		while ((p = bpf_iter_scx_dsq_next(&it)) && nr_looks++ < max_looks) {
			if (!task_may_move(p, cpu))
				continue;
			prio = rt_key_prio(p->scx.dsq_vtime);
			break;
		}
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return prio;
}

/*
 * Return: the lane with the most urgent waiting RT task that may run on @cpu; @cpu's own
 * among equals.
 */
SUBPROG s32 rt_most_urgent(s32 cpu, u32 *prio)
{
	struct lane *mine = try_lookup_lane(cpu);
	s32 i, best = -1;

	if (!prio || !mine)
		return -1;
	*prio = 0;
	bpf_for(i, 0, nr_cpus + 1) {
		s32 other = i ? i - 1 : cpu;
		struct lane *lane;
		u32 head;

		if (!lane_set_has(&rt_lanes, other) || (i && (without(PUSH) || mine->is_disabled)))
			continue;
		lane = try_lookup_lane(other);
		if (!lane)
			continue;
		head = rt_head_prio(other, lane);
		if (head > *prio && other != cpu)
			head = rt_first_for(cpu, other);
		if (head <= *prio)
			continue;
		*prio = head;
		best = other;
	}
	return best;
}

static bool rt_take(s32 cpu, struct lane *lane, s32 from)
{
	if (!dsq_move_to_local(lane_queue(QUEUE_RT, from)))
		return false;
	stat_inc(lane, LANES_STAT_rt_picks);
	if (from != cpu) {
		stat_inc(lane, LANES_STAT_rt_pulls);
		stat_inc(lane, LANES_STAT_remote_writes);
	}
	return true;
}

/**
 * rt_pass - let an RT task run, if there is one and the budget allows it
 * @prev: the task that ran and wants to go on, NULL if it does not
 *
 * Context: ops.dispatch. Return: whether the pick is made.
 */
static bool rt_pass(s32 cpu, struct lane *lane, struct task_struct *prev,
		    struct task_ctx *tctx, u64 now)
{
	u32 prio = 0, own = tctx ? rt_prio_of(tctx) : 0;
	s32 from;

	if (!lane->rt_queued) {
		lane_set_remove(&rt_lanes, cpu);
		/* One may have been designated meanwhile, by another CPU. */
		if (lane->rt_queued)
			lane_set_add(&rt_lanes, cpu);
	}
	if (rt_is_throttled(lane, tctx && !own, now))
		return false;
	from = rt_most_urgent(cpu, &prio);
	if (own && tctx->flags & (LANES_TASK_RR_OVER | LANES_TASK_YIELDED | LANES_TASK_RESCUED))
		own--;
	if (prio > own && rt_take(cpu, lane, from))
		return true;
	if (!tctx || !rt_prio_of(tctx))
		return false;
	tctx->flags &= ~LANES_TASK_RR_OVER;
	keep(prev, tctx, lane, rt_slice_ns(tctx, lane, now), now);
	return true;
}

/*
 * Does a task wait in the local queue? It was sent there because the CPU was idle, or to
 * go ahead, when the RT task came: no pick of ours will bring it on.
 */
static bool local_waits(s32 cpu)
{
	return dsq_nr_queued(DSQ_LOCAL_ON | cpu) > 0;
}

/* Did that one come after the RT task, and has it waited for a slice? */
static bool rt_holds_up(s32 cpu, const struct lane *lane, u64 now)
{
	return lane->curr_rt && lane->curr_pid && (s64)(now - lane->since_ns) > (s64)slice_ns() &&
	       local_waits(cpu);
}

/**
 * rt_running - an RT task starts, or another one although one is waiting
 *
 * A task may start without a pick: from the local queue, where it was put when
 * no RT task was waiting. Context: ops.running.
 */
static void rt_running(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
		       s32 cpu, u64 now)
{
	u32 prio = rt_prio_of(tctx);
	u64 slice = prio ? rt_slice_ns(tctx, lane, now) : 0;

	if (slice > slice_ns() && (tctx->flags & LANES_TASK_RESCUED || local_waits(cpu)))
		slice = slice_ns();
	if (prio)
		task_set_slice(p, slice);
	if (lane->rt_queued && !lane->is_spent && !(tctx->flags & LANES_TASK_RESCUED) &&
	    rt_head_prio(cpu, lane) > prio)
		make_pick(cpu, lane);
}
