// SPDX-License-Identifier: GPL-2.0
// description: with discipline haiku hogs get CPU time by a fifth of their priority
// cpus: 2
// time: virtual
// kernel: any
#include <stdio.h>

#include "harness.h"

#define NR_MAX 4

static void share_cpu(const char *options, const int *prio, int nr, double *share)
{
	struct hog hogs[NR_MAX];
	char level[16];
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return;
	for (i = 0; i < nr; i++)
		hogs[i] = hog_start(1, 0);
	for (i = 0; i < nr; i++) {
		snprintf(level, sizeof(level), "%d", prio[i]);
		KTAP_EXPECT(level_set(hogs[i].pid, level));
	}
	sleep_ms(500);
	measure_shares(hogs, nr, 5000, share);
	for (i = 0; i < nr; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(at_20_and_5, "priorities 20 and 5 get 80 % and 20 %")
{
	static const int prio[] = { 20, 5 };
	double share[NR_MAX] = {};

	share_cpu("--discipline haiku", prio, 2, share);
	KTAP_EXPECT_NEAR(share[0], 80, 5);
}

KTAP_TEST(at_20_and_10, "priorities 20 and 10 get 67 % and 33 %")
{
	static const int prio[] = { 20, 10 };
	double share[NR_MAX] = {};

	share_cpu("--discipline haiku", prio, 2, share);
	KTAP_EXPECT_NEAR(share[0], 66.7, 5);
}

KTAP_TEST(at_25_20_10_5, "priorities 25, 20, 10 and 5 get 41.7, 33.3, 16.7 and 8.3 %")
{
	static const int prio[] = { 25, 20, 10, 5 };
	double share[NR_MAX] = {};

	share_cpu("--discipline haiku", prio, 4, share);
	KTAP_EXPECT_NEAR(share[0], 41.7, 5);
	KTAP_EXPECT_NEAR(share[1], 33.3, 5);
	KTAP_EXPECT_NEAR(share[2], 16.7, 4);
	KTAP_EXPECT_NEAR(share[3], 8.3, 3);
}

/* Real-time priorities lose nothing: so no share is left for the other one. */
KTAP_TEST(realtime_gets_all, "of priorities 101 and 99 the real-time one gets 100 %")
{
	static const int prio[] = { 101, 99 };
	double share[NR_MAX] = {};

	share_cpu("--discipline haiku", prio, 2, share);
	KTAP_EXPECT_NEAR(share[0], 99.7, 2.5);
}

KTAP_TEST(control_without_prev, "priorities do nothing if the task that ran is no candidate")
{
	static const int prio[] = { 20, 5 };
	double share[NR_MAX] = {};

	share_cpu("--discipline haiku --without prev", prio, 2, share);
	KTAP_EXPECT_NEAR(share[0], 50, 10);
}

SCHED_MAIN()
