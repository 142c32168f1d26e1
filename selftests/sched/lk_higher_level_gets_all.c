// SPDX-License-Identifier: GPL-2.0
// description: with discipline lk the higher level gets the CPU, equals take turns
// cpus: 2
// time: virtual
// kernel: any
#define SHARE_MS	3000
#include "shares.h"

/* The guard lets the other one run for 3 ms in each second. */
KTAP_TEST(higher_gets_all, "of two hogs the one a level above gets 100 %")
{
	double share[2] = {};

	share_cpu_at("--discipline lk", NULL, (int[]){ 17, 0 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 99.7, 2.5);
}

KTAP_TEST(equals_are_equal, "five hogs at one level get 20 % each")
{
	double share[SHARES_MAX] = {};
	int i;

	share_cpu_at("--discipline lk", NULL, NULL, SHARES_MAX, share);
	for (i = 0; i < SHARES_MAX; i++)
		KTAP_EXPECT_NEAR(share[i], 20, 3);
}

KTAP_TEST(nice_is_a_level, "nice 0 gets 100 % beside nice 5")
{
	double share[2] = {};

	share_cpu("--discipline lk --queue per-cpu", (int[]){ 5, 0 }, 2, share);
	KTAP_EXPECT_NEAR(share[1], 99.7, 2.5);
}

KTAP_TEST(control_without_prev, "the level does nothing if the task that ran is no candidate")
{
	double share[2] = {};

	share_cpu_at("--discipline lk --without prev", NULL, (int[]){ 17, 0 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 50, 10);
}

SCHED_MAIN()
