// SPDX-License-Identifier: GPL-2.0
// description: with --partial only tasks of policy SCHED_EXT are scheduled by Lanes
// cpus: 2
#define _GNU_SOURCE
#include "harness.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SCHED_EXT
#define SCHED_EXT 7
#endif

static void set_policy(pid_t pid, int policy)
{
	struct sched_param param = {};

	KTAP_EXPECT_EQ(syscall(SYS_sched_setscheduler, pid, policy, &param), 0);
}

static bool is_in_ext_class(const struct hog *hog)
{
	char command[64];
	FILE *f;
	int c;

	snprintf(command, sizeof(command), "grep -q 'ext.enabled.*1' /proc/%d/sched", hog->pid);
	f = popen(command, "r");
	c = f ? pclose(f) : -1;
	return c == 0;
}

KTAP_TEST(partial_takes_only_ext_tasks, "an ordinary hog stays with the kernel, a SCHED_EXT one does not")
{
	struct hog ordinary, ext;

	if (!KTAP_EXPECT(lanes_start("--partial")))
		return;
	ordinary = hog_start(0, 0);
	ext = hog_start(1, 0);
	set_policy(ext.pid, SCHED_EXT);
	sleep_ms(300);
	KTAP_EXPECT(!is_in_ext_class(&ordinary));
	KTAP_EXPECT(is_in_ext_class(&ext));
	hog_end(&ordinary);
	hog_end(&ext);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
