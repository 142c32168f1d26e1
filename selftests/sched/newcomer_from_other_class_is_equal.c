// SPDX-License-Identifier: GPL-2.0
// description: a task that returns from a real-time class while it runs starts at the lane's floor
// cpus: 2
// time: virtual
// kernel: any
#define _GNU_SOURCE
#include "harness.h"

#include <sched.h>

/*
 * The newcomer's last virtual time is that of a lane just begun; the lane's
 * clock is then driven ahead by 30 s while it is real-time.
 */
KTAP_TEST(newcomer_from_other_class_is_equal, "it and a hog that was there share 50/50")
{
	struct sched_param param = { .sched_priority = 1 };
	struct hog hogs[2], driver;
	double share[2];

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	driver = hog_start(1, 19);
	sleep_ms(500);
	hogs[0] = hog_start(1, 0);
	sleep_ms(100);
	KTAP_EXPECT_EQ(sched_setscheduler(hogs[0].pid, SCHED_FIFO, &param), 0);
	hog_pin(&hogs[0], 0);
	sleep_ms(500);
	hogs[1] = hog_start(1, 0);
	hog_pin(&hogs[0], 1);
	sleep_ms(50);
	/* It is running now; that it changes class does not enqueue it. */
	param.sched_priority = 0;
	KTAP_EXPECT_EQ(sched_setscheduler(hogs[0].pid, SCHED_OTHER, &param), 0);
	measure_shares(hogs, 2, 6000, share);
	KTAP_EXPECT_NEAR(share[0], 50, 5);
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
	hog_end(&driver);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

/*
 * Three hogs were given to whatever CPU would have them, while one of a higher class had
 * theirs. That they went ahead of their turn then must not be true for ever: the lane's
 * clock would stand still.
 */
KTAP_TEST(newcomer_beside_drained_hogs_is_equal, "one that comes seconds after those were rescued has a quarter")
{
	struct sched_param param = { .sched_priority = 1 };
	struct hog hogs[4], driver;
	double share[4];
	int i;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	for (i = 0; i < 3; i++)
		hogs[i] = hog_start(1, 0);
	driver = hog_start(1, 0);
	KTAP_EXPECT_EQ(sched_setscheduler(driver.pid, SCHED_FIFO, &param), 0);
	sleep_ms(300);
	hog_end(&driver);
	sleep_ms(3000);
	hogs[3] = hog_start(1, 0);
	measure_shares(hogs, 4, 1000, share);
	KTAP_EXPECT_NEAR(share[3], 25, 5);
	for (i = 0; i < 4; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
