/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules of Haiku's scheduler, arithmetic only: compiled by the BPF side and by the
 * host tests.
 *
 * 121 priorities, the higher the more urgent. Whoever uses up its quantum loses
 * a priority, until what is left is a fifth of what it began with; from there it goes
 * round, so that it starves nobody and still gets its share. Who has slept begins
 * anew. Priorities from 100 on are real-time and lose nothing. Two rules: that
 * of 2013, which the report describes, and today's. Quanta depend on the priority
 * that is left and on how many share the CPU.
 *
 * Loads are of 1000.
 */
#ifndef __LANES_MATH_HAIKU_H
#define __LANES_MATH_HAIKU_H

#define HAIKU_NR_LEVELS		121
#define HAIKU_IDLE		0
#define HAIKU_LOWEST		1
#define HAIKU_NORMAL		10
#define HAIKU_DISPLAY		15
#define HAIKU_URGENT_DISPLAY	20
#define HAIKU_REALTIME		100
#define HAIKU_URGENT		110
#define HAIKU_HIGHEST		120

#define HAIKU_US		1000ULL
#define HAIKU_MS		1000000ULL

/* What cancels a penalty by the rule of 2013: a sleep longer than its quantum. */
#define HAIKU_2013_QUANTUM_NS	(3 * HAIKU_MS)

enum haiku_rule {
	HAIKU_RULE_2013,
	HAIKU_RULE_TODAY,
};

/**
 * struct haiku_mode - what the two modes differ in
 * @base_ns: quantum of who is urgent
 * @min_ns: no quantum is shorter
 * @multiplier: of the base, at priority 10 and at 0
 * @max_latency_ns: all who share a CPU are to run within this
 */
struct haiku_mode {
	__u64 base_ns;
	__u64 min_ns;
	__u64 max_latency_ns;
	__u32 multiplier[2];
};

static const struct haiku_mode haiku_low_latency = {
	.base_ns	= 1 * HAIKU_MS,
	.min_ns		= 100 * HAIKU_US,
	.max_latency_ns	= 5 * HAIKU_MS,
	.multiplier	= { 2, 5 },
};

static const struct haiku_mode haiku_power_saving = {
	.base_ns	= 2 * HAIKU_MS,
	.min_ns		= 500 * HAIKU_US,
	.max_latency_ns	= 20 * HAIKU_MS,
	.multiplier	= { 3, 10 },
};

static inline const struct haiku_mode *haiku_mode_of(int is_power_saving)
{
	return is_power_saving ? &haiku_power_saving : &haiku_low_latency;
}

static inline __u32 haiku_clamp_priority(__s32 prio)
{
	if (prio < HAIKU_LOWEST)
		return HAIKU_LOWEST;
	return prio > HAIKU_HIGHEST ? HAIKU_HIGHEST : prio;
}

/* Nice 0 is normal, -5 display, -10 urgent display, -20 is 30; 19 is the lowest. */
static inline __u32 haiku_priority_of_nice(__s32 nice)
{
	if (nice <= 0)
		return HAIKU_NORMAL - nice;
	return HAIKU_NORMAL - (__u32)nice * (HAIKU_NORMAL - HAIKU_LOWEST) / 19;
}

/* Where in a queue of levels: see levelkey.h. */
static inline __u32 haiku_rank(__u32 prio)
{
	return HAIKU_HIGHEST - prio;
}

/**
 * struct haiku_penalty - what a thread has lost of its priority
 * @penalty: lost for good, until it sleeps
 * @additional: how often it has come to the end of a quantum since
 */
struct haiku_penalty {
	__u16 penalty;
	__u16 additional;
};

/* What is left of a priority at least. */
static inline __u32 haiku_min_priority(__u32 prio, enum haiku_rule rule)
{
	__u32 least = rule == HAIKU_RULE_2013 && prio > 25 ? 25 / 5 : prio / 5;

	if (least < HAIKU_LOWEST)
		return HAIKU_LOWEST;
	return least > 25 ? 25 : least;
}

static inline int haiku_has_penalty(__u32 prio)
{
	return prio > HAIKU_IDLE && prio < HAIKU_REALTIME;
}

/* The priority a thread has now. */
static inline __u32 haiku_effective(__u32 prio, const struct haiku_penalty *lost,
				    enum haiku_rule rule)
{
	__u32 left = prio > lost->penalty ? prio - lost->penalty : 0;

	if (!haiku_has_penalty(prio))
		return prio;
	if (rule == HAIKU_RULE_2013)
		left -= lost->additional % haiku_min_priority(prio, rule);
	else if (left)
		left -= lost->additional % left;
	return left > prio || left < HAIKU_LOWEST ? HAIKU_LOWEST : left;
}

/* A quantum is used up, by today's rule also given away. */
static inline void haiku_penalize(__u32 prio, struct haiku_penalty *lost, enum haiku_rule rule)
{
	__u32 least = haiku_min_priority(prio, rule);

	if (!haiku_has_penalty(prio))
		return;
	if (rule == HAIKU_RULE_TODAY) {
		lost->additional++;
		if (lost->penalty + least < prio)
			lost->penalty++;
	} else if (prio <= lost->penalty + least) {
		lost->additional++;
	} else {
		lost->penalty++;
	}
}

/* Going to sleep with a part of its quantum left. */
static inline void haiku_went_to_sleep(__u32 prio, struct haiku_penalty *lost,
				       enum haiku_rule rule)
{
	if (rule == HAIKU_RULE_TODAY && haiku_has_penalty(prio))
		lost->additional++;
}

/* Return: whether so long a sleep has cancelled what was lost. */
static inline int haiku_woke_up(struct haiku_penalty *lost, __u64 slept_ns, enum haiku_rule rule,
				const struct haiku_mode *mode)
{
	int was_penalized = lost->penalty || lost->additional;

	if (slept_ns <= (rule == HAIKU_RULE_2013 ? HAIKU_2013_QUANTUM_NS : mode->base_ns / 2))
		return 0;
	lost->penalty = 0;
	if (rule == HAIKU_RULE_2013)
		lost->additional = 0;
	return was_penalized;
}

/* Today's: a child begins with what its parent has lost, as far as it can lose that. */
static inline void haiku_inherit(__u32 prio, struct haiku_penalty *lost,
				 const struct haiku_penalty *theirs, enum haiku_rule rule)
{
	__u32 most = prio - haiku_min_priority(prio, rule);

	lost->additional = 0;
	lost->penalty = 0;
	if (rule == HAIKU_RULE_TODAY && haiku_has_penalty(prio))
		lost->penalty = theirs->penalty < most ? theirs->penalty : most;
}

/* From @long_ns at @from down to @short_ns at @to. */
static inline __u64 haiku_scale(__u64 long_ns, __u64 short_ns, __u32 from, __u32 to, __u32 prio)
{
	return long_ns - (long_ns - short_ns) * (prio - from) / (to - from);
}

/* How long a thread with this much priority left may run where nobody hurries it. */
static inline __u64 haiku_quantum_of_priority(__u32 effective, const struct haiku_mode *mode)
{
	__u64 at_normal_ns = mode->base_ns * mode->multiplier[0];

	if (effective >= HAIKU_URGENT_DISPLAY)
		return mode->base_ns;
	if (effective > HAIKU_NORMAL)
		return haiku_scale(at_normal_ns, mode->base_ns, HAIKU_NORMAL,
				   HAIKU_URGENT_DISPLAY, effective);
	return haiku_scale(mode->base_ns * mode->multiplier[1], at_normal_ns, HAIKU_IDLE,
			   HAIKU_NORMAL, effective);
}

/* The longest quantum where so many threads share a CPU. */
static inline __u64 haiku_quantum_of_count(__u32 nr_threads, const struct haiku_mode *mode)
{
	__u64 ns = mode->max_latency_ns / (nr_threads ? nr_threads : 1);

	return ns > mode->min_ns ? ns : mode->min_ns;
}

/**
 * haiku_quantum - how long a thread runs
 * @prio: its own priority
 * @effective: what is left of it
 * @nr_threads: those that are ready or run on the CPU
 */
static inline __u64 haiku_quantum(__u32 prio, __u32 effective, __u32 nr_threads,
				  const struct haiku_mode *mode)
{
	__u64 ns = haiku_quantum_of_priority(effective, mode);
	__u64 limit_ns = haiku_quantum_of_count(nr_threads, mode);

	return prio >= HAIKU_REALTIME || ns < limit_ns ? ns : limit_ns;
}

/* So little left is as good as nothing; it is added to the next quantum. */
static inline int haiku_quantum_is_over(__u64 left_ns, const struct haiku_mode *mode)
{
	return left_ns <= mode->min_ns / 2;
}

#define HAIKU_MAX_LOAD		1000
#define HAIKU_TARGET_LOAD	550
#define HAIKU_HIGH_LOAD		700
#define HAIKU_MEDIUM_LOAD	((HAIKU_HIGH_LOAD + HAIKU_TARGET_LOAD) / 2)
#define HAIKU_VERY_HIGH_LOAD	850
#define HAIKU_LOAD_DIFFERENCE	200

/* A load is measured anew when so much time has passed; old ones fade in 250 us steps. */
#define HAIKU_LOAD_INTERVAL_NS	(1000 * HAIKU_US)

/**
 * haiku_load - what a load is now
 * @load: what it was
 * @active_ns: of the last @passed_ns the time it was active
 */
static inline __u32 haiku_load(__u32 load, __u64 active_ns, __u64 passed_ns)
{
	__u64 n = (passed_ns / HAIKU_US + 250) / 1000, latest;

	if (!passed_ns)
		return load;
	if (active_ns > passed_ns)
		active_ns = passed_ns;
	latest = active_ns * HAIKU_MAX_LOAD / passed_ns;
	if (n > 10)
		return latest;
	return (load + latest * ((1ULL << n) - 1)) >> n;
}

/* Is a core among the highly loaded ones? It comes above one limit, leaves below another. */
static inline int haiku_is_high(int was_high, __u32 load)
{
	return was_high ? load >= HAIKU_MEDIUM_LOAD : load > HAIKU_HIGH_LOAD;
}

/**
 * haiku_moves - does a waking thread leave its core, in the mode low latency?
 * @load: of its core
 * @least: of the least loaded core
 * @thread: of the thread
 * @nr_cpus: of its core
 */
static inline int haiku_moves(__u32 load, __u32 least, __u32 thread, __u32 nr_cpus)
{
	if (least + HAIKU_LOAD_DIFFERENCE >= load)
		return 0;
	return load - least - HAIKU_LOAD_DIFFERENCE >= thread / (nr_cpus ? nr_cpus : 1);
}

/* What a waking thread does in the mode power saving. */
enum haiku_move {
	HAIKU_STAY,
	/* To the core that small tasks are packed on. */
	HAIKU_TO_SMALL,
	/* To the most loaded core that has room. */
	HAIKU_TO_ROOM,
};

/**
 * haiku_packs - where a waking thread goes in the mode power saving
 * @load: of its core
 * @thread: of the thread
 * @is_small: whether its core is the one that small tasks are packed on
 * @small: load of that core
 * @room: load of the most loaded core that is not highly loaded
 */
static inline enum haiku_move haiku_packs(__u32 load, __u32 thread, int is_small, __u32 small,
					  __u32 room)
{
	if (load > HAIKU_HIGH_LOAD && is_small)
		return thread <= load / 3 && load > HAIKU_VERY_HIGH_LOAD ? HAIKU_TO_ROOM :
									  HAIKU_STAY;
	if (load > HAIKU_HIGH_LOAD) {
		/* Afterwards that core is still to have less to do than this one. */
		if (thread >= load / 2 || room + 2 * thread + HAIKU_LOAD_DIFFERENCE / 2 > load)
			return HAIKU_STAY;
		return HAIKU_TO_ROOM;
	}
	if (load >= HAIKU_MEDIUM_LOAD || is_small || small + thread >= HAIKU_HIGH_LOAD)
		return HAIKU_STAY;
	return HAIKU_TO_SMALL;
}

/* A core that has worked for so long since is cold for a thread that slept. */
#define HAIKU_CACHE_EXPIRE_NS	(100 * HAIKU_MS)

/**
 * haiku_max_latency - about how long a thread may have to wait
 * @nr_threads: those that are ready or run on a CPU of its core, on average
 *
 * What estimate_max_scheduling_latency() tells.
 */
static inline __u64 haiku_max_latency(__u32 prio, __u32 effective, __u32 nr_threads,
				      const struct haiku_mode *mode)
{
	__u64 ns = haiku_quantum(prio, effective, nr_threads, mode);
	__u64 waits_ns = nr_threads > 1 ? ns * (nr_threads - 1) : 0;

	if (waits_ns < mode->min_ns)
		return mode->min_ns;
	return waits_ns < mode->max_latency_ns ? waits_ns : mode->max_latency_ns;
}

/* What a thread is for: suggest_thread_priority()'s words, each a bit. */
#define HAIKU_FOR_STATUS	(1U << 0)
#define HAIKU_FOR_COMPUTING	(1U << 1)
#define HAIKU_FOR_OFFLINE	(1U << 2)
#define HAIKU_FOR_INPUT		(1U << 3)
#define HAIKU_FOR_LIVE_VIDEO	(1U << 4)
#define HAIKU_FOR_LIVE_3D	(1U << 5)
#define HAIKU_FOR_VIDEO_PLAY	(1U << 6)
#define HAIKU_FOR_VIDEO_REC	(1U << 7)
#define HAIKU_FOR_LIVE_AUDIO	(1U << 8)
#define HAIKU_FOR_AUDIO_PLAY	(1U << 9)
#define HAIKU_FOR_AUDIO_REC	(1U << 10)
#define HAIKU_FOR_MIDI		(1U << 11)
#define HAIKU_NR_PURPOSES	12

static const __u8 haiku_priority_for[HAIKU_NR_PURPOSES] = {
	10, 5, 6, 15, 14, 12, 20, 25, 110, 115, 115, 120,
};

/* suggest_thread_priority - of several purposes the most urgent counts */
static inline __u32 haiku_suggest_priority(__u32 purposes)
{
	__u32 i, best = 0;

	for (i = 0; i < HAIKU_NR_PURPOSES; i++)
		if (purposes & (1U << i) && haiku_priority_for[i] > best)
			best = haiku_priority_for[i];
	return best ? best : HAIKU_NORMAL;
}

#endif /* __LANES_MATH_HAIKU_H */
