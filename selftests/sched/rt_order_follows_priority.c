// SPDX-License-Identifier: GPL-2.0
// description: of tasks that wake at once the most urgent runs first, whatever woke first
// cpus: 1
// time: virtual
#include "harness.h"

#include <string.h>
#include <unistd.h>

#define NR_ROUNDS	20

enum { FAIR, LOW, HIGH, NR_TASKS };

static const char *const name[NR_TASKS] = { "fair", "50", "99" };
static volatile int *place, *next_place;

/* Woken by a byte, it takes the next place and runs for a while. */
static pid_t start_runner(int i, int fd)
{
	pid_t pid = fork_child();
	char byte;

	if (pid)
		return pid;
	for (;;) {
		if (read(fd, &byte, 1) != 1)
			_exit(1);
		place[i] = __atomic_fetch_add(next_place, 1, __ATOMIC_SEQ_CST);
		use_cpu_ms(1);
	}
}

/* All of them wake before one can run, because this process is SCHED_FIFO. */
static void wake_all(int pipes[][2], const int *order)
{
	int i;

	*next_place = 0;
	for (i = 0; i < NR_TASKS; i++)
		place[i] = -1;
	for (i = 0; i < NR_TASKS; i++)
		KTAP_EXPECT_EQ(write(pipes[order[i]][1], "", 1), 1);
	sleep_ms(20);
}

/* Return: rounds in which 99 was before 50 before fair. */
static int count_in_order(bool is_designated, const int *order)
{
	int i, nr_good = 0, pipes[NR_TASKS][2];
	pid_t pid[NR_TASKS];

	if (!KTAP_EXPECT(lanes_start("")))
		return -1;
	place = shared_memory((NR_TASKS + 1) * sizeof(*place));
	next_place = place + NR_TASKS;
	for (i = 0; i < NR_TASKS; i++) {
		KTAP_EXPECT_EQ(pipe(pipes[i]), 0);
		pid[i] = start_runner(i, pipes[i][0]);
	}
	sleep_ms(50);
	if (is_designated) {
		KTAP_EXPECT(rt_set(pid[LOW], "--prio 50"));
		KTAP_EXPECT(rt_set(pid[HIGH], "--prio 99"));
	}
	for (i = 0; i < NR_ROUNDS; i++) {
		wake_all(pipes, order);
		nr_good += place[HIGH] == 0 && place[LOW] == 1 && place[FAIR] == 2;
	}
	ktap_diag("woken %s, %s, %s, designated: %s: %d of %d rounds in order", name[order[0]],
		  name[order[1]], name[order[2]], is_designated ? "yes" : "no", nr_good, NR_ROUNDS);
	for (i = 0; i < NR_TASKS; i++)
		end_child(pid[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return nr_good;
}

KTAP_TEST(least_urgent_woken_first, "woken as fair, 50, 99")
{
	KTAP_EXPECT_EQ(count_in_order(true, (const int[]){ FAIR, LOW, HIGH }), NR_ROUNDS);
}

KTAP_TEST(most_urgent_woken_first, "woken as 99, 50, fair")
{
	KTAP_EXPECT_EQ(count_in_order(true, (const int[]){ HIGH, LOW, FAIR }), NR_ROUNDS);
}

KTAP_TEST(most_urgent_woken_between, "woken as 50, 99, fair")
{
	KTAP_EXPECT_EQ(count_in_order(true, (const int[]){ LOW, HIGH, FAIR }), NR_ROUNDS);
}

KTAP_TEST(control_ordinary_tasks, "ordinary tasks do not run in that order")
{
	KTAP_EXPECT(count_in_order(false, (const int[]){ FAIR, LOW, HIGH }) < NR_ROUNDS / 2);
}

SCHED_MAIN()
