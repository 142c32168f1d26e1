// SPDX-License-Identifier: GPL-2.0
/*
 * shares: how far processes that want to run all the time are from the share
 * of the CPU that their weights give them. The largest error of any of them,
 * in points (percent of the CPU).
 *
 * "nice" starts one process for each nice value and lets all share one CPU.
 * "groups" starts NR groups (cgroup v2) of weights 50, 100, ... with one to
 * three processes each on one CPU; a group's share is what counts, so its size
 * must not matter. All begin at once, when the last one is in its group: making a
 * group waits for RCU's threads, which a scheduler may let wait for every process
 * that runs already.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define USAGE	"MILLISECONDS nice VALUE... | groups NR"
#define CGROUP	"/sys/fs/cgroup/lanes-bench"
#define MAX	64

static struct entity {
	double weight;
	int nr;
	pid_t pids[3];
	uint64_t start_ns;
} entities[MAX];

static int nr_entities;

/* Closed by us when all are to begin. */
static int gate[2];

/* How much CPU time its processes have had. */
static uint64_t cpu_ns(const struct entity *e)
{
	struct timespec ts;
	uint64_t sum_ns = 0;
	clockid_t clock;
	int i;

	for (i = 0; i < e->nr; i++) {
		if (clock_getcpuclockid(e->pids[i], &clock) || clock_gettime(clock, &ts))
			die("clock_getcpuclockid");
		sum_ns += ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
	}
	return sum_ns;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

static void waiting_hog(void *unused)
{
	char c;

	close(gate[1]);
	if (read(gate[0], &c, 1))
		die("read");
	hog(unused);
}

/* A nice level is worth a factor of 1.25; the kernel's table rounds, by 0.05 points at most. */
static void start_nice(int value)
{
	struct entity *e = &entities[nr_entities++];

	e->weight = pow(1.25, -value);
	e->nr = 1;
	e->pids[0] = start_child(waiting_hog, NULL);
	if (setpriority(PRIO_PROCESS, e->pids[0], value))
		die("setpriority");
}

static void start_group(int i)
{
	struct entity *e = &entities[nr_entities++];
	char path[128], text[16];

	e->weight = 50 * (1 + i % 8);
	e->nr = 1 + i % 3;
	snprintf(path, sizeof(path), CGROUP "/%d", i);
	if (mkdir(path, 0755) && errno != EEXIST)
		die(path);
	snprintf(path, sizeof(path), CGROUP "/%d/cpu.weight", i);
	snprintf(text, sizeof(text), "%.0f", e->weight);
	write_file(path, text);
	snprintf(path, sizeof(path), CGROUP "/%d/cgroup.procs", i);
	for (i = 0; i < e->nr; i++) {
		e->pids[i] = start_child(waiting_hog, NULL);
		snprintf(text, sizeof(text), "%d", e->pids[i]);
		write_file(path, text);
	}
}

static void start_groups(int nr)
{
	int i;

	write_file("/sys/fs/cgroup/cgroup.subtree_control", "+cpu");
	if (mkdir(CGROUP, 0755) && errno != EEXIST)
		die(CGROUP);
	write_file(CGROUP "/cgroup.subtree_control", "+cpu");
	for (i = 0; i < nr && i < MAX; i++)
		start_group(i);
}

static void sleep_ms(unsigned long ms)
{
	sleep_until(now_ns() + ms * NSEC_PER_MSEC);
}

/* Return: the largest error, in points. */
static double measure(unsigned long ms)
{
	double weights = 0, used = 0, worst = 0;
	struct entity *e;

	for (e = entities; e < entities + nr_entities; e++) {
		e->start_ns = cpu_ns(e);
		weights += e->weight;
	}
	sleep_ms(ms);
	for (e = entities; e < entities + nr_entities; e++) {
		e->start_ns = cpu_ns(e) - e->start_ns;
		used += e->start_ns;
	}
	for (e = entities; e < entities + nr_entities; e++)
		worst = fmax(worst, fabs(e->start_ns / used - e->weight / weights));
	return 100 * worst;
}

static void end_all(void)
{
	char path[128];
	int i, j;

	for (i = 0; i < nr_entities; i++) {
		for (j = 0; j < entities[i].nr; j++)
			end_child(entities[i].pids[j]);
		snprintf(path, sizeof(path), CGROUP "/%d", i);
		rmdir(path);
	}
	rmdir(CGROUP);
}

int main(int argc, char **argv)
{
	unsigned long ms = argument(argc, argv, 1, USAGE);
	int i;

	/* All are born on this CPU; we look at them in real time. */
	pin_to(0);
	if (pipe(gate))
		die("pipe");
	if (argc > 3 && !strcmp(argv[2], "groups"))
		start_groups(argument(argc, argv, 3, USAGE));
	else
		for (i = 3; i < argc && i < MAX; i++)
			start_nice(atoi(argv[i]));
	be_fifo();
	close(gate[1]);
	sleep_ms(200);
	print_result("-", "points", measure(ms));
	end_all();
	return 0;
}
