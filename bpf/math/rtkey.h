/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keys of the RT queue: arithmetic only, compiled by the BPF side and by the host
 * tests. Those of a queue of levels (levelkey.h), the highest priority first: a task
 * put back at the head of its priority is the next one of it.
 */
#ifndef __LANES_MATH_RTKEY_H
#define __LANES_MATH_RTKEY_H

#include "levelkey.h"

#define RT_PRIO_MAX	99

/**
 * rt_key_tail, rt_key_head - where in the queue a task goes
 * @prio: RT priority, 1 … 99
 * @seq: how many went to that end before
 */
static inline __u64 rt_key_tail(__u32 prio, __u64 seq)
{
	return level_key_tail(RT_PRIO_MAX - prio, seq);
}

static inline __u64 rt_key_head(__u32 prio, __u64 seq)
{
	return level_key_head(RT_PRIO_MAX - prio, seq);
}

/* The priority that a key stands for. */
static inline __u32 rt_key_prio(__u64 key)
{
	return RT_PRIO_MAX - level_key_rank(key);
}

#endif /* __LANES_MATH_RTKEY_H */
