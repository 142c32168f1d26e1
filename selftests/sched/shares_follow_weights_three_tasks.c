// SPDX-License-Identifier: GPL-2.0
// description: three hogs on one CPU divide it by their weights
// cpus: 2
#include "harness.h"

static void share_cpu(const char *options, double *share)
{
	struct hog hogs[3];
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return;
	for (i = 0; i < 3; i++)
		hogs[i] = hog_start(1, i == 2 ? 5 : 0);
	sleep_ms(300);
	measure_shares(hogs, 3, 5000, share);
	for (i = 0; i < 3; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(nice_0_0_and_5, "nice 0, 0 and 5 get 43.0 %, 43.0 % and 14.1 %")
{
	double share[3] = {};

	share_cpu("", share);
	KTAP_EXPECT_NEAR(share[0], 43.0, 3);
	KTAP_EXPECT_NEAR(share[1], 43.0, 3);
	KTAP_EXPECT_NEAR(share[2], 14.1, 3);
}

SCHED_MAIN()
