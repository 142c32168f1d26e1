/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual times: arithmetic only, compiled by the BPF side and by the host
 * tests. They are 64 bits wide and may wrap, so they are compared by the sign
 * of their difference and never with "<".
 */
#ifndef __LANES_MATH_VTIME_H
#define __LANES_MATH_VTIME_H

static inline int vtime_before(__u64 a, __u64 b)
{
	return (__s64)(a - b) < 0;
}

static inline __u64 vtime_max(__u64 a, __u64 b)
{
	return vtime_before(a, b) ? b : a;
}

/**
 * vtime_rebase - translate a virtual time from one clock to another
 * @vtime: on the clock whose floor is @from
 *
 * Return: the time as far from @to as @vtime was from @from.
 */
static inline __u64 vtime_rebase(__u64 vtime, __u64 from, __u64 to)
{
	return to + (vtime - from);
}

/**
 * vtime_lift - how much credit a sleeper keeps
 * @vtime: where the task stood when it went to sleep
 * @floor: the lane's floor now
 * @credit: the most a task may lie behind @floor
 */
static inline __u64 vtime_lift(__u64 vtime, __u64 floor, __u64 credit)
{
	return vtime_max(vtime, floor - credit);
}

/* The most a sleeper may lie behind the floor when it wakes. */
static inline __u64 vtime_credit(__u64 slice)
{
	return slice + slice / 2;
}

/*
 * May a waking task interrupt the one that began to run at @curr? With all its credit it
 * may, if that one lies less than a slice behind the floor, as those do that take turns:
 * who is behind by half a slice may have had to wait for one that ran a whole one.
 */
static inline int vtime_interrupts(__u64 vtime, __u64 curr, __u64 slice)
{
	return vtime_before(vtime + slice / 2, curr);
}

#endif /* __LANES_MATH_VTIME_H */
