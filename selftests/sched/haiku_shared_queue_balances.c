// SPDX-License-Identifier: GPL-2.0
// description: haiku: with --queue shared three hogs share two CPUs without being balanced
// cpus: 2
// time: virtual
// guest: --topology 2,1,1
// kernel: any
#include "harness.h"

#define NR_HOGS		3
#define MEASURE_MS	1500

/* Return: percent of a CPU that the one has that has least; two CPUs have 67 for each. */
static double smallest_use(const char *options)
{
	unsigned long long before[NR_HOGS], ran;
	double percent, smallest = 100;
	struct hog hogs[NR_HOGS];
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(ANY_CPU, 0);
	sleep_ms(300);
	for (i = 0; i < NR_HOGS; i++)
		before[i] = hog_cpu_ns(&hogs[i]);
	sleep_ms(MEASURE_MS);
	for (i = 0; i < NR_HOGS; i++) {
		ran = hog_cpu_ns(&hogs[i]) - before[i];
		percent = ran / (MEASURE_MS * 1e4);
		ktap_diag("hog %d: %.1f %% of a CPU", i, percent);
		smallest = percent < smallest ? percent : smallest;
	}
	for (i = 0; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return smallest;
}

#define UNBALANCED "--discipline haiku --without steal --balance off "

KTAP_TEST(shared_queue_balances, "whoever is free takes the next one: two thirds of a CPU each")
{
	KTAP_EXPECT_NEAR(smallest_use(UNBALANCED "--queue shared"), 66.7, 4);
}

KTAP_TEST(control_core_queue, "with a queue for each core they stay where they are")
{
	double percent = smallest_use(UNBALANCED "--queue core");

	KTAP_EXPECT(percent > 0 && percent < 55);
}

SCHED_MAIN()
