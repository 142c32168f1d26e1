// SPDX-License-Identifier: GPL-2.0
// description: slices shorter than the kernel's tick end in time
// cpus: 1
// time: virtual
#include "runs.h"

#define MEASURE_MS	1000
#define GAP_NS		300000

struct lengths {
	unsigned long long median_us;
	unsigned long long late_us;
};

/* Two hogs on a CPU: how long they run at a time, and the 99th percentile of it. */
static struct lengths run_lengths(const char *options)
{
	struct lengths found = {};
	struct runs *runs[2];
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return found;
	for (i = 0; i < 2; i++)
		runs[i] = runs_start(0, GAP_NS);
	sleep_ms(100);
	runs[0]->nr = 0;
	sleep_ms(MEASURE_MS);
	end_child(runs[1]->pid);
	found.late_us = runs_end(runs[0], 0.99);
	found.median_us = runs[0]->nr ? runs[0]->len_ns[runs[0]->nr / 2] / 1000 : 0;
	ktap_diag("scx_lanes %s: %u runs, median %llu us, 99 %% %llu us", options, runs[0]->nr,
		  found.median_us, found.late_us);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return found;
}

KTAP_TEST(sub_tick_slices, "with slices of 1 ms runs are no longer than 1.5 ms")
{
	struct lengths found = run_lengths("--slice-us 1000");

	KTAP_EXPECT(found.median_us > 500 && found.late_us <= 1500);
}

KTAP_TEST(slices_of_400_us, "with slices of 400 us runs are no longer than 600 us")
{
	struct lengths found = run_lengths("--slice-us 400");

	KTAP_EXPECT(found.median_us > 200 && found.late_us <= 600);
}

KTAP_TEST(control_without_timer, "without our timer a slice of 0.4 ms ends with the tick")
{
	KTAP_EXPECT(run_lengths("--slice-us 400 --without timer").median_us >= 800);
}

SCHED_MAIN()
