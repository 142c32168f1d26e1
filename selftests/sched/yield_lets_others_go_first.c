// SPDX-License-Identifier: GPL-2.0
// description: sched_yield() lets a task run that the weights would keep waiting
// cpus: 2
#define _GNU_SOURCE
#include "harness.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start_yielder(void)
{
	pid_t pid = fork();
	cpu_set_t set;

	if (pid)
		return pid;
	CPU_ZERO(&set);
	CPU_SET(1, &set);
	sched_setaffinity(0, sizeof(set), &set);
	setpriority(PRIO_PROCESS, 0, -20);
	alarm(TEST_SECS);
	for (;;)
		sched_yield();
}

KTAP_TEST(yield_lets_others_go_first, "a hog of nice 19 has most of the CPU beside a yielding one of nice -20")
{
	struct hog hog;
	pid_t yielder;
	double got;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	yielder = start_yielder();
	hog = hog_start(1, 19);
	sleep_ms(300);
	hog.start_ns = hog_cpu_ns(&hog);
	sleep_ms(2000);
	got = (hog_cpu_ns(&hog) - hog.start_ns) / 2e7;
	ktap_diag("the hog: %.1f %% of the CPU", got);
	KTAP_EXPECT(got > 60);
	kill(yielder, SIGKILL);
	waitpid(yielder, NULL, 0);
	hog_end(&hog);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
