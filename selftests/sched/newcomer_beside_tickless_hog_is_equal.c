// SPDX-License-Identifier: GPL-2.0
// description: a task that was alone on a CPU without ticks owes nothing for that time
// cpus: 2
// guest: --append nohz_full=1
// kernel: any
#include "harness.h"

/* Return: what the first of two hogs gets of the time right after the other has come. */
static double share_beside_newcomer(const char *options)
{
	struct hog hogs[2];
	double share[2];

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	hogs[0] = hog_start(1, 0);
	sleep_ms(2000);
	hogs[1] = hog_start(1, 0);
	measure_shares(hogs, 2, 1500, share);
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return share[0];
}

KTAP_TEST(newcomer_beside_tickless_hog_is_equal, "the two share 50/50 at once")
{
	KTAP_EXPECT_NEAR(share_beside_newcomer(""), 50, 8);
}

KTAP_TEST(with_ticks_it_is_the_same, "and so they do where the CPU ticks")
{
	KTAP_EXPECT_NEAR(share_beside_newcomer("--without tickless"), 50, 8);
}

SCHED_MAIN()
