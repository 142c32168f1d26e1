// SPDX-License-Identifier: GPL-2.0
// description: haiku: with --queue shared three hogs share two CPUs without being balanced
// cpus: 2
// time: virtual
// guest: --topology 2,1,1
#include "harness.h"

#define NR_HOGS		3

/* Return: percent that the one gets that got most. */
static double largest_share(const char *options)
{
	struct hog hogs[NR_HOGS];
	double share[NR_HOGS], largest = 0;
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(ANY_CPU, 0);
	sleep_ms(300);
	measure_shares(hogs, NR_HOGS, 1500, share);
	for (i = 0; i < NR_HOGS; i++) {
		largest = share[i] > largest ? share[i] : largest;
		hog_end(&hogs[i]);
	}
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return largest;
}

#define UNBALANCED "--discipline haiku --without steal --balance off "

KTAP_TEST(shared_queue_balances, "whoever is free takes the next one: a third each")
{
	KTAP_EXPECT_NEAR(largest_share(UNBALANCED "--queue shared"), 33.3, 4);
}

KTAP_TEST(control_core_queue, "with a queue for each core one has a CPU to itself")
{
	KTAP_EXPECT(largest_share(UNBALANCED "--queue core") > 43);
}

SCHED_MAIN()
