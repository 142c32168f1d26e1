// SPDX-License-Identifier: GPL-2.0
/* lanesctl trace: what happens, one line a record. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "log.h"
#include "name.h"
#include "print.h"
#include "stats.h"
#include "verbs.h"

#define POLL_MS 100

/* What a record is called, and what its argument says. */
static const struct kind_row {
	const char *name;
	const char *arg;
} kind_rows[] = {
	[LANES_TRACE_RESCUE] = { "rescue", NULL },
	[LANES_TRACE_RT_SPENT] = { "rt-spent", NULL },
	[LANES_TRACE_BALANCE] = { "balance", "other_cpu" },
	[LANES_TRACE_STEAL] = { "steal", "other_cpu" },
	[LANES_TRACE_PREEMPT] = { "preempt", NULL },
	[LANES_TRACE_LEND] = { "lend", "owner" },
	[LANES_TRACE_RUN] = { "run", "pass" },
	[LANES_TRACE_STOP] = { "stop", "wants_more" },
	[LANES_TRACE_QUEUE] = { "queue", NULL },
	[LANES_TRACE_IDLE] = { "idle", NULL },
	[LANES_TRACE_CLOCK] = { "clock", "eligible" },
	[LANES_TRACE_LAG] = { "lag", NULL },
	[LANES_TRACE_LEVEL] = { "level", "priority_left" },
};

#define NR_KINDS (sizeof(kind_rows) / sizeof(kind_rows[0]))

static int ignore(void *ctx, void *data, size_t len)
{
	(void)ctx, (void)data, (void)len;
	return 0;
}

static int show(void *ctx, void *data, size_t len)
{
	static const struct kind_row unknown = { "?", NULL };
	const struct request *request = ctx;
	const struct lanes_trace *record = data;
	const struct kind_row *kind = record->kind < NR_KINDS ? &kind_rows[record->kind] : &unknown;
	struct json_object *row = json_object_new_object();
	char comm[LANES_COMM_LEN];

	(void)len;
	put_number(row, "at_ns", record->at_ns);
	put_number(row, "cpu", record->cpu);
	put_text(row, "kind", kind->name);
	put_number(row, "tid", record->tid);
	put_text(row, "comm", name_of_task(record->tid, comm));
	put_number(row, "key", record->key);
	if (kind->arg && record->kind == LANES_TRACE_RUN)
		put_text(row, kind->arg, stats_pass_name(record->arg));
	else if (kind->arg)
		put_number(row, kind->arg, record->arg);
	print_record(row, request->as_json);
	return *request->stop ? -EINTR : 0;
}

/* What the ring has kept since nobody looked is of no interest. */
static bool skip_old(int ring_fd)
{
	struct ring_buffer *ring = ring_buffer__new(ring_fd, ignore, NULL, NULL);

	if (!ring)
		return false;
	ring_buffer__consume(ring);
	ring_buffer__free(ring);
	return true;
}

enum exit_status verb_trace(struct request *request)
{
	struct ring_buffer *ring;

	if (!instance_open(&request->instance))
		return EXIT_FAILED;
	if (!request->instance.knobs->trace_level) {
		log_error("trace: nothing is recorded; start scx_lanes with --trace 1 to %d",
			  LANES_TRACE_LEVEL_MAX);
		return EXIT_FAILED;
	}
	ring = skip_old(request->instance.trace_fd) ?
	       ring_buffer__new(request->instance.trace_fd, show, request, NULL) : NULL;
	if (!ring) {
		log_error("trace: %s", strerror(errno));
		return EXIT_FAILED;
	}
	/*
	 * Not ring_buffer__poll(), which returns at once when there is a record: whoever
	 * reads our output makes some by being woken, and the two would never rest.
	 */
	while (!*request->stop && instance_is_running(&request->instance)) {
		ring_buffer__consume(ring);
		fflush(stdout);
		usleep(POLL_MS * 1000);
	}
	ring_buffer__free(ring);
	return EXIT_AS_ASKED;
}
