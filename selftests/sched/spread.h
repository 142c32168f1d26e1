/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hogs on too few CPUs, and how evenly they share all of them a moment later.
 */
#ifndef __LANES_SPREAD_H
#define __LANES_SPREAD_H

#include <math.h>

#include "harness.h"

#define SPREAD_MAX	64
#define SETTLE_MS	300
#define SHARE_MS	1000

/*
 * Return: how far the farthest hog is from its share of all CPUs within a second,
 * percent of it.
 */
static inline double spread_error(struct hog *hogs, int nr)
{
	unsigned long long before = now_ns();
	double share_ns, worst = 0;
	int i;

	for (i = 0; i < nr; i++)
		hogs[i].start_ns = hog_cpu_ns(&hogs[i]);
	sleep_ms(SHARE_MS);
	share_ns = (double)(now_ns() - before) * nr_online_cpus() / nr;
	for (i = 0; i < nr; i++)
		worst = fmax(worst, fabs((hog_cpu_ns(&hogs[i]) - hogs[i].start_ns) * 100 /
					 share_ns - 100));
	return worst;
}

/* Two hogs for each CPU, forced onto CPU 0 and set free, or free from birth. */
static inline double spread_of_hogs(const char *options, bool is_forced)
{
	int i, nr = 2 * nr_online_cpus();
	struct hog hogs[SPREAD_MAX];
	double error;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	for (i = 0; i < nr; i++)
		hogs[i] = hog_start(is_forced ? 0 : ANY_CPU, 0);
	if (is_forced) {
		sleep_ms(200);
		for (i = 0; i < nr; i++)
			hog_unpin(&hogs[i]);
	}
	sleep_ms(SETTLE_MS);
	error = spread_error(hogs, nr);
	ktap_diag("scx_lanes %s: %s free: %.1f %% off", options, is_forced ? "set" : "born", error);
	for (i = 0; i < nr; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return error;
}

/**
 * spread_from_one_cpu - two hogs for each CPU, forced onto CPU 0, then set free
 *
 * Return: spread_error() 300 ms later.
 */
static inline double spread_from_one_cpu(const char *options)
{
	return spread_of_hogs(options, true);
}

/* spread_from_birth - the same for hogs that were free from birth */
static inline double spread_from_birth(const char *options)
{
	return spread_of_hogs(options, false);
}

#endif /* __LANES_SPREAD_H */
