// SPDX-License-Identifier: GPL-2.0
// description: with discipline lk the higher level gets the CPU, equals take turns
// cpus: 2
// time: virtual
// kernel: any
#include "harness.h"

#define NR_MAX 5

static void share_cpu(const char *options, const char * const *level, int nr, double *share)
{
	struct hog hogs[NR_MAX];
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return;
	for (i = 0; i < nr; i++)
		hogs[i] = hog_start(1, 0);
	for (i = 0; i < nr; i++)
		if (level[i])
			KTAP_EXPECT(level_set(hogs[i].pid, level[i]));
	sleep_ms(500);
	measure_shares(hogs, nr, 5000, share);
	for (i = 0; i < nr; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

/* The guard lets the other one run for 3 ms in each second. */
KTAP_TEST(higher_gets_all, "of two hogs the one a level above gets 100 %")
{
	static const char * const level[] = { "17", NULL };
	double share[2] = {};

	share_cpu("--discipline lk", level, 2, share);
	KTAP_EXPECT_NEAR(share[0], 99.7, 2.5);
}

KTAP_TEST(equals_are_equal, "five hogs at one level get 20 % each")
{
	static const char * const level[NR_MAX];
	double share[NR_MAX] = {};
	int i;

	share_cpu("--discipline lk", level, NR_MAX, share);
	for (i = 0; i < NR_MAX; i++)
		KTAP_EXPECT_NEAR(share[i], 20, 3);
}

KTAP_TEST(nice_is_a_level, "nice 0 gets 100 % beside nice 5")
{
	double share[2] = {};
	struct hog hogs[2];

	if (!KTAP_EXPECT(lanes_start("--discipline lk --queue per-cpu")))
		return;
	hogs[0] = hog_start(1, 5);
	hogs[1] = hog_start(1, 0);
	sleep_ms(500);
	measure_shares(hogs, 2, 3000, share);
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
	KTAP_EXPECT_NEAR(share[1], 99.7, 2.5);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(control_without_prev, "the level does nothing if the task that ran is no candidate")
{
	static const char * const level[] = { "17", NULL };
	double share[2] = {};

	share_cpu("--discipline lk --without prev", level, 2, share);
	KTAP_EXPECT_NEAR(share[0], 50, 10);
}

SCHED_MAIN()
