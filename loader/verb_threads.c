// SPDX-License-Identifier: GPL-2.0
/*
 * lanesctl threads, threadstats and threadload: what LK's console commands of these
 * names show, under its names. They work with every discipline; what only LK has
 * (level, flag, rest of the quantum) is 0 with others.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "name.h"
#include "print.h"
#include "verbs.h"

/* With two digits after the point, as LK prints percentages. */
static void put_hundredths(struct json_object *to, const char *key, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2f", value);
	json_object_object_add(to, key, json_object_new_double_s(value, text));
}

static bool waits_for_time(__u32 tid)
{
	char path[32], what[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%u/wchan", tid);
	f = fopen(path, "r");
	if (f && !fgets(what, sizeof(what), f))
		what[0] = '\0';
	if (f)
		fclose(f);
	return strstr(what, "nanosleep") || strstr(what, "schedule_timeout");
}

/* LK's names: suspended, ready, running, blocked, sleeping, death. */
static const char *state_of(const struct instance *instance, const struct task_ctx *task)
{
	char path[32];

	if ((__u32)task->last_cpu < instance->nr_lanes &&
	    instance->lanes[task->last_cpu].curr_pid == task->pid)
		return "run";
	if (task->queued_in || task->runnable_at_ns)
		return "rdy";
	snprintf(path, sizeof(path), "/proc/%u", task->pid);
	if (access(path, F_OK))
		return "deth";
	if (!task->stats[LANES_TASK_runs])
		return "susp";
	return waits_for_time(task->pid) ? "slep" : "blok";
}

static struct json_object *thread_row(const struct instance *instance,
				      const struct task_ctx *task)
{
	struct json_object *row = json_object_new_object();
	char comm[LANES_COMM_LEN];

	put_number(row, "tid", task->pid);
	put_text(row, "name", name_of_task(task->pid, comm));
	put_text(row, "state", state_of(instance, task));
	put_number(row, "cpu", task->last_cpu);
	put_number(row, "priority", task->level);
	put_text(row, "flags", task->is_realtime ? "rt" : "-");
	put_number(row, "remaining_quantum_us", task->quantum_ns / 1000);
	put_number(row, "total_run_us", task->stats[LANES_TASK_run_ns] / 1000);
	put_number(row, "last_run_us", task->last_run_ns / 1000);
	put_number(row, "schedules", task->stats[LANES_TASK_runs]);
	return row;
}

enum exit_status verb_threads(struct request *request)
{
	struct json_object *rows;
	unsigned int i;

	if (!instance_open(&request->instance))
		return EXIT_FAILED;
	rows = json_object_new_array();
	for (i = 1; i < request->instance.nr_tasks; i++)
		if (request->instance.tasks[i].pid)
			json_object_array_add(rows, thread_row(&request->instance,
							       &request->instance.tasks[i]));
	print_data(rows, request->as_json);
	return EXIT_AS_ASKED;
}

/**
 * struct load_sample - a CPU's counters at one moment
 */
struct load_sample {
	__u64 at_ns;
	__u64 idle_ns;
	__u64 switches;
	__u64 preempts;
	__u64 yields;
	__u64 kicks;
	__u64 interrupts;
	__u64 timer_interrupts;
};

static __u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/*
 * Add the lines of /proc/interrupts, which have a column for each CPU that is online; the
 * local timer's is also told apart.
 */
static void count_interrupts(const struct instance *instance, struct load_sample *samples)
{
	FILE *f = fopen("/proc/interrupts", "r");
	char line[8192];

	while (f && fgets(line, sizeof(line), f)) {
		char *at = strchr(line, ':');
		unsigned int cpu;

		for (cpu = 0; at && cpu < instance->nr_lanes; cpu++) {
			__u64 count;
			char *end;

			if (!instance->lanes[cpu].is_online)
				continue;
			count = strtoull(at + 1, &end, 10);
			if (end == at + 1)
				break;
			samples[cpu].interrupts += count;
			if (strstr(line, "LOC:"))
				samples[cpu].timer_interrupts += count;
			at = end - 1;
		}
	}
	if (f)
		fclose(f);
}

static void take_samples(const struct instance *instance, struct load_sample *samples)
{
	__u64 now = now_ns();
	unsigned int cpu;

	for (cpu = 0; cpu < instance->nr_lanes; cpu++) {
		const struct lane *lane = &instance->lanes[cpu];
		__u64 since_ns = lane->idle_since_ns;

		samples[cpu] = (struct load_sample){
			.at_ns = now,
			.idle_ns = lane->stats[LANES_STAT_idle_ns] +
				   (since_ns && since_ns < now ? now - since_ns : 0),
			.switches = lane->stats[LANES_STAT_switches],
			.preempts = lane->stats[LANES_STAT_preempts],
			.yields = lane->stats[LANES_STAT_yields],
			.kicks = lane->stats[LANES_STAT_kicks],
		};
	}
	count_interrupts(instance, samples);
}

static struct json_object *stats_row(const struct lane *lane, const struct load_sample *sample,
				     unsigned int cpu)
{
	struct json_object *row = json_object_new_object();
	double idle = sample->idle_ns, busy = lane->stats[LANES_STAT_run_ns];

	put_number(row, "cpu", cpu);
	put_number(row, "idle_us", sample->idle_ns / 1000);
	put_hundredths(row, "idle_percent", idle + busy ? 100 * idle / (idle + busy) : 0);
	put_number(row, "reschedules", lane->stats[LANES_STAT_scans]);
	put_number(row, "context_switches", sample->switches);
	put_number(row, "preempts", sample->preempts);
	put_number(row, "yields", sample->yields);
	put_number(row, "reschedule_ipis", sample->kicks);
	put_number(row, "interrupts", sample->interrupts);
	put_number(row, "timer_ints", sample->timer_interrupts);
	return row;
}

static struct json_object *load_row(const struct load_sample *was, const struct load_sample *is,
				    unsigned int cpu)
{
	struct json_object *row = json_object_new_object();
	double passed = is->at_ns - was->at_ns, idle = is->idle_ns - was->idle_ns;

	put_number(row, "cpu", cpu);
	put_hundredths(row, "load_percent", idle < passed ? 100 - 100 * idle / passed : 0);
	put_number(row, "cs", is->switches - was->switches);
	put_number(row, "pmpts", is->preempts - was->preempts);
	put_number(row, "rs_ipis", is->kicks - was->kicks);
	put_number(row, "ints", is->interrupts - was->interrupts);
	put_number(row, "tmr_ints", is->timer_interrupts - was->timer_interrupts);
	return row;
}

static struct load_sample *open_samples(struct request *request)
{
	struct load_sample *samples;

	if (!instance_open(&request->instance))
		return NULL;
	samples = calloc(2 * request->instance.nr_lanes, sizeof(*samples));
	if (!samples)
		log_error("%u CPUs: out of memory", request->instance.nr_lanes);
	return samples;
}

enum exit_status verb_threadstats(struct request *request)
{
	struct load_sample *samples = open_samples(request);
	const struct instance *instance = &request->instance;
	struct json_object *rows;
	unsigned int cpu;

	if (!samples)
		return EXIT_FAILED;
	take_samples(instance, samples);
	rows = json_object_new_array();
	for (cpu = 0; cpu < instance->nr_lanes; cpu++)
		if (instance->lanes[cpu].is_online)
			json_object_array_add(rows, stats_row(&instance->lanes[cpu],
							      &samples[cpu], cpu));
	print_data(rows, request->as_json);
	free(samples);
	return EXIT_AS_ASKED;
}

/* Once a second, until interrupted. */
enum exit_status verb_threadload(struct request *request)
{
	struct load_sample *was = open_samples(request), *is;
	const struct instance *instance = &request->instance;
	unsigned int cpu;

	if (!was)
		return EXIT_FAILED;
	is = was + instance->nr_lanes;
	take_samples(instance, was);
	while (!*request->stop && instance_is_running(instance)) {
		struct json_object *rows = json_object_new_array();

		sleep(1);
		take_samples(instance, is);
		for (cpu = 0; cpu < instance->nr_lanes; cpu++)
			if (instance->lanes[cpu].is_online)
				json_object_array_add(rows, load_row(&was[cpu], &is[cpu], cpu));
		print_data(rows, request->as_json);
		fflush(stdout);
		memcpy(was, is, instance->nr_lanes * sizeof(*was));
	}
	free(was);
	return EXIT_AS_ASKED;
}
