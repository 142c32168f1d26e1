// SPDX-License-Identifier: GPL-2.0
// description: a CPU goes off in time although RCU's thread may have been moved to it
// cpus: 4
// log 6.12: WARNING: .*kernel/sched/deadline.c
/*
 * An unplug waits for RCU, and RCU for its thread. The CPU has stopped taking tasks by
 * then but the scheduler does not know yet, and moves waiting tasks there: those whose
 * turn comes last, which is RCU's thread when it is reniced. Each of the kicks that follow
 * makes the CPU look for a task in vain, and that once passed for serving its lane.
 */
#include "harness.h"
#include "lanes_sched.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define NR_HOGS		12
#define NR_CYCLES	20

/* RCU's patience ends after 21 s; without the fault it was 1.1 s at most. */
#define LONGEST_MS	10000

#define CPU1_ONLINE	"/sys/devices/system/cpu/cpu1/online"

static pid_t rcu_pid;

static void undo(void)
{
	write_text(CPU1_ONLINE, "1");
	setpriority(PRIO_PROCESS, rcu_pid, 0);
}

/* Kernel threads of the first hour have the first numbers. */
static pid_t find_kthread(const char *name)
{
	char path[64];
	pid_t pid;

	for (pid = 2; pid < 100; pid++) {
		snprintf(path, sizeof(path), "/proc/%d/comm", pid);
		if (!strcmp(read_line(path), name))
			return pid;
	}
	return 0;
}

KTAP_TEST(unplugs_in_time, "with RCU's thread at nice 19 among 12 hogs: no unplug takes 10 s, nothing is ejected")
{
	int i, longest_ms = 0;
	struct hog hogs[NR_HOGS];

	rcu_pid = find_kthread("rcu_preempt");
	if (!KTAP_EXPECT(rcu_pid) || !KTAP_EXPECT(lanes_start("")))
		return;
	atexit(undo);
	KTAP_EXPECT_EQ(setpriority(PRIO_PROCESS, rcu_pid, 19), 0);
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(ANY_CPU, 0);
	for (i = 0; i < NR_CYCLES && longest_ms < LONGEST_MS; i++) {
		unsigned long long start_ns = now_ns();
		int ms;

		KTAP_EXPECT(write_text(CPU1_ONLINE, "0"));
		ms = (now_ns() - start_ns) / 1000000;
		longest_ms = ms > longest_ms ? ms : longest_ms;
		sleep_ms(30);
		KTAP_EXPECT(write_text(CPU1_ONLINE, "1"));
		sleep_ms(30);
	}
	ktap_diag("%d unplugs, the longest took %d ms", i, longest_ms);
	KTAP_EXPECT(longest_ms < LONGEST_MS);
	if (KTAP_EXPECT(lanes_is_attached()))
		KTAP_EXPECT(lanes_counter(LANES_STAT_rescues) > 0);
	else
		ktap_diag("%s", lanes_output());
	KTAP_EXPECT(hogs_run(hogs, NR_HOGS));
	for (i = 0; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
