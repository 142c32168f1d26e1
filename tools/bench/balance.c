// SPDX-License-Identifier: GPL-2.0
/*
 * balance: two hogs for each CPU are born on CPU 0 and let go. How long until
 * they use 90 % of the machine, over 10 ms (busy), and until there are two on
 * each CPU, for 10 ms (even). The time is that of the beginning of the 10 ms; the
 * whole time, if there are none.
 *
 * The hogs are threads: of another process' CPU time the kernel only tells what
 * it knew at the last tick.
 */
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "bench.h"

#define USAGE		"MILLISECONDS"
#define STEP_NS		(2 * NSEC_PER_MSEC)
#define NR_STEADY	5
#define MAX_HOGS	128

struct sample {
	uint64_t at_ns;
	uint64_t used_ns;
	bool is_even;
};

static int nr_hogs;
static volatile bool is_free;
static volatile int cpu_of[MAX_HOGS];
static clockid_t clocks[MAX_HOGS];

static void *tell_cpu(void *cpu)
{
	while (!is_free)
		spin();
	unpin();
	for (;; spin())
		*(volatile int *)cpu = sched_getcpu();
	return NULL;
}

static uint64_t used_ns(void)
{
	struct timespec ts;
	uint64_t sum_ns = 0;
	int i;

	for (i = 0; i < nr_hogs; i++) {
		if (clock_gettime(clocks[i], &ts))
			die("clock_gettime");
		sum_ns += ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
	}
	return sum_ns;
}

static bool is_even(void)
{
	int here[MAX_HOGS] = {}, i;

	for (i = 0; i < nr_hogs; i++)
		if (++here[cpu_of[i]] > 2)
			return false;
	return true;
}

/* From the moment they are let go. Return: how many samples were taken. */
static int take_samples(struct sample *samples, uint64_t all_ns)
{
	uint64_t start_ns = now_ns(), at_ns = 0;
	int nr = 0;

	is_free = true;
	for (; at_ns < all_ns; nr++) {
		at_ns = now_ns() - start_ns;
		samples[nr] = (struct sample){ at_ns, used_ns(), is_even() };
		sleep_until(start_ns + (nr + 1) * STEP_NS);
	}
	return nr;
}

static bool is_busy_from(const struct sample *s)
{
	uint64_t used = s[NR_STEADY].used_ns - s[0].used_ns;

	return used > 0.9 * nr_cpus() * (s[NR_STEADY].at_ns - s[0].at_ns);
}

static bool is_even_from(const struct sample *s)
{
	int i;

	for (i = 0; i <= NR_STEADY; i++)
		if (!s[i].is_even)
			return false;
	return true;
}

static void print_first(const char *suffix, bool (*holds)(const struct sample *),
			const struct sample *samples, int nr)
{
	int i;

	for (i = 0; i + NR_STEADY < nr - 1 && !holds(samples + i); i++)
		;
	print_result(suffix, "ms", samples[i + NR_STEADY < nr - 1 ? i : nr - 1].at_ns / 1e6);
}

int main(int argc, char **argv)
{
	uint64_t all_ns = argument(argc, argv, 1, USAGE) * NSEC_PER_MSEC;
	struct sample *samples = shared_memory((all_ns / STEP_NS + 2) * sizeof(*samples));
	pthread_t thread;
	int i, nr;

	nr_hogs = 2 * nr_cpus();
	if (nr_hogs > MAX_HOGS)
		nr_hogs = MAX_HOGS;
	pin_to(0);
	for (i = 0; i < nr_hogs; i++)
		if (pthread_create(&thread, NULL, tell_cpu, (void *)&cpu_of[i]) ||
		    pthread_getcpuclockid(thread, &clocks[i]))
			die("pthread_create");
	be_fifo();
	sleep_until(now_ns() + 50 * NSEC_PER_MSEC);
	nr = take_samples(samples, all_ns);
	print_first("busy", is_busy_from, samples, nr);
	print_first("even", is_even_from, samples, nr);
	return 0;
}
