// SPDX-License-Identifier: GPL-2.0
/*
 * Requests from user space: designate tasks as real-time, look at one. SYSCALL
 * programs, run by bpf_prog_test_run_opts(); many records a call.
 *
 * A request may come at any moment of a task's life. If the task waits in a queue
 * it is moved to where it now belongs; if it runs its CPU is made to pick anew;
 * otherwise the next enqueue sees it.
 */
#include "lanes.bpf.h"

/* Find a task in the queue it is counted in, and move it. */
SUBPROG int move_waiting(s32 pid, struct task_ctx *tctx, u32 in, u64 key)
{
	u64 queue = tctx ? lane_queue(queue_kind_of(tctx->queued_in),
				      queue_cpu(tctx->queued_in)) : 0;
	struct bpf_iter_scx_dsq it;
	u32 nr_looks = 0, nr_moved = 0;
	struct task_struct *q;

	if (!tctx)
		return 0;

	bpf_rcu_read_lock();
	if (!bpf_iter_scx_dsq_new(&it, queue, 0)) {
		while ((q = bpf_iter_scx_dsq_next(&it)) && nr_looks++ < max_looks) {
			if (q->pid != pid)
				continue;
			nr_moved = queue_move(&it, q, tctx, in, key);
			break;
		}
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return nr_moved;
}

/**
 * requeue_waiting - the urgency of a task has changed: it goes where it now belongs
 *
 * Context: ops.dispatch, requests.
 */
SUBPROG int requeue_waiting(struct task_struct *p TRUSTED, struct task_ctx *tctx)
{
	u32 in = tctx ? tctx->queued_in : 0;
	struct lane *lane;
	u32 queue;
	s32 cpu;

	if (!tctx)
		return 0;
	cpu = in ? queue_cpu(in) : tctx->last_cpu;
	lane = try_lookup_lane(cpu);
	if (!lane)
		return 0;
	if (in && rt_prio_of(tctx)) {
		tctx->pass = LANES_PASS_RT;
		tctx->flags |= LANES_TASK_AHEAD;
		move_waiting(p->pid, tctx, queue_mark(QUEUE_RT, cpu, task_is_pinned(p)),
			     rt_next_key(tctx, lane, false));
		lane_set_add(&rt_lanes, cpu);
	} else if (in) {
		queue = discipline_replace(p, tctx, lane, false);
		move_waiting(p->pid, tctx,
			     queue_mark(main_kind(queue), main_cpu(lane, queue, cpu),
					task_is_pinned(p)),
			     tctx->key);
	}
	make_pick(cpu, lane);
	return 0;
}

static bool request_is_good(const struct lanes_rt_request *request)
{
	if (request->policy == LANES_RT_NONE)
		return true;
	return request->policy <= LANES_RT_RR && request->prio >= 1 &&
	       request->prio <= LANES_RT_PRIO_MAX;
}

/* designate - make a task real-time, or ordinary again; says so to the loader */
static void designate(struct task_struct *p, struct task_ctx *tctx,
		      const struct lanes_rt_request *request, u32 flags)
{
	bool was_rt = tctx->rt_prio;

	tctx->flags = (tctx->flags & ~(LANES_TASK_BY_RULE | LANES_TASK_INHERITED)) | flags;
	tctx->rr_ns = request->quantum_us * NS_PER_US;
	tctx->rr_left_ns = rt_quantum_ns(tctx);
	tctx->rt_policy = request->policy;
	tctx->rt_prio = request->policy == LANES_RT_NONE ? 0 : request->prio;
	if (tctx->rt_prio)
		notify(LANES_NOTICE_RT_SET, p, tctx->last_cpu, 0);
	else if (was_rt)
		notify(LANES_NOTICE_RT_CLEAR, p, tctx->last_cpu, 0);
}

SUBPROG int serve_request(struct lanes_rt_request *request)
{
	struct task_struct *p;
	struct task_ctx *tctx;
	int err = -EPERM;

	if (!request || !request_is_good(request))
		return -EINVAL;
	p = bpf_task_from_pid(request->tid);
	if (!p)
		return -ESRCH;
	bpf_rcu_read_lock();
	tctx = try_lookup_task_ctx(p);
	if (tctx) {
		designate(p, tctx, request, request->is_inherited ? LANES_TASK_INHERITED : 0);
		err = 0;
	}
	bpf_rcu_read_unlock();
	if (tctx)
		requeue_waiting(p, tctx);
	bpf_task_release(p);
	return err;
}

/* struct lanes_rt_call; what became of each request is in its @out_err. */
SEC("syscall")
int rt_set(struct lanes_rt_call *call)
{
	int i;

	/* Before 6.13 the context is read at places known beforehand only. */
#pragma clang loop unroll(full)
	for (i = 0; i < LANES_RT_REQUESTS_MAX; i++) {
		struct lanes_rt_request request = call->requests[i];

		if (i >= (int)call->nr)
			break;
		call->requests[i].out_err = serve_request(&request);
	}
	return 0;
}

/* struct lanes_level_call: with a discipline of levels, which level a task is at. */
SEC("syscall")
int level_set(struct lanes_level_call *call)
{
	struct task_struct *p = bpf_task_from_pid(call->tid);
	struct task_ctx *tctx;

	call->out_err = -ESRCH;
	if (!p)
		return 0;
	bpf_rcu_read_lock();
	tctx = try_lookup_task_ctx(p);
	if (tctx) {
		tctx->level_asked = call->level;
		tctx->is_realtime = call->is_realtime;
		/* It begins anew, as in Haiku's set_thread_priority(). */
		tctx->penalty = 0;
		tctx->additional = 0;
	}
	bpf_rcu_read_unlock();
	call->out_err = tctx ? 0 : -EPERM;
	if (tctx)
		requeue_waiting(p, tctx);
	bpf_task_release(p);
	return 0;
}

/* struct lanes_task_call: also for tasks that found no row in the map. */
SEC("syscall")
int task_read(struct lanes_task_call *call)
{
	struct task_struct *p = bpf_task_from_pid(call->tid);
	struct task_ctx *tctx;

	call->out_err = -ESRCH;
	if (!p)
		return 0;
	bpf_rcu_read_lock();
	tctx = try_lookup_task_ctx(p);
	if (tctx) {
		call->out_ctx = *tctx;
		call->out_err = 0;
	}
	bpf_rcu_read_unlock();
	bpf_task_release(p);
	return 0;
}
