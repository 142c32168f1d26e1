// SPDX-License-Identifier: GPL-2.0
// description: a task whose CPU we make pick anew loses nothing by it; one that yields does
// cpus: 2
// time: virtual
#include <sched.h>
#include <sys/resource.h>

#include "harness.h"

#define NR_ASKS		30
#define ASK_MS		5

static pid_t start_heavy(bool is_yielding)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	pin_task(0, 1, 1);
	setpriority(PRIO_PROCESS, 0, -20);
	for (;;) {
		use_cpu_ms(ASK_MS);
		if (is_yielding)
			sched_yield();
	}
}

static pid_t start_sleeper(void)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	pin_task(0, 1, 1);
	for (;;)
		sleep_ms(100000);
}

/* Return: percent of CPU 1 that a hog of nice 0 gets beside a heavy one. */
static double light_share(bool is_asked, bool is_yielding)
{
	unsigned long long began;
	pid_t heavy, sleeper;
	struct hog light;
	double percent;
	int i;

	if (!KTAP_EXPECT(lanes_start("--slice-us 10000")))
		return -1;
	heavy = start_heavy(is_yielding);
	sleeper = start_sleeper();
	light = hog_start(1, 0);
	sleep_ms(200);
	light.start_ns = hog_cpu_ns(&light);
	began = now_ns();
	/* Whoever becomes real-time may want the CPU where it last ran. */
	for (i = 0; i < NR_ASKS; i++) {
		if (is_asked)
			KTAP_EXPECT(rt_set(sleeper, "--prio 5"));
		sleep_ms(ASK_MS);
	}
	percent = 100.0 * (hog_cpu_ns(&light) - light.start_ns) / (now_ns() - began);
	ktap_diag("%.1f %% of the CPU", percent);
	end_child(heavy);
	end_child(sleeper);
	hog_end(&light);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return percent;
}

KTAP_TEST(made_to_pick_is_no_yield, "nice 0 gets no more beside nice -20 whose CPU is made to pick")
{
	KTAP_EXPECT(light_share(true, false) < 6);
}

KTAP_TEST(control_yields, "it gets more if that one yields as often")
{
	KTAP_EXPECT(light_share(false, true) > 20);
}

SCHED_MAIN()
