/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How hogs that are bound to one CPU divide it.
 */
#ifndef __LANES_SHARES_H
#define __LANES_SHARES_H

#include <stdio.h>

#include "harness.h"

#define SHARES_MAX	5
#define SETTLE_MS	300

/* For how long it is measured. */
#ifndef SHARE_MS
#define SHARE_MS	5000
#endif

/**
 * share_cpu_at - hogs on CPU 1 under a discipline that may have levels
 * @nices: a nice value for each, NULL for 0
 * @levels: what "lanesctl level" is told for each, 0 for nothing; NULL for none
 * @share: percent of the CPU that each got
 */
static inline void share_cpu_at(const char *options, const int *nices, const int *levels, int nr,
				double *share)
{
	struct hog hogs[SHARES_MAX];
	char level[16];
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return;
	for (i = 0; i < nr; i++)
		hogs[i] = hog_start(1, nices ? nices[i] : 0);
	for (i = 0; levels && i < nr; i++) {
		snprintf(level, sizeof(level), "%d", levels[i]);
		KTAP_EXPECT(!levels[i] || level_set(hogs[i].pid, level));
	}
	sleep_ms(SETTLE_MS);
	measure_shares(hogs, nr, SHARE_MS, share);
	for (i = 0; i < nr; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

/* share_cpu - the same by nice values alone */
static inline void share_cpu(const char *options, const int *nices, int nr, double *share)
{
	share_cpu_at(options, nices, NULL, nr, share);
}

#endif /* __LANES_SHARES_H */
