// SPDX-License-Identifier: GPL-2.0
/*
 * server: a dispatcher hands requests to worker threads at a fixed rate, beside
 * HOGS processes for each CPU. How long until a worker runs (wakeup), and until
 * the request is done (request), which takes WORK_US of CPU time.
 *
 * Requests come whether or not earlier ones are done: those that wait for a
 * worker are part of the figure.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#include "bench.h"

#define USAGE	"WORKERS PERIOD_US REQUESTS WORK_US HOGS"

static struct request {
	uint64_t posted_ns;
	uint64_t begun_ns;
	uint64_t done_ns;
} *requests;

static unsigned long nr_requests, work_ns, next;
static sem_t waiting;

static void *serve(void *unused)
{
	unsigned long i;

	(void)unused;
	for (;;) {
		sem_wait(&waiting);
		i = __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED);
		if (i >= nr_requests)
			return NULL;
		requests[i].begun_ns = now_ns();
		burn(work_ns);
		requests[i].done_ns = now_ns();
	}
}

static void post(uint64_t period_ns)
{
	uint64_t when_ns = now_ns();
	unsigned long i;

	for (i = 0; i < nr_requests; i++) {
		when_ns += period_ns;
		sleep_until(when_ns);
		requests[i].posted_ns = now_ns();
		sem_post(&waiting);
	}
}

static void report(void)
{
	uint64_t *ns = calloc(nr_requests, sizeof(*ns));
	unsigned long i;

	if (!ns)
		die("memory");
	for (i = 0; i < nr_requests; i++)
		ns[i] = requests[i].begun_ns - requests[i].posted_ns;
	print_samples("wakeup", ns, nr_requests);
	for (i = 0; i < nr_requests; i++)
		ns[i] = requests[i].done_ns - requests[i].posted_ns;
	print_samples("request", ns, nr_requests);
	free(ns);
}

int main(int argc, char **argv)
{
	unsigned long nr_workers = argument(argc, argv, 1, USAGE), i;
	uint64_t period_ns = argument(argc, argv, 2, USAGE) * NSEC_PER_USEC;
	unsigned long nr_hogs = argument(argc, argv, 5, USAGE) * nr_cpus();
	pthread_t workers[nr_workers + 1];
	pid_t hogs[nr_hogs + 1];

	nr_requests = argument(argc, argv, 3, USAGE);
	work_ns = argument(argc, argv, 4, USAGE) * NSEC_PER_USEC;
	requests = shared_memory(nr_requests * sizeof(*requests));
	sem_init(&waiting, 0, 0);
	for (i = 0; i < nr_hogs; i++)
		hogs[i] = start_child(hog, NULL);
	for (i = 0; i < nr_workers; i++)
		if (pthread_create(&workers[i], NULL, serve, NULL))
			die("pthread_create");
	post(period_ns);
	for (i = 0; i < nr_workers; i++)
		sem_post(&waiting);
	for (i = 0; i < nr_workers; i++)
		pthread_join(workers[i], NULL);
	for (i = 0; i < nr_hogs; i++)
		end_child(hogs[i]);
	report();
	return 0;
}
