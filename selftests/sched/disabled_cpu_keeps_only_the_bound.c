// SPDX-License-Identifier: GPL-2.0
// description: lanesctl cpu N disable: tasks that may run elsewhere leave that CPU, those bound to it stay
// cpus: 2
// time: virtual
// kernel: any
#include "harness.h"

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

KTAP_TEST(lone_one_leaves, "one that is alone there leaves it too")
{
	struct hog bound, free;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	bound = hog_start(0, 0);
	free = hog_start(ANY_CPU, 0);
	KTAP_EXPECT_EQ(seen_cpus(&free, 1), 2);
	KTAP_EXPECT_STREQ(lanesctl("cpu 1 disable"), "");
	KTAP_EXPECT_EQ(seen_cpus(&free, 1), 1);
	hog_end(&free);
	hog_end(&bound);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
