// SPDX-License-Identifier: GPL-2.0
// description: real-time tasks get what the cap allows them of a CPU, ordinary ones the rest
// cpus: 2
// time: virtual
#include "harness.h"
#include "lanes_sched.h"

#define PERIOD_MS	1000

struct pair {
	struct hog rt;
	struct hog fair;
};

static bool start_pair(struct pair *pair, const char *options)
{
	if (!KTAP_EXPECT(lanes_start(options)))
		return false;
	pair->rt = hog_start(1, 0);
	pair->fair = hog_start(1, 0);
	if (!KTAP_EXPECT(rt_set(pair->rt.pid, "--prio 50")))
		return false;
	/* The running period is over then. */
	sleep_ms(PERIOD_MS + 200);
	return true;
}

static void end_pair(struct pair *pair)
{
	hog_end(&pair->fair);
	hog_end(&pair->rt);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

/* Return: percent of what both got within so many periods. */
static double rt_share(const struct pair *pair, int nr_periods)
{
	struct hog hogs[2] = { pair->rt, pair->fair };
	double share[2];

	measure_shares(hogs, 2, nr_periods * PERIOD_MS, share);
	return share[0];
}

KTAP_TEST(rt_budget_is_kept, "a real-time hog gets 95 %; with the cap at 500 ms set live, 50 %")
{
	struct pair pair;

	if (!start_pair(&pair, ""))
		return;
	KTAP_EXPECT_NEAR(rt_share(&pair, 4), 95, 1);
	KTAP_EXPECT(lanes_counter(LANES_STAT_rt_spent) > 0);
	KTAP_EXPECT_STREQ(lanesctl("set rt_runtime_ms=500"), "");
	sleep_ms(PERIOD_MS);
	KTAP_EXPECT_NEAR(rt_share(&pair, 3), 50, 2);
	end_pair(&pair);
}

KTAP_TEST(unused_budget_is_not_lost, "with nobody else there a real-time hog gets all")
{
	struct pair pair;
	unsigned long long before;
	double share;

	if (!start_pair(&pair, ""))
		return;
	hog_end(&pair.fair);
	sleep_ms(PERIOD_MS);
	before = hog_cpu_ns(&pair.rt);
	share = -(double)now_ns();
	sleep_ms(2 * PERIOD_MS);
	share += now_ns();
	share = 100 * (hog_cpu_ns(&pair.rt) - before) / share;
	ktap_diag("alone: %.1f %% of the CPU", share);
	KTAP_EXPECT(share > 97);
	hog_end(&pair.rt);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(control_without_cap, "without the cap it gets all but what the starvation guard takes")
{
	struct pair pair;

	if (!start_pair(&pair, "--without cap"))
		return;
	KTAP_EXPECT(rt_share(&pair, 3) > 98.5);
	end_pair(&pair);
}

SCHED_MAIN()
