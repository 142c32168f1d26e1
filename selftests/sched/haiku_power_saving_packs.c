// SPDX-License-Identifier: GPL-2.0
// description: haiku: to save power small tasks are packed on half of the cores at most, for low latency they are not
// cpus: 4
// time: virtual
// kernel: any
#define _GNU_SOURCE
#include <sched.h>
#include <sys/param.h>

#include <linux/types.h>

#include "harness.h"
#include "lanes_sched.h"

#define NR_TASKS	6
#define NR_CPUS		4

/* How often a task has woken up on each CPU. */
struct seen {
	volatile unsigned int nr[NR_CPUS];
};

static pid_t start_small(struct seen *seen)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	for (;; sleep_ms(20)) {
		seen->nr[sched_getcpu()]++;
		use_cpu_ms(1);
	}
}

/* Return: percent of the wakeups that were on the two cores with most of them. */
static double packed_percent(const char *mode)
{
	unsigned int sum[NR_CPUS] = {}, total = 0, most = 0, second = 0;
	struct seen *seen = shared_memory(NR_TASKS * sizeof(*seen));
	pid_t tasks[NR_TASKS];
	int i, cpu, core;

	if (!KTAP_EXPECT(lanes_start("--discipline haiku")))
		return -1;
	KTAP_EXPECT_STREQ(lanesctl(mode), "");
	for (i = 0; i < NR_TASKS; i++)
		tasks[i] = start_small(&seen[i]);
	sleep_ms(500);
	for (i = 0; i < NR_TASKS; i++)
		seen[i] = (struct seen){};
	sleep_ms(1500);
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		core = lanes_lane(cpu)->core;
		for (i = 0; i < NR_TASKS; i++) {
			sum[core] += seen[i].nr[cpu];
			total += seen[i].nr[cpu];
		}
	}
	for (core = 0; core < NR_CPUS; core++) {
		second = MAX(second, MIN(most, sum[core]));
		most = MAX(most, sum[core]);
	}
	ktap_diag("%s: %u %u %u %u", mode, sum[0], sum[1], sum[2], sum[3]);
	for (i = 0; i < NR_TASKS; i++)
		end_child(tasks[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return total ? 100.0 * (most + second) / total : -1;
}

KTAP_TEST(power_saving_packs, "nearly all of their wakeups are on two of four cores")
{
	KTAP_EXPECT(packed_percent("mode power-saving") > 95);
}

KTAP_TEST(control_low_latency, "with low latency they are spread")
{
	double percent = packed_percent("mode low-latency");

	KTAP_EXPECT(percent > 0 && percent < 80);
}

SCHED_MAIN()
