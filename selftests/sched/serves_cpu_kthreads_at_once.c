// SPDX-License-Identifier: GPL-2.0
// description: kernel threads bound to a CPU are served at once, however much others weigh
// cpus: 2
#include "harness.h"

#define NR_HOGS		4
#define NR_ROUNDS	2000
#define LIMIT_MS	5000

/*
 * Each write makes a kernel worker on every CPU run once. Beside hogs of nice
 * -20 a worker that had to queue for its share of CPU 1 would soon have used it
 * up: its virtual time passes 87 times faster than theirs.
 *
 * Return: milliseconds for all rounds, at most LIMIT_MS.
 */
static int rounds_take_ms(const char *options)
{
	unsigned long long start, ns = 0;
	struct hog hogs[NR_HOGS];
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(1, -20);
	hog_pin(&(struct hog){ .pid = 0 }, 0);
	sleep_ms(500);
	start = now_ns();
	for (i = 0; i < NR_ROUNDS && ns < LIMIT_MS * 1000000ULL; i++) {
		KTAP_EXPECT(write_text("/proc/sys/vm/stat_refresh", "1"));
		ns = now_ns() - start;
	}
	for (i = 0; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	ktap_diag("scx_lanes %s: %llu ms", options, ns / 1000000);
	return ns / 1000000;
}

KTAP_TEST(serves_cpu_kthreads_at_once, "2000 rounds of kernel workers take half of what they take in the queue, or less")
{
	int at_once = rounds_take_ms("--slice-us 10000");
	int in_queue = rounds_take_ms("--slice-us 10000 --without kthread");

	KTAP_EXPECT(at_once >= 0 && at_once * 2 <= in_queue);
}

SCHED_MAIN()
