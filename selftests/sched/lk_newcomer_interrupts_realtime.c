// SPDX-License-Identifier: GPL-2.0
// description: lk: one that comes from another CPU interrupts a lower one, though that is real-time
// cpus: 2
// time: virtual
// kernel: any
#include <signal.h>

#include "harness.h"

/* Return: percent of CPU 1 that a hog gets that comes there, beside one of level 20. */
static double share_of_newcomer(const char *level)
{
	double share[2] = {};
	struct hog hogs[2];

	if (!KTAP_EXPECT(lanes_start("--discipline lk --max-wait-ms 10000")))
		return -1;
	hogs[0] = hog_start(1, 0);
	hogs[1] = hog_start(0, 0);
	/* It runs for a moment only: whoever is below them both would starve. */
	kill(hogs[1].pid, SIGSTOP);
	KTAP_EXPECT(level_set(hogs[1].pid, level));
	KTAP_EXPECT(level_set(hogs[0].pid, "20 --real-time"));
	kill(hogs[1].pid, SIGCONT);
	sleep_ms(20);
	hog_pin(&hogs[1], 1);
	measure_shares(hogs, 2, 500, share);
	hog_end(&hogs[1]);
	hog_end(&hogs[0]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return share[1];
}

KTAP_TEST(newcomer_interrupts_realtime, "at level 21 it has the CPU at once")
{
	KTAP_EXPECT(share_of_newcomer("21") > 95);
}

KTAP_TEST(control_same_level, "at level 20 it has to wait")
{
	double share = share_of_newcomer("20");

	KTAP_EXPECT(share >= 0 && share < 20);
}

SCHED_MAIN()
