// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-vectors ring: raise interrupts, of the software bus or of a device that
 * is bound to lanes, and compare what was raised with what was handled.
 *
 * Threads share the vectors out among them: thread t rings vectors t, t + T and
 * so on, each COUNT times in turn. With waiting each ring is handled before the
 * next, so rings and handlers must be equal; without, rings may merge, and what
 * must hold is that the last one was seen. SIGINT and SIGTERM end it early.
 */
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vectors.h"

#define MAX_AT_A_TIME 1000

/**
 * struct job - what the threads do
 * @fd: /dev/lanes
 * @nr_vectors: vectors there are
 * @nr_threads: threads that share them
 * @count: rings of each
 * @flags: LANES_RING_*
 * @before: what had been counted before
 * @error: the first error that a thread had, negative
 */
struct job {
	int fd;
	uint32_t nr_vectors;
	uint32_t nr_threads;
	uint32_t count;
	uint32_t flags;
	struct lanes_vector_stat *before;
	int error;
};

struct ringer {
	const struct job *job;
	pthread_t thread;
	uint32_t first;
	int error;
};

static volatile sig_atomic_t is_stopped;

static void stop(int signal)
{
	(void)signal;
	is_stopped = true;
}

/* A part of the count at a time: whichever thread a signal comes to, all stop. */
static int ring_vector(const struct job *job, uint32_t index)
{
	uint32_t left = job->count;
	int err = 0;

	while (left && !err && !is_stopped) {
		struct lanes_ring ring = {
			.flags = job->flags,
			.index = index,
			.count = left < MAX_AT_A_TIME ? left : MAX_AT_A_TIME,
		};

		left -= ring.count;
		err = call(job->fd, LANES_RING, &ring);
	}
	return err == -EINTR && is_stopped ? 0 : err;
}

static void *ring_vectors(void *arg)
{
	struct ringer *r = arg;
	const struct job *job = r->job;
	uint32_t index;

	for (index = r->first; index < job->nr_vectors; index += job->nr_threads) {
		int err = ring_vector(job, index);

		if (err && !r->error)
			r->error = err;
	}
	return NULL;
}

static void run_threads(struct job *job)
{
	struct ringer *ringers = calloc(job->nr_threads, sizeof(*ringers));
	uint32_t i;
	int err;

	for (i = 0; i < job->nr_threads; i++) {
		ringers[i].job = job;
		ringers[i].first = i;
		err = pthread_create(&ringers[i].thread, NULL, ring_vectors, &ringers[i]);
		if (err)
			fail(EXIT_FAILED, "ring: no thread: %s", strerror(err));
	}
	for (i = 0; i < job->nr_threads; i++) {
		pthread_join(ringers[i].thread, NULL);
		if (ringers[i].error && !job->error)
			job->error = ringers[i].error;
	}
	free(ringers);
}

struct sums {
	uint64_t nr_rung;
	uint64_t nr_merged;
	uint64_t nr_handled;
	uint64_t nr_lost;
	uint64_t nr_spurious;
	uint64_t nr_wrong_context;
};

static void add_stat(struct sums *sums, const struct lanes_vector_stat *s,
		     bool has_waited)
{
	sums->nr_rung += s->nr_rung;
	sums->nr_merged += s->nr_merged;
	sums->nr_handled += s->nr_handled;
	sums->nr_wrong_context += s->nr_wrong_context;
	sums->nr_lost += has_waited && s->nr_handled < s->nr_rung ?
			 s->nr_rung - s->nr_handled : s->nr_seen < s->nr_rung;
	sums->nr_spurious += s->nr_handled > s->nr_rung ?
			     s->nr_handled - s->nr_rung : 0;
}

static void print_stats(const struct lanes_vector_stat *s, uint32_t nr)
{
	uint32_t i;

	printf("vector    irq  cpu  vec        rung     handled      merged  last cpu\n");
	for (i = 0; i < nr; i++)
		printf("%6u  %5u  %3u  %3u  %10llu  %10llu  %10llu  %8u\n", i,
		       s[i].irq, s[i].cpu, s[i].vector,
		       (unsigned long long)s[i].nr_rung,
		       (unsigned long long)s[i].nr_handled,
		       (unsigned long long)s[i].nr_merged, s[i].last_cpu);
}

static void print_sums(const struct sums *sums, double seconds)
{
	printf("%llu rung, %llu handled, %llu merged, %llu lost, %llu spurious, %llu outside hard irq, in %.2f s\n",
	       (unsigned long long)sums->nr_rung,
	       (unsigned long long)sums->nr_handled,
	       (unsigned long long)sums->nr_merged,
	       (unsigned long long)sums->nr_lost,
	       (unsigned long long)sums->nr_spurious,
	       (unsigned long long)sums->nr_wrong_context, seconds);
}

static void print_json(const struct lanes_vector_stat *s, uint32_t nr,
		       const struct sums *sums, double seconds)
{
	struct json_object *all = json_object_new_object();
	struct json_object *array = json_object_new_array();
	uint32_t i;

	for (i = 0; i < nr; i++) {
		struct json_object *one = json_object_new_object();

		json_add(one, "irq", s[i].irq);
		json_add(one, "cpu", s[i].cpu);
		json_add(one, "vector", s[i].vector);
		json_add(one, "last_cpu", s[i].last_cpu);
		json_add(one, "rung", s[i].nr_rung);
		json_add(one, "handled", s[i].nr_handled);
		json_add(one, "merged", s[i].nr_merged);
		json_object_array_add(array, one);
	}
	json_object_object_add(all, "vectors", array);
	json_add(all, "rung", sums->nr_rung);
	json_add(all, "handled", sums->nr_handled);
	json_add(all, "merged", sums->nr_merged);
	json_add(all, "lost", sums->nr_lost);
	json_add(all, "spurious", sums->nr_spurious);
	json_add(all, "outside_hard_irq", sums->nr_wrong_context);
	json_object_object_add(all, "seconds", json_object_new_double(seconds));
	json_print(all);
}

static double now_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* More than was asked for is an error of ours, but a habit of devices. */
static int report(const struct job *job, double seconds, bool as_json,
		  bool is_soft)
{
	bool has_waited = job->flags & LANES_RING_WAIT;
	struct lanes_vector_stat *stats;
	struct sums sums = { 0 };
	uint32_t nr, i;

	stats = source_stats_since(job->fd, job->before, &nr);
	for (i = 0; i < nr; i++)
		add_stat(&sums, &stats[i], has_waited);
	if (as_json) {
		print_json(stats, nr, &sums, seconds);
	} else {
		print_stats(stats, nr);
		print_sums(&sums, seconds);
	}
	free(stats);
	if (job->error)
		fail(EXIT_FAILED, "ring: %s", strerror(-job->error));
	return sums.nr_lost || (is_soft && sums.nr_spurious) ||
	       sums.nr_wrong_context ? EXIT_FAILED : EXIT_DONE;
}

static void open_source(struct job *job, const char *function)
{
	struct lanes_device_open device = { 0 };
	struct lanes_msi_create soft = { .nr_vectors = job->nr_vectors };
	int err;

	job->fd = device_open();
	if (!function) {
		err = call(job->fd, LANES_MSI_CREATE, &soft);
	} else {
		device.function = function_arg(function);
		err = call(job->fd, LANES_DEVICE_OPEN, &device);
		job->nr_vectors = device.out_nr_vectors;
	}
	if (err)
		fail(EXIT_FAILED, "%s: %s", function ?: "ring", strerror(-err));
	job->before = source_stats(job->fd, &job->nr_vectors);
}

int verb_ring(int argc, char **argv)
{
	static const struct option options[] = {
		{ "vectors", required_argument, NULL, 'n' },
		{ "count", required_argument, NULL, 'c' },
		{ "threads", required_argument, NULL, 't' },
		{ "device", required_argument, NULL, 'd' },
		{ "no-wait", no_argument, NULL, 'w' },
		{ "json", no_argument, NULL, 'j' },
		{}
	};
	struct job job = {
		.nr_vectors = 1,
		.nr_threads = 1,
		.count = 1,
		.flags = LANES_RING_WAIT,
	};
	const char *function = NULL;
	bool as_json = false;
	double begin, seconds;
	int c;

	while ((c = getopt_long(argc, argv, "n:c:t:d:", options, NULL)) != -1) {
		switch (c) {
		case 'n':
			job.nr_vectors = number_arg("--vectors", optarg, 1, 512);
			break;
		case 'c':
			job.count = number_arg("--count", optarg, 1, 1000000);
			break;
		case 't':
			job.nr_threads = number_arg("--threads", optarg, 1, 64);
			break;
		case 'd':
			function = optarg;
			break;
		case 'w':
			job.flags = 0;
			break;
		case 'j':
			as_json = true;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind < argc)
		fail(EXIT_USAGE, "ring: takes no '%s'", argv[optind]);
	open_source(&job, function);
	signal(SIGINT, stop);
	signal(SIGTERM, stop);
	begin = now_seconds();
	run_threads(&job);
	seconds = now_seconds() - begin;
	/* The handlers of the last rings, which nobody has waited for. */
	if (!job.flags)
		usleep(200000);
	return report(&job, seconds, as_json, !function);
}
