// SPDX-License-Identifier: GPL-2.0
/*
 * A disabled CPU is left by tasks when they are queued anew. The kernel never asks us about
 * a task that is alone on its CPU, so it would stay: because nobody else came, because all
 * other CPUs were taken when it was queued, because it was bound until now. A moment of
 * SCHED_FIFO on that CPU has it queued anew, which is elsewhere.
 */
#include <sched.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "evict.h"

int evict_interrupt(unsigned int cpu)
{
	const struct sched_param param = { .sched_priority = 1 };
	cpu_set_t *cpus;
	size_t size;
	pid_t pid = fork();

	if (pid)
		return pid;
	/* It may have to wait, and must not keep the scheduler attached by its link meanwhile. */
	close_range(STDERR_FILENO + 1, ~0U, 0);
	cpus = CPU_ALLOC(cpu + 1);
	size = CPU_ALLOC_SIZE(cpu + 1);
	if (!cpus)
		_exit(1);
	CPU_ZERO_S(size, cpus);
	CPU_SET_S(cpu, size, cpus);
	sched_setscheduler(0, SCHED_FIFO, &param);
	_exit(sched_setaffinity(0, size, cpus) ? 1 : 0);
}

static bool may_run_elsewhere(pid_t pid, const struct lane *lanes, int nr_cpus)
{
	size_t size = CPU_ALLOC_SIZE(nr_cpus);
	cpu_set_t *cpus = CPU_ALLOC(nr_cpus);
	int cpu = nr_cpus;

	if (cpus && !sched_getaffinity(pid, size, cpus))
		for (cpu = 0; cpu < nr_cpus; cpu++)
			if (CPU_ISSET_S(cpu, size, cpus) && lanes[cpu].is_online &&
			    !lanes[cpu].is_disabled)
				break;
	CPU_FREE(cpus);
	return cpu < nr_cpus;
}

void evict_look(const struct lane *lanes, int nr_cpus)
{
	static pid_t children[LANES_MAX_CPUS];
	int cpu;

	for (cpu = 0; cpu < nr_cpus; cpu++) {
		/* Still on its way: a more urgent task may have that CPU for long. */
		if (children[cpu] > 0 && !waitpid(children[cpu], NULL, WNOHANG))
			continue;
		children[cpu] = 0;
		if (lanes[cpu].is_disabled && lanes[cpu].curr_pid &&
		    may_run_elsewhere(lanes[cpu].curr_pid, lanes, nr_cpus))
			children[cpu] = evict_interrupt(cpu);
	}
}
