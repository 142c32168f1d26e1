/* SPDX-License-Identifier: GPL-2.0 */
/* Time that is waited for, or has passed. */
#ifndef __LANES_CLOCK_H
#define __LANES_CLOCK_H

#include <time.h>

/* A signal ends it early, so that an end is noticed at once. */
static inline void sleep_ms(long ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

/* @since: by CLOCK_MONOTONIC */
static inline double seconds_since(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - since->tv_sec + (now.tv_nsec - since->tv_nsec) / 1e9;
}

#endif /* __LANES_CLOCK_H */
