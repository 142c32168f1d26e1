/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keys of a queue of levels: arithmetic only, compiled by the BPF side and by the host
 * tests.
 *
 * One queue ordered by a 64-bit key does what an array of lists with a bitmap does
 * elsewhere: the rank of the level is above, the place in the level below. Places
 * grow at the tail and shrink at the head, both from the middle. Rank 0 runs first. Bit
 * 63 stays clear, because the kernel compares keys by their signed difference.
 */
#ifndef __LANES_MATH_LEVELKEY_H
#define __LANES_MATH_LEVELKEY_H

#define LEVEL_KEY_SHIFT		55
#define LEVEL_KEY_MIDDLE	(1ULL << (LEVEL_KEY_SHIFT - 1))
#define LEVEL_KEY_RANKS		256

/**
 * level_key_tail, level_key_head - where in the queue a task goes
 * @rank: of its level, 0 … LEVEL_KEY_RANKS - 1
 * @seq: how many went to that end before
 */
static inline __u64 level_key_tail(__u32 rank, __u64 seq)
{
	return (__u64)rank << LEVEL_KEY_SHIFT | (LEVEL_KEY_MIDDLE + seq);
}

static inline __u64 level_key_head(__u32 rank, __u64 seq)
{
	return (__u64)rank << LEVEL_KEY_SHIFT | (LEVEL_KEY_MIDDLE - 1 - seq);
}

/* The rank that a key stands for. */
static inline __u32 level_key_rank(__u64 key)
{
	return key >> LEVEL_KEY_SHIFT;
}

/* Before everybody of that rank, wherever in it they are. */
static inline __u64 level_key_first(__u32 rank)
{
	return (__u64)rank << LEVEL_KEY_SHIFT;
}

#endif /* __LANES_MATH_LEVELKEY_H */
