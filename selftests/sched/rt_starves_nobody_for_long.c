// SPDX-License-Identifier: GPL-2.0
// description: below a real-time hog that never sleeps others keep waiting, and are helped before the kernel ejects us
// cpus: 2
// time: virtual
// log: disabled \(runnable task stall\)
#include <signal.h>

#include "harness.h"

#define MEASURE_MS	6000

/* It is helped once in a third of this time, before the kernel would complain. */
#define WATCHDOG	"--watchdog 5"

/* Hogs of CPU 1 of these priorities, the first one first; both FIFO. */
static void start_both(struct hog *hogs, const char *first, const char *second)
{
	int i;

	for (i = 0; i < 2; i++) {
		hogs[i] = hog_start(1, 0);
		kill(hogs[i].pid, SIGSTOP);
	}
	KTAP_EXPECT(rt_set(hogs[0].pid, first));
	KTAP_EXPECT(rt_set(hogs[1].pid, second));
	kill(hogs[0].pid, SIGCONT);
	sleep_ms(50);
	kill(hogs[1].pid, SIGCONT);
}

static void end_both(struct hog *hogs)
{
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
}

/* Return: ms that the second one runs beside the first. */
static double second_runs_ms(const char *options, const char *first, const char *second)
{
	unsigned long long ran_ns;
	struct hog hogs[2];

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	start_both(hogs, first, second);
	ran_ns = hog_cpu_ns(&hogs[1]);
	sleep_ms(MEASURE_MS);
	ran_ns = hog_cpu_ns(&hogs[1]) - ran_ns;
	ktap_diag("%s: %s beside %s: %.1f ms of %d", options, second, first, ran_ns / 1e6,
		  MEASURE_MS);
	KTAP_EXPECT(lanes_is_attached());
	end_both(hogs);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return ran_ns / 1e6;
}

KTAP_TEST(less_urgent_is_helped, "who is less urgent has a slice now and then, and no more")
{
	double ms = second_runs_ms(WATCHDOG, "--prio 50", "--prio 10");

	KTAP_EXPECT(ms >= 3 && ms < 30);
}

KTAP_TEST(equal_is_helped, "so has an equal of FIFO, which takes no turns for it")
{
	double ms = second_runs_ms(WATCHDOG, "--prio 10", "--prio 10");

	KTAP_EXPECT(ms >= 3 && ms < 30);
}

KTAP_TEST(equals_without_budget, "equals of FIFO take no turns without a budget either, whoever else waits")
{
	struct hog hogs[2], ordinary;
	unsigned long long ran_ns;

	if (!KTAP_EXPECT(lanes_start("--rt-runtime-ms 1000")))
		return;
	ordinary = hog_start(1, 0);
	start_both(hogs, "--prio 10", "--prio 10");
	/* From the first turn that the guard gives the ordinary one on. */
	sleep_ms(1500);
	ran_ns = hog_cpu_ns(&hogs[1]);
	sleep_ms(2000);
	ran_ns = hog_cpu_ns(&hogs[1]) - ran_ns;
	ktap_diag("the second of two equals: %.1f ms of 2000", ran_ns / 1e6);
	KTAP_EXPECT(ran_ns < 10000000);
	end_both(hogs);
	hog_end(&ordinary);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(control_without_guard, "without the guard the kernel ejects us for it")
{
	struct hog hogs[2];

	if (!KTAP_EXPECT(lanes_start(WATCHDOG " --without guard")))
		return;
	start_both(hogs, "--prio 50", "--prio 10");
	KTAP_EXPECT_EQ(lanes_wait(), 4);
	end_both(hogs);
}

SCHED_MAIN()
