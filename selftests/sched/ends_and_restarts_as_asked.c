// SPDX-License-Identifier: GPL-2.0
// description: SIGTERM and SIGHUP end it cleanly; CPUs that change while it starts make it start anew
// cpus: 2
#include "harness.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define CPU1_ONLINE "/sys/devices/system/cpu/cpu1/online"

static void ends_with(int sig)
{
	if (!KTAP_EXPECT(lanes_start("")))
		return;
	lanes_signal(sig);
	KTAP_EXPECT_EQ(lanes_wait(), 0);
	KTAP_EXPECT(strstr(lanes_output(), "detached; the kernel's own scheduler"));
	KTAP_EXPECT_STREQ(read_line("/sys/kernel/sched_ext/state"), "disabled");
}

KTAP_TEST(ends_at_sigterm, "SIGTERM: detached, exit 0")
{
	ends_with(SIGTERM);
}

KTAP_TEST(ends_at_sighup, "SIGHUP: detached, exit 0")
{
	ends_with(SIGHUP);
}

KTAP_TEST(outlives_sighup, "started by nohup(1) it stays attached")
{
	bool is_attached;

	signal(SIGHUP, SIG_IGN);
	is_attached = lanes_start("");
	signal(SIGHUP, SIG_DFL);
	if (!KTAP_EXPECT(is_attached))
		return;
	lanes_signal(SIGHUP);
	sleep_ms(500);
	KTAP_EXPECT(lanes_is_attached());
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

static void bring_back(void)
{
	write_text(CPU1_ONLINE, "1");
}

static pid_t start_toggling(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	alarm(TEST_SECS);
	for (;;) {
		write_text(CPU1_ONLINE, "0");
		write_text(CPU1_ONLINE, "1");
	}
}

KTAP_TEST(restarts_when_cpus_change, "CPU 1 comes and goes: the kernel asks for a restart, then it is attached")
{
	pid_t toggler;

	atexit(bring_back);
	toggler = start_toggling();
	lanes_launch("--verbose");
	sleep_ms(4000);
	kill(toggler, SIGKILL);
	waitpid(toggler, NULL, 0);
	bring_back();
	KTAP_EXPECT(lanes_wait_attached());
	KTAP_EXPECT(strstr(lanes_output(), "the kernel asks for a restart"));
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
