// SPDX-License-Identifier: GPL-2.0
// description: tasks queued on a CPU that a higher class has taken go elsewhere, though all are busy
// cpus: 2
#define _GNU_SOURCE
#include "harness.h"
#include "lanes_sched.h"

#include <sched.h>

#define NR_HOGS 3

/*
 * CPU 1 belongs to a SCHED_FIFO task for three seconds; a hog that may run
 * anywhere waits there, and CPU 0 has two of its own.
 *
 * Return: milliseconds of CPU time that the waiting one got.
 */
static int waiting_one_gets_ms(const char *options)
{
	struct sched_param param = { .sched_priority = 1 };
	struct hog ours[NR_HOGS], fifo;
	int i, got_ms;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	for (i = 0; i < NR_HOGS; i++)
		ours[i] = hog_start(i ? 0 : 1, 0);
	fifo = hog_start(1, 0);
	sleep_ms(300);
	KTAP_EXPECT_EQ(sched_setscheduler(fifo.pid, SCHED_FIFO, &param), 0);
	sleep_ms(50);
	hog_unpin(&ours[0]);
	ours[0].start_ns = hog_cpu_ns(&ours[0]);
	sleep_ms(3000);
	got_ms = (hog_cpu_ns(&ours[0]) - ours[0].start_ns) / 1000000;
	ktap_diag("scx_lanes %s: %d ms, %llu rescued", options, got_ms,
		  lanes_counter(LANES_STAT_rescues));
	hog_end(&fifo);
	for (i = 0; i < NR_HOGS; i++)
		hog_end(&ours[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return got_ms;
}

/* CPU 0 is never idle, but for a moment now and then: it is not to find the task by chance. */
#define BY_NO_CHANCE "--balance off --without steal"

KTAP_TEST(unserved_lane_is_emptied, "it gets its third of the other CPU")
{
	KTAP_EXPECT_NEAR(waiting_one_gets_ms(BY_NO_CHANCE), 1000, 250);
}

KTAP_TEST(control_without_rescue, "without rescue it gets little: the kernel's own 5 %")
{
	int got_ms = waiting_one_gets_ms(BY_NO_CHANCE ",rescue");

	KTAP_EXPECT(got_ms >= 0 && got_ms < 600);
}

SCHED_MAIN()
