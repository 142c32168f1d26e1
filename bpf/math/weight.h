/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Weights of the 40 nice levels and of SCHED_IDLE: arithmetic only, compiled by
 * the BPF side and by the host tests.
 *
 * The table is Red Bear OS's (scheduler plan, section 2: "Levels and weights")
 * and, number for number, the one Linux uses: each level is worth about 1.25
 * times the next, nice 0 is 1024. SCHED_IDLE weighs 3, as it does there.
 */
#ifndef __LANES_MATH_WEIGHT_H
#define __LANES_MATH_WEIGHT_H

#define NR_LEVELS	41
#define LEVEL_NICE_0	20
#define LEVEL_IDLE	40
#define WEIGHT_NICE_0	1024

/* A charge covers at most this much running time; keeps the product in 64 bits. */
#define MAX_CHARGE_NS	(1ULL << 33)

static const __u32 level_weights[NR_LEVELS] = {
	88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
	 9548,  7620,  6100,  4904,  3906,  3121,  2501,  1991,  1586,  1277,
	 1024,   820,   655,   526,   423,   335,   272,   215,   172,   137,
	  110,    87,    70,    56,    45,    36,    29,    23,    18,    15,
	    3,
};

/* 2^32 / weight, rounded down, so that charging multiplies where it would have to divide. */
static const __u32 level_inverses[NR_LEVELS] = {
	    48388,     59856,     76039,     92817,    118348,
	   147320,    184698,    229616,    287308,    360437,
	   449829,    563644,    704092,    875808,   1099582,
	  1376151,   1717299,   2157191,   2708049,   3363325,
	  4194304,   5237764,   6557201,   8165337,  10153586,
	 12820797,  15790320,  19976592,  24970740,  31350126,
	 39045157,  49367440,  61356675,  76695844,  95443717,
	119304647, 148102320, 186737708, 238609294, 286331153,
	1431655765,
};

/**
 * level_of_nice - which of the levels 0 … 39 a nice value is
 * @nice: -20 … 19; values outside are clamped
 */
static inline __u32 level_of_nice(int nice)
{
	int level = nice + LEVEL_NICE_0;

	if (level < 0)
		return 0;
	return level < LEVEL_IDLE ? level : LEVEL_IDLE - 1;
}

/**
 * weigh_ns - what running costs in virtual time
 * @ran_ns: time spent on the CPU
 * @level: 0 (dearest weight, cheapest time) … 40
 *
 * Return: @ran_ns · 1024 / weight(@level), ns of nice 0.
 */
static inline __u64 weigh_ns(__u64 ran_ns, __u32 level)
{
	if (ran_ns > MAX_CHARGE_NS)
		ran_ns = MAX_CHARGE_NS;
	if (level >= NR_LEVELS)
		level = NR_LEVELS - 1;
	return ran_ns * level_inverses[level] >> 22;
}

#endif /* __LANES_MATH_WEIGHT_H */
