/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keys of the RT queue: arithmetic only, compiled by the BPF side and by the host
 * tests.
 *
 * A queue ordered by a 64-bit key serves strict priorities with round robin in
 * each: the level is above, the place in the level below. Places grow at the
 * tail and shrink at the head, both from the middle, so a task put back at the
 * head of its level is the next one of it. Bit 63 stays clear, because the kernel
 * compares keys by their signed difference.
 */
#ifndef __LANES_MATH_RTKEY_H
#define __LANES_MATH_RTKEY_H

#define RT_LEVEL_SHIFT	55
#define RT_PLACE_MIDDLE	(1ULL << (RT_LEVEL_SHIFT - 1))
#define RT_PRIO_MAX	99

/**
 * rt_key_tail, rt_key_head - where in the queue a task goes
 * @prio: RT priority, 1 … 99
 * @seq: how many went to that end before
 */
static inline __u64 rt_key_tail(__u32 prio, __u64 seq)
{
	return (__u64)(RT_PRIO_MAX - prio) << RT_LEVEL_SHIFT | (RT_PLACE_MIDDLE + seq);
}

static inline __u64 rt_key_head(__u32 prio, __u64 seq)
{
	return (__u64)(RT_PRIO_MAX - prio) << RT_LEVEL_SHIFT | (RT_PLACE_MIDDLE - 1 - seq);
}

/* The priority that a key stands for. */
static inline __u32 rt_key_prio(__u64 key)
{
	return RT_PRIO_MAX - (__u32)(key >> RT_LEVEL_SHIFT);
}

#endif /* __LANES_MATH_RTKEY_H */
