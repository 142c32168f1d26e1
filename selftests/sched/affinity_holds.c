// SPDX-License-Identifier: GPL-2.0
// description: a task runs only where it may, whatever it does when that changes
// cpus: 4
// time: virtual
// kernel: any
#include "harness.h"
#include "lanes_sched.h"

#include <signal.h>
#include <string.h>

#define NR_HOGS		6
#define NR_CHANGES	20
/* Whoever looks is not in the way of those that are looked at. */
#define MY_CPU		3

static struct hog hogs[NR_HOGS];

static bool is_queued(const struct hog *hog)
{
	return lanes_task(hog->pid)->queued_in != 0;
}

static bool is_running(const struct hog *hog)
{
	const volatile struct task_ctx *ctx = lanes_task(hog->pid);

	return !ctx->queued_in && ctx->last_cpu >= 0 &&
	       lanes_lane(ctx->last_cpu)->curr_pid == (unsigned int)hog->pid;
}

/* Return: a hog that was in this state a moment ago, NULL if none was for 2 s. */
static struct hog *find_hog(bool (*is_so)(const struct hog *hog))
{
	int i, waited;

	for (waited = 0; waited < 2000; waited++) {
		for (i = 0; i < NR_HOGS; i++)
			if (is_so(&hogs[i]))
				return &hogs[i];
		sleep_ms(1);
	}
	return NULL;
}

/* A hog may still have to write down where it was before: two rounds on it has. */
static void wait_for_rounds(struct hog *hog)
{
	unsigned long before = *hog->nr_rounds;
	int waited;

	for (waited = 0; *hog->nr_rounds < before + 2 && waited < 2000; waited++)
		sleep_ms(1);
	KTAP_EXPECT(waited < 2000);
}

static void start_on(int first, int last)
{
	int i;

	for (i = 0; i < NR_HOGS; i++) {
		hogs[i] = hog_start(first, 0);
		wait_for_rounds(&hogs[i]);
		pin_task(hogs[i].pid, first, last);
	}
	sleep_ms(100);
}

static void end_all(void)
{
	int i;

	for (i = 0; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
}

/* Return: the CPUs that it runs on in the next time, a bit each. */
static unsigned long cpus_seen(struct hog *hog, int ms)
{
	wait_for_rounds(hog);
	*hog->seen_cpus = 0;
	sleep_ms(ms);
	wait_for_rounds(hog);
	return *hog->seen_cpus;
}

/* Move hogs in this state from CPU to CPU. Return: how often one was seen elsewhere. */
static int count_strays(bool (*is_so)(const struct hog *hog))
{
	int i, cpu, nr_strays = 0;
	struct hog *hog;

	for (i = 0; i < NR_CHANGES; i++) {
		hog = find_hog(is_so);
		if (!KTAP_EXPECT(hog))
			break;
		cpu = (lanes_task(hog->pid)->last_cpu + 1 + i % 2) % MY_CPU;
		pin_task(hog->pid, cpu, cpu);
		nr_strays += cpus_seen(hog, 10) != 1UL << cpu;
	}
	return nr_strays;
}

KTAP_TEST(while_queued, "changed while it waits in a queue")
{
	if (!KTAP_EXPECT(lanes_start("")))
		return;
	pin_task(0, MY_CPU, MY_CPU);
	start_on(1, 1);
	KTAP_EXPECT_EQ(count_strays(is_queued), 0);
	end_all();
}

KTAP_TEST(while_running, "changed while it runs")
{
	start_on(1, 2);
	KTAP_EXPECT_EQ(count_strays(is_running), 0);
	end_all();
}

KTAP_TEST(while_stopped, "changed while it does not want to run")
{
	int i, cpu, nr_strays = 0;

	start_on(1, 2);
	for (i = 0; i < NR_CHANGES; i++) {
		cpu = i % MY_CPU;
		kill(hogs[0].pid, SIGSTOP);
		sleep_ms(5);
		pin_task(hogs[0].pid, cpu, cpu);
		kill(hogs[0].pid, SIGCONT);
		nr_strays += cpus_seen(&hogs[0], 10) != 1UL << cpu;
	}
	KTAP_EXPECT_EQ(nr_strays, 0);
	end_all();
}

KTAP_TEST(while_others_steal, "tasks that may run on two of four CPUs are not taken to the others")
{
	int i, nr_strays = 0;
	unsigned long seen;

	start_on(0, 1);
	for (i = 0; i < NR_HOGS; i++) {
		seen = cpus_seen(&hogs[i], 300);
		ktap_diag("hog %d: seen on CPUs 0x%lx", i, seen);
		nr_strays += (seen & ~3UL) != 0;
	}
	KTAP_EXPECT_EQ(nr_strays, 0);
	end_all();
}

KTAP_TEST(control_set_free, "set free they are taken to the others at once")
{
	unsigned long seen = 0;
	int i;

	start_on(0, 1);
	for (i = 0; i < NR_HOGS; i++)
		hog_unpin(&hogs[i]);
	for (i = 0; i < NR_HOGS; i++)
		seen |= cpus_seen(&hogs[i], 50);
	KTAP_EXPECT(seen & ~3UL);
	end_all();
	KTAP_EXPECT(lanes_counter(LANES_STAT_migrations) > 0);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
