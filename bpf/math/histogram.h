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

#define LOG2_2(n)	n, n
#define LOG2_4(n)	LOG2_2(n), LOG2_2(n)
#define LOG2_8(n)	LOG2_4(n), LOG2_4(n)
#define LOG2_16(n)	LOG2_8(n), LOG2_8(n)
#define LOG2_32(n)	LOG2_16(n), LOG2_16(n)
#define LOG2_64(n)	LOG2_32(n), LOG2_32(n)

/* BPF has no instruction for it, and this is done at every switch. */
static const __u8 log2_of_byte[256] = {
	0, 0, LOG2_2(1), LOG2_4(2), LOG2_8(3), LOG2_16(4), LOG2_32(5), LOG2_64(6),
	LOG2_64(7), LOG2_64(7),
};

static inline __u32 log2_u64(__u64 v)
{
	__u32 shift = 0;

	if (v >> 32) {
		shift = 32;
		v >>= 32;
	}
	if (v >> 16)
		shift += v >> 24 ? 24 : 16;
	else if (v >> 8)
		shift += 8;
	return shift + log2_of_byte[v >> (shift & 31) & 0xff];
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
