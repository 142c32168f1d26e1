// SPDX-License-Identifier: GPL-2.0
// description: three hogs on one CPU divide it by their weights
// cpus: 2
#include "shares.h"

KTAP_TEST(nice_0_0_and_5, "nice 0, 0 and 5 get 43.0 %, 43.0 % and 14.1 %")
{
	double share[3] = {};

	share_cpu("", (int[]){ 0, 0, 5 }, 3, share);
	KTAP_EXPECT_NEAR(share[0], 43.0, 3);
	KTAP_EXPECT_NEAR(share[1], 43.0, 3);
	KTAP_EXPECT_NEAR(share[2], 14.1, 3);
}

KTAP_TEST(nice_minus_5_0_and_0, "nice -5, 0 and 0 get 60.4 %, 19.8 % and 19.8 %")
{
	double share[3] = {};

	share_cpu("", (int[]){ -5, 0, 0 }, 3, share);
	KTAP_EXPECT_NEAR(share[0], 60.4, 3);
	KTAP_EXPECT_NEAR(share[1], 19.8, 3);
	KTAP_EXPECT_NEAR(share[2], 19.8, 3);
}

/* Nobody can run twice in a row then, which 0, 0 and 5 have no need of. */
KTAP_TEST(control_without_prev, "nobody gets more than half if the task that ran is no candidate")
{
	double share[3] = {};

	share_cpu("--without prev", (int[]){ -5, 0, 0 }, 3, share);
	KTAP_EXPECT(share[0] > 0 && share[0] < 53);
}

SCHED_MAIN()
