// SPDX-License-Identifier: GPL-2.0
// description: a real-time task that wakes on a CPU full of hogs runs within 100 us
// cpus: 1
// time: virtual
#define _GNU_SOURCE
#include "harness.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define NR_HOGS		4
#define NR_NAPS		2000
#define NAP_NS		1000000

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* How late this process wakes from a nap until a given time, ns. */
static int nap_delay_ns(void)
{
	unsigned long long due = now_ns() + NAP_NS;
	struct timespec ts = { .tv_sec = due / 1000000000, .tv_nsec = due % 1000000000 };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
	return now_ns() - due;
}

/* The loader does it, which is an ordinary task among hogs. */
static void wait_for_slack(int ns)
{
	int waited;

	for (waited = 0; prctl(PR_GET_TIMERSLACK) != ns && waited < 3000; waited += 10)
		sleep_ms(10);
}

/* Return: the 99.9th percentile, us. */
static int late_us(const char *options, bool is_designated)
{
	static int delay_ns[NR_NAPS];
	struct hog hogs[NR_HOGS];
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(0, 0);
	harness_be_realtime(false);
	if (is_designated && KTAP_EXPECT(rt_set(getpid(), "--prio 50")))
		wait_for_slack(1);
	for (i = 0; i < NR_NAPS; i++)
		delay_ns[i] = nap_delay_ns();
	harness_be_realtime(true);
	for (i = 0; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	qsort(delay_ns, NR_NAPS, sizeof(*delay_ns), compare);
	ktap_diag("designated: %s: median %d, 99.9 %% %d, maximum %d us", is_designated ? "yes" : "no",
		  delay_ns[NR_NAPS / 2] / 1000, delay_ns[NR_NAPS - NR_NAPS / 1000] / 1000,
		  delay_ns[NR_NAPS - 1] / 1000);
	return delay_ns[NR_NAPS - NR_NAPS / 1000] / 1000;
}

KTAP_TEST(rt_task_wakes_within_100_us, "designated, 999 of 1000 times")
{
	int us = late_us("", true);

	KTAP_EXPECT(us >= 0 && us <= 100);
}

KTAP_TEST(control_without_preempt, "an ordinary task that does not interrupt hogs is later")
{
	KTAP_EXPECT(late_us("--without preempt", false) > 500);
}

SCHED_MAIN()
