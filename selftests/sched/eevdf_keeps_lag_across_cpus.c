// SPDX-License-Identifier: GPL-2.0
// description: eevdf: two hogs that are moved between CPUs every 10 ms get the same, and their share
// cpus: 2
// kernel: any
#include "harness.h"

#include <sys/resource.h>

#define EEVDF		"--discipline eevdf "
#define HOP_MS		10
#define NR_HOPS		400

/*
 * CPU 0's clock is far ahead of CPU 1's: while it runs a task of nice 19 alone, a second
 * is 68 s of it. Then each CPU has a hog of its own, and two more hop to and fro.
 *
 * @share: percent of their sum that the two got, and the two that stayed
 */
static void hop(const char *options, double *share)
{
	struct hog hogs[4];
	double sum = 0;
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return;
	hogs[2] = hog_start(0, 19);
	sleep_ms(1000);
	setpriority(PRIO_PROCESS, hogs[2].pid, 0);
	hogs[3] = hog_start(1, 0);
	hogs[0] = hog_start(0, 0);
	hogs[1] = hog_start(0, 0);
	sleep_ms(300);
	for (i = 0; i < 4; i++)
		hogs[i].start_ns = hog_cpu_ns(&hogs[i]);
	for (i = 1; i <= NR_HOPS; i++) {
		hog_pin(&hogs[0], i % 2);
		hog_pin(&hogs[1], i % 2);
		sleep_ms(HOP_MS);
	}
	for (i = 0; i < 4; i++) {
		share[i] = hog_cpu_ns(&hogs[i]) - hogs[i].start_ns;
		sum += share[i];
	}
	for (i = 0; i < 4; i++) {
		share[i] *= 100 / sum;
		ktap_diag("hog %d: %.1f %%", i, share[i]);
	}
	/* The others first: who gets no CPU cannot die. */
	for (i = 3; i >= 0; i--)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(hopping_hogs_are_equal, "they are equal within 2 points of 50/50 and get as much as is theirs")
{
	double share[4] = {};

	hop(EEVDF, share);
	KTAP_EXPECT_NEAR(100 * share[0] / (share[0] + share[1]), 50, 2);
	/* A third of one of two CPUs each; the CPU they are not on is the other's. */
	KTAP_EXPECT_NEAR(share[0] + share[1], 33.3, 3);
}

KTAP_TEST(control_dwrr, "where who comes first runs first, they are not: one is moved before the other")
{
	double share[4] = {}, first;

	hop("--discipline dwrr", share);
	first = 100 * share[0] / (share[0] + share[1]);
	KTAP_EXPECT(first < 40 || first > 60);
}

SCHED_MAIN()
