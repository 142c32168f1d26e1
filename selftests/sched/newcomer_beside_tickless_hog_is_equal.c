// SPDX-License-Identifier: GPL-2.0
// description: a task that was alone on a CPU without ticks owes nothing for that time
// cpus: 2
// time: virtual
// guest: --append nohz_full=1
// kernel: any
#include "harness.h"

#include <stdio.h>

#include "lanes_sched.h"

#define CPU		1

/* Interrupts of the local timer on CPU 1 so far. */
static long nr_ticks(void)
{
	FILE *f = fopen("/proc/interrupts", "r");
	char line[256];
	long nr = -1;

	while (f && nr < 0 && fgets(line, sizeof(line), f))
		if (sscanf(line, " LOC: %*d %ld", &nr) != 1)
			nr = -1;
	if (f)
		fclose(f);
	return nr;
}

/*
 * @nr_alone: ticks of the second in which the first of two hogs is alone
 * Return: what it gets of the time right after the other has come.
 */
static double share_beside_newcomer(const char *options, long *nr_alone)
{
	struct hog hogs[2];
	double share[2];
	int waited;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	KTAP_EXPECT(lanes_lane(CPU)->is_nohz);
	hogs[0] = hog_start(CPU, 0);
	sleep_ms(1000);
	*nr_alone = nr_ticks();
	sleep_ms(1000);
	*nr_alone = nr_ticks() - *nr_alone;
	ktap_diag("%ld ticks in the second alone", *nr_alone);
	hogs[1] = hog_start(CPU, 0);
	/* The clock of the first one has stood still until the other one runs. */
	for (waited = 0; !*hogs[1].nr_rounds && waited < 2000; waited++)
		sleep_ms(1);
	measure_shares(hogs, 2, 1500, share);
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return share[0];
}

KTAP_TEST(newcomer_beside_tickless_hog_is_equal, "who is alone has no ticks; then the two share 50/50 at once")
{
	long nr_alone = -1;

	KTAP_EXPECT_NEAR(share_beside_newcomer("", &nr_alone), 50, 8);
	KTAP_EXPECT(nr_alone >= 0 && nr_alone < 50);
}

KTAP_TEST(with_ticks_it_is_the_same, "and so they do where the CPU ticks")
{
	long nr_alone = -1;

	KTAP_EXPECT_NEAR(share_beside_newcomer("--without tickless", &nr_alone), 50, 8);
	/* 6.12 does not start a tick again that stood still before we came. */
	KTAP_EXPECT(nr_alone > 100 || (nr_alone >= 0 && kernel_version() < 7));
}

SCHED_MAIN()
