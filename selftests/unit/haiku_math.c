// SPDX-License-Identifier: GPL-2.0
/*
 * Haiku's rules, compiled as the BPF side compiles them: penalties, quanta, loads.
 */
#include <linux/types.h>

#include "ktap.h"
#include "math/haiku.h"
#include "math/levelkey.h"

#define NR_MAX 8

static void expect_trace(__u32 prio, enum haiku_rule rule, const __u32 *want, int nr)
{
	struct haiku_penalty lost = {};
	int i;

	for (i = 0; i < nr; i++) {
		if (!KTAP_EXPECT_EQ(haiku_effective(prio, &lost, rule), want[i]))
			return;
		haiku_penalize(prio, &lost, rule);
	}
}

KTAP_TEST(hog_descends_and_cycles, "priority 20 goes 20 ... 5, 4, 3, 2, 1, 4, 3, 2, 1 (2013)")
{
	static const __u32 want[] = {
		20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5,
		4, 3, 2, 1, 4, 3, 2, 1, 4, 3, 2, 1,
	};

	expect_trace(20, HAIKU_RULE_2013, want, sizeof(want) / sizeof(*want));
}

KTAP_TEST(low_hog_has_one_level, "priority 5 descends to 1 and stays there (2013)")
{
	expect_trace(5, HAIKU_RULE_2013, (const __u32[]){ 5, 4, 3, 2, 1, 1, 1, 1 }, 8);
	expect_trace(1, HAIKU_RULE_2013, (const __u32[]){ 1, 1, 1 }, 3);
}

/* Today: one down, and a growing part of that off; at the limit 4, 3, 2, 4 less. */
KTAP_TEST(hog_descends_today, "priority 5: 5, 4 - 1 % 4, 3 - 2 % 3, 2 - 3 % 2, 1")
{
	expect_trace(5, HAIKU_RULE_TODAY, (const __u32[]){ 5, 3, 1, 1, 1, 1 }, 6);
	expect_trace(20, HAIKU_RULE_TODAY, (const __u32[]){ 20, 18, 16, 14, 12, 10 }, 6);
}

KTAP_TEST(realtime_loses_nothing, "priorities from 100 on, and idle, keep what they have")
{
	static const __u32 prios[] = { HAIKU_REALTIME, HAIKU_URGENT, HAIKU_HIGHEST, HAIKU_IDLE };
	unsigned int i, rule;

	for (rule = HAIKU_RULE_2013; rule <= HAIKU_RULE_TODAY; rule++)
		for (i = 0; i < 4; i++)
			expect_trace(prios[i], rule,
				     (const __u32[]){ prios[i], prios[i], prios[i] }, 3);
}

KTAP_TEST(nobody_falls_below_its_fifth, "what is left is between 1 and the priority, for each")
{
	struct haiku_penalty lost;
	__u32 prio, left, i, rule;

	for (rule = HAIKU_RULE_2013; rule <= HAIKU_RULE_TODAY; rule++) {
		for (prio = 1; prio < HAIKU_REALTIME; prio++) {
			memset(&lost, 0, sizeof(lost));
			for (i = 0; i < 400; i++) {
				haiku_penalize(prio, &lost, rule);
				left = haiku_effective(prio, &lost, rule);
				if (!KTAP_EXPECT(left >= 1 && left <= prio) ||
				    !KTAP_EXPECT(lost.penalty <= prio))
					return;
			}
		}
	}
}

KTAP_TEST(sleep_cancels, "more than 3 ms of sleep cancel all (2013), half a base the penalty (today)")
{
	struct haiku_penalty lost = { .penalty = 7, .additional = 3 };

	KTAP_EXPECT(!haiku_woke_up(&lost, 3 * HAIKU_MS, HAIKU_RULE_2013, &haiku_low_latency));
	KTAP_EXPECT_EQ(lost.penalty, 7);
	KTAP_EXPECT(!haiku_woke_up(&lost, HAIKU_MS / 2, HAIKU_RULE_TODAY, &haiku_low_latency));
	KTAP_EXPECT(haiku_woke_up(&lost, HAIKU_MS / 2 + 1, HAIKU_RULE_TODAY, &haiku_low_latency));
	KTAP_EXPECT_EQ(lost.penalty, 0);
	KTAP_EXPECT_EQ(lost.additional, 3);
	lost.penalty = 7;
	KTAP_EXPECT(!haiku_woke_up(&lost, HAIKU_MS, HAIKU_RULE_TODAY, &haiku_power_saving));
	KTAP_EXPECT(haiku_woke_up(&lost, 3 * HAIKU_MS + 1, HAIKU_RULE_2013, &haiku_low_latency));
	KTAP_EXPECT_EQ(lost.penalty + lost.additional, 0);
	KTAP_EXPECT(!haiku_woke_up(&lost, HAIKU_MS * 9, HAIKU_RULE_2013, &haiku_low_latency));
}

KTAP_TEST(child_inherits_today, "a child has its parent's penalty as far as it can, by today's rule")
{
	struct haiku_penalty theirs = { .penalty = 12, .additional = 9 }, lost;

	haiku_inherit(20, &lost, &theirs, HAIKU_RULE_TODAY);
	KTAP_EXPECT_EQ(lost.penalty, 12);
	KTAP_EXPECT_EQ(lost.additional, 0);
	haiku_inherit(10, &lost, &theirs, HAIKU_RULE_TODAY);
	KTAP_EXPECT_EQ(lost.penalty, 8);
	haiku_inherit(20, &lost, &theirs, HAIKU_RULE_2013);
	KTAP_EXPECT_EQ(lost.penalty, 0);
}

/* Some that always want to run, on one CPU, for so many quanta. */
static void run_hogs(const __u32 *prio, int nr, int nr_quanta, double *share)
{
	struct haiku_penalty lost[NR_MAX] = {};
	__u64 key[NR_MAX], seq = 0, ran[NR_MAX] = {}, sum = 0;
	int i, curr;

	for (i = 0; i < nr; i++)
		key[i] = level_key_tail(haiku_rank(prio[i]), seq++);
	while (nr_quanta--) {
		__u64 ns;

		for (curr = 0, i = 1; i < nr; i++)
			if (key[i] < key[curr])
				curr = i;
		ns = haiku_quantum(prio[curr],
				   haiku_effective(prio[curr], &lost[curr], HAIKU_RULE_2013), nr,
				   &haiku_low_latency);
		ran[curr] += ns;
		sum += ns;
		haiku_penalize(prio[curr], &lost[curr], HAIKU_RULE_2013);
		key[curr] = level_key_tail(haiku_rank(haiku_effective(prio[curr], &lost[curr],
								      HAIKU_RULE_2013)), seq++);
	}
	for (i = 0; i < nr; i++)
		share[i] = 100.0 * ran[i] / sum;
}

KTAP_TEST(shares_are_those_of_the_limits, "80/20, 67/33, 41.7/33.3/16.7/8.3 (2013)")
{
	double share[NR_MAX];

	run_hogs((__u32[]){ 20, 5 }, 2, 20000, share);
	KTAP_EXPECT_NEAR(share[0], 80, 0.5);
	run_hogs((__u32[]){ 20, 10 }, 2, 20000, share);
	KTAP_EXPECT_NEAR(share[0], 66.7, 0.5);
	run_hogs((__u32[]){ 25, 20, 10, 5 }, 4, 20000, share);
	KTAP_EXPECT_NEAR(share[0], 41.7, 0.5);
	KTAP_EXPECT_NEAR(share[1], 33.3, 0.5);
	KTAP_EXPECT_NEAR(share[2], 16.7, 0.5);
	KTAP_EXPECT_NEAR(share[3], 8.3, 0.5);
}

KTAP_TEST(quanta_by_priority, "1 ms when urgent, 2 ms at normal, 5 ms at idle; 2, 6 and 20 to save power")
{
	const struct haiku_mode *ll = &haiku_low_latency, *ps = &haiku_power_saving;

	KTAP_EXPECT_EQ(haiku_quantum_of_priority(20, ll), 1 * HAIKU_MS);
	KTAP_EXPECT_EQ(haiku_quantum_of_priority(120, ll), 1 * HAIKU_MS);
	KTAP_EXPECT_EQ(haiku_quantum_of_priority(15, ll), 1500 * HAIKU_US);
	KTAP_EXPECT_EQ(haiku_quantum_of_priority(10, ll), 2 * HAIKU_MS);
	KTAP_EXPECT_EQ(haiku_quantum_of_priority(5, ll), 3500 * HAIKU_US);
	KTAP_EXPECT_EQ(haiku_quantum_of_priority(0, ll), 5 * HAIKU_MS);
	KTAP_EXPECT_EQ(haiku_quantum_of_priority(20, ps), 2 * HAIKU_MS);
	KTAP_EXPECT_EQ(haiku_quantum_of_priority(10, ps), 6 * HAIKU_MS);
	KTAP_EXPECT_EQ(haiku_quantum_of_priority(0, ps), 20 * HAIKU_MS);
}

KTAP_TEST(many_shorten_quanta, "5 ms for all together, no less than 0.1 each; real-time keeps its base")
{
	KTAP_EXPECT_EQ(haiku_quantum(5, 5, 1, &haiku_low_latency), 3500 * HAIKU_US);
	KTAP_EXPECT_EQ(haiku_quantum(5, 5, 5, &haiku_low_latency), 1 * HAIKU_MS);
	KTAP_EXPECT_EQ(haiku_quantum(5, 5, 1000, &haiku_low_latency), 100 * HAIKU_US);
	KTAP_EXPECT_EQ(haiku_quantum(100, 100, 1000, &haiku_low_latency), 1 * HAIKU_MS);
	KTAP_EXPECT_EQ(haiku_quantum(5, 5, 1000, &haiku_power_saving), 500 * HAIKU_US);
}

KTAP_TEST(little_rest_ends_a_quantum, "half the shortest quantum is as good as nothing")
{
	KTAP_EXPECT(haiku_quantum_is_over(50 * HAIKU_US, &haiku_low_latency));
	KTAP_EXPECT(!haiku_quantum_is_over(51 * HAIKU_US, &haiku_low_latency));
	KTAP_EXPECT(haiku_quantum_is_over(250 * HAIKU_US, &haiku_power_saving));
}

KTAP_TEST(load_follows_activity, "half of what is new after 1 ms, all of it after more than 10")
{
	__u32 load = 0;
	int i;

	KTAP_EXPECT_EQ(haiku_load(0, 1 * HAIKU_MS, 1 * HAIKU_MS), 500);
	KTAP_EXPECT_EQ(haiku_load(1000, 0, 1 * HAIKU_MS), 500);
	KTAP_EXPECT_EQ(haiku_load(0, 2 * HAIKU_MS, 2 * HAIKU_MS), 750);
	KTAP_EXPECT_EQ(haiku_load(123, 10 * HAIKU_MS, 20 * HAIKU_MS), 500);
	KTAP_EXPECT_EQ(haiku_load(700, 0, 0), 700);
	KTAP_EXPECT_EQ(haiku_load(0, 9 * HAIKU_MS, 1 * HAIKU_MS), 500);
	for (i = 0; i < 20; i++)
		load = haiku_load(load, 300 * HAIKU_US, 1 * HAIKU_MS);
	KTAP_EXPECT_NEAR(load, 300, 2);
}

KTAP_TEST(high_load_has_hysteresis, "a core is high above 700 and no longer below 625")
{
	KTAP_EXPECT(!haiku_is_high(0, 700));
	KTAP_EXPECT(haiku_is_high(0, 701));
	KTAP_EXPECT(haiku_is_high(1, 625));
	KTAP_EXPECT(!haiku_is_high(1, 624));
}

KTAP_TEST(low_latency_moves_for_a_difference, "200 more than the least loaded, and the thread fits between")
{
	KTAP_EXPECT(!haiku_moves(600, 400, 0, 1));
	KTAP_EXPECT(haiku_moves(601, 400, 1, 1));
	KTAP_EXPECT(!haiku_moves(700, 400, 101, 1));
	KTAP_EXPECT(haiku_moves(700, 400, 101, 2));
}

KTAP_TEST(power_saving_packs, "small tasks go together while there is room")
{
	KTAP_EXPECT_EQ(haiku_packs(300, 100, 0, 500, 500), HAIKU_TO_SMALL);
	KTAP_EXPECT_EQ(haiku_packs(300, 200, 0, 500, 500), HAIKU_STAY);
	KTAP_EXPECT_EQ(haiku_packs(625, 10, 0, 100, 100), HAIKU_STAY);
	KTAP_EXPECT_EQ(haiku_packs(300, 100, 1, 300, 300), HAIKU_STAY);
	KTAP_EXPECT_EQ(haiku_packs(860, 200, 1, 860, 500), HAIKU_TO_ROOM);
	KTAP_EXPECT_EQ(haiku_packs(860, 400, 1, 860, 500), HAIKU_STAY);
	KTAP_EXPECT_EQ(haiku_packs(840, 200, 1, 840, 500), HAIKU_STAY);
	KTAP_EXPECT_EQ(haiku_packs(800, 100, 0, 100, 500), HAIKU_TO_ROOM);
	KTAP_EXPECT_EQ(haiku_packs(800, 101, 0, 100, 500), HAIKU_STAY);
	KTAP_EXPECT_EQ(haiku_packs(800, 400, 0, 100, 0), HAIKU_STAY);
}

KTAP_TEST(latency_is_estimated, "what the others may take, within the mode's limits")
{
	KTAP_EXPECT_EQ(haiku_max_latency(10, 10, 1, &haiku_low_latency), 100 * HAIKU_US);
	KTAP_EXPECT_EQ(haiku_max_latency(10, 10, 2, &haiku_low_latency), 2 * HAIKU_MS);
	KTAP_EXPECT_EQ(haiku_max_latency(10, 10, 1000, &haiku_low_latency), 5 * HAIKU_MS);
	KTAP_EXPECT_EQ(haiku_max_latency(10, 10, 1000, &haiku_power_saving), 20 * HAIKU_MS);
}

KTAP_TEST(priorities_are_suggested, "MIDI 120, audio 115 and 110, video, input, computing 5; else normal")
{
	KTAP_EXPECT_EQ(haiku_suggest_priority(HAIKU_FOR_MIDI), 120);
	KTAP_EXPECT_EQ(haiku_suggest_priority(HAIKU_FOR_AUDIO_REC), 115);
	KTAP_EXPECT_EQ(haiku_suggest_priority(HAIKU_FOR_AUDIO_PLAY), 115);
	KTAP_EXPECT_EQ(haiku_suggest_priority(HAIKU_FOR_LIVE_AUDIO), 110);
	KTAP_EXPECT_EQ(haiku_suggest_priority(HAIKU_FOR_VIDEO_REC), 25);
	KTAP_EXPECT_EQ(haiku_suggest_priority(HAIKU_FOR_VIDEO_PLAY), 20);
	KTAP_EXPECT_EQ(haiku_suggest_priority(HAIKU_FOR_INPUT | HAIKU_FOR_COMPUTING), 15);
	KTAP_EXPECT_EQ(haiku_suggest_priority(HAIKU_FOR_LIVE_VIDEO), 14);
	KTAP_EXPECT_EQ(haiku_suggest_priority(HAIKU_FOR_LIVE_3D), 12);
	KTAP_EXPECT_EQ(haiku_suggest_priority(HAIKU_FOR_STATUS), 10);
	KTAP_EXPECT_EQ(haiku_suggest_priority(HAIKU_FOR_OFFLINE), 6);
	KTAP_EXPECT_EQ(haiku_suggest_priority(HAIKU_FOR_COMPUTING), 5);
	KTAP_EXPECT_EQ(haiku_suggest_priority(0), HAIKU_NORMAL);
}

KTAP_TEST(nice_is_mapped, "nice 0 is 10, -5 is 15, -10 is 20, 19 is 1, none is real-time")
{
	int nice;

	KTAP_EXPECT_EQ(haiku_priority_of_nice(0), HAIKU_NORMAL);
	KTAP_EXPECT_EQ(haiku_priority_of_nice(-5), HAIKU_DISPLAY);
	KTAP_EXPECT_EQ(haiku_priority_of_nice(-10), HAIKU_URGENT_DISPLAY);
	KTAP_EXPECT_EQ(haiku_priority_of_nice(19), HAIKU_LOWEST);
	for (nice = -20; nice < 20; nice++)
		KTAP_EXPECT(haiku_has_penalty(haiku_priority_of_nice(nice)));
}

KTAP_MAIN()
