// SPDX-License-Identifier: GPL-2.0
/*
 * The scheduler's arithmetic, compiled as the BPF side compiles it: weights,
 * virtual time, histogram buckets.
 */
#include <linux/types.h>

#include "ktap.h"
#include "math/histogram.h"
#include "math/rtkey.h"
#include "math/vtime.h"
#include "math/weight.h"

#define NR_BUCKETS 160

KTAP_TEST(inverses_match_weights, "each inverse is 2^32 / weight, rounded down")
{
	int level;

	for (level = 0; level < NR_LEVELS; level++)
		KTAP_EXPECT_EQ(level_inverses[level], (1ULL << 32) / level_weights[level]);
}

KTAP_TEST(nice_0_costs_its_own_time, "a second at nice 0 is a second of virtual time")
{
	KTAP_EXPECT_EQ(weigh_ns(1000000000, level_of_nice(0)), 1000000000);
}

KTAP_TEST(charges_by_weight, "virtual time is ran * 1024 / weight within 0.1 %")
{
	int nice;

	for (nice = -20; nice < 20; nice++) {
		double want = 1e9 * 1024 / level_weights[level_of_nice(nice)];

		KTAP_EXPECT_NEAR(weigh_ns(1000000000, level_of_nice(nice)), want, want / 1000);
	}
}

KTAP_TEST(long_runs_do_not_overflow, "charging grows with the time that ran, up to the limit")
{
	__u64 ran, before = 0;

	for (ran = 1; ran <= MAX_CHARGE_NS; ran *= 2) {
		__u64 v = weigh_ns(ran, NR_LEVELS - 1);

		KTAP_EXPECT(v > before);
		before = v;
	}
	KTAP_EXPECT_EQ(weigh_ns(~0ULL, 0), weigh_ns(MAX_CHARGE_NS, 0));
}

KTAP_TEST(nice_is_clamped, "nice -20 is level 0, 19 is level 39, others are clamped")
{
	KTAP_EXPECT_EQ(level_of_nice(-20), 0);
	KTAP_EXPECT_EQ(level_of_nice(19), 39);
	KTAP_EXPECT_EQ(level_of_nice(-100), 0);
	KTAP_EXPECT_EQ(level_of_nice(100), 39);
}

KTAP_TEST(rt_keys_order_by_priority, "99 before 98, and in each the head before the tail")
{
	__u32 prio;

	for (prio = 1; prio <= 99; prio++) {
		KTAP_EXPECT_EQ(rt_key_prio(rt_key_tail(prio, 1ULL << 50)), prio);
		KTAP_EXPECT_EQ(rt_key_prio(rt_key_head(prio, 1ULL << 50)), prio);
		KTAP_EXPECT(rt_key_head(prio, 1) < rt_key_head(prio, 0));
		KTAP_EXPECT(rt_key_head(prio, 0) < rt_key_tail(prio, 0));
		KTAP_EXPECT(rt_key_tail(prio, 0) < rt_key_tail(prio, 1));
		KTAP_EXPECT(rt_key_tail(prio, 1ULL << 50) < rt_key_head(prio - 1, 1ULL << 50));
		KTAP_EXPECT((__s64)rt_key_tail(prio, 1ULL << 50) > 0);
	}
}

KTAP_TEST(virtual_time_wraps, "a time just after the wrap is later than one just before")
{
	__u64 before = ~0ULL - 5, after = 5;

	KTAP_EXPECT(vtime_before(before, after));
	KTAP_EXPECT(!vtime_before(after, before));
	KTAP_EXPECT(!vtime_before(after, after));
	KTAP_EXPECT_EQ(vtime_max(before, after), after);
}

KTAP_TEST(rebase_keeps_the_distance, "a task as far from its floor as before, on either side")
{
	KTAP_EXPECT_EQ(vtime_rebase(1050, 1000, 9000), 9050);
	KTAP_EXPECT_EQ(vtime_rebase(950, 1000, 9000), 8950);
	KTAP_EXPECT_EQ(vtime_rebase(vtime_rebase(77, 1000, 3), 3, 1000), 77);
}

KTAP_TEST(lift_leaves_a_bounded_credit, "only those more than the credit behind are lifted")
{
	KTAP_EXPECT_EQ(vtime_lift(100, 1000, 300), 700);
	KTAP_EXPECT_EQ(vtime_lift(800, 1000, 300), 800);
	KTAP_EXPECT_EQ(vtime_lift(1200, 1000, 300), 1200);
}

KTAP_TEST(sleepers_interrupt, "a sleeper interrupts whoever lies less than a slice behind the floor")
{
	const __u64 floor = 1000000, slice = 3000;
	__u64 woken = vtime_lift(0, floor, vtime_credit(slice));

	KTAP_EXPECT(vtime_interrupts(woken, floor, slice));
	KTAP_EXPECT(vtime_interrupts(woken, floor - slice + 1, slice));
	KTAP_EXPECT(!vtime_interrupts(woken, floor - slice, slice));
	KTAP_EXPECT(!vtime_interrupts(floor, floor, slice));
}

KTAP_TEST(buckets_hold_their_times, "each time lies between the ends of its bucket and the one before")
{
	__u64 ns, step;
	__u32 b;

	for (ns = 0; ns < 1ULL << 40; ns += step) {
		b = hist_bucket(ns, NR_BUCKETS);
		if (!KTAP_EXPECT(ns < hist_bucket_end(b)) ||
		    !KTAP_EXPECT(!b || ns >= hist_bucket_end(b - 1)))
			return;
		step = ns / 37 + 1;
	}
}

KTAP_TEST(buckets_are_a_quarter_wide, "a bucket's end is at most a quarter above its times")
{
	__u32 b;

	for (b = 8; b < NR_BUCKETS; b++)
		KTAP_EXPECT(hist_bucket_end(b) * 4 <= hist_bucket_end(b - 1) * 5);
}

KTAP_TEST(longest_times_share_the_last_bucket, "no time is too long to be counted")
{
	KTAP_EXPECT_EQ(hist_bucket(~0ULL, NR_BUCKETS), NR_BUCKETS - 1);
}

KTAP_MAIN()
