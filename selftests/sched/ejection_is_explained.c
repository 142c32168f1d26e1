// SPDX-License-Identifier: GPL-2.0
// description: when the kernel ejects the scheduler, its reason and dump are shown and the exit is 4
// cpus: 2
// log: disabled \(runnable task stall\)
#define _GNU_SOURCE
#include "harness.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXT_SERVER "/sys/kernel/debug/sched/ext_server/cpu1/runtime"

/* The loader's nice value while it loads another discipline. */
#define HURRIES		(-20)

static char server_runtime[32];

static void restore_server(void)
{
	if (server_runtime[0])
		write_text(EXT_SERVER, server_runtime);
}

/* From 7.0 on the kernel gives starved tasks 5 %; not in this test. */
static void switch_off_server(void)
{
	snprintf(server_runtime, sizeof(server_runtime), "%s", read_line(EXT_SERVER));
	atexit(restore_server);
	if (server_runtime[0])
		KTAP_EXPECT(write_text(EXT_SERVER, "0"));
}

/*
 * A task of a higher class has CPU 1 to itself for long enough; one of ours is
 * bound to it and cannot run. The kernel's watchdog ends that: it looks every
 * half of its time. (It can be done with us only when the other task has gone,
 * if a kernel thread that it needs waits on that CPU.)
 */
KTAP_TEST(ejection_is_explained, "a stalled task: exit 4, the task named, the lane in the dump")
{
	struct sched_param fifo = { .sched_priority = 1 };
	struct hog ours, rt;

	switch_off_server();
	if (!KTAP_EXPECT(lanes_start("--watchdog 5")))
		return;
	ours = hog_start(1, 0);
	rt = hog_start(1, 0);
	KTAP_EXPECT_EQ(sched_setscheduler(rt.pid, SCHED_FIFO, &fifo), 0);
	sleep_ms(9000);
	hog_end(&rt);
	KTAP_EXPECT_EQ(lanes_wait(), 4);
	KTAP_EXPECT(strstr(lanes_output(), "ejected by the kernel: runnable task stall"));
	KTAP_EXPECT(strstr(lanes_output(), "failed to run for"));
	KTAP_EXPECT(strstr(lanes_output(), "lane: depth="));
	KTAP_EXPECT_STREQ(read_line("/sys/kernel/sched_ext/state"), "disabled");
	KTAP_EXPECT(hog_is_alive(&ours));
	hog_end(&ours);
}

KTAP_TEST(sysrq_ends_it, "SysRq-S by a person: exit 4 and the reason, no dump")
{
	if (!KTAP_EXPECT(lanes_start("")))
		return;
	KTAP_EXPECT(write_text("/proc/sysrq-trigger", "S"));
	KTAP_EXPECT_EQ(lanes_wait(), 4);
	KTAP_EXPECT(strstr(lanes_output(), "ejected by the kernel: "));
	KTAP_EXPECT(strcasestr(lanes_output(), "sysrq"));
}

KTAP_TEST(ejected_while_switching, "SysRq-S while another discipline is loaded: exit 4 and the reason, nothing takes over")
{
	pid_t switcher;
	int waited;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	switcher = fork_child();
	if (!switcher) {
		lanesctl_within(60, "switch eevdf");
		_exit(0);
	}
	for (waited = 0; lanes_nice() != HURRIES && waited < 20000; waited++)
		sleep_ms(1);
	KTAP_EXPECT_EQ(lanes_nice(), HURRIES);
	KTAP_EXPECT(write_text("/proc/sysrq-trigger", "S"));
	KTAP_EXPECT_EQ(lanes_wait(), 4);
	end_child(switcher);
	KTAP_EXPECT(strstr(lanes_output(), "ejected by the kernel: "));
	KTAP_EXPECT(!strstr(lanes_output(), "has taken over"));
	KTAP_EXPECT_STREQ(read_line("/sys/kernel/sched_ext/state"), "disabled");
}

SCHED_MAIN()
