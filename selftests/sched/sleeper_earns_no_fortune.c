// SPDX-License-Identifier: GPL-2.0
// description: a task that slept long does not shut the others out when it wakes
// cpus: 2
// kernel: any
#include "harness.h"

#include <signal.h>

/* One hog is stopped for three seconds beside another: its share in the next two. */
static double share_of_the_sleeper(const char *options)
{
	struct hog hogs[2];
	double share[2] = {};

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	hogs[0] = hog_start(1, 0);
	hogs[1] = hog_start(1, 0);
	sleep_ms(300);
	kill(hogs[0].pid, SIGSTOP);
	sleep_ms(3000);
	kill(hogs[0].pid, SIGCONT);
	measure_shares(hogs, 2, 2000, share);
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return share[0];
}

KTAP_TEST(sleeper_earns_no_fortune, "it shares 50/50 from the moment it wakes")
{
	KTAP_EXPECT_NEAR(share_of_the_sleeper(""), 50, 5);
}

KTAP_TEST(control_without_lift, "a sleeper that is not lifted has the CPU to itself")
{
	KTAP_EXPECT(share_of_the_sleeper("--without lift") > 80);
}

SCHED_MAIN()
