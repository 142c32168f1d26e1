/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Histograms of times in ns, four buckets to each power of two: a percentile
 * read from one is at most a quarter too high. Arithmetic only, compiled by
 * the BPF side, by the loader and by the host tests.
 *
 * Bucket b < 8 holds the time b itself; from there on b = 4 · (e + 1) + m holds
 * the times from (4 + m) · 2^e up to where the next bucket begins.
 */
#ifndef __LANES_MATH_HISTOGRAM_H
#define __LANES_MATH_HISTOGRAM_H

#define HIST_LINEAR	8

static inline __u32 log2_u64(__u64 v)
{
	__u32 bits = 0;

	if (v >> 32) { bits += 32; v >>= 32; }
	if (v >> 16) { bits += 16; v >>= 16; }
	if (v >> 8) { bits += 8; v >>= 8; }
	if (v >> 4) { bits += 4; v >>= 4; }
	if (v >> 2) { bits += 2; v >>= 2; }
	return bits + (__u32)(v >> 1);
}

/**
 * hist_bucket - which bucket a time belongs to
 * @ns: the time
 * @nr_buckets: buckets there are; longer times go to the last
 */
static inline __u32 hist_bucket(__u64 ns, __u32 nr_buckets)
{
	__u32 e, b;

	if (ns < HIST_LINEAR)
		return ns;
	e = log2_u64(ns) - 2;
	b = 4 * (e + 1) + (__u32)((ns >> e) & 3);
	return b < nr_buckets ? b : nr_buckets - 1;
}

/**
 * hist_bucket_end - first time that no longer belongs to a bucket, ns
 * @b: the bucket
 */
static inline __u64 hist_bucket_end(__u32 b)
{
	if (b < HIST_LINEAR)
		return b + 1;
	return (__u64)(4 + (b & 3) + 1) << (b / 4 - 1);
}

#endif /* __LANES_MATH_HISTOGRAM_H */
