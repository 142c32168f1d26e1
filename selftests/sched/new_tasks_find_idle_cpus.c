// SPDX-License-Identifier: GPL-2.0
// description: tasks forked on one CPU are placed on the idle ones
// cpus: 4
// kernel: any
#include "harness.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define NR_HOGS 4

/* A process that forks all hogs in one go: it stays on its CPU meanwhile. */
static pid_t start_parent(struct hog *hogs)
{
	pid_t pid = fork();
	int i;

	if (pid)
		return pid;
	alarm(TEST_SECS);
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(ANY_CPU, 0);
	for (;;)
		pause();
}

/* Return: how many CPUs' worth of time four hogs get on four CPUs. */
static double cpus_used(const char *options)
{
	struct hog *hogs = shared_memory(NR_HOGS * sizeof(*hogs));
	double got, sum = 0;
	pid_t parent;
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	parent = start_parent(hogs);
	sleep_ms(500);
	for (i = 0; i < NR_HOGS; i++)
		hogs[i].start_ns = hog_cpu_ns(&hogs[i]);
	sleep_ms(1500);
	for (i = 0; i < NR_HOGS; i++) {
		got = (hog_cpu_ns(&hogs[i]) - hogs[i].start_ns) / 1.5e7;
		ktap_diag("hog %d: %.1f %% of a CPU", i, got);
		sum += got;
	}
	/* The hogs go with it. */
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return sum / 100;
}

/* A CPU may have been busy at the moment of a fork: one of four is excused. */
KTAP_TEST(new_tasks_find_idle_cpus, "four hogs use at least three CPUs, without stealing or balancing")
{
	KTAP_EXPECT(cpus_used("--without steal --balance off") > 2.8);
}

KTAP_TEST(control_without_idle, "if nobody looks for an idle CPU, they stay where they were forked")
{
	KTAP_EXPECT(cpus_used("--without steal,idle --balance off") < 1.5);
}

SCHED_MAIN()
