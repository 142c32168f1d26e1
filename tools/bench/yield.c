// SPDX-License-Identifier: GPL-2.0
/*
 * yield: what sched_yield costs among TASKS threads that do nothing else, all on
 * one CPU or dealt out to all of them: the time of a window by the number of
 * yields of all threads in it. A real-time thread looks when it begins and ends.
 *
 * The CPUs of a machine in virtual time share one clock that counts everybody's
 * instructions: the figure is instructions a yield there too.
 */
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define USAGE	"TASKS MILLISECONDS one|all"

static struct counter {
	volatile unsigned long yields;
} __attribute__((aligned(64))) *counters;

static volatile bool is_over;

static void *run(void *arg)
{
	struct counter *counter = arg;

	while (!is_over) {
		sched_yield();
		counter->yields++;
	}
	return NULL;
}

/* As an ordinary thread: it does not inherit our policy. */
static pthread_t start_thread(struct counter *counter, int cpu)
{
	pthread_attr_t attr;
	pthread_t thread;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setaffinity_np(&attr, sizeof(set), &set);
	pthread_attr_setstacksize(&attr, 32768);
	/* Stacks then make one mapping together, or there are too many. */
	pthread_attr_setguardsize(&attr, 0);
	if (pthread_create(&thread, &attr, run, counter))
		die("pthread_create");
	return thread;
}

static unsigned long sum(unsigned long nr)
{
	unsigned long total = 0;

	while (nr--)
		total += counters[nr].yields;
	return total;
}

/* A thread's first turn costs more than a yield: its stack is new. */
static void wait_for_first_turns(unsigned long nr)
{
	unsigned long i = 0;

	while (i < nr)
		if (counters[i].yields)
			i++;
		else
			sleep_until(now_ns() + NSEC_PER_MSEC);
}

/* Return: the time for each yield. */
static double measure(unsigned long nr, uint64_t window_ns)
{
	uint64_t start_ns = now_ns();
	unsigned long before = sum(nr);

	sleep_until(start_ns + window_ns);
	window_ns = now_ns() - start_ns;
	return (double)window_ns / (sum(nr) - before);
}

int main(int argc, char **argv)
{
	unsigned long nr = argument(argc, argv, 1, USAGE), i;
	uint64_t window_ns = argument(argc, argv, 2, USAGE) * NSEC_PER_MSEC;
	int cpus = argc > 3 && !strcmp(argv[3], "all") ? nr_cpus() : 1;
	pthread_t *threads = calloc(nr, sizeof(*threads));

	counters = aligned_alloc(64, nr * sizeof(*counters));
	if (!threads || !counters)
		die("memory");
	memset(counters, 0, nr * sizeof(*counters));
	pin_to(0);
	be_fifo();
	for (i = 0; i < nr; i++)
		threads[i] = start_thread(&counters[i], i % cpus);
	wait_for_first_turns(nr);
	print_result("-", "ns", measure(nr, window_ns));
	is_over = true;
	for (i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
