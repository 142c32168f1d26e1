// SPDX-License-Identifier: GPL-2.0
// description: virtual time is translated when a task changes CPU
// cpus: 2
#include "harness.h"

#include <sys/resource.h>

/*
 * The clock of lane 0 is driven far ahead by a hog of nice 19, whose second
 * costs 68 s of virtual time. Then that hog, at nice 0 again, is moved to
 * CPU 1, where an equal one runs.
 */
static double share_of_the_moved(const char *options)
{
	struct hog hogs[2];
	double share[2] = {};

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	hogs[0] = hog_start(0, 19);
	hogs[1] = hog_start(1, 0);
	sleep_ms(1500);
	setpriority(PRIO_PROCESS, hogs[0].pid, 0);
	hog_pin(&hogs[0], 1);
	sleep_ms(300);
	measure_shares(hogs, 2, 4000, share);
	/* The other one first: who gets no CPU cannot die. */
	hog_end(&hogs[1]);
	hog_end(&hogs[0]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return share[0];
}

KTAP_TEST(migrated_task_keeps_its_place, "equal hogs share 50/50 after one of them moved")
{
	KTAP_EXPECT_NEAR(share_of_the_moved(""), 50, 4);
}

KTAP_TEST(control_without_rebase, "without translation the one that moved gets next to nothing")
{
	double share = share_of_the_moved("--without rebase");

	KTAP_EXPECT(share >= 0 && share < 10);
}

SCHED_MAIN()
