// SPDX-License-Identifier: GPL-2.0
// description: many that wake one another do not interrupt one another each time
// cpus: 1
// time: virtual
#include "harness.h"
#include "lanes_sched.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define WINDOW_NS	3000000ULL
#define MOST_IN_ONE	8

/* 80 senders, 20 receivers for each 20 of them. Return: whether it went well. */
static bool run_hackbench(void)
{
	pid_t pid = fork_child();
	int status;

	if (pid)
		return waitpid(pid, &status, 0) == pid && !status;
	harness_be_realtime(false);
	if (!freopen("/dev/null", "w", stdout))
		_exit(1);
	execlp("hackbench", "hackbench", "-g", "4", "-l", "150", NULL);
	_exit(1);
}

KTAP_TEST(many_wakeups_interrupt_seldom, "at most eight times in 3 ms")
{
	unsigned long long start, most, before, nr;

	if (!KTAP_EXPECT(lanes_start("--discipline vruntime")))
		return;
	before = lanes_counter(LANES_STAT_preempts);
	start = now_ns();
	KTAP_EXPECT(run_hackbench());
	most = ((now_ns() - start) / WINDOW_NS + 2) * MOST_IN_ONE;
	nr = lanes_counter(LANES_STAT_preempts) - before;
	ktap_diag("%llu interruptions, at most %llu allowed", nr, most);
	/* As many as that only where it limits some of the time. */
	KTAP_EXPECT(nr > most / 10 && nr <= most);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
