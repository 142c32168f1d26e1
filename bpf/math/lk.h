/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules of the kernel LK, arithmetic only: compiled by the BPF side and by the host
 * tests.
 *
 * 32 levels, the higher the more urgent. Who is ready stands in the list of its
 * level; a bitmap of the lists that are not empty gives the next one. A thread has
 * a quantum of five ticks of 10 ms; it joins its list at the head, but for two cases:
 * its quantum is used up, or it has given it away. Real time is a flag: whoever
 * has it runs without a quantum. Where LK's document and its code differ, this is
 * the code: the flag alone stops the quantum, flag and level make a CPU real-time.
 */
#ifndef __LANES_MATH_LK_H
#define __LANES_MATH_LK_H

#define LK_NR_LEVELS	32
#define LK_IDLE		0
#define LK_LOWEST	0
#define LK_LOW		8
#define LK_DEFAULT	16
#define LK_HIGH		24
#define LK_DPC		30
#define LK_HIGHEST	31

#define LK_TICK_NS	10000000ULL
#define LK_QUANTUM_NS	(5 * LK_TICK_NS)

/* Level 0 is the idle threads' alone. */
static inline __u32 lk_clamp_level(__s32 level)
{
	if (level <= LK_IDLE)
		return LK_IDLE + 1;
	return level > LK_HIGHEST ? LK_HIGHEST : level;
}

/* Nice -20 is 31, 0 is the default, 19 is 1. LK has no nice values. */
static inline __u32 lk_level_of_nice(__s32 nice)
{
	/* The divisors are unsigned: BPF cannot divide signed numbers. */
	if (nice <= 0)
		return lk_clamp_level(LK_DEFAULT + (__u32)-nice * (LK_HIGHEST - LK_DEFAULT) / 20);
	return lk_clamp_level(LK_DEFAULT - (__u32)nice * (LK_DEFAULT - 1) / 19);
}

/* Where in a queue of levels: see levelkey.h. */
static inline __u32 lk_rank(__u32 level)
{
	return LK_HIGHEST - level;
}

/*
 * lk_highest - the level of the first list that is not empty
 * @bitmap: a bit for each level with a list that is not empty, not 0
 */
static inline __u32 lk_highest(__u32 bitmap)
{
	__u32 level = 0, step;

	/* What clz does, which BPF has not. */
	for (step = 16; step; step /= 2) {
		if (!(bitmap >> step))
			continue;
		bitmap >>= step;
		level += step;
	}
	return level;
}

/*
 * lk_pick - the level to run from on a CPU
 * @bitmap: levels with somebody in their list
 * @fitting: of these, the levels with somebody who may run on this CPU
 *
 * LK walks a level's list; with nobody in it for this CPU it goes on to the
 * next. Return: the level, LK_IDLE for the idle thread.
 */
static inline __u32 lk_pick(__u32 bitmap, __u32 fitting)
{
	return bitmap & fitting ? lk_highest(bitmap & fitting) : LK_IDLE;
}

/* Why a thread is put into a list. */
enum lk_why {
	LK_WHY_RESUMED,
	LK_WHY_WOKEN,
	LK_WHY_RANKED,
	LK_WHY_PREEMPTED,
	LK_WHY_YIELDED,
};

static inline int lk_goes_to_head(enum lk_why why, __u64 left_ns)
{
	if (why == LK_WHY_YIELDED)
		return 0;
	return why != LK_WHY_PREEMPTED || left_ns;
}

/* What is left of a quantum, 0 if it is over. Nobody's is used up who is real-time. */
static inline __u64 lk_spend(__u64 left_ns, __u64 ran_ns, int is_realtime)
{
	if (is_realtime)
		return left_ns;
	return ran_ns < left_ns ? left_ns - ran_ns : 0;
}

/* A quantum is filled up only when it is over. */
static inline __u64 lk_refill(__u64 left_ns)
{
	return left_ns ? left_ns : LK_QUANTUM_NS;
}

/* Is a CPU real-time, which is left alone by ordinary wakeups, while this one runs? */
static inline int lk_cpu_is_realtime(__u32 level, int is_realtime)
{
	return is_realtime && level > LK_DEFAULT;
}

/* Only a higher level interrupts: equals wait until the quantum is over. */
static inline int lk_interrupts(__u32 level, __u32 running)
{
	return level > running;
}

#endif /* __LANES_MATH_LK_H */
