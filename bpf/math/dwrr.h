/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deficit weighted round robin over 40 levels: arithmetic only, compiled by the BPF
 * side and by the host tests.
 *
 * Redox's rule: from the level after the last one go round the ring; a level nobody
 * waits in is passed by; one whose balance is below the quantum gets its weight added
 * and is passed by too; the first other one is the next, and pays the quantum. That
 * walk takes up to 5000 steps where the weights are small. Its outcome can be had
 * directly: level i needs n_i = ceil((quantum - balance_i) / weight_i) visits before
 * the one that serves it, none with a balance that suffices, so its turn comes
 * 40 · n_i + d_i steps from here, d_i being its distance from the last level less one.
 * The smallest of these is the next, and each other level has got its weight as often
 * as the walk would have come by: one look at each level, and one more at those with
 * tasks.
 */
#ifndef __LANES_MATH_DWRR_H
#define __LANES_MATH_DWRR_H

#define DWRR_LEVELS	40
#define DWRR_QUANTUM	1024
#define DWRR_NOBODY	(~0U)

/* Steps from the level after @last to @level, going round. */
static inline __u32 dwrr_distance(__u32 level, __u32 last)
{
	return (level + DWRR_LEVELS - last - 1) % DWRR_LEVELS;
}

/* When a level's turn comes, in steps, if its balance is @balance. */
static inline __u32 dwrr_turn(__u32 balance, __u32 weight, __u32 distance)
{
	__u32 nr_visits = balance >= DWRR_QUANTUM ? 0 :
			  (DWRR_QUANTUM - balance + weight - 1) / weight;

	return DWRR_LEVELS * nr_visits + distance;
}

/* How often the walk passes a level by before step @turn, which serves another one. */
static inline __u32 dwrr_visits(__u32 turn, __u32 distance)
{
	return turn <= distance ? 0 : (turn - distance + DWRR_LEVELS - 1) / DWRR_LEVELS;
}

#endif /* __LANES_MATH_DWRR_H */
