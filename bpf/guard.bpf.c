// SPDX-License-Identifier: GPL-2.0
/*
 * Starvation guard: nobody waits longer than max_wait_ns, whatever the weights.
 *
 * Virtual time is fair in the long run, and the run can be long: beside nice
 * -20 a task of nice 19 waits 5900 times as long as it ran, more than the
 * kernel's watchdog allows. So the balancer's timer looks at the end of each
 * lane's queue, where those with the farthest keys are, and moves one that has
 * waited too long to the front. It keeps its virtual runtime: after one slice it
 * is where it was.
 *
 * How long a task has waited is known from p->scx.runnable_at, which the kernel
 * keeps for its watchdog: it costs us nothing when tasks are queued.
 */
#include "lanes.bpf.h"

/* Looked at from the end of the queue, each time. */
#define MAX_LOOKS	8

/* Has @p been waiting for more than @limit jiffies? */
static bool has_waited(const struct task_struct *p, u64 limit)
{
	return bpf_jiffies64() - p->scx.runnable_at > limit;
}

/**
 * guard_lane - move a task that has waited too long to the front
 * @cpu: of the lane
 * @lane: the lane
 * @limit: longest wait, jiffies
 *
 * Context: no rq lock held. Return: whether there was one.
 */
static __noinline int guard_lane(s32 cpu, struct lane *lane, u64 limit)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;
	int nr_looks = 0, nr_moved = 0;

	if (!lane)
		return 0;
	bpf_rcu_read_lock();
	if (!bpf_iter_scx_dsq_new(&it, lane_dsq(cpu), DSQ_ITER_REV)) {
		while ((p = bpf_iter_scx_dsq_next(&it)) && nr_looks++ < MAX_LOOKS) {
			if (!has_waited(p, limit))
				continue;
			mark_ahead(p);
			nr_moved = dsq_move_to_key(&it, p, lane_dsq(cpu),
						   lane->floor - 2 * slice_ns);
			break;
		}
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return nr_moved;
}
