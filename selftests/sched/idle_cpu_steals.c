// SPDX-License-Identifier: GPL-2.0
// description: a CPU with nothing to do takes a task that waits elsewhere
// cpus: 2
#include "harness.h"
#include "lanes_sched.h"

/* Two hogs forced onto CPU 0, then set free: percent of a CPU the worse one gets. */
static double set_two_free(const char *options, unsigned long long *steals)
{
	struct hog hogs[2];
	double got[2];
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return 0;
	for (i = 0; i < 2; i++)
		hogs[i] = hog_start(0, 0);
	sleep_ms(300);
	for (i = 0; i < 2; i++)
		hog_unpin(&hogs[i]);
	for (i = 0; i < 2; i++)
		hogs[i].start_ns = hog_cpu_ns(&hogs[i]);
	sleep_ms(2000);
	for (i = 0; i < 2; i++) {
		got[i] = (hog_cpu_ns(&hogs[i]) - hogs[i].start_ns) / 2e7;
		ktap_diag("hog %d: %.1f %% of a CPU", i, got[i]);
	}
	*steals = lanes_counter(LANES_STAT_steals);
	for (i = 0; i < 2; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return got[0] < got[1] ? got[0] : got[1];
}

KTAP_TEST(idle_cpu_steals, "two free hogs on two CPUs have one each, and a steal is counted")
{
	unsigned long long steals = 0;

	KTAP_EXPECT(set_two_free("", &steals) > 75);
	KTAP_EXPECT(steals > 0);
}

KTAP_TEST(control_without_steal, "without stealing and balancing they stay together on one CPU")
{
	unsigned long long steals = 0;

	KTAP_EXPECT(set_two_free("--without steal --balance off", &steals) < 65);
	KTAP_EXPECT_EQ(steals, 0);
}

SCHED_MAIN()
