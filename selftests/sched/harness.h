/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the scheduler's tests need again and again: an instance of scx_lanes,
 * processes that want the CPU, and how much of it they got.
 *
 * Everything started here ends with the test, whatever way it ends; a test that
 * takes longer than TEST_SECS is ended. A step that cannot be done (a fork, a
 * file) ends the test as failed: it says nothing then about the scheduler.
 */
#ifndef __LANES_HARNESS_H
#define __LANES_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "../ktap.h"

struct lane;
struct task_ctx;

/* With LANES_TEST_LONG=yes this many times as long. */
#define TEST_SECS	120
#define LONG_FACTOR	20
#define ANY_CPU		(-1)

/* A test's main: its claims, with the deadline set. */
#define SCHED_MAIN()			\
	int main(void)			\
	{				\
		harness_init();		\
		return ktap_run_all();	\
	}

/* Also makes the test itself real-time: no negative control can starve it. */
void harness_init(void);

/* Does the environment ask for full counts (LANES_TEST_LONG=yes)? */
bool test_is_long(void);

/* Return: of the running kernel, 6.12 for v6.12. */
double kernel_version(void);

/* For a test that is itself what is scheduled. */
void harness_be_realtime(bool is_realtime);

/**
 * lanes_start - run scx_lanes until it is attached
 * @options: separated by blanks
 *
 * Before them come those in LANES_TEST_OPTIONS: "--discipline dwrr" there shows what
 * a test has to say of another discipline.
 *
 * One instance at a time. Return: whether it was attached within 20 s.
 */
bool lanes_start(const char *options);

/* The two halves of it. */
void lanes_launch(const char *options);
bool lanes_wait_attached(void);

/* Start it with these options and let it end by itself. Return: its exit status. */
int lanes_run(const char *options);

/* End the instance with SIGINT. Return: its exit status. */
int lanes_stop(void);

/* Wait for its end without asking for it. Return: its exit status. */
int lanes_wait(void);

/* Return: the number behind a name in a file, 0 without one. */
long file_field(const char *path, const char *name);

/* Its loader's own nice value, so that it loads in time among many others. */
void lanes_renice(int nice);
int lanes_nice(void);

void lanes_signal(int sig);
void lanes_kill(void);

bool lanes_is_attached(void);

/* What the last instance has printed, stdout and stderr together. */
const char *lanes_output(void);

/* Return: what lanesctl prints with these words within five seconds, stderr too. */
const char *lanesctl(const char *words);
const char *lanesctl_within(int secs, const char *words);

/* Return: a counter summed over CPUs, from the pinned map of the instance. */
unsigned long long lanes_counter(int stat);

/* Memory of the instance, and of the maps and programs it has open, kB. */
long lanes_rss_kb(void);
long lanes_memlock_kb(void);

/* Return: a copy of what is published of a CPU. The buffer is reused. */
const struct lane *lanes_lane(int cpu);

/*
 * What is published of all tasks, as it changes; row 0 adds up those that ended.
 * NULL after lanes_stop(), and before.
 */
const volatile struct task_ctx *lanes_tasks(unsigned int *nr);

/* They are to be looked for anew: another scheduler has taken over. */
void lanes_forget(void);

/* Return: the task's row of them; ends the test if it has none. */
const volatile struct task_ctx *lanes_task(pid_t tid);

/* Designate a task: "--prio 50 --policy rr". Return: whether lanesctl had no objection. */
bool rt_set(pid_t tid, const char *options);

/* Put a task at a level: "17 --real-time". Return: whether lanesctl had no objection. */
bool level_set(pid_t tid, const char *words);

/* A file's first line; empty if it cannot be read. The buffer is reused. */
const char *read_line(const char *path);

/* Return: whether it could be written. */
bool write_text(const char *path, const char *text);

/**
 * struct hog - a process that always wants to run
 * @pid: its id
 * @seen_cpus: the CPUs it has found itself on, a bit each
 * @nr_rounds: how often it has looked and written that down
 * @start_ns: CPU time when the measurement began
 */
struct hog {
	pid_t pid;
	volatile unsigned long *seen_cpus;
	volatile unsigned long *nr_rounds;
	unsigned long long start_ns;
};

/* A child that is killed when the test ends; 0 in the child. */
pid_t fork_child(void);

/* Bind a task, 0 for the caller, to the CPUs @first to @last. */
void pin_task(pid_t tid, int first, int last);

void end_child(pid_t pid);

struct hog hog_start(int cpu, int nice);
void hog_pin(const struct hog *hog, int cpu);
void hog_unpin(const struct hog *hog);
void hog_end(struct hog *hog);
bool hog_is_alive(const struct hog *hog);
unsigned long long hog_cpu_ns(const struct hog *hog);

/* Return: whether each of them is there and runs within a second. */
bool hogs_run(struct hog *hogs, int nr);

/**
 * measure_shares - how several hogs divide CPU time
 * @share: percent of their sum that each got within @ms
 */
void measure_shares(struct hog *hogs, int nr, int ms, double *share);

/* Zeroed memory that children share. */
void *shared_memory(size_t len);

unsigned long long now_ns(void);

/* CPU time of the caller's thread. */
unsigned long long own_cpu_ns(void);
void use_cpu_ms(int ms);
void sleep_ms(int ms);
int nr_online_cpus(void);

#endif /* __LANES_HARNESS_H */
