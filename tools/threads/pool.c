// SPDX-License-Identifier: GPL-2.0
/* lanes-threads pool: jobs for new threads, and for threads that are there. */
#include <errno.h>
#include <string.h>

#include "threads.h"

#define MOST_NEW_THREADS 1024

static const char *const names[LANES_NR_THREADS_KINDS] = {
	[LANES_THREADS_CREATE] = "create",
	[LANES_THREADS_CREATE_BATCH] = "create-batch",
	[LANES_THREADS_REUSE] = "reuse",
	[LANES_THREADS_REUSE_BATCH] = "reuse-batch",
};

static bool is_wanted(uint32_t kind, const struct options *options)
{
	return !options->kind || !strcmp(options->kind, names[kind]);
}

/* Before anything is begun. */
static void check(const struct options *options)
{
	uint32_t kind;

	for (kind = 0; kind < LANES_NR_THREADS_KINDS && !is_wanted(kind, options); kind++)
		;
	if (kind == LANES_NR_THREADS_KINDS)
		fail(EXIT_USAGE, "--kind: '%s' is none of create, create-batch, reuse, reuse-batch",
		     options->kind);
	if (is_wanted(LANES_THREADS_CREATE_BATCH, options) && options->count > MOST_NEW_THREADS)
		fail(EXIT_USAGE, "--count: %u is above %u, for create-batch",
		     options->count, MOST_NEW_THREADS);
}

static struct result run(int fd, uint32_t kind, const struct options *options)
{
	bool has_pool = kind == LANES_THREADS_REUSE ||
			kind == LANES_THREADS_REUSE_BATCH;
	struct result result = { .name = names[kind] };
	struct lanes_threads_run arg = {
		.kind = kind,
		.count = options->count ?: 300,
		.nr_threads = has_pool ? options->threads ?: 1 : 0,
		.timeout_ms = (options->seconds ?: 60) * 1000,
	};
	int err = call(fd, LANES_THREADS_RUN, &arg);

	if (err)
		fail(EXIT_FAILED, "pool: %s: %s after %u jobs", names[kind],
		     strerror(-err), arg.out_done);
	result.count = arg.out_done;
	result.total_ns = arg.out_total_ns;
	result.setup_ns = arg.out_setup_ns;
	memcpy(result.latency, arg.out_latency, sizeof(result.latency));
	return result;
}

int verb_pool(const struct options *options)
{
	struct result results[LANES_NR_THREADS_KINDS];
	uint32_t kind;
	size_t nr = 0;
	int fd;

	check(options);
	fd = device_open();
	for (kind = 0; kind < LANES_NR_THREADS_KINDS; kind++)
		if (is_wanted(kind, options))
			results[nr++] = run(fd, kind, options);
	report(options, "What a job costs", results, nr);
	return EXIT_DONE;
}
