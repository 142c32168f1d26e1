// SPDX-License-Identifier: GPL-2.0
// description: lk and haiku: a real-time task is not made to pick while a higher level waits
// cpus: 1
// time: virtual
// kernel: any
#include "harness.h"
#include "lanes_sched.h"

#define MEASURE_MS	500
/* Its budget, the guard and the tick make it pick now and then. */
#define PICKS_MAX	500

/* Return: how often the CPU picked, and what runs went on. */
static unsigned long long nr_kept(const char *options)
{
	struct hog urgent, high;
	unsigned long long before, nr;

	if (!KTAP_EXPECT(lanes_start(options)))
		return PICKS_MAX;
	urgent = hog_start(0, 10);
	high = hog_start(0, 0);
	KTAP_EXPECT(rt_set(urgent.pid, "--policy fifo --prio 10"));
	before = lanes_counter(LANES_STAT_kept);
	urgent.start_ns = hog_cpu_ns(&urgent);
	sleep_ms(MEASURE_MS);
	nr = lanes_counter(LANES_STAT_kept) - before;
	KTAP_EXPECT(hog_cpu_ns(&urgent) - urgent.start_ns > MEASURE_MS * 800000ULL);
	ktap_diag("%s: %llu picks", options, nr);
	hog_end(&high);
	hog_end(&urgent);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return nr;
}

KTAP_TEST(haiku, "under haiku it picks less than once a millisecond")
{
	KTAP_EXPECT(nr_kept("--discipline haiku") < PICKS_MAX);
}

KTAP_TEST(lk, "so it does under lk")
{
	KTAP_EXPECT(nr_kept("--discipline lk") < PICKS_MAX);
}

SCHED_MAIN()
