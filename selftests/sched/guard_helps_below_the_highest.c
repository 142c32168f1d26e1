// SPDX-License-Identifier: GPL-2.0
// description: lk and haiku: the guard lets one run below a hog of the highest level there is
// cpus: 2
// time: virtual
#include <sched.h>
#include <signal.h>

#include "harness.h"

#define MEASURE_MS	2000
#define NR_LIGHT	150

/* Return: ms that a hog runs within MEASURE_MS, once all have settled. */
static int runs_ms(const char *what, const struct hog *hog)
{
	unsigned long long ran_ns;

	sleep_ms(300);
	ran_ns = hog_cpu_ns(hog);
	sleep_ms(MEASURE_MS);
	ran_ns = hog_cpu_ns(hog) - ran_ns;
	ktap_diag("%s: %.1f ms", what, ran_ns / 1e6);
	return ran_ns / 1000000;
}

/* Return: ms that a hog of nice 0 runs beside one of that level. */
static int helped_ms(const char *options, const char *level)
{
	struct hog light, heavy;
	int ms;

	if (!KTAP_EXPECT(lanes_start(options)))
		return 0;
	heavy = hog_start(1, 0);
	light = hog_start(1, 0);
	kill(heavy.pid, SIGSTOP);
	KTAP_EXPECT(level_set(heavy.pid, level));
	kill(heavy.pid, SIGCONT);
	ms = runs_ms(options, &light);
	hog_end(&heavy);
	hog_end(&light);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return ms;
}

/*
 * The queue that lk's CPUs share is looked after with CPU 0, which a SCHED_FIFO hog keeps.
 * Return: ms that a hog which may run anywhere has beside one of that level on CPU 1.
 */
static int helped_elsewhere_ms(const char *options, const char *level)
{
	struct sched_param param = { .sched_priority = 1 };
	struct hog light, heavy, fifo;
	int ms;

	if (!KTAP_EXPECT(lanes_start(options)))
		return 0;
	heavy = hog_start(1, 0);
	fifo = hog_start(0, 0);
	light = hog_start(ANY_CPU, 0);
	KTAP_EXPECT(level_set(heavy.pid, level));
	KTAP_EXPECT_EQ(sched_setscheduler(fifo.pid, SCHED_FIFO, &param), 0);
	ms = runs_ms(options, &light);
	hog_end(&fifo);
	hog_end(&heavy);
	hog_end(&light);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return ms;
}

/* It is helped, and no more: without levels it would have half. */
static void expect_help(int ms, int least_ms)
{
	KTAP_EXPECT(ms >= least_ms && ms < MEASURE_MS / 4);
}

KTAP_TEST(below_lk_31, "below level 31 of lk one has a slice in each --max-wait-ms")
{
	expect_help(helped_ms("--discipline lk --max-wait-ms 200", "31"), 20);
}

KTAP_TEST(below_lk_31_realtime, "below one of level 31 that is real-time too")
{
	expect_help(helped_ms("--discipline lk --max-wait-ms 200", "31 --real-time"), 20);
}

KTAP_TEST(while_its_home_is_taken, "though a SCHED_FIFO hog has the CPU that their queue is looked after with")
{
	expect_help(helped_elsewhere_ms("--discipline lk --max-wait-ms 200", "31"), 20);
}

KTAP_TEST(while_its_home_is_taken_realtime, "even below one that has no quantum")
{
	expect_help(helped_elsewhere_ms("--discipline lk --max-wait-ms 200", "31 --real-time"), 20);
}

KTAP_TEST(below_haiku_120, "below priority 120 of haiku a quantum, which is shorter")
{
	expect_help(helped_ms("--discipline haiku --max-wait-ms 200", "120"), 10);
}

KTAP_TEST(control_without_guard, "without the guard nobody helps it")
{
	KTAP_EXPECT(helped_ms("--discipline lk --max-wait-ms 200 --without guard", "31") < 10);
}

/* Return: those of many hogs below one of a higher level that did not run in a second. */
static int nr_forgotten(const char *options)
{
	unsigned long long before[NR_LIGHT];
	struct hog heavy, light[NR_LIGHT];
	int i, nr = 0;

	if (!KTAP_EXPECT(lanes_start(options)))
		return NR_LIGHT;
	heavy = hog_start(1, -10);
	kill(heavy.pid, SIGSTOP);
	for (i = 0; i < NR_LIGHT; i++)
		light[i] = hog_start(1, 0);
	kill(heavy.pid, SIGCONT);
	sleep_ms(1000);
	for (i = 0; i < NR_LIGHT; i++)
		before[i] = hog_cpu_ns(&light[i]);
	sleep_ms(1000);
	for (i = 0; i < NR_LIGHT; i++)
		nr += hog_cpu_ns(&light[i]) == before[i];
	ktap_diag("%s: %d of %d did not run", options, nr, NR_LIGHT);
	hog_end(&heavy);
	/* All before the first is waited for: each has to have its turn to die. */
	for (i = 0; i < NR_LIGHT; i++)
		kill(light[i].pid, SIGKILL);
	for (i = 0; i < NR_LIGHT; i++)
		hog_end(&light[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return nr;
}

KTAP_TEST(many_at_once, "where many starve each has a slice in a second")
{
	KTAP_EXPECT_EQ(nr_forgotten("--discipline lk --slice-us 1000 --max-wait-ms 500"), 0);
}

KTAP_TEST(control_many_without_guard, "without the guard most of them are forgotten")
{
	KTAP_EXPECT(nr_forgotten("--discipline lk --slice-us 1000 --max-wait-ms 500 --without guard") >
		    NR_LIGHT / 2);
}

SCHED_MAIN()
