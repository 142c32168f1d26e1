// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-vectors listen: interrupts of a device, counted in user space.
 *
 * Each vector has an eventfd that the module's handler adds 1 to; what is read
 * from them here is compared with what the handler counted.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "vectors.h"

struct listener {
	int fd;
	uint32_t nr_vectors;
	uint32_t mode;
	struct pollfd *eventfds;
	uint64_t *nr_heard;
	struct lanes_vector_stat *before;
	uint32_t count;
	bool rings;
	volatile bool is_over;
	int ring_error;
};

#define MAX_AT_A_TIME 1000

static void attach_eventfds(struct listener *l)
{
	uint32_t i;

	l->eventfds = calloc(l->nr_vectors, sizeof(*l->eventfds));
	l->nr_heard = calloc(l->nr_vectors, sizeof(*l->nr_heard));
	for (i = 0; i < l->nr_vectors; i++) {
		struct lanes_eventfd arg = {
			.index = i,
			.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
		};
		int err;

		if (arg.fd < 0)
			fail(EXIT_FAILED, "vector %u: no eventfd: %s", i, strerror(errno));
		err = call(l->fd, LANES_EVENTFD, &arg);
		if (err)
			fail(EXIT_FAILED, "vector %u: %s", i, strerror(-err));
		l->eventfds[i].fd = arg.fd;
		l->eventfds[i].events = POLLIN;
	}
}

static bool is_complete(const struct listener *l)
{
	uint32_t i;

	for (i = 0; i < l->nr_vectors; i++) {
		if (l->nr_heard[i] < l->count)
			return false;
	}
	return l->count;
}

static void hear(struct listener *l, int timeout_ms)
{
	uint64_t nr;
	uint32_t i;

	if (poll(l->eventfds, l->nr_vectors, timeout_ms) < 0 && errno != EINTR)
		fail(EXIT_FAILED, "poll: %s", strerror(errno));
	for (i = 0; i < l->nr_vectors; i++) {
		if (read(l->eventfds[i].fd, &nr, sizeof(nr)) == sizeof(nr))
			l->nr_heard[i] += nr;
	}
}

static void ring_vector(struct listener *l, uint32_t index)
{
	uint32_t left = l->count;

	while (left && !l->ring_error && !l->is_over) {
		struct lanes_ring ring = {
			.flags = LANES_RING_WAIT,
			.index = index,
			.count = left < MAX_AT_A_TIME ? left : MAX_AT_A_TIME,
		};

		left -= ring.count;
		l->ring_error = call(l->fd, LANES_RING, &ring);
	}
}

static void *ring_all(void *arg)
{
	struct listener *l = arg;
	uint32_t i;

	for (i = 0; i < l->nr_vectors; i++)
		ring_vector(l, i);
	return NULL;
}

static void listen_until(struct listener *l, time_t seconds)
{
	struct timespec now;
	time_t deadline;
	pthread_t ringer;
	int err = 0;

	clock_gettime(CLOCK_MONOTONIC, &now);
	deadline = now.tv_sec + seconds;
	if (l->rings)
		err = pthread_create(&ringer, NULL, ring_all, l);
	if (err)
		fail(EXIT_FAILED, "listen: no thread: %s", strerror(err));
	while (!is_complete(l) && now.tv_sec < deadline && !l->ring_error) {
		hear(l, 100);
		clock_gettime(CLOCK_MONOTONIC, &now);
	}
	l->is_over = true;
	if (l->rings)
		pthread_join(ringer, NULL);
	/* One more look: nothing may come after the last. */
	hear(l, 100);
	if (l->ring_error)
		fail(EXIT_FAILED, "ring: %s", strerror(-l->ring_error));
}

static int report(const struct listener *l, bool as_json)
{
	struct json_object *all = json_object_new_array();
	struct lanes_vector_stat *stats;
	bool is_exact = true;
	uint32_t nr, i;

	stats = source_stats_since(l->fd, l->before, &nr);
	if (!as_json)
		printf("%s, %u vectors\nvector    irq  last cpu       heard     handled        rung\n",
		       mode_name(l->mode), nr);
	for (i = 0; i < nr; i++) {
		const struct lanes_vector_stat *s = &stats[i];
		struct json_object *one = json_object_new_object();

		is_exact &= l->nr_heard[i] == s->nr_handled;
		if (!as_json)
			printf("%6u  %5u  %8u  %10llu  %10llu  %10llu\n", i,
			       s->irq, s->last_cpu,
			       (unsigned long long)l->nr_heard[i],
			       (unsigned long long)s->nr_handled,
			       (unsigned long long)s->nr_rung);
		json_add(one, "irq", s->irq);
		json_add(one, "heard", l->nr_heard[i]);
		json_add(one, "handled", s->nr_handled);
		json_add(one, "rung", s->nr_rung);
		json_object_array_add(all, one);
	}
	if (as_json)
		json_print(all);
	free(stats);
	return is_exact && (!l->count || is_complete(l)) ? EXIT_DONE : EXIT_FAILED;
}

int verb_listen(int argc, char **argv)
{
	static const struct option options[] = {
		{ "count", required_argument, NULL, 'c' },
		{ "seconds", required_argument, NULL, 's' },
		{ "ring", no_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{}
	};
	struct lanes_device_open device = { 0 };
	struct listener l = { 0 };
	bool as_json = false;
	time_t seconds = 60;
	int c, err;

	while ((c = getopt_long(argc, argv, "c:s:", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			l.count = number_arg("--count", optarg, 1, 1000000);
			break;
		case 's':
			seconds = number_arg("--seconds", optarg, 1, 1000000);
			break;
		case 'r':
			l.rings = true;
			break;
		case 'j':
			as_json = true;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind != argc - 1)
		fail(EXIT_USAGE, "listen: wants one PCI function");
	if (l.rings && !l.count)
		fail(EXIT_USAGE, "--ring: wants --count");

	device.function = function_arg(argv[optind]);
	l.fd = device_open();
	err = call(l.fd, LANES_DEVICE_OPEN, &device);
	if (err)
		fail(EXIT_FAILED, "%s: %s", argv[optind], strerror(-err));
	l.mode = device.out_mode;
	l.before = source_stats(l.fd, &l.nr_vectors);
	attach_eventfds(&l);
	listen_until(&l, seconds);
	return report(&l, as_json);
}
