// SPDX-License-Identifier: GPL-2.0
// description: kernel threads bound to a CPU are served at once, however much others weigh
// cpus: 2
#include "harness.h"

#define NR_HOGS		4
#define NR_ROUNDS	2000
#define LIMIT_MS	15000

/*
 * Each write makes a kernel worker on every CPU run once. Beside hogs of nice
 * -20 a worker that had to queue for its share of CPU 1 would soon have used it
 * up: its virtual time passes 87 times faster than theirs.
 *
 * Return: rounds in a second.
 */
static double rounds_per_second(const char *options)
{
	unsigned long long start, ns = 0;
	struct hog hogs[NR_HOGS];
	int i, nr_rounds;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(1, -20);
	hog_pin(&(struct hog){ .pid = 0 }, 0);
	sleep_ms(500);
	start = now_ns();
	for (nr_rounds = 0; nr_rounds < NR_ROUNDS && ns < LIMIT_MS * 1000000ULL; nr_rounds++) {
		KTAP_EXPECT(write_text("/proc/sys/vm/stat_refresh", "1"));
		ns = now_ns() - start;
	}
	for (i = 0; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	ktap_diag("scx_lanes %s: %d rounds in %llu ms", options, nr_rounds, ns / 1000000);
	return nr_rounds * 1e9 / ns;
}

KTAP_TEST(serves_cpu_kthreads_at_once, "kernel workers get three times as much done as in the queue, or more")
{
	double at_once = rounds_per_second("--slice-us 20000");
	double in_queue = rounds_per_second("--slice-us 20000 --without kthread");

	KTAP_EXPECT(in_queue > 0 && at_once > 3 * in_queue);
}

SCHED_MAIN()
