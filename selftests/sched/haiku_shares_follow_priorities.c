// SPDX-License-Identifier: GPL-2.0
// description: with discipline haiku hogs get CPU time by a fifth of their priority
// cpus: 2
// time: virtual
// kernel: any
#define SHARE_MS	3000
#include "shares.h"

KTAP_TEST(at_20_and_5, "priorities 20 and 5 get 80 % and 20 %")
{
	double share[SHARES_MAX] = {};

	share_cpu_at("--discipline haiku", NULL, (int[]){ 20, 5 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 80, 5);
}

KTAP_TEST(at_20_and_10, "priorities 20 and 10 get 67 % and 33 %")
{
	double share[SHARES_MAX] = {};

	share_cpu_at("--discipline haiku", NULL, (int[]){ 20, 10 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 66.7, 5);
}

KTAP_TEST(at_25_20_10_5, "priorities 25, 20, 10 and 5 get 41.7, 33.3, 16.7 and 8.3 %")
{
	double share[SHARES_MAX] = {};

	share_cpu_at("--discipline haiku", NULL, (int[]){ 25, 20, 10, 5 }, 4, share);
	KTAP_EXPECT_NEAR(share[0], 41.7, 5);
	KTAP_EXPECT_NEAR(share[1], 33.3, 5);
	KTAP_EXPECT_NEAR(share[2], 16.7, 4);
	KTAP_EXPECT_NEAR(share[3], 8.3, 3);
}

/* Real-time priorities lose nothing: so no share is left for the other one. */
KTAP_TEST(realtime_gets_all, "of priorities 101 and 99 the real-time one gets 100 %")
{
	double share[SHARES_MAX] = {};

	share_cpu_at("--discipline haiku", NULL, (int[]){ 101, 99 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 99.7, 2.5);
}

KTAP_TEST(control_without_prev, "priorities do nothing if the task that ran is no candidate")
{
	double share[SHARES_MAX] = {};

	share_cpu_at("--discipline haiku --without prev", NULL, (int[]){ 20, 5 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 50, 10);
}

SCHED_MAIN()
