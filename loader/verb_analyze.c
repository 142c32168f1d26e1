// SPDX-License-Identifier: GPL-2.0
/*
 * lanesctl analyze, latency and suggest: Haiku's scheduling analysis of one thread, from
 * the trace ring, and its functions estimate_max_scheduling_latency() and
 * suggest_thread_priority().
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "clock.h"
#include "log.h"
#include "math/haiku.h"
#include "print.h"
#include "setting.h"
#include "verbs.h"

#define POLL_MS 50

/* How often something took how long. */
struct span {
	__u64 nr;
	__u64 total_ns;
	__u64 min_ns;
	__u64 max_ns;
};

/**
 * struct analysis - what happened to one thread
 * @runs: from being put on a CPU to being taken off it
 * @latencies: from waking up to running
 * @reruns: from being interrupted to running again
 * @nr_preempted: times it was taken off although it wanted to go on
 */
struct analysis {
	__u32 tid;
	struct span runs;
	struct span latencies;
	struct span reruns;
	__u64 nr_preempted;
	__u64 queued_at_ns;
	__u64 ran_at_ns;
	__u64 stopped_at_ns;
};

static void add_span(struct span *span, __u64 ns)
{
	if (!span->nr++ || ns < span->min_ns)
		span->min_ns = ns;
	if (ns > span->max_ns)
		span->max_ns = ns;
	span->total_ns += ns;
}

static void note_run(struct analysis *analysis, __u64 at_ns)
{
	if (analysis->stopped_at_ns)
		add_span(&analysis->reruns, at_ns - analysis->stopped_at_ns);
	else if (analysis->queued_at_ns)
		add_span(&analysis->latencies, at_ns - analysis->queued_at_ns);
	analysis->stopped_at_ns = analysis->queued_at_ns = 0;
	analysis->ran_at_ns = at_ns;
}

static void note_stop(struct analysis *analysis, __u64 at_ns, bool wants_more)
{
	if (analysis->ran_at_ns)
		add_span(&analysis->runs, at_ns - analysis->ran_at_ns);
	analysis->nr_preempted += wants_more;
	analysis->stopped_at_ns = wants_more ? at_ns : 0;
	analysis->ran_at_ns = 0;
}

static int note(void *ctx, void *data, size_t len)
{
	struct analysis *analysis = ctx;
	const struct lanes_trace *record = data;

	if (len < sizeof(*record) || record->tid != analysis->tid)
		return 0;
	if (record->kind == LANES_TRACE_RUN)
		note_run(analysis, record->at_ns);
	else if (record->kind == LANES_TRACE_STOP)
		note_stop(analysis, record->at_ns, record->arg);
	else if (record->kind == LANES_TRACE_QUEUE && !analysis->stopped_at_ns)
		analysis->queued_at_ns = record->at_ns;
	return 0;
}

static struct json_object *span_row(const char *what, const struct span *span)
{
	struct json_object *row = json_object_new_object();

	put_text(row, "what", what);
	put_number(row, "count", span->nr);
	put_number(row, "total_us", span->total_ns / 1000);
	put_number(row, "min_us", span->min_ns / 1000);
	put_number(row, "max_us", span->max_ns / 1000);
	return row;
}

static void print_analysis(const struct analysis *analysis, bool as_json)
{
	struct json_object *data = json_object_new_object();
	struct json_object *rows = json_object_new_array();

	put_number(data, "tid", analysis->tid);
	put_number(data, "preemptions", analysis->nr_preempted);
	json_object_array_add(rows, span_row("runs", &analysis->runs));
	json_object_array_add(rows, span_row("latencies", &analysis->latencies));
	json_object_array_add(rows, span_row("reruns", &analysis->reruns));
	json_object_object_add(data, "spans", rows);
	print_data(data, as_json);
}

enum exit_status verb_analyze(struct request *request)
{
	struct analysis analysis = {};
	struct timespec began;
	struct ring_buffer *ring;

	if (!parse_tid(request->words[0], &analysis.tid))
		return EXIT_USAGE;
	if (!instance_open(&request->instance))
		return EXIT_FAILED;
	if (request->instance.knobs->trace_level < LANES_TRACE_LEVEL_MAX) {
		log_error("analyze: not all is recorded; start scx_lanes with --trace %d",
			  LANES_TRACE_LEVEL_MAX);
		return EXIT_FAILED;
	}
	ring = ring_buffer__new(request->instance.trace_fd, note, &analysis, NULL);
	if (!ring) {
		log_error("analyze: %s", strerror(errno));
		return EXIT_FAILED;
	}
	ring_buffer__consume(ring);
	analysis = (struct analysis){ .tid = analysis.tid };
	clock_gettime(CLOCK_MONOTONIC, &began);
	while (seconds_since(&began) < request->secs && !*request->stop) {
		ring_buffer__poll(ring, POLL_MS);
		ring_buffer__consume(ring);
	}
	ring_buffer__free(ring);
	print_analysis(&analysis, request->as_json);
	return EXIT_AS_ASKED;
}

static __u32 nr_threads_beside(const struct instance *instance, const struct task_ctx *task)
{
	const struct lane *lane = &instance->lanes[task->last_cpu];

	return lane_depth(lane) / (lane->nr_siblings ?: 1) + 1;
}

enum exit_status verb_latency(struct request *request)
{
	struct lanes_task_call call = {};
	const struct task_ctx *task = &call.out_ctx;
	struct json_object *data;
	__u64 ns;

	if (!parse_tid(request->words[0], &call.tid))
		return EXIT_USAGE;
	if (!instance_open(&request->instance))
		return EXIT_FAILED;
	if (!instance_is_of(&request->instance, LANES_DISCIPLINE_haiku)) {
		log_error("latency: '%s' does not follow haiku's rules", request->instance.ops);
		return EXIT_USAGE;
	}
	if (!instance_call(request->instance.task_read_fd, &call, sizeof(call)))
		return EXIT_FAILED;
	if (call.out_err || (__u32)task->last_cpu >= request->instance.nr_lanes) {
		log_error("TID %u: has not been scheduled by scx_lanes", call.tid);
		return EXIT_USAGE;
	}
	ns = haiku_max_latency(task->level_asked ?: HAIKU_NORMAL, task->level ?: HAIKU_NORMAL,
			       nr_threads_beside(&request->instance, task),
			       haiku_mode_of(request->instance.knobs->mode ==
					     LANES_MODE_POWER_SAVING));
	data = json_object_new_object();
	put_number(data, "tid", call.tid);
	put_number(data, "max_latency_us", ns / 1000);
	print_data(data, request->as_json);
	return EXIT_AS_ASKED;
}

enum exit_status verb_suggest(struct request *request)
{
	static const struct setting purposes = {
		.name = "PURPOSE",
		.words = "status|computing|offline|input|live-video|live-3d|video-play|"
			 "video-record|live-audio|audio-play|audio-record|midi",
	};
	struct json_object *data;
	__u32 purpose, all = 0;
	int i;

	for (i = 0; i < request->nr_words; i++) {
		if (!setting_parse(&purposes, "suggest", request->words[i], &purpose))
			return EXIT_USAGE;
		all |= 1U << purpose;
	}
	data = json_object_new_object();
	put_number(data, "priority", haiku_suggest_priority(all));
	print_data(data, request->as_json);
	return EXIT_AS_ASKED;
}
