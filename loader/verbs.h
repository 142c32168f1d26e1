/* SPDX-License-Identifier: GPL-2.0 */
/* The verbs of lanesctl, and what they are called with. */
#ifndef __LANES_VERBS_H
#define __LANES_VERBS_H

#include <stdbool.h>

#include "exit_status.h"
#include "instance.h"

/**
 * struct request - what the user typed, options checked
 * @instance: the running scheduler, once instance_open() has succeeded
 * @stop: becomes true when the user wants an end
 * @words, @nr_words: what follows the verb
 * @as_json: how data is printed
 * @with_details: all columns
 * @policy, @prio, @quantum_us, @is_inherited: designation wanted
 * @is_realtime: LK's flag
 * @is_process: tids stand for all threads of their processes
 * @nr_rows: how many tasks to show
 * @secs: how long to look
 */
struct request {
	struct instance instance;
	const volatile bool *stop;
	char **words;
	int nr_words;
	__u32 as_json;
	__u32 with_details;
	__u32 policy;
	__u32 prio;
	__u32 quantum_us;
	__u32 is_inherited;
	__u32 is_realtime;
	__u32 is_process;
	__u32 nr_rows;
	__u32 secs;
	__u32 wants_help;
	__u32 wants_version;
};

/* Return: whether @text is the id of a task that is there; a message says why not. */
bool parse_tid(const char *text, __u32 *tid);

/* Each checks its words, opens the instance, and only then does anything. */
enum exit_status verb_status(struct request *request);
enum exit_status verb_runqueues(struct request *request);
enum exit_status verb_top(struct request *request);
enum exit_status verb_task(struct request *request);
enum exit_status verb_rt_set(struct request *request);
enum exit_status verb_rt_clear(struct request *request);
enum exit_status verb_rt_list(struct request *request);
enum exit_status verb_threads(struct request *request);
enum exit_status verb_threadstats(struct request *request);
enum exit_status verb_threadload(struct request *request);
enum exit_status verb_analyze(struct request *request);
enum exit_status verb_latency(struct request *request);
enum exit_status verb_suggest(struct request *request);
enum exit_status verb_level(struct request *request);
enum exit_status verb_cpu(struct request *request);
enum exit_status verb_mode(struct request *request);
enum exit_status verb_get(struct request *request);
enum exit_status verb_set(struct request *request);
enum exit_status verb_switch(struct request *request);
enum exit_status verb_trace(struct request *request);

#endif /* __LANES_VERBS_H */
