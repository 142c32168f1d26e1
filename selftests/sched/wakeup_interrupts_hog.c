// SPDX-License-Identifier: GPL-2.0
// description: a task that sleeps most of the time is served at once when it wakes beside a hog
// cpus: 2
#define _GNU_SOURCE
#include "harness.h"

#include <sched.h>
#include <stdlib.h>

#define NR_NAPS 100

static int compare(const void *a, const void *b)
{
	unsigned long long x = *(const unsigned long long *)a;
	unsigned long long y = *(const unsigned long long *)b;

	return x < y ? -1 : x > y;
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Median of how much longer than 5 ms this process sleeps on the hog's CPU, us. */
static unsigned long long median_delay_us(const char *options, int policy)
{
	unsigned long long delay[NR_NAPS];
	struct sched_param param = {};
	struct hog hogs[3];
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return 0;
	for (i = 0; i < 3; i++)
		hogs[i] = hog_start(1, 0);
	stay_on(1);
	harness_be_realtime(false);
	KTAP_EXPECT_EQ(sched_setscheduler(0, policy, &param), 0);
	for (i = 0; i < NR_NAPS; i++) {
		unsigned long long before = now_ns();

		sleep_ms(5);
		delay[i] = (now_ns() - before - 5000000) / 1000;
	}
	harness_be_realtime(true);
	stay_on(0);
	for (i = 0; i < 3; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	qsort(delay, NR_NAPS, sizeof(*delay), compare);
	ktap_diag("scx_lanes %s, policy %d: median %llu us", options, policy, delay[NR_NAPS / 2]);
	return delay[NR_NAPS / 2];
}

KTAP_TEST(wakeup_interrupts_hog, "it waits a fraction of what it waits without interruption")
{
	unsigned long long with = median_delay_us("--slice-us 20000", SCHED_OTHER);
	unsigned long long without = median_delay_us("--slice-us 20000 --without preempt",
						     SCHED_OTHER);

	KTAP_EXPECT(with * 4 < without);
}

KTAP_TEST(batch_task_interrupts_nobody, "of policy SCHED_BATCH it waits for the end of a slice")
{
	KTAP_EXPECT(median_delay_us("--slice-us 20000", SCHED_BATCH) > 5000);
}

SCHED_MAIN()
