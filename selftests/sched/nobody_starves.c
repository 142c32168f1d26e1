// SPDX-License-Identifier: GPL-2.0
// description: the lightest task runs now and then beside the heaviest
// cpus: 2
// time: virtual
#include "harness.h"
#include "lanes_sched.h"

#define LOOK_MS		10
#define MEASURE_MS	6000

/* Return: the longest time in which a hog of nice 19 did not run beside nice -20. */
static int longest_wait_ms(const char *options)
{
	unsigned long long now, before;
	struct hog light, heavy;
	int ms, waited_ms = 0, longest_ms = 0;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	light = hog_start(1, 19);
	heavy = hog_start(1, -20);
	sleep_ms(300);
	before = hog_cpu_ns(&light);
	for (ms = 0; ms < MEASURE_MS; ms += LOOK_MS) {
		sleep_ms(LOOK_MS);
		now = hog_cpu_ns(&light);
		waited_ms = now == before ? waited_ms + LOOK_MS : 0;
		longest_ms = waited_ms > longest_ms ? waited_ms : longest_ms;
		before = now;
	}
	ktap_diag("scx_lanes %s: %d ms, %llu starved", options, longest_ms,
		  lanes_counter(LANES_STAT_starved));
	hog_end(&heavy);
	hog_end(&light);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return longest_ms;
}

KTAP_TEST(nobody_starves, "with --max-wait-ms 500 it waits for 600 ms at the most")
{
	int ms = longest_wait_ms("--max-wait-ms 500");

	KTAP_EXPECT(ms > 300 && ms <= 600);
}

KTAP_TEST(control_without_guard, "without the guard it waits twice as long and more")
{
	KTAP_EXPECT(longest_wait_ms("--max-wait-ms 500 --without guard") > 1000);
}

SCHED_MAIN()
