// SPDX-License-Identifier: GPL-2.0
/*
 * Deficit weighted round robin: the closed form does what the walk round the ring does.
 */
#include <linux/types.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "math/dwrr.h"
#include "math/weight.h"

#define NR_RINGS	20000
#define NR_PICKS	50
#define WALK_MAX	5000

struct ring {
	__u32 balance[DWRR_LEVELS];
	__u32 last;
	__u64 ready;
};

/* As Redox does it. */
static __u32 walk(struct ring *ring)
{
	__u32 i = ring->last, steps;

	for (steps = 0; steps < WALK_MAX; steps++) {
		i = (i + 1) % DWRR_LEVELS;
		if (!(ring->ready >> i & 1))
			continue;
		if (ring->balance[i] < DWRR_QUANTUM) {
			ring->balance[i] += level_weights[i];
			continue;
		}
		ring->balance[i] -= DWRR_QUANTUM;
		ring->last = i;
		return i;
	}
	return DWRR_NOBODY;
}

static __u32 jump(struct ring *ring, int *steps)
{
	__u32 i, d, turn, best = DWRR_NOBODY, best_turn = ~0U;

	for (i = 0; i < DWRR_LEVELS; i++) {
		++*steps;
		if (!(ring->ready >> i & 1))
			continue;
		turn = dwrr_turn(ring->balance[i], level_weights[i], dwrr_distance(i, ring->last));
		if (turn >= best_turn)
			continue;
		best_turn = turn;
		best = i;
	}
	if (best == DWRR_NOBODY)
		return best;
	for (i = 0; i < DWRR_LEVELS; i++) {
		++*steps;
		d = dwrr_distance(i, ring->last);
		if (ring->ready >> i & 1)
			ring->balance[i] += dwrr_visits(best_turn, d) * level_weights[i];
	}
	ring->balance[best] -= DWRR_QUANTUM;
	ring->last = best;
	return best;
}

static void make_ring(struct ring *ring)
{
	__u32 i, nr = 1 + rand() % 5;

	memset(ring, 0, sizeof(*ring));
	for (i = 0; i < DWRR_LEVELS; i++)
		ring->balance[i] = rand() % (DWRR_QUANTUM + level_weights[i]);
	ring->last = rand() % DWRR_LEVELS;
	if (rand() % 4 == 0)
		nr = DWRR_LEVELS;
	while (nr--)
		ring->ready |= 1ULL << rand() % DWRR_LEVELS;
}

KTAP_TEST(jumps_where_the_walk_ends,
	  "20000 random rings, 50 picks each: same level, same balances as the walk, 80 steps")
{
	struct ring walked, jumped;
	int i, pick, steps, nr_bad = 0, max_steps = 0;

	srand(1);
	for (i = 0; i < NR_RINGS; i++) {
		make_ring(&walked);
		jumped = walked;
		for (pick = 0; pick < NR_PICKS; pick++) {
			steps = 0;
			nr_bad += walk(&walked) != jump(&jumped, &steps);
			nr_bad += !!memcmp(&walked, &jumped, sizeof(walked));
			if (steps > max_steps)
				max_steps = steps;
			/* Others come and go. */
			walked.ready ^= rand() % 8 ? 0 : 1ULL << rand() % DWRR_LEVELS;
			walked.ready |= walked.ready ? 0 : 1;
			jumped.ready = walked.ready;
		}
	}
	KTAP_EXPECT_EQ(nr_bad, 0);
	KTAP_EXPECT(max_steps <= 80);
}

/* Return: percent of the picks that level @a gets beside @b. */
static double share(__u32 a, __u32 b)
{
	struct ring ring = { .ready = 1ULL << a | 1ULL << b, .last = DWRR_LEVELS - 1 };
	int pick, steps = 0, nr = 0;

	for (pick = 0; pick < 100000; pick++)
		nr += jump(&ring, &steps) == a;
	return nr / 1000.0;
}

KTAP_TEST(shares_of_levels, "levels share by w / (w + 1024), as the oracles say")
{
	KTAP_EXPECT_NEAR(share(20, 25), 67, 0.5);
	KTAP_EXPECT_NEAR(share(0, 20), 66.4, 0.5);
	KTAP_EXPECT_NEAR(share(20, 21), 52.9, 0.5);
	KTAP_EXPECT_NEAR(share(0, 39), 98.6, 0.2);
	KTAP_EXPECT_NEAR(share(20, 39), 97.2, 0.2);
}

KTAP_MAIN()
