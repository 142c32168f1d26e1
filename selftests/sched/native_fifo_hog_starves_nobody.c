// SPDX-License-Identifier: GPL-2.0
// description: tasks leave a CPU that a SCHED_FIFO hog keeps; on 7.x those bound to it go on running
// cpus: 2
#define _GNU_SOURCE
#include "harness.h"
#include "lanes_sched.h"

#include <sched.h>
#include <stdio.h>

#define NR_HOGS		2
#define MEASURE_MS	3000
#define NR_TRIES	10

/* Less urgent than this test is. */
static struct hog start_fifo_hog(int cpu)
{
	struct sched_param param = { .sched_priority = 10 };
	struct hog hog = hog_start(cpu, 0);

	KTAP_EXPECT_EQ(sched_setscheduler(hog.pid, SCHED_FIFO, &param), 0);
	return hog;
}

/* Percent of a CPU that a hog gets. */
static double percent_of(struct hog *hog, unsigned long long ns)
{
	return 100.0 * (hog_cpu_ns(hog) - hog->start_ns) / ns;
}

/* Two hogs on CPU 1 when a FIFO hog takes it. Return: what both get from then on, percent. */
static double beside_fifo_hog(const char *options, bool is_pinned, struct lane *cpu1)
{
	struct hog hogs[NR_HOGS], fifo;
	unsigned long long start;
	double percent = 0;
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(1, 0);
	sleep_ms(200);
	fifo = start_fifo_hog(1);
	for (i = 0; i < NR_HOGS && !is_pinned; i++)
		hog_unpin(&hogs[i]);
	sleep_ms(500);
	for (i = 0; i < NR_HOGS; i++)
		hogs[i].start_ns = hog_cpu_ns(&hogs[i]);
	start = now_ns();
	sleep_ms(MEASURE_MS);
	start = now_ns() - start;
	for (i = 0; i < NR_HOGS; i++) {
		ktap_diag("scx_lanes %s: %s hog %d: %.1f %% of a CPU", options,
			  is_pinned ? "bound" : "free", i, percent_of(&hogs[i], start));
		percent += percent_of(&hogs[i], start);
	}
	*cpu1 = *lanes_lane(1);
	KTAP_EXPECT(lanes_is_attached());
	hog_end(&fifo);
	for (i = 0; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return percent;
}

KTAP_TEST(free_tasks_leave, "two free tasks share the other CPU")
{
	struct lane cpu1;

	KTAP_EXPECT(beside_fifo_hog("", false, &cpu1) > 85);
}

KTAP_TEST(control_nobody_moves, "without rescue, stealing and balancing they do not leave")
{
	struct lane cpu1;

	KTAP_EXPECT(beside_fifo_hog("--without rescue,steal,idle --balance off", false, &cpu1) < 60);
}

/* A hog alone on CPU 1 when a FIFO hog takes it. Return: how long it has to wait, ms. */
static int wait_of_lone_hog(struct hog *hog)
{
	unsigned long long start;
	struct hog fifo;
	int waited;

	hog_pin(hog, 1);
	sleep_ms(200);
	hog_unpin(hog);
	fifo = start_fifo_hog(1);
	start = hog_cpu_ns(hog);
	for (waited = 0; waited < 5000 && hog_cpu_ns(hog) - start < 50000000; waited += 10)
		sleep_ms(10);
	hog_end(&fifo);
	return waited;
}

/* From 7.0 on the kernel's server for sched_ext brings it on too, some time within a second. */
KTAP_TEST(lone_task_leaves, "one that was alone there, with nobody waiting, is soon on the idle CPU")
{
	int i, ms, longest_ms = 0;
	struct hog hog;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	hog = hog_start(1, 0);
	for (i = 0; i < NR_TRIES; i++) {
		ms = wait_of_lone_hog(&hog);
		longest_ms = ms > longest_ms ? ms : longest_ms;
	}
	ktap_diag("%d ms at most", longest_ms);
	KTAP_EXPECT(longest_ms < 500);
	hog_end(&hog);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(bound_tasks_go_on, "bound to that CPU they keep 4 % of it or more")
{
	struct lane cpu1;

	if (kernel_version() < 7)
		return ktap_skip("before 7.0 the kernel has no server for sched_ext");
	KTAP_EXPECT(beside_fifo_hog("", true, &cpu1) >= 4);
}

SCHED_MAIN()
