// SPDX-License-Identifier: GPL-2.0
/*
 * Where a task goes with discipline "haiku": first which core, then which CPU of it.
 *
 * A task comes back to its core as long as that may have some of its memory in the
 * cache, and as long as the loads allow. A new one, and one whose core is cold, goes to
 * an idle core by the rule of the mode (place_idle(): the one that went idle last), else
 * where there is least to do.
 *
 * Low latency: it leaves its core for the least loaded one if the difference is worth
 * it. Power saving: small tasks are packed on one core, the most loaded that is not
 * highly loaded, until it is; who is in the way there goes where there is room. The
 * rules are in math/haiku.h.
 *
 * The load of a CPU is measured where tasks are charged, at most each ms; of one that
 * sleeps it is worked out by whoever asks. A core's is the average of its CPUs'.
 */
#include "lanes.bpf.h"

/* For one search: the sum of the loads of each core, by its home CPU. */
struct haiku_census {
	u32 load[LANES_MAX_CPUS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct haiku_census);
} haiku_censuses SEC(".maps");

/* The home CPU of the core that small tasks are packed on, plus one; 0: none yet. */
u32 haiku_small_core;

static struct haiku_census *haiku_census(void)
{
	u32 key = 0;

	return bpf_map_lookup_elem(&haiku_censuses, &key);
}

static u32 haiku_lane_load(const struct lane *lane, u64 now)
{
	u64 passed_ns = now - lane->load_since_ns, active_ns = lane->load_active_ns;

	if (passed_ns < HAIKU_LOAD_INTERVAL_NS)
		return lane->load;
	if (lane->curr_pid)
		active_ns += now - lane->since_ns;
	return haiku_load(lane->load, active_ns, passed_ns);
}

static u32 *haiku_sum_of(struct haiku_census *census, const struct lane *lane, s32 cpu)
{
	return &census->load[home_cpu(lane, cpu) & (LANES_MAX_CPUS - 1)];
}

SUBPROG int haiku_take_census(u64 now)
{
	struct haiku_census *census = haiku_census();
	s32 i;

	if (!census)
		return 0;
	bpf_for(i, 0, 2 * nr_cpus) {
		s32 cpu = i < nr_cpus ? i : i - nr_cpus;
		struct lane *lane = try_lookup_lane(cpu);

		if (!lane)
			continue;
		if (i < nr_cpus)
			*haiku_sum_of(census, lane, cpu) = 0;
		else if (lane->is_online)
			*haiku_sum_of(census, lane, cpu) += haiku_lane_load(lane, now);
	}
	return 0;
}

static u32 haiku_core_load(struct haiku_census *census, const struct lane *lane, s32 cpu)
{
	return *haiku_sum_of(census, lane, cpu) / (lane->nr_siblings ?: 1);
}

/*
 * haiku_find_core - a CPU of the core with the least load, or of the one with the most
 * that is not highly loaded
 */
SUBPROG s32 haiku_find_core(struct task_struct *p TRUSTED, bool most)
{
	struct haiku_census *census = haiku_census();
	const struct cpumask *allowed = p->cpus_ptr;
	u32 best_rank = 0;
	s32 cpu, best = -1;

	if (!census)
		return -1;
	bpf_for(cpu, 0, nr_cpus) {
		struct lane *lane = try_lookup_lane(cpu);
		u32 load, rank;

		if (!place_may_use(allowed, cpu, lane, ANY_NODE))
			continue;
		load = haiku_core_load(census, lane, cpu);
		if (most && load > HAIKU_HIGH_LOAD)
			continue;
		rank = most ? load + 1 : 2 * HAIKU_MAX_LOAD - load;
		/* See level_victim(). */
		if ((s32)(rank - best_rank) <= 0)
			continue;
		best_rank = rank;
		best = cpu;
	}
	return best;
}

/* What a core has to do, of 1000; as much as there is for none. */
static u32 haiku_load_of(s32 cpu)
{
	struct haiku_census *census = haiku_census();
	struct lane *lane = try_lookup_lane(cpu);

	return census && lane ? haiku_core_load(census, lane, cpu) : HAIKU_MAX_LOAD;
}

/* The core that small tasks are packed on: it stays that until it is highly loaded. */
static s32 haiku_small(struct task_struct *p)
{
	s32 cpu = (s32)haiku_small_core - 1;

	if (cpu >= 0 && haiku_load_of(cpu) <= HAIKU_HIGH_LOAD &&
	    bpf_cpumask_test_cpu(cpu, p->cpus_ptr))
		return cpu;
	cpu = haiku_find_core(p, true);
	haiku_small_core = cpu + 1;
	return cpu;
}

SUBPROG s32 haiku_stay_or_spread(struct task_struct *p TRUSTED, u32 thread_load, s32 cpu)
{
	s32 least = haiku_find_core(p, false);
	struct lane *lane = try_lookup_lane(cpu);

	if (least < 0 || !lane ||
	    !haiku_moves(haiku_load_of(cpu), haiku_load_of(least), thread_load,
			 lane->nr_siblings))
		return cpu;
	return least;
}

SUBPROG s32 haiku_stay_or_pack(struct task_struct *p TRUSTED, u32 thread_load, s32 cpu)
{
	struct lane *lane = try_lookup_lane(cpu);
	s32 room, small;
	bool is_small;

	if (!lane)
		return cpu;
	is_small = haiku_small_core == (u32)home_cpu(lane, cpu) + 1;
	room = haiku_find_core(p, true);
	small = haiku_small(p);
	switch (haiku_packs(haiku_load_of(cpu), thread_load, is_small, haiku_load_of(small),
			    haiku_load_of(room))) {
	case HAIKU_TO_SMALL:
		return small >= 0 ? small : cpu;
	case HAIKU_TO_ROOM:
		return room >= 0 ? room : cpu;
	default:
		return cpu;
	}
}

/* Of the CPUs of the core of @core_cpu an idle one, @prev_cpu by preference; claimed. */
SUBPROG s32 haiku_idle_of_core(struct task_struct *p TRUSTED, s32 core_cpu, s32 prev_cpu)
{
	struct lane *core = try_lookup_lane(core_cpu);
	const struct cpumask *allowed = p->cpus_ptr;
	s32 i;

	if (!core)
		return -1;
	bpf_for(i, 0, nr_cpus + 1) {
		s32 cpu = i ? i - 1 : prev_cpu;
		struct lane *lane = try_lookup_lane(cpu);

		if (place_may_use(allowed, cpu, lane, ANY_NODE) && lane->idle_since_ns &&
		    home_cpu(lane, cpu) == home_cpu(core, core_cpu) && claim_idle_cpu(cpu))
			return cpu;
	}
	return -1;
}

/* Has its core done so much since that nothing of the task is in the cache? */
static bool haiku_is_cold(const struct task_ctx *tctx, const struct lane *lane, u64 now)
{
	if (knobs.mode == LANES_MODE_POWER_SAVING)
		return now - tctx->slept_at_ns > HAIKU_CACHE_EXPIRE_NS;
	return lane->stats[LANES_STAT_run_ns] - tctx->slept_run_ns > HAIKU_CACHE_EXPIRE_NS;
}

/* Where a task without a core goes. Return: the CPU; *is_idle if it is claimed. */
SUBPROG s32 haiku_choose_core(struct task_struct *p TRUSTED, u32 thread_load, bool *is_idle)
{
	s32 cpu;

	if (!is_idle)
		return -1;
	if (knobs.mode == LANES_MODE_POWER_SAVING) {
		cpu = haiku_small(p);
		if (cpu >= 0 && haiku_load_of(cpu) + thread_load < HAIKU_HIGH_LOAD &&
		    haiku_load_of(cpu))
			return cpu;
	}
	cpu = place_idle(p, ANY_NODE);
	*is_idle = cpu >= 0;
	return cpu >= 0 ? cpu : haiku_find_core(p, false);
}

/**
 * haiku_select - which CPU a task goes to
 * @is_new: it has not run anywhere yet
 * @is_idle: set if the CPU was idle and is now claimed
 *
 * Context: ops.select_cpu.
 */
SUBPROG s32 haiku_select(struct task_struct *p TRUSTED, struct task_ctx *tctx, s32 prev_cpu,
			 bool is_new, bool *is_idle)
{
	struct lane *mine = try_lookup_lane(prev_cpu);
	u64 now = now_ns();
	s32 core, cpu;

	if (!is_idle || !tctx || !mine)
		return prev_cpu;
	*is_idle = false;
	haiku_take_census(now);
	if (is_new || queue_domain == LANES_DOMAIN_MACHINE || haiku_is_cold(tctx, mine, now))
		core = haiku_choose_core(p, tctx->load, is_idle);
	else if (knobs.mode == LANES_MODE_POWER_SAVING)
		core = haiku_stay_or_pack(p, tctx->load, prev_cpu);
	else
		core = haiku_stay_or_spread(p, tctx->load, prev_cpu);
	if (core < 0 || *is_idle)
		return core < 0 ? prev_cpu : core;
	cpu = haiku_idle_of_core(p, core, prev_cpu);
	*is_idle = cpu >= 0;
	if (cpu >= 0)
		return cpu;
	cpu = level_victim(p, haiku_urgency(p, tctx), core);
	return cpu >= 0 ? cpu : core;
}
