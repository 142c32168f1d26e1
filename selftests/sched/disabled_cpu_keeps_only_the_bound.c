// SPDX-License-Identifier: GPL-2.0
// description: lanesctl cpu N disable: tasks that may run elsewhere leave that CPU, those bound to it stay
// cpus: 2
// time: virtual
// kernel: any
#define _GNU_SOURCE
#include "harness.h"

#include <sched.h>

#define NR_HOGS 3

/* Return: the CPUs they are seen on, a bit each, from a moment after now on. */
static unsigned long seen_cpus(struct hog *hogs, int nr)
{
	unsigned long seen = 0;
	int i;

	sleep_ms(300);
	for (i = 0; i < nr; i++)
		*hogs[i].seen_cpus = 0;
	sleep_ms(700);
	for (i = 0; i < nr; i++)
		seen |= *hogs[i].seen_cpus;
	return seen;
}

KTAP_TEST(disabled_cpu_is_left, "free hogs leave it, the bound one runs there; enabled, they come back")
{
	struct hog hogs[NR_HOGS], bound;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	hogs[0] = hog_start(ANY_CPU, 0);
	hogs[1] = hog_start(ANY_CPU, 0);
	hogs[2] = hog_start(ANY_CPU, 0);
	/* The control: nobody leaves it by himself. */
	KTAP_EXPECT_EQ(seen_cpus(hogs, NR_HOGS), 3);
	KTAP_EXPECT_STREQ(lanesctl("cpu 1 disable"), "");
	bound = hog_start(1, 0);
	KTAP_EXPECT_EQ(seen_cpus(hogs, NR_HOGS), 1);
	KTAP_EXPECT_EQ(*bound.seen_cpus, 2);
	KTAP_EXPECT(hogs_run(&bound, 1));
	hog_end(&bound);
	KTAP_EXPECT_STREQ(lanesctl("cpu 1 enable"), "");
	KTAP_EXPECT_EQ(seen_cpus(hogs, NR_HOGS), 3);
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
	hog_end(&hogs[2]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

/* At the latest when the loader looks, once a second. */
KTAP_TEST(lone_one_leaves, "one that is alone there leaves it too, and one that was bound until now")
{
	struct hog bound, free;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	bound = hog_start(0, 0);
	free = hog_start(ANY_CPU, 0);
	KTAP_EXPECT_EQ(seen_cpus(&free, 1), 2);
	KTAP_EXPECT_STREQ(lanesctl("cpu 1 disable"), "");
	sleep_ms(1500);
	KTAP_EXPECT_EQ(seen_cpus(&free, 1), 1);
	hog_pin(&free, 1);
	KTAP_EXPECT_EQ(seen_cpus(&free, 1), 2);
	hog_unpin(&free);
	sleep_ms(1500);
	KTAP_EXPECT_EQ(seen_cpus(&free, 1), 1);
	hog_end(&free);
	hog_end(&bound);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

/* One that sleeps, and writes down where it wakes. */
static struct hog start_sleeper(void)
{
	struct hog sleeper = { .seen_cpus = shared_memory(sizeof(*sleeper.seen_cpus)) };

	sleeper.pid = fork_child();
	if (sleeper.pid)
		return sleeper;
	for (;; sleep_ms(5))
		*sleeper.seen_cpus |= 1UL << sched_getcpu();
}

KTAP_TEST(sleeper_wakes_elsewhere, "one that wakes does so on the other CPU, busy as that is")
{
	struct hog hogs[2], sleeper;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	hogs[0] = hog_start(0, 0);
	hogs[1] = hog_start(1, 0);
	sleeper = start_sleeper();
	pin_task(sleeper.pid, 1, 1);
	sleep_ms(100);
	pin_task(sleeper.pid, 0, 1);
	KTAP_EXPECT_STREQ(lanesctl("cpu 1 disable"), "");
	KTAP_EXPECT_EQ(seen_cpus(&sleeper, 1), 1);
	end_child(sleeper.pid);
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(realtime_waits_elsewhere, "a real-time task waits for the other one rather than have it")
{
	struct hog hogs[2], bound;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	KTAP_EXPECT_STREQ(lanesctl("cpu 1 disable"), "");
	/* It picks again and again. */
	bound = start_sleeper();
	pin_task(bound.pid, 1, 1);
	hogs[0] = hog_start(ANY_CPU, 0);
	hogs[1] = hog_start(ANY_CPU, 0);
	KTAP_EXPECT(rt_set(hogs[0].pid, "--prio 10 --policy rr"));
	KTAP_EXPECT(rt_set(hogs[1].pid, "--prio 10 --policy rr"));
	KTAP_EXPECT_EQ(seen_cpus(hogs, 2), 1);
	KTAP_EXPECT_EQ(*bound.seen_cpus, 2);
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
	end_child(bound.pid);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
