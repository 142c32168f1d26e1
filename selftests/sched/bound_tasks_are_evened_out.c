// SPDX-License-Identifier: GPL-2.0
// description: tasks that may use two of four CPUs share the two evenly, though others are idle
// cpus: 4
// time: virtual
// kernel: any
#include "harness.h"

#define NR_HOGS 6

/* Six hogs of CPU 0 are allowed CPU 1 too. Return: the least share of one, percent. */
static double least_share(const char *options)
{
	double share[NR_HOGS], least = 100;
	struct hog hogs[NR_HOGS];
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	for (i = 0; i < NR_HOGS; i++) {
		hogs[i] = hog_start(0, 0);
		while (!*hogs[i].nr_rounds)
			sleep_ms(1);
	}
	for (i = 0; i < NR_HOGS; i++)
		pin_task(hogs[i].pid, 0, 1);
	sleep_ms(300);
	measure_shares(hogs, NR_HOGS, 2000, share);
	for (i = 0; i < NR_HOGS; i++) {
		least = share[i] < least ? share[i] : least;
		hog_end(&hogs[i]);
	}
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	ktap_diag("scx_lanes %s: the least is %.1f %%", options, least);
	return least;
}

KTAP_TEST(bound_tasks_are_evened_out, "a sixth of the two CPUs each")
{
	KTAP_EXPECT(least_share("") > 14);
}

KTAP_TEST(control_without_balance, "without balancing the idle CPU takes one and leaves the rest")
{
	double least = least_share("--balance off");

	KTAP_EXPECT(least > 0 && least < 12);
}

SCHED_MAIN()
