/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For tests of what the scheduler makes of interrupts: a device that is all software,
 * of lanes.ko's, with one vector on a CPU that the module has chosen.
 */
#ifndef __LANES_STORM_H
#define __LANES_STORM_H

#include "harness.h"
#include "../module/harness.h"

#include <time.h>

/**
 * struct storm - a device that interrupts one CPU
 * @fd: /dev/lanes; the device is there as long as it is open
 * @cpu: where its interrupt goes
 * @ringer: rings it, 0 for nobody
 */
struct storm {
	int fd;
	int cpu;
	pid_t ringer;
};

/* The caller, which is not the scheduler's, must not be where it counts. */
static inline void storm_stay_away(int cpu)
{
	int other = (cpu + 2) % nr_online_cpus();

	pin_task(0, other, other);
	pin_task(0, 0, nr_online_cpus() - 1);
}

/* Loads the module too. Return: whether there is one; the claim is skipped otherwise. */
static inline bool storm_open(struct storm *storm, const char *parameters)
{
	struct lanes_vector_stat vector = {};
	struct lanes_msi_create create = { .nr_vectors = 1 };
	struct lanes_source_stats stats = {
		.nr_vectors = 1,
		.vectors = (uintptr_t)&vector,
	};

	*storm = (struct storm){};
	if (!load_lanes(parameters))
		return false;
	storm->fd = open_lanes();
	if (!KTAP_EXPECT_EQ(call(storm->fd, LANES_MSI_CREATE, &create), 0) ||
	    !KTAP_EXPECT_EQ(call(storm->fd, LANES_SOURCE_STATS, &stats), 0)) {
		close(storm->fd);
		unload_lanes();
		return false;
	}
	storm->cpu = vector.cpu;
	storm_stay_away(storm->cpu);
	return true;
}

static inline int storm_ring(const struct storm *storm)
{
	struct lanes_ring ring = { .count = 1 };

	return call(storm->fd, LANES_RING, &ring);
}

/* Ring it every @period_us from another CPU, ahead of all ordinary tasks. */
static inline void storm_begin(struct storm *storm, int period_us)
{
	int from = (storm->cpu + 1) % nr_online_cpus();
	struct timespec next;

	storm->ringer = fork_child();
	if (storm->ringer)
		return;
	harness_be_realtime(true);
	pin_task(0, from, from);
	clock_gettime(CLOCK_MONOTONIC, &next);
	for (;;) {
		storm_ring(storm);
		next.tv_nsec += period_us * 1000L;
		next.tv_sec += next.tv_nsec / 1000000000;
		next.tv_nsec %= 1000000000;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
	}
}

static inline void storm_close(struct storm *storm)
{
	if (storm->ringer)
		end_child(storm->ringer);
	close(storm->fd);
}

/* For all of them: from the end of the scheduler on, the module must be free soon. */
static inline bool unload_lanes_within(int ms)
{
	for (; !shell("rmmod lanes 2>/dev/null"); ms -= 20) {
		if (ms <= 0)
			return false;
		sleep_ms(20);
	}
	return true;
}

#endif /* __LANES_STORM_H */
