// SPDX-License-Identifier: GPL-2.0
/* lanesctl rt: which tasks are real-time. */
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"
#include "log.h"
#include "name.h"
#include "print.h"
#include "rules.h"
#include "setting.h"
#include "verbs.h"

#define POLICY_EXT	7
#define MAX_TID		(1 << 22)

bool parse_tid(const char *text, __u32 *tid)
{
	static const struct setting setting = { .name = "TID", .min = 1, .max = MAX_TID };
	char path[32];

	if (!setting_parse(&setting, "TID", text, tid))
		return false;
	snprintf(path, sizeof(path), "/proc/%u", *tid);
	if (!access(path, F_OK))
		return true;
	log_error("TID %u: no such task", *tid);
	return false;
}

/* The tids asked for. */
struct tids {
	__u32 *tid;
	size_t nr;
};

static bool add_tid(struct tids *tids, __u32 tid)
{
	__u32 *more = realloc(tids->tid, (tids->nr + 1) * sizeof(*more));

	if (!more) {
		log_error("%zu tasks: %s", tids->nr, strerror(errno));
		return false;
	}
	tids->tid = more;
	tids->tid[tids->nr++] = tid;
	return true;
}

static bool add_process(struct tids *tids, __u32 pid)
{
	struct dirent *entry;
	bool is_good = true;
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%u/task", pid);
	dir = opendir(path);
	if (!dir) {
		log_error("TID %u: no such task", pid);
		return false;
	}
	while (is_good && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			is_good = add_tid(tids, strtoul(entry->d_name, NULL, 10));
	closedir(dir);
	return is_good;
}

static bool collect(const struct request *request, struct tids *tids)
{
	bool is_good = true;
	__u32 tid;
	int i;

	for (i = 0; is_good && i < request->nr_words; i++)
		is_good = parse_tid(request->words[i], &tid) &&
			  (request->is_process ? add_process(tids, tid) : add_tid(tids, tid));
	return is_good;
}

static bool is_ours(__u32 tid, bool may_have_ended)
{
	int policy = sched_getscheduler(tid);
	bool is_ordinary;

	if (policy < 0) {
		if (!may_have_ended)
			log_error("TID %u: no such task", tid);
		return may_have_ended;
	}
	policy &= ~SCHED_RESET_ON_FORK;
	is_ordinary = policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE;
	if (policy == POLICY_EXT || (is_ordinary && kernel_schedules_all()))
		return true;
	log_error("TID %u: is not scheduled by scx_lanes (see chrt -p %u)", tid, tid);
	return false;
}

/* A designation can be cleared whoever schedules the task meanwhile. */
static bool are_good(const struct request *request, const struct tids *tids)
{
	size_t i;

	for (i = 0; request->policy != LANES_RT_NONE && i < tids->nr; i++)
		if (!is_ours(tids->tid[i], request->is_process))
			return false;
	return true;
}

/*
 * One call for @nr tids, at most LANES_RT_REQUESTS_MAX. Threads of a process may have ended
 * since it was asked for them.
 *
 * Return: whether the scheduler has answered; @status says whether all went well.
 */
static bool designate(const struct request *request, const __u32 *tid, size_t nr,
		      enum exit_status *status)
{
	struct lanes_rt_call call = { .nr = nr };
	size_t i;

	for (i = 0; i < nr; i++)
		call.requests[i] = (struct lanes_rt_request){
			.tid = tid[i],
			.policy = request->policy,
			.prio = request->prio,
			.quantum_us = request->quantum_us,
			.is_inherited = request->is_inherited,
		};
	if (!instance_call(request->instance.rt_set_fd, &call, sizeof(call)))
		return false;
	for (i = 0; i < nr; i++) {
		int err = -call.requests[i].out_err;

		if (!err || (err == ESRCH && request->is_process))
			continue;
		log_error("TID %u: %s", tid[i], strerror(err));
		*status = EXIT_FAILED;
	}
	return true;
}

static enum exit_status designate_each(const struct request *request, const struct tids *tids)
{
	enum exit_status status = EXIT_AS_ASKED;
	size_t i, nr;

	for (i = 0; i < tids->nr; i += nr) {
		nr = tids->nr - i < LANES_RT_REQUESTS_MAX ? tids->nr - i : LANES_RT_REQUESTS_MAX;
		if (!designate(request, tids->tid + i, nr, &status))
			return EXIT_FAILED;
	}
	return status;
}

static enum exit_status designate_all(struct request *request)
{
	enum exit_status status;
	struct tids tids = {};

	if (!collect(request, &tids))
		status = EXIT_USAGE;
	else if (!instance_open(&request->instance))
		status = EXIT_FAILED;
	else if (!are_good(request, &tids))
		status = EXIT_USAGE;
	else
		status = designate_each(request, &tids);
	free(tids.tid);
	return status;
}

enum exit_status verb_rt_set(struct request *request)
{
	if (!request->prio) {
		log_error("rt set: needs --prio, 1 to %d", LANES_RT_PRIO_MAX);
		return EXIT_USAGE;
	}
	if (request->quantum_us && request->policy != LANES_RT_RR) {
		log_error("--quantum-us: only with --policy rr");
		return EXIT_USAGE;
	}
	return designate_all(request);
}

enum exit_status verb_rt_clear(struct request *request)
{
	request->policy = LANES_RT_NONE;
	return designate_all(request);
}

static struct json_object *rt_row(const struct task_ctx *task)
{
	struct json_object *row = json_object_new_object();
	char comm[LANES_COMM_LEN];

	put_number(row, "tid", task->pid);
	put_text(row, "policy", task->rt_policy == LANES_RT_RR ? "rr" : "fifo");
	put_number(row, "prio", task->rt_prio);
	put_number(row, "quantum_us", task->rr_ns / 1000);
	put_text(row, "by", task->flags & LANES_TASK_BY_RULE ? "rule" : "request");
	put_text(row, "inherit", task->flags & LANES_TASK_INHERITED ? "yes" : "no");
	put_text(row, "comm", name_of_task(task->pid, comm));
	return row;
}

enum exit_status verb_rt_list(struct request *request)
{
	struct json_object *rows;
	unsigned int i;

	if (!instance_open(&request->instance))
		return EXIT_FAILED;
	rows = json_object_new_array();
	for (i = 1; i < request->instance.nr_tasks; i++) {
		const struct task_ctx *task = &request->instance.tasks[i];

		if (task->pid && task->rt_policy != LANES_RT_NONE)
			json_object_array_add(rows, rt_row(task));
	}
	print_data(rows, request->as_json);
	return EXIT_AS_ASKED;
}
