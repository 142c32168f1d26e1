// SPDX-License-Identifier: GPL-2.0
/* See bench.h. */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

void die(const char *what)
{
	perror(what);
	exit(1);
}

unsigned long argument(int argc, char **argv, int i, const char *usage)
{
	unsigned long value = 0;
	char *end = NULL;

	if (i < argc)
		value = strtoul(argv[i], &end, 10);
	if (!end || end == argv[i] || *end) {
		fprintf(stderr, "usage: %s %s\n", argv[0], usage);
		exit(2);
	}
	return value;
}

static uint64_t read_clock(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

uint64_t now_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

void sleep_until(uint64_t when_ns)
{
	struct timespec ts = { when_ns / NSEC_PER_SEC, when_ns % NSEC_PER_SEC };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

/*
 * In long blocks without a branch: an emulator passes over them at a hundred
 * times the speed of a short loop, and their time is the same to the guest.
 */
void spin(void)
{
	int i;

	for (i = 0; i < 20; i++)
		__asm__ volatile(".rept 500; nop; .endr" ::: "memory");
}

void burn(uint64_t cpu_ns)
{
	uint64_t end_ns = read_clock(CLOCK_THREAD_CPUTIME_ID) + cpu_ns;

	while (read_clock(CLOCK_THREAD_CPUTIME_ID) < end_ns)
		spin();
}

int nr_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

static void allow_cpus(int first, int nr)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	while (nr--)
		CPU_SET(first + nr, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

void pin_to(int cpu)
{
	allow_cpus(cpu, 1);
}

void unpin(void)
{
	allow_cpus(0, nr_cpus());
}

void be_fifo(void)
{
	struct sched_param param = { .sched_priority = 50 };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		die("sched_setscheduler");
}

void *shared_memory(size_t len)
{
	void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap");
	return memory;
}

pid_t start_child(void (*body)(void *arg), void *arg)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	body(arg);
	_exit(0);
}

void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void hog(void *unused)
{
	(void)unused;
	for (;;)
		spin();
}

void print_result(const char *suffix, const char *unit, double value)
{
	printf("result %s %s %.3f\n", suffix, unit, value);
}

void print_samples(const char *suffix, const uint64_t *ns, size_t nr)
{
	size_t i;

	printf("samples %s ns", suffix);
	for (i = 0; i < nr; i++)
		printf(" %" PRIu64, ns[i]);
	putchar('\n');
}
