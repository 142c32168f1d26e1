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
	int err;

	if (kind == LANES_THREADS_CREATE_BATCH && arg.count > MOST_NEW_THREADS)
		fail(EXIT_USAGE, "--count: %u is above %u, for create-batch",
		     arg.count, MOST_NEW_THREADS);
	err = call(fd, LANES_THREADS_RUN, &arg);
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
	int fd = device_open();
	uint32_t kind;
	size_t nr = 0;

	for (kind = 0; kind < LANES_NR_THREADS_KINDS; kind++) {
		if (options->kind && strcmp(options->kind, names[kind]))
			continue;
		results[nr++] = run(fd, kind, options);
	}
	if (!nr)
		fail(EXIT_USAGE, "--kind: '%s' is none of create, create-batch, reuse, reuse-batch",
		     options->kind);
	report(options, "What a job costs", results, nr);
	return EXIT_DONE;
}
