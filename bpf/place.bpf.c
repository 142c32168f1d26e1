// SPDX-License-Identifier: GPL-2.0
/*
 * Which CPU a task goes to when no idle one offers itself.
 */
#include "lanes.bpf.h"

/* Tasks that would be ahead of a newcomer: the queue and the one that runs. */
static u32 lane_load(s32 cpu, const struct lane *lane)
{
	return dsq_nr_queued(lane_dsq(cpu)) + (lane->curr_pid != 0);
}

/**
 * place_new_task - the least loaded lane a new task may join
 * @p: the task
 * @prev_cpu: where it is now; stays there if nothing is better
 *
 * Red Bear OS, scheduler plan S3.3, but the running task counts and the choice
 * binds nobody: the task keeps its affinity.
 *
 * Context: ops.select_cpu.
 */
static s32 place_new_task(struct task_struct *p, s32 prev_cpu)
{
	s32 cpu, best_cpu = prev_cpu;
	u32 best = ~0U;

	bpf_for(cpu, 0, nr_cpus) {
		struct lane *lane = try_lookup_lane(cpu);
		u32 load;

		if (!lane || !lane->is_online || !bpf_cpumask_test_cpu(cpu, p->cpus_ptr))
			continue;
		load = lane_load(cpu, lane);
		if (load >= best)
			continue;
		best = load;
		best_cpu = cpu;
		if (!best)
			break;
	}
	return best_cpu;
}

/**
 * place_kick_idle - let an idle CPU come and steal a task just queued
 * @p: the task
 *
 * For tasks that were queued without a search for an idle CPU.
 */
static void place_kick_idle(struct task_struct *p)
{
	s32 cpu;

	if (task_is_pinned(p))
		return;
	cpu = pick_idle_cpu(p->cpus_ptr, 0);
	if (cpu >= 0)
		kick_cpu(cpu, KICK_IDLE);
}
