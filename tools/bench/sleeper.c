// SPDX-License-Identifier: GPL-2.0
/*
 * sleeper: how late a task is woken that sleeps for a fixed period, beside
 * HOGS processes for each CPU that always want to run.
 *
 * An ordinary task has the 50 us of timer slack that every process is given. A
 * real-time one, native ("fifo") or designated by the shell command COMMAND, which
 * finds its thread id in $TID, has none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench.h"

#define USAGE	"PERIOD_US WAKEUPS HOGS [fifo | designate COMMAND]"

static void be_designated(const char *command)
{
	char tid[16];

	snprintf(tid, sizeof(tid), "%d", gettid());
	setenv("TID", tid, 1);
	if (system(command))
		exit(1);
}

static void choose_class(int argc, char **argv)
{
	if (argc <= 4)
		return;
	if (argc > 5)
		be_designated(argv[5]);
	else
		be_fifo();
	prctl(PR_SET_TIMERSLACK, 1);
}

static void measure(uint64_t *late_ns, unsigned long nr, uint64_t period_ns)
{
	uint64_t when_ns = now_ns();
	unsigned long i;

	for (i = 0; i < nr; i++) {
		when_ns += period_ns;
		sleep_until(when_ns);
		late_ns[i] = now_ns() - when_ns;
	}
}

int main(int argc, char **argv)
{
	uint64_t period_ns = argument(argc, argv, 1, USAGE) * NSEC_PER_USEC;
	unsigned long nr = argument(argc, argv, 2, USAGE);
	unsigned long nr_hogs = argument(argc, argv, 3, USAGE) * nr_cpus(), i;
	uint64_t *late_ns = shared_memory(nr * sizeof(*late_ns));
	pid_t hogs[nr_hogs + 1];

	for (i = 0; i < nr_hogs; i++)
		hogs[i] = start_child(hog, NULL);
	choose_class(argc, argv);
	/* Let the hogs settle. */
	measure(late_ns, 20, period_ns);
	measure(late_ns, nr, period_ns);
	for (i = 0; i < nr_hogs; i++)
		end_child(hogs[i]);
	print_samples("-", late_ns, nr);
	return 0;
}
