// SPDX-License-Identifier: GPL-2.0
// description: dwrr: levels divide one CPU by w / (w + 1024), in at most 80 steps a pick
// cpus: 2
// time: virtual
// kernel: any
#define SHARE_MS	2000
#include "shares.h"

#include "lanes_sched.h"

/* Short turns, so that many of them are counted. */
#define DWRR "--discipline dwrr --slice-us 1000 "

KTAP_TEST(levels_20_and_25, "levels 20 and 25 get 67 % and 33 %")
{
	double share[3] = {};

	share_cpu(DWRR, (int[]){ 0, 5 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 67, 2);
}

KTAP_TEST(levels_0_and_20, "levels 0 and 20 get 66.4 % and 33.6 %")
{
	double share[3] = {};

	share_cpu(DWRR, (int[]){ -20, 0 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 66.4, 2);
}

KTAP_TEST(levels_20_and_21, "levels 20 and 21 get 52.9 % and 47.1 %")
{
	double share[3] = {};

	share_cpu(DWRR, (int[]){ 0, 1 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 52.9, 1.5);
}

KTAP_TEST(levels_0_and_39, "levels 0 and 39 get 98.6 % and 1.4 %")
{
	double share[3] = {};

	share_cpu(DWRR, (int[]){ -20, 19 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 98.6, 0.7);
}

KTAP_TEST(two_at_20_one_at_25, "two tasks in level 20 divide what one would have")
{
	double share[3] = {};

	share_cpu(DWRR, (int[]){ 0, 0, 5 }, 3, share);
	KTAP_EXPECT_NEAR(share[0], 33.5, 2);
	KTAP_EXPECT_NEAR(share[1], 33.5, 2);
	KTAP_EXPECT_NEAR(share[2], 33, 2);
}

KTAP_TEST(at_most_80_steps, "no pick takes more than 80 steps, and some take one")
{
	struct hog light, heavy;

	if (!KTAP_EXPECT(lanes_start(DWRR)))
		return;
	light = hog_start(1, 19);
	heavy = hog_start(1, -20);
	sleep_ms(1000);
	ktap_diag("at most %u steps", lanes_lane(1)->dwrr.max_steps);
	KTAP_EXPECT(lanes_lane(1)->dwrr.max_steps > 0);
	KTAP_EXPECT(lanes_lane(1)->dwrr.max_steps <= 80);
	hog_end(&light);
	hog_end(&heavy);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(control_without_prev, "levels count for nothing if the task that ran is no candidate")
{
	double share[3] = {};

	share_cpu(DWRR "--without prev", (int[]){ 0, 5 }, 2, share);
	KTAP_EXPECT_NEAR(share[0], 50, 5);
}

KTAP_TEST(control_vruntime, "vruntime divides by task: two of nice 0 get 86 % beside one of nice 5")
{
	double share[3] = {};

	share_cpu("--discipline vruntime", (int[]){ 0, 0, 5 }, 3, share);
	KTAP_EXPECT_NEAR(share[2], 14.1, 3);
}

SCHED_MAIN()
