// SPDX-License-Identifier: GPL-2.0
// description: two real-time tasks of policy RR take turns, each as long as the quantum
// cpus: 1
// time: virtual
#include "runs.h"

#define QUANTUM_US	20000
#define MEASURE_MS	1000

/* The kernel's, at most. */
#define TICK_US		4000

/* Return: how many of two hogs' runs were as long as the quantum, percent; -1 for none. */
static int percent_of_quantum(const char *designation)
{
	struct runs *runs[2];
	char words[96];
	unsigned int i, j, nr = 0, nr_good = 0;

	if (!KTAP_EXPECT(lanes_start("")))
		return -1;
	for (i = 0; i < 2; i++)
		runs[i] = runs_start(0, 1000 * QUANTUM_US / 2);
	/* At once: lanesctl would hardly run beside the first of them. */
	snprintf(words, sizeof(words), "%d %s", runs[1]->pid, designation);
	KTAP_EXPECT(rt_set(runs[0]->pid, words));
	for (i = 0; i < 2; i++)
		runs[i]->nr = 0;
	sleep_ms(MEASURE_MS);
	for (i = 0; i < 2; i++) {
		/* The first one may have begun before the other was there. */
		for (j = 1; j < runs[i]->nr; j++, nr++) {
			if (llabs((long long)runs[i]->len_ns[j] / 1000 - QUANTUM_US) > TICK_US)
				ktap_diag("hog %u, run %u: %llu us", i, j,
					  runs[i]->len_ns[j] / 1000);
			nr_good += llabs((long long)runs[i]->len_ns[j] / 1000 - QUANTUM_US) <= TICK_US;
		}
		ktap_diag("%s: hog %d: median %llu us", designation, i, runs_end(runs[i], 0.5));
	}
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	ktap_diag("%s: %u runs, %u of them as long as the quantum", designation, nr, nr_good);
	return nr ? (int)(100 * nr_good / nr) : -1;
}

KTAP_TEST(rr_tasks_take_turns, "runs are as long as the quantum, give or take a tick")
{
	KTAP_EXPECT(percent_of_quantum("--policy rr --quantum-us 20000 --prio 10") >= 95);
}

KTAP_TEST(control_fifo, "of policy FIFO they take no turns")
{
	KTAP_EXPECT(percent_of_quantum("--policy fifo --prio 10") <= 0);
}

SCHED_MAIN()
