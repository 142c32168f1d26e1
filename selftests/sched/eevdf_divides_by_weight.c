// SPDX-License-Identifier: GPL-2.0
// description: eevdf: tasks divide one CPU by Linux's weights, or by moss's, which hardly differ
// cpus: 2
// time: virtual
// kernel: any
#define SHARE_MS	2000
#include "shares.h"

#define EEVDF "--discipline eevdf "

KTAP_TEST(nice_0_and_5, "nice 0 and nice 5 get 75.4 % and 24.6 %")
{
	double share[3] = {};

	share_cpu(EEVDF, (int[]){ 0, 5 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 75.4, 2);
}

KTAP_TEST(nice_0_0_and_5, "nice 0, 0 and 5 get 43 %, 43 % and 14.1 %")
{
	double share[3] = {};

	share_cpu(EEVDF, (int[]){ 0, 0, 5 }, 3, share);
	KTAP_EXPECT_NEAR(share[0], 43, 2);
	KTAP_EXPECT_NEAR(share[1], 43, 2);
	KTAP_EXPECT_NEAR(share[2], 14.1, 2);
}

KTAP_TEST(nice_minus_20_and_0, "nice -20 and nice 0 get 98.9 % and 1.1 %")
{
	double share[3] = {};

	share_cpu(EEVDF, (int[]){ -20, 0 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 98.9, 0.7);
}

KTAP_TEST(moss_weights, "with moss's weights nice -10 and nice 10 are equal within 2 %")
{
	double share[3] = {};

	share_cpu(EEVDF "--weights moss", (int[]){ -10, 10 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 50.5, 1);
}

KTAP_TEST(control_without_prev, "the weights do nothing if the task that ran is no candidate")
{
	double share[3] = {};

	share_cpu(EEVDF "--without prev", (int[]){ 0, 5 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 50, 5);
}

SCHED_MAIN()
