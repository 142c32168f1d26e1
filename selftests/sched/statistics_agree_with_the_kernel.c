// SPDX-License-Identifier: GPL-2.0
// description: what is counted for tasks is what the kernel counts, and adds up to what is counted for CPUs
// cpus: 2
// time: virtual
/*
 * Tasks are stopped while they are looked at: a wait is counted when it is over, and
 * between our look and the kernel's one of 20 ms may have ended. Ours begin where the
 * waker asks for a CPU, the kernel's where that CPU has heard of it, some 10 to 20 us later.
 */
#include "harness.h"
#include "lanes_sched.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NR_TASKS	6
#define MEASURE_MS	4000
/* From select_cpu to the queue of another CPU, on average at most. */
#define WAKING_MS	0.03
#define NR_BORN		10000
#define NR_AT_ONCE	100

/* Everything the two of us count of one task. */
struct counts {
	double runs;
	double run_ns;
	double wait_ns;
	double switches;
	double migrations;
};

/* Sleeps now and then; one for each of them at another pace, half of them bound. */
static pid_t start_task(int i)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	if (i % 2)
		pin_task(0, i / 2 % 2, i / 2 % 2);
	for (;;) {
		use_cpu_ms(2 + i);
		if (i < 4)
			sleep_ms(1 + i);
	}
}

/* The number behind a name in /proc/TID/sched. */
static double sched_field(pid_t tid, const char *name)
{
	char path[64], line[256], *colon;
	double value = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/sched", tid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		colon = strchr(line, ':');
		if (colon && !strncmp(line, name, strlen(name)))
			value = atof(colon + 1);
	}
	if (f)
		fclose(f);
	return value;
}

static struct counts kernel_counts(pid_t tid)
{
	struct counts counts = {};
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/schedstat", tid);
	sscanf(read_line(path), "%lf %lf %lf", &counts.run_ns, &counts.wait_ns, &counts.runs);
	counts.switches = sched_field(tid, "nr_switches");
	counts.migrations = sched_field(tid, "se.nr_migrations");
	return counts;
}

static struct counts our_counts(pid_t tid)
{
	const volatile struct task_ctx *ctx = lanes_task(tid);

	return (struct counts){
		.runs = ctx->stats[LANES_TASK_runs],
		.run_ns = ctx->stats[LANES_TASK_run_ns],
		.wait_ns = ctx->stats[LANES_TASK_wait_ns],
		.switches = ctx->stats[LANES_TASK_voluntary] + ctx->stats[LANES_TASK_yields] +
			    ctx->stats[LANES_TASK_preemptions],
		.migrations = ctx->stats[LANES_TASK_migrations],
	};
}

/* The pair of counts, of a task that neither runs nor waits. */
static void look(pid_t pid, struct counts *ours, struct counts *theirs)
{
	KTAP_EXPECT_EQ(kill(pid, SIGSTOP), 0);
	KTAP_EXPECT_EQ(waitpid(pid, NULL, WUNTRACED), pid);
	*ours = our_counts(pid);
	*theirs = kernel_counts(pid);
	kill(pid, SIGCONT);
}

/* Within 5 %; where there is little of it, within a few. */
static void compare(pid_t tid, const char *what, double ours, double theirs, double few)
{
	double margin = 0.05 * theirs > few ? 0.05 * theirs : few;

	ktap_diag("task %d: %s: ours %.1f, the kernel's %.1f", tid, what, ours, theirs);
	KTAP_EXPECT_NEAR(ours, theirs, margin);
}

KTAP_TEST(tasks_agree, "runs, times and migrations of a task are those in /proc within 5 %")
{
	struct counts ours[NR_TASKS], theirs[NR_TASKS], we, they;
	pid_t pid[NR_TASKS];
	double runs;
	int i;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	for (i = 0; i < NR_TASKS; i++)
		pid[i] = start_task(i);
	sleep_ms(200);
	for (i = 0; i < NR_TASKS; i++)
		look(pid[i], &ours[i], &theirs[i]);
	sleep_ms(MEASURE_MS);
	for (i = 0; i < NR_TASKS; i++) {
		look(pid[i], &we, &they);
		runs = they.runs - theirs[i].runs;
		compare(pid[i], "runs", we.runs - ours[i].runs, runs, 2);
		compare(pid[i], "ms run", (we.run_ns - ours[i].run_ns) / 1e6,
			(they.run_ns - theirs[i].run_ns) / 1e6, 0.1);
		compare(pid[i], "ms waited", (we.wait_ns - ours[i].wait_ns) / 1e6,
			(they.wait_ns - theirs[i].wait_ns) / 1e6, runs * WAKING_MS);
		compare(pid[i], "stops", we.switches - ours[i].switches,
			they.switches - theirs[i].switches, 2);
		compare(pid[i], "migrations", we.migrations - ours[i].migrations,
			they.migrations - theirs[i].migrations, 2);
	}
	for (i = 0; i < NR_TASKS; i++)
		end_child(pid[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(control_other_class, "what a task runs in another class the kernel counts, and we do not")
{
	const struct sched_param param = { .sched_priority = 1 };
	struct counts ours, theirs;
	double our_ms, their_ms;
	pid_t pid;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	pid = start_task(0);
	sleep_ms(200);
	ours = our_counts(pid);
	theirs = kernel_counts(pid);
	KTAP_EXPECT_EQ(sched_setscheduler(pid, SCHED_FIFO, &param), 0);
	sleep_ms(500);
	our_ms = (our_counts(pid).run_ns - ours.run_ns) / 1e6;
	their_ms = (kernel_counts(pid).run_ns - theirs.run_ns) / 1e6;
	ktap_diag("ms run: ours %.0f, the kernel's %.0f", our_ms, their_ms);
	KTAP_EXPECT(their_ms > 100 && our_ms < 0.5 * their_ms);
	end_child(pid);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

static double sum_of_tasks(int stat)
{
	const volatile struct task_ctx *rows;
	unsigned int i, nr;
	double sum = 0;

	rows = lanes_tasks(&nr);
	for (i = 0; i < nr; i++)
		sum += rows[i].stats[stat];
	return sum;
}

static void expect_sums_to_agree(void)
{
	double tasks = sum_of_tasks(LANES_TASK_runs), cpus = lanes_counter(LANES_STAT_switches);

	ktap_diag("switches: tasks %.0f, CPUs %.0f", tasks, cpus);
	KTAP_EXPECT_NEAR(tasks, cpus, 0.02 * cpus);
	tasks = sum_of_tasks(LANES_TASK_run_ns) / 1e6;
	cpus = lanes_counter(LANES_STAT_run_ns) / 1e6;
	ktap_diag("ms run: tasks %.0f, CPUs %.0f", tasks, cpus);
	KTAP_EXPECT_NEAR(tasks, cpus, 0.02 * cpus);
	tasks = sum_of_tasks(LANES_TASK_wait_ns) / 1e6;
	cpus = lanes_counter(LANES_STAT_wait_ns) / 1e6;
	ktap_diag("ms waited: tasks %.0f, CPUs %.0f", tasks, cpus);
	KTAP_EXPECT_NEAR(tasks, cpus, 0.02 * cpus + 5);
	tasks = sum_of_tasks(LANES_TASK_migrations);
	cpus = lanes_counter(LANES_STAT_migrations);
	ktap_diag("migrations: tasks %.0f, CPUs %.0f", tasks, cpus);
	KTAP_EXPECT_NEAR(tasks, cpus, 0.02 * cpus + 5);
}

/* Return: rows that are some task's. */
static int nr_rows_in_use(void)
{
	const volatile struct task_ctx *rows;
	unsigned int i, nr;
	int nr_used = 0;

	rows = lanes_tasks(&nr);
	for (i = 1; i < nr; i++)
		nr_used += rows[i].pid != 0;
	return nr_used;
}

/* Children are born, run and end. Return: how many did. */
static int fork_and_reap(int nr)
{
	int i, status, nr_ended = 0;

	for (i = 0; i < nr; i++)
		if (!fork())
			_exit(0);
	for (i = 0; i < nr; i++)
		nr_ended += wait(&status) > 0 && status == 0;
	return nr_ended;
}

KTAP_TEST(fork_bomb_loses_nothing, "10000 tasks come and go: no context is lost, and sums still agree")
{
	int i, before, after, nr_ended = 0, waited;
	unsigned long long start;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	sleep_ms(200);
	before = nr_rows_in_use();
	start = now_ns();
	harness_be_realtime(false);
	for (i = 0; i < NR_BORN; i += NR_AT_ONCE)
		nr_ended += fork_and_reap(NR_AT_ONCE);
	harness_be_realtime(true);
	KTAP_EXPECT_EQ(nr_ended, NR_BORN);
	/* Contexts go with the last reference to their task, which RCU may hold. */
	for (waited = 0; (after = nr_rows_in_use()) > before + 5 && waited < 5000; waited += 10)
		sleep_ms(10);
	ktap_diag("%d tasks in %llu ms; rows in use: %d before, %d after", nr_ended,
		  (now_ns() - start) / 1000000, before, after);
	KTAP_EXPECT(after <= before + 5);
	KTAP_EXPECT(lanes_is_attached());
	expect_sums_to_agree();
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
