// SPDX-License-Identifier: GPL-2.0
// description: woken tasks return to their CPU, new ones go where --place and --idle say
// cpus: 8
// time: virtual
// guest: --topology 2,2,2 --qemu "-object memory-backend-ram,id=m0,size=512M -object memory-backend-ram,id=m1,size=512M -numa node,nodeid=0,cpus=0-3,memdev=m0 -numa node,nodeid=1,cpus=4-7,memdev=m1"
// kernel: any
#define _GNU_SOURCE
#include "harness.h"
#include "lanes_sched.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define NR_NAPPERS	4
#define NR_NAPS		200
#define NR_CPUS_MAX	8

/* Package of a CPU, or node; both are halves of the machine. */
static int package_of(int cpu)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/topology/physical_package_id", cpu);
	return atoi(read_line(path));
}

/**
 * struct nap - where a task that sleeps now and then wakes
 * @nr_naps: how often it has woken
 * @nr_back: of these, on the CPU it fell asleep on
 * @nr_on: wakeups on each CPU
 */
struct nap {
	pid_t pid;
	volatile int nr_naps;
	volatile int nr_back;
	volatile int nr_on[NR_CPUS_MAX];
};

/* Busy for three milliseconds of four. */
static struct nap *nap_start(int sleep_for_ms)
{
	struct nap *nap = shared_memory(sizeof(*nap));
	pid_t pid = fork_child();
	int cpu, before;

	if (pid) {
		nap->pid = pid;
		return nap;
	}
	for (;;) {
		use_cpu_ms(3);
		before = sched_getcpu();
		sleep_ms(sleep_for_ms);
		cpu = sched_getcpu();
		nap->nr_back += cpu == before;
		nap->nr_on[cpu]++;
		nap->nr_naps++;
	}
}

KTAP_TEST(woken_task_returns, "on an idle machine a task wakes where it fell asleep, 4 of 5 times or more")
{
	struct nap *nap;

	if (!KTAP_EXPECT(nr_online_cpus() == NR_CPUS_MAX && package_of(0) != package_of(7)))
		return;
	if (!KTAP_EXPECT(lanes_start("")))
		return;
	nap = nap_start(5);
	while (nap->nr_naps < NR_NAPS)
		sleep_ms(10);
	ktap_diag("%d of %d wakeups on the last CPU", nap->nr_back, nap->nr_naps);
	KTAP_EXPECT(nap->nr_back * 5 >= nap->nr_naps * 4);
	end_child(nap->pid);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

/* Forks four for each CPU, one after the other. Return: the most that one CPU was given. */
static int most_births(const char *options)
{
	volatile int *cpu_of_birth = shared_memory(sizeof(*cpu_of_birth));
	int i, nr[NR_CPUS_MAX] = {}, most = 0;
	pid_t pid;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	for (i = 0; i < 4 * NR_CPUS_MAX; i++) {
		pid = fork_child();
		if (!pid) {
			*cpu_of_birth = sched_getcpu();
			_exit(0);
		}
		waitpid(pid, NULL, 0);
		nr[*cpu_of_birth]++;
	}
	for (i = 0; i < NR_CPUS_MAX; i++)
		most = nr[i] > most ? nr[i] : most;
	ktap_diag("scx_lanes %s: born on CPU 0 to 7: %d %d %d %d %d %d %d %d", options, nr[0], nr[1],
		  nr[2], nr[3], nr[4], nr[5], nr[6], nr[7]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return most;
}

KTAP_TEST(round_robin, "with --place round-robin each CPU gets the same number of children")
{
	int most, tries = 0;

	/* A kernel worker born in between takes a turn. */
	do
		most = most_births("--place round-robin --without steal --balance off");
	while (most != 4 && ++tries < 3);
	KTAP_EXPECT_EQ(most, 4);
}

KTAP_TEST(control_least_loaded, "with --place least-loaded they do not")
{
	KTAP_EXPECT(most_births("--place least-loaded --without steal --balance off") > 4);
}

/* Half as many busy tasks as CPUs. Return: percent of wakeups in the busier package. */
static double busier_package(const char *options)
{
	struct nap *nap[NR_NAPPERS];
	int i, cpu, first = 0, all = 0;
	double percent;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	for (i = 0; i < NR_NAPPERS; i++)
		nap[i] = nap_start(1);
	sleep_ms(500);
	for (i = 0; i < NR_NAPPERS; i++)
		for (cpu = 0; cpu < NR_CPUS_MAX; cpu++)
			nap[i]->nr_on[cpu] = 0;
	sleep_ms(2000);
	for (i = 0; i < NR_NAPPERS; i++) {
		for (cpu = 0; cpu < NR_CPUS_MAX; cpu++) {
			all += nap[i]->nr_on[cpu];
			first += package_of(cpu) == package_of(0) ? nap[i]->nr_on[cpu] : 0;
		}
		end_child(nap[i]->pid);
	}
	percent = all ? 100.0 * first / all : 0;
	percent = percent < 50 ? 100 - percent : percent;
	ktap_diag("scx_lanes %s: %d wakeups, %.1f %% in the busier package", options, all, percent);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return percent;
}

KTAP_TEST(powersave, "with --idle powersave half the load stays in half the packages")
{
	KTAP_EXPECT(busier_package("--idle powersave") >= 80);
}

KTAP_TEST(performance, "with --idle performance it uses all of them")
{
	double percent = busier_package("--idle performance");

	KTAP_EXPECT(percent >= 0 && percent <= 65);
}

SCHED_MAIN()
