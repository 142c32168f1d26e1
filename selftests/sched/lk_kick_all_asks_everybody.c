// SPDX-License-Identifier: GPL-2.0
// description: lk: with --kick all a wakeup makes the others pick anew, and costs nobody its quantum
// cpus: 2
// time: virtual
// kernel: any
#include "harness.h"
#include "lanes_sched.h"
#include "runs.h"

#define MEASURE_MS	1000

/* Who is no more urgent than what runs has no CPU to interrupt. */
static pid_t start_sleeper(void)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	for (;; sleep_ms(10))
		use_cpu_ms(1);
}

/* Return: how many CPUs were asked in a second; *run_us: how long a hog runs at a time. */
static unsigned long long nr_asked(const char *options, unsigned long long *run_us)
{
	unsigned long long nr;
	struct runs *runs[4];
	pid_t sleeper;
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return 0;
	for (i = 0; i < 4; i++)
		runs[i] = runs_start(i & 1, 2000000);
	sleeper = start_sleeper();
	sleep_ms(300);
	nr = lanes_counter(LANES_STAT_kicks);
	sleep_ms(MEASURE_MS);
	nr = lanes_counter(LANES_STAT_kicks) - nr;
	end_child(sleeper);
	*run_us = runs_end(runs[0], 0.5);
	for (i = 1; i < 4; i++)
		runs_end(runs[i], 0.5);
	ktap_diag("scx_lanes %s: %llu asked, %llu us at a time", options, nr, *run_us);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return nr;
}

KTAP_TEST(kick_all, "beside busy equals each wakeup asks with all, and hardly one does with one")
{
	unsigned long long nr_all, nr_one, run_us = 0;

	nr_all = nr_asked("--discipline lk --kick all", &run_us);
	KTAP_EXPECT(run_us > 40000);
	nr_one = nr_asked("--discipline lk --kick one", &run_us);
	KTAP_EXPECT(run_us > 40000);
	KTAP_EXPECT(nr_all >= 10);
	KTAP_EXPECT(nr_all > 4 * nr_one);
}

SCHED_MAIN()
