// SPDX-License-Identifier: GPL-2.0
/*
 * LK's rules, compiled as the BPF side compiles them: levels, lists, quanta.
 */
#include <linux/types.h>

#include "ktap.h"
#include "math/levelkey.h"
#include "math/lk.h"

#define NR_MAX 16

/* LK's run queue as its code has it: a list a level, and the bitmap. */
struct lists {
	__u32 bitmap;
	int nr[LK_NR_LEVELS];
	int who[LK_NR_LEVELS][NR_MAX];
};

static void lists_add(struct lists *q, __u32 level, int who, int at_head)
{
	int *list = q->who[level], i;

	for (i = q->nr[level]++; at_head && i; i--)
		list[i] = list[i - 1];
	list[at_head ? 0 : q->nr[level] - 1] = who;
	q->bitmap |= 1U << level;
}

static int lists_take(struct lists *q)
{
	__u32 level = lk_highest(q->bitmap);
	int who = q->who[level][0], i;

	for (i = 1; i < q->nr[level]; i++)
		q->who[level][i - 1] = q->who[level][i];
	if (!--q->nr[level])
		q->bitmap &= ~(1U << level);
	return who;
}

KTAP_TEST(nice_is_mapped, "nice -20 is level 31, 0 is 16, 19 is 1, and none is out of order")
{
	int nice;

	KTAP_EXPECT_EQ(lk_level_of_nice(-20), LK_HIGHEST);
	KTAP_EXPECT_EQ(lk_level_of_nice(0), LK_DEFAULT);
	KTAP_EXPECT_EQ(lk_level_of_nice(19), 1);
	for (nice = -19; nice < 20; nice++)
		KTAP_EXPECT(lk_level_of_nice(nice) <= lk_level_of_nice(nice - 1));
}

KTAP_TEST(levels_are_clamped, "nobody but the idle thread is at level 0, nobody above 31")
{
	KTAP_EXPECT_EQ(lk_clamp_level(-5), 1);
	KTAP_EXPECT_EQ(lk_clamp_level(0), 1);
	KTAP_EXPECT_EQ(lk_clamp_level(31), 31);
	KTAP_EXPECT_EQ(lk_clamp_level(32), 31);
}

KTAP_TEST(highest_bit_is_found, "31 - clz of each bitmap")
{
	__u32 bit, low;

	for (bit = 0; bit < LK_NR_LEVELS; bit++)
		for (low = 0; low <= bit; low++)
			KTAP_EXPECT_EQ(lk_highest(1U << bit | ((1U << low) - 1)), bit);
}

KTAP_TEST(who_may_not_run_here_is_passed_by, "the next level with somebody for this CPU, else idle")
{
	KTAP_EXPECT_EQ(lk_pick(1U << 20 | 1U << 16, ~0U), 20);
	KTAP_EXPECT_EQ(lk_pick(1U << 20 | 1U << 16, 1U << 16), 16);
	KTAP_EXPECT_EQ(lk_pick(1U << 20, 1U << 16), LK_IDLE);
	KTAP_EXPECT_EQ(lk_pick(0, ~0U), LK_IDLE);
}

KTAP_TEST(two_go_to_the_tail, "at the tail is who has used its quantum or yields; else the head")
{
	KTAP_EXPECT(lk_goes_to_head(LK_WHY_RESUMED, 0));
	KTAP_EXPECT(lk_goes_to_head(LK_WHY_WOKEN, 0));
	KTAP_EXPECT(lk_goes_to_head(LK_WHY_RANKED, 0));
	KTAP_EXPECT(lk_goes_to_head(LK_WHY_PREEMPTED, 1));
	KTAP_EXPECT(!lk_goes_to_head(LK_WHY_PREEMPTED, 0));
	KTAP_EXPECT(!lk_goes_to_head(LK_WHY_YIELDED, LK_QUANTUM_NS));
}

KTAP_TEST(quantum_is_filled_when_empty, "50 ms, charged to nothing and not below, then filled up")
{
	KTAP_EXPECT_EQ(LK_QUANTUM_NS, 50000000);
	KTAP_EXPECT_EQ(lk_spend(LK_QUANTUM_NS, LK_TICK_NS, 0), 4 * LK_TICK_NS);
	KTAP_EXPECT_EQ(lk_spend(LK_TICK_NS, 2 * LK_TICK_NS, 0), 0);
	KTAP_EXPECT_EQ(lk_refill(LK_TICK_NS), LK_TICK_NS);
	KTAP_EXPECT_EQ(lk_refill(0), LK_QUANTUM_NS);
}

KTAP_TEST(flag_alone_stops_the_quantum, "real-time at any level, but the CPU only above the default")
{
	KTAP_EXPECT_EQ(lk_spend(LK_TICK_NS, LK_QUANTUM_NS, 1), LK_TICK_NS);
	KTAP_EXPECT(!lk_cpu_is_realtime(LK_LOW, 1));
	KTAP_EXPECT(!lk_cpu_is_realtime(LK_DEFAULT, 1));
	KTAP_EXPECT(lk_cpu_is_realtime(LK_DEFAULT + 1, 1));
	KTAP_EXPECT(!lk_cpu_is_realtime(LK_HIGHEST, 0));
}

KTAP_TEST(only_the_higher_interrupts, "an equal does not interrupt, a higher one does")
{
	KTAP_EXPECT(lk_interrupts(17, 16));
	KTAP_EXPECT(!lk_interrupts(16, 16));
	KTAP_EXPECT(!lk_interrupts(15, 16));
}

/* Many comings and goings, at all levels, in LK's lists and in one ordered by key. */
KTAP_TEST(one_queue_is_as_good_as_lists, "keys give the order that LK's lists and bitmap give")
{
	struct {
		__u64 key;
		int who;
	} one[NR_MAX], swap;
	struct lists lists = {};
	__u64 head = 0, tail = 0;
	unsigned int dice = 12345;
	int i, nr = 0, who = 0, round;

	for (round = 0; round < 20000; round++) {
		dice = dice * 1103515245 + 12345;
		if (nr && (nr == NR_MAX || dice >> 30)) {
			nr--;
			if (!KTAP_EXPECT_EQ(one[nr].who, lists_take(&lists)))
				return;
			continue;
		}
		__u32 level = dice >> 16 & (LK_NR_LEVELS - 1);
		int at_head = dice >> 22 & 1;

		lists_add(&lists, level, who, at_head);
		one[nr].who = who++;
		one[nr].key = at_head ? level_key_head(lk_rank(level), head++) :
					level_key_tail(lk_rank(level), tail++);
		/* The smallest last. */
		for (i = nr++; i && one[i - 1].key < one[i].key; i--) {
			swap = one[i];
			one[i] = one[i - 1];
			one[i - 1] = swap;
		}
	}
}

/* Run for ten seconds: who wants to run always does. */
static void run_hogs(const __u32 *level, const int *is_realtime, int nr, double *share)
{
	__u64 left[NR_MAX] = {}, ran[NR_MAX] = {}, now;
	struct lists lists = {};
	int i, curr;

	for (i = 0; i < nr; i++)
		lists_add(&lists, level[i], i, 1);
	curr = lists_take(&lists);
	for (now = 0; now < 10000; now += 10) {
		left[curr] = lk_refill(left[curr]);
		ran[curr] += 10;
		left[curr] = lk_spend(left[curr], LK_TICK_NS, is_realtime[curr]);
		if (left[curr])
			continue;
		lists_add(&lists, level[curr], curr,
			  lk_goes_to_head(LK_WHY_PREEMPTED, left[curr]));
		curr = lists_take(&lists);
	}
	for (i = 0; i < nr; i++)
		share[i] = ran[i] / 100.0;
}

KTAP_TEST(higher_gets_all, "of two that always want to run the higher one gets 100 %")
{
	static const int none[2];
	double share[2];

	run_hogs((__u32[]){ 17, 16 }, none, 2, share);
	KTAP_EXPECT_NEAR(share[0], 100, 0);
}

KTAP_TEST(equals_are_equal, "five equals get 20 % each")
{
	static const int none[5];
	double share[5];
	int i;

	run_hogs((__u32[]){ 16, 16, 16, 16, 16 }, none, 5, share);
	for (i = 0; i < 5; i++)
		KTAP_EXPECT_NEAR(share[i], 20, 0.5);
}

KTAP_TEST(realtime_runs_to_its_end, "of equals with the flag the first gets all")
{
	double share[2];

	run_hogs((__u32[]){ 8, 8 }, (int[]){ 1, 1 }, 2, share);
	KTAP_EXPECT_NEAR(share[0] > share[1] ? share[0] : share[1], 100, 0);
}

KTAP_MAIN()
