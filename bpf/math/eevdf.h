/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Earliest eligible virtual deadline first: arithmetic only, compiled by the BPF side
 * and by the host tests.
 *
 * A queue has a virtual clock, which passes by 1024 / W for each ns that its tasks run,
 * W being the weight of all that run or want to; a task of weight w that runs pays
 * 1024 / w for it. A task is eligible if it has not paid for more than has passed; how
 * much less, times its weight, is its lag: what it is owed. Virtual times have 16 bits
 * below the ns and are compared by the sign of their difference.
 */
#ifndef __LANES_MATH_EEVDF_H
#define __LANES_MATH_EEVDF_H

#include "math/vtime.h"

#define EEVDF_FRACTION_BITS	16
#define EEVDF_UNIT_BITS		(EEVDF_FRACTION_BITS + 10)

/* Up to this much the product fits into 64 bits. */
#define EEVDF_EXACT_NS		(1ULL << 37)

/* What divisions may lose: who misses the clock by this much is eligible. */
#define EEVDF_TOLERANCE		(1ULL << EEVDF_FRACTION_BITS)

/**
 * eevdf_virtual - how much virtual time is a time
 * @ns: the time
 * @weight: of one task, or of all of them; not 0
 */
static inline __u64 eevdf_virtual(__u64 ns, __u64 weight)
{
	if (ns < EEVDF_EXACT_NS)
		return (ns << EEVDF_UNIT_BITS) / weight;
	return (ns << 10) / weight << EEVDF_FRACTION_BITS;
}

/* How long a task of @weight runs for so much virtual time. */
static inline __u64 eevdf_real_ns(__u64 virtual, __u64 weight)
{
	return (virtual >> EEVDF_FRACTION_BITS) * weight >> 10;
}

static inline int eevdf_is_eligible(__u64 eligible, __u64 clock)
{
	return !vtime_before(clock + EEVDF_TOLERANCE, eligible);
}

/*
 * Moss: nice values are added to 1024, so that they hardly matter. @level: 0 … 40.
 */
static inline __u32 eevdf_moss_weight(__u32 level)
{
	return 1024 + 20 - level;
}

#endif /* __LANES_MATH_EEVDF_H */
