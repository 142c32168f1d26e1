// SPDX-License-Identifier: GPL-2.0
// description: two hogs on one CPU divide it by their weights
// cpus: 2
#include "harness.h"

static void share_cpu(const char *options, int nice0, int nice1, double *share)
{
	struct hog hogs[2];

	if (!KTAP_EXPECT(lanes_start(options)))
		return;
	hogs[0] = hog_start(1, nice0);
	hogs[1] = hog_start(1, nice1);
	sleep_ms(300);
	measure_shares(hogs, 2, 5000, share);
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(nice_0_and_5, "nice 0 and nice 5 get 75.4 % and 24.6 %")
{
	double share[2] = {};

	share_cpu("", 0, 5, share);
	KTAP_EXPECT_NEAR(share[0], 75.4, 3);
}

KTAP_TEST(nice_minus_20_and_0, "nice -20 and nice 0 get 98.9 % and 1.1 %")
{
	double share[2] = {};

	share_cpu("", -20, 0, share);
	KTAP_EXPECT_NEAR(share[0], 98.9, 1);
}

KTAP_TEST(control_without_prev, "the weights do nothing if the task that ran is no candidate")
{
	double share[2] = {};

	share_cpu("--without prev", 0, 5, share);
	KTAP_EXPECT_NEAR(share[0], 50, 5);
}

SCHED_MAIN()
