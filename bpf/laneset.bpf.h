/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A set of lanes: a bitmap that everybody reads and changes.
 *
 * A member costs whoever looks one look too many if there is nothing to find; one
 * that is missing is found later, or not at all. So whoever has work for others
 * joins before they could see it, and leaves when it is sure.
 */
#ifndef __LANES_LANESET_BPF_H
#define __LANES_LANESET_BPF_H

#define LANE_SET_WORDS	(LANES_MAX_CPUS / 64)

struct lane_set {
	u64 words[LANE_SET_WORDS];
};

/* The mask is for the verifier: no CPU is above LANES_MAX_CPUS. */
static inline u64 *lane_set_word(struct lane_set *set, s32 cpu)
{
	return &set->words[(u32)cpu / 64 & (LANE_SET_WORDS - 1)];
}

static inline u64 lane_set_bit(s32 cpu)
{
	return 1ULL << ((u32)cpu % 64);
}

static inline bool lane_set_has(struct lane_set *set, s32 cpu)
{
	return *lane_set_word(set, cpu) & lane_set_bit(cpu);
}

/* Mostly a member already, and reading does not take the line from others. */
static inline void lane_set_add(struct lane_set *set, s32 cpu)
{
	if (!lane_set_has(set, cpu))
		__sync_fetch_and_or(lane_set_word(set, cpu), lane_set_bit(cpu));
}

static inline void lane_set_remove(struct lane_set *set, s32 cpu)
{
	if (lane_set_has(set, cpu))
		__sync_fetch_and_and(lane_set_word(set, cpu), ~lane_set_bit(cpu));
}

static inline bool lane_set_is_empty(const struct lane_set *set)
{
	u64 any = 0;
	u32 i;

	/* Known at load: the others are not even read. */
	if (nr_cpus <= 64)
		return !set->words[0];
	for (i = 0; i < LANE_SET_WORDS; i++)
		any |= set->words[i];
	return !any;
}

#endif /* __LANES_LANESET_BPF_H */
