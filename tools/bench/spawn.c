// SPDX-License-Identifier: GPL-2.0
/*
 * spawn: what a life costs: a thread that is created, does nothing and is
 * joined; or a process that is forked, executes a program that ends at once
 * (this one, without arguments), and is waited for.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define USAGE	"COUNT threads|processes"

static void *do_nothing(void *arg)
{
	return arg;
}

static void live_as_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, do_nothing, NULL) || pthread_join(thread, NULL))
		die("pthread_create");
}

static void live_as_process(void)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid) {
		execl("/proc/self/exe", "spawn", NULL);
		_exit(1);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		die("spawn: child");
}

static double measure(void (*live)(void), unsigned long count)
{
	uint64_t start_ns = now_ns();
	unsigned long i;

	for (i = 0; i < count; i++)
		live();
	return (double)(now_ns() - start_ns) / count;
}

int main(int argc, char **argv)
{
	unsigned long count;
	void (*live)(void);

	if (argc < 2)
		return 0;
	count = argument(argc, argv, 1, USAGE);
	live = argc > 2 && !strcmp(argv[2], "threads") ? live_as_thread : live_as_process;
	measure(live, count / 8 + 1);
	print_result("-", "ns", measure(live, count));
	return 0;
}
