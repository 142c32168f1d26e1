// SPDX-License-Identifier: GPL-2.0
// description: two hogs on one CPU divide it by their weights
// cpus: 2
#include "shares.h"

KTAP_TEST(nice_0_and_5, "nice 0 and nice 5 get 75.4 % and 24.6 %")
{
	double share[2] = {};

	share_cpu("", (int[]){ 0, 5 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 75.4, 3);
}

KTAP_TEST(nice_minus_20_and_0, "nice -20 and nice 0 get 98.9 % and 1.1 %")
{
	double share[2] = {};

	share_cpu("", (int[]){ -20, 0 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 98.9, 1);
}

KTAP_TEST(control_without_prev, "the weights do nothing if the task that ran is no candidate")
{
	double share[2] = {};

	share_cpu("--without prev", (int[]){ 0, 5 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 50, 5);
}

SCHED_MAIN()
