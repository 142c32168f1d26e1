// SPDX-License-Identifier: GPL-2.0
/* lanesctl status, runqueues, top and task: what there is to see. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "kernel.h"
#include "log.h"
#include "name.h"
#include "print.h"
#include "stats.h"
#include "verbs.h"

static const char * const task_stat_names[] = {
#define LANES_TASK_STAT(name, unit, meaning) #name,
#include "lanes_stats.def"
};

/* Return: a reader of the running instance; NULL with a message if there is none. */
static struct stats *open_stats(struct request *request)
{
	if (!instance_open(&request->instance))
		return NULL;
	return stats_open(request->instance.lanes, request->instance.nr_lanes);
}

static void count_lanes(struct json_object *status, const struct instance *instance)
{
	unsigned int cpu, nr_online = 0, nr_running = 0, nr_waiting = 0;

	for (cpu = 0; cpu < instance->nr_lanes; cpu++) {
		const struct lane *lane = &instance->lanes[cpu];

		nr_online += lane->is_online;
		nr_running += !!lane->curr_pid;
		nr_waiting += lane_depth(lane) + (__u32)lane->rt_queued + !!lane->slot_pid;
	}
	put_number(status, "cpus", nr_online);
	put_number(status, "running", nr_running);
	put_number(status, "waiting", nr_waiting);
}

static void count_tasks(struct json_object *status, const struct instance *instance)
{
	unsigned int i, nr = 0, nr_rt = 0;

	for (i = 1; i < instance->nr_tasks; i++) {
		nr += !!instance->tasks[i].pid;
		nr_rt += instance->tasks[i].pid && instance->tasks[i].rt_policy != LANES_RT_NONE;
	}
	put_number(status, "tasks", nr);
	put_number(status, "rt_tasks", nr_rt);
}

enum exit_status verb_status(struct request *request)
{
	static const struct {
		const char *name;
		enum lanes_stat stat;
	} totals[] = {
		{ "switches", LANES_STAT_switches },
		{ "preempts", LANES_STAT_preempts },
		{ "steals", LANES_STAT_steals },
		{ "migrations", LANES_STAT_migrations },
		{ "starved", LANES_STAT_starved },
	};
	struct stats *stats = open_stats(request);
	struct json_object *status;
	size_t i;

	if (!stats)
		return EXIT_FAILED;
	status = json_object_new_object();
	put_text(status, "scheduler", request->instance.ops);
	put_text(status, "schedules", kernel_schedules_all() ? "all ordinary tasks" : "SCHED_EXT tasks");
	put_text(status, "interrupts", request->instance.knobs->sees_interrupts ?
		 "seen (lanes.ko)" : "not seen");
	count_lanes(status, &request->instance);
	count_tasks(status, &request->instance);
	for (i = 0; i < sizeof(totals) / sizeof(totals[0]); i++)
		put_number(status, totals[i].name, stats_total(stats, totals[i].stat));
	json_object_object_add(status, "wakeups", stats_latencies(stats));
	print_data(status, request->as_json);
	stats_close(stats);
	return EXIT_AS_ASKED;
}

enum exit_status verb_runqueues(struct request *request)
{
	struct stats *stats = open_stats(request);

	if (!stats)
		return EXIT_FAILED;
	print_data(stats_lanes(stats, request->as_json || request->with_details),
		   request->as_json);
	stats_close(stats);
	return EXIT_AS_ASKED;
}

/* Is charged when it stops only: what a task that runs has used since is added. */
static __u64 ran_ns(const struct instance *instance, const struct task_ctx *task)
{
	bool is_running = task->pid && (__u32)task->last_cpu < instance->nr_lanes &&
			  instance->lanes[task->last_cpu].curr_pid == task->pid;
	long long exec_ns;
	char path[48];

	snprintf(path, sizeof(path), "/proc/%u/schedstat", task->pid);
	exec_ns = is_running ? kernel_read_number(path, 0) : 0;
	if (exec_ns < (long long)task->exec_seen_ns)
		exec_ns = task->exec_seen_ns;
	return task->stats[LANES_TASK_run_ns] + exec_ns - task->exec_seen_ns;
}

/**
 * struct sample - how much a task ran while we looked
 */
struct sample {
	const struct task_ctx *task;
	__u32 pid;
	__u64 ran_ns;
	__u64 waited_ns;
};

static struct sample *take_samples(const struct instance *instance)
{
	struct sample *samples = calloc(instance->nr_tasks, sizeof(*samples));
	unsigned int i;

	for (i = 1; samples && i < instance->nr_tasks; i++) {
		const struct task_ctx *task = &instance->tasks[i];

		samples[i].task = task;
		samples[i].pid = task->pid;
		samples[i].ran_ns = ran_ns(instance, task);
		samples[i].waited_ns = task->stats[LANES_TASK_wait_ns];
	}
	return samples;
}

/* A row that another task has got meanwhile is seen from its beginning. */
static void subtract_from_now(const struct instance *instance, struct sample *sample)
{
	const struct task_ctx *task = sample->task;
	bool is_same = task && task->pid == sample->pid;

	if (!task)
		return;
	sample->pid = task->pid;
	sample->ran_ns = ran_ns(instance, task) - (is_same ? sample->ran_ns : 0);
	sample->waited_ns = task->stats[LANES_TASK_wait_ns] - (is_same ? sample->waited_ns : 0);
}

static int by_time(const void *a, const void *b)
{
	const struct sample *left = a, *right = b;

	return (left->ran_ns < right->ran_ns) - (left->ran_ns > right->ran_ns);
}

static struct json_object *top_row(const struct sample *sample, double secs)
{
	struct json_object *row = json_object_new_object();
	char comm[LANES_COMM_LEN];

	put_number(row, "tid", sample->pid);
	put_number(row, "cpu", sample->task->last_cpu);
	put_number(row, "rt", sample->task->rt_prio);
	put_tenths(row, "cpu_percent", sample->ran_ns / (secs * 1e7));
	put_tenths(row, "wait_percent", sample->waited_ns / (secs * 1e7));
	put_number(row, "runs", sample->task->stats[LANES_TASK_runs]);
	put_number(row, "migrations", sample->task->stats[LANES_TASK_migrations]);
	put_text(row, "comm", name_of_task(sample->pid, comm));
	return row;
}

static struct json_object *top_rows(struct sample *samples, const struct request *request,
				    double secs)
{
	struct json_object *rows = json_object_new_array();
	unsigned int i, nr = request->instance.nr_tasks;

	for (i = 1; i < nr; i++)
		subtract_from_now(&request->instance, &samples[i]);
	qsort(samples, nr, sizeof(*samples), by_time);
	for (i = 0; i < nr && i < request->nr_rows && samples[i].ran_ns; i++)
		if (samples[i].pid)
			json_object_array_add(rows, top_row(&samples[i], secs));
	return rows;
}

enum exit_status verb_top(struct request *request)
{
	struct sample *samples;
	struct timespec began;

	if (!instance_open(&request->instance))
		return EXIT_FAILED;
	samples = take_samples(&request->instance);
	if (!samples) {
		log_error("top: %s", strerror(errno));
		return EXIT_FAILED;
	}
	clock_gettime(CLOCK_MONOTONIC, &began);
	sleep_ms(request->secs * 1000L);
	print_data(top_rows(samples, request, seconds_since(&began)), request->as_json);
	free(samples);
	return EXIT_AS_ASKED;
}

static struct json_object *task_data(const struct task_ctx *task)
{
	struct json_object *data = json_object_new_object();
	char comm[LANES_COMM_LEN];
	int i;

	put_number(data, "tid", task->pid);
	put_number(data, "process", task->tgid);
	put_text(data, "comm", name_of_task(task->pid, comm));
	put_number(data, "cpu", task->last_cpu);
	put_number(data, "key", task->key);
	put_number(data, "rt_prio", task->rt_prio);
	put_number(data, "lent_prio", task->lent_prio);
	put_number(data, "slice_ns", task->slice_ns);
	for (i = 0; i < LANES_NR_TASK_STATS; i++)
		put_number(data, task_stat_names[i], task->stats[i]);
	return data;
}

enum exit_status verb_task(struct request *request)
{
	struct lanes_task_call call = {};

	if (!parse_tid(request->words[0], &call.tid))
		return EXIT_USAGE;
	if (!instance_open(&request->instance) ||
	    !instance_call(request->instance.task_read_fd, &call, sizeof(call)))
		return EXIT_FAILED;
	if (call.out_err) {
		log_error("TID %u: is not scheduled by scx_lanes", call.tid);
		return EXIT_USAGE;
	}
	print_data(task_data(&call.out_ctx), request->as_json);
	return EXIT_AS_ASKED;
}
