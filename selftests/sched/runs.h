/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hogs that find out for how long they run at a time: a hog that looks at the clock
 * again and again was off the CPU where two looks are far apart.
 */
#ifndef __LANES_RUNS_H
#define __LANES_RUNS_H

#include <stdlib.h>

#include "harness.h"

#define NR_RUNS_MAX	4096

/**
 * struct runs - the runs of one hog
 * @pid: the hog
 * @gap_ns: shorter interruptions do not end a run
 * @nr: complete runs so far
 * @len_ns: their lengths
 */
struct runs {
	pid_t pid;
	unsigned long long gap_ns;
	volatile unsigned int nr;
	unsigned long long len_ns[NR_RUNS_MAX];
};

static inline void record_runs(struct runs *runs)
{
	unsigned long long began = now_ns(), last = began, now;

	for (;;) {
		now = now_ns();
		if (now - last > runs->gap_ns && runs->nr < NR_RUNS_MAX) {
			runs->len_ns[runs->nr++] = last - began;
			began = now;
		}
		last = now;
	}
}

static inline struct runs *runs_start(int cpu, unsigned long long gap_ns)
{
	struct runs *runs = shared_memory(sizeof(*runs));
	pid_t pid;

	runs->gap_ns = gap_ns;
	pid = fork_child();
	if (!pid) {
		pin_task(0, cpu, cpu);
		record_runs(runs);
	}
	runs->pid = pid;
	return runs;
}

static inline int compare_ns(const void *a, const void *b)
{
	unsigned long long x = *(const unsigned long long *)a;
	unsigned long long y = *(const unsigned long long *)b;

	return x < y ? -1 : x > y;
}

/* End the hog. Return: its runs' length at this point of the order, 0 to 1, us. */
static inline unsigned long long runs_end(struct runs *runs, double quantile)
{
	end_child(runs->pid);
	if (!runs->nr)
		return 0;
	qsort(runs->len_ns, runs->nr, sizeof(*runs->len_ns), compare_ns);
	return runs->len_ns[(unsigned int)(quantile * (runs->nr - 1))] / 1000;
}

#endif /* __LANES_RUNS_H */
