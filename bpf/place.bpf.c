// SPDX-License-Identifier: GPL-2.0
/*
 * Which CPU a task goes to.
 *
 * A woken task goes to an idle CPU, by preference the one it last ran on or one
 * that shares its cache (the kernel's own search); in powersave mode to an idle
 * CPU of a package that is awake (Haiku's power saving mode). If none is idle it
 * stays with its queue, unless that is longer than keep_local: then the least
 * loaded lane it may run in takes it (moss: "keep threads on the same CPU unless
 * the local queue is too long").
 *
 * A new task, and one that has called exec(2), is placed by the rule asked for:
 * least-loaded (Red Bear S3.3), round-robin (moss), numa (Red Bear S6.2). Among idle
 * CPUs the mode chooses: performance wakes packages, so that each task has as
 * much cache and power as there is; powersave packs them. In both the CPU that
 * went idle last is taken first (Haiku).
 *
 * No choice binds anybody: a task keeps the affinity its user gave it (D4).
 */
#include "lanes.bpf.h"

#define MAX_PACKAGES	64

/* Who runs no longer than this between two sleeps will sleep soon. */
#define SHORT_BURST_NS	(100 * NS_PER_US)
#define ANY_NODE	(-1)

/* Loads are in 1024ths of a task. */
#define LOAD_SHIFT	10

/* Free memory of each NUMA node, kB; refreshed by the loader while place is numa. */
u64 node_free_kb[LANES_MAX_NODES];

/* How many tasks were placed by round robin. */
u32 nr_placed;

/* Whose CPU went idle so short a time ago keeps its package awake. */
#define AWAKE_NS	(10 * NS_PER_MS)

/* For one search: how many CPUs of each package are idle, and how many are or were busy. */
struct census {
	u32 nr_idle[MAX_PACKAGES];
	u32 nr_awake[MAX_PACKAGES];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct census);
} censuses SEC(".maps");

/* So many tasks on a CPU; where half its time is not theirs, each needs twice as much. */
static u64 load_of(u64 nr, u32 away_share)
{
	if (!away_share)
		return nr << LOAD_SHIFT;
	return ((nr + 1) * 1000 << LOAD_SHIFT) / (1000 - away_share) - (1 << LOAD_SHIFT);
}

/*
 * Tasks that share a CPU: the queue and the one that runs, and @more. Where RT tasks
 * take 950 of 1000 ms, one task is as much as twenty elsewhere.
 */
SUBPROG u64 lane_load_with(const struct lane *lane, u32 more)
{
	if (!lane)
		return 0;
	return load_of(lane_waiting_here(lane) +
		       lane_waiting_shared(lane) / (lane->nr_siblings ?: 1) +
		       (lane->curr_pid && !lane->curr_rt) + more, lane->away_share);
}

static u64 lane_load(const struct lane *lane)
{
	return lane_load_with(lane, 0);
}

/*
 * @allowed: p->cpus_ptr. Loops take it before they begin: each time that it is taken the
 * verifier of 6.12 searches the whole of the kernel's type information three times.
 */
static bool place_may_use(const struct cpumask *allowed, s32 cpu, const struct lane *lane,
			  s32 node)
{
	return lane && lane_is_open(lane) && bpf_cpumask_test_cpu(cpu, allowed) &&
	       (node == ANY_NODE || lane->node == node);
}

/* place_least_loaded - of the lanes a task may use, the one with the least load */
SUBPROG s32 place_least_loaded(struct task_struct *p TRUSTED, s32 prev_cpu, s32 node)
{
	u64 best_load = ~0ULL, load;
	const struct cpumask *allowed;
	s32 i, best = prev_cpu;

	/* In a timer's callback p->cpus_ptr is not to be had without. */
	bpf_rcu_read_lock();
	allowed = p->cpus_ptr;
	bpf_for(i, 0, nr_cpus + 1) {
		s32 cpu = i ? i - 1 : prev_cpu;
		struct lane *lane = try_lookup_lane(cpu);

		if (!place_may_use(allowed, cpu, lane, node))
			continue;
		load = lane_load(lane);
		if (load >= best_load)
			continue;
		best_load = load;
		best = cpu;
	}
	bpf_rcu_read_unlock();
	return best;
}

SUBPROG s32 place_round_robin(struct task_struct *p TRUSTED, s32 prev_cpu)
{
	u32 nr_allowed = p->nr_cpus_allowed;
	u32 turn = nr_allowed ? __sync_fetch_and_add(&nr_placed, 1) % nr_allowed : 0;
	const struct cpumask *allowed = p->cpus_ptr;
	s32 cpu;

	bpf_for(cpu, 0, nr_cpus) {
		struct lane *lane = try_lookup_lane(cpu);

		if (place_may_use(allowed, cpu, lane, ANY_NODE) && !turn--)
			return cpu;
	}
	return prev_cpu;
}

/* Return: the node that all CPUs a task may use are in, ANY_NODE if there are more. */
static s32 place_only_node(struct task_struct *p)
{
	const struct cpumask *allowed = p->cpus_ptr;
	s32 cpu, node = ANY_NODE;

	bpf_for(cpu, 0, nr_cpus) {
		struct lane *lane = try_lookup_lane(cpu);

		if (!place_may_use(allowed, cpu, lane, ANY_NODE))
			continue;
		if (node != ANY_NODE && node != lane->node)
			return ANY_NODE;
		node = lane->node;
	}
	return node;
}

/* A child stays in the node its parent is bound to, or goes where memory is. */
SUBPROG s32 place_node(struct task_struct *p TRUSTED)
{
	s32 i, best = place_only_node(p);
	u64 best_kb = 0;

	if (best != ANY_NODE)
		return best;
	bpf_for(i, 0, LANES_MAX_NODES) {
		if (node_free_kb[i] <= best_kb)
			continue;
		best_kb = node_free_kb[i];
		best = i;
	}
	return best;
}

/* A CPU that another task has claimed and that has not noticed yet counts as busy. */
static void take_census(struct census *census, const struct cpumask *idle)
{
	u64 now = now_ns();
	s32 cpu;

	__builtin_memset(census, 0, sizeof(*census));
	bpf_for(cpu, 0, nr_cpus) {
		struct lane *lane = try_lookup_lane(cpu);
		bool is_idle = bpf_cpumask_test_cpu(cpu, idle);
		u32 package;

		if (!lane || !lane->is_online)
			continue;
		package = lane->package & (MAX_PACKAGES - 1);
		if (is_idle)
			census->nr_idle[package]++;
		if (!is_idle || (s64)(now - lane->idle_since_ns) < (s64)AWAKE_NS)
			census->nr_awake[package]++;
	}
}

static bool core_is_idle(s32 cpu, const struct lane *lane)
{
	s32 other = nearest_cpu(cpu, 0);
	struct lane *sibling = try_lookup_lane(other);

	return !sibling || sibling->core != lane->core || sibling->idle_since_ns;
}

/* Haiku's mode is a knob of its own. */
static bool place_packs(void)
{
	if (discipline == LANES_DISCIPLINE_haiku)
		return knobs.mode == LANES_MODE_POWER_SAVING;
	return knobs.idle == LANES_IDLE_POWERSAVE;
}

/*
 * The larger the better. Performance: the package with the most idle CPUs, in it
 * an idle core. Powersave: the package with the most CPUs awake, no matter which core;
 * of equals the first, or tasks that wake in turns keep two of them awake for ever.
 * In it the CPU with the least interrupts comes before an idle core. Then whoever went
 * idle last, but for once in 26 days, when these bits of the time begin anew.
 */
static u64 idle_rank(const struct census *census, s32 cpu, const struct lane *lane)
{
	u32 package = lane->package & (MAX_PACKAGES - 1);
	u64 rank = lane->idle_since_ns >> 12 & ((1ULL << 39) - 1);

	if (place_packs())
		return rank | (u64)(MAX_PACKAGES - 1 - package) << 39 |
		       (u64)(census->nr_awake[package] & 0xfff) << 51;
	return rank | (u64)(census->nr_idle[package] & 0xfff) << 51 |
	       (u64)core_is_idle(cpu, lane) << 45;
}

/**
 * place_idle - an idle CPU by the rule of the mode, claimed for the task
 * @p: the task
 * @node: only in this node, or ANY_NODE
 *
 * Return: the CPU, a negative number if none is idle.
 */
SUBPROG s32 place_idle(struct task_struct *p TRUSTED, s32 node)
{
	u32 key = 0;
	struct census *census = bpf_map_lookup_elem(&censuses, &key);
	const struct cpumask *allowed = p->cpus_ptr, *idle;
	bool sees_irqs = !without(IRQ_LOAD);
	u64 rank, best_rank = 0;
	s32 cpu, best = -1;

	if (!census)
		return -1;
	idle = get_idle_cpumask();
	take_census(census, idle);
	bpf_for(cpu, 0, nr_cpus) {
		struct lane *lane = try_lookup_lane(cpu);

		if (!place_may_use(allowed, cpu, lane, node) || !bpf_cpumask_test_cpu(cpu, idle))
			continue;
		rank = idle_rank(census, cpu, lane);
		if (sees_irqs)
			rank |= (u64)irq_calm(lane) << 46;
		if (rank < best_rank)
			continue;
		best_rank = rank;
		best = cpu;
	}
	put_idle_cpumask(idle);
	return best >= 0 && claim_idle_cpu(best) ? best : -1;
}

/**
 * place_new - where a new task goes
 * @p: the task
 * @prev_cpu: where it was born
 * @is_idle: set if that CPU was idle and is now claimed for it
 *
 * Context: ops.select_cpu, ops.enqueue.
 */
SUBPROG s32 place_new(struct task_struct *p TRUSTED, s32 prev_cpu, bool *is_idle)
{
	s32 node = knobs.place == LANES_PLACE_NUMA ? place_node(p) : ANY_NODE;
	s32 cpu;

	if (!is_idle)
		return prev_cpu;
	*is_idle = false;
	if (knobs.place == LANES_PLACE_ROUND_ROBIN) {
		cpu = place_round_robin(p, prev_cpu);
		*is_idle = claim_idle_cpu(cpu);
		return cpu;
	}
	cpu = place_idle(p, node);
	if (cpu < 0)
		return place_least_loaded(p, prev_cpu, node);
	*is_idle = true;
	return cpu;
}

/*
 * Will the waker go to sleep so soon that the task it wakes had better come here?
 * A synchronous wakeup says so; tasks that usually run for long are not believed.
 */
static bool waker_makes_room(const struct task_struct *p, u64 wake_flags, s32 here)
{
	struct lane *lane = try_lookup_lane(here);
	struct task_struct *waker = bpf_get_current_task_btf();
	struct task_ctx *theirs;

	if (!(wake_flags & WAKE_SYNC) || !lane || lane_waiting(lane) || lane->slot_pid ||
	    lane->is_tickless || !lane->curr_pid || lane->curr_pid != (u32)waker->pid ||
	    !bpf_cpumask_test_cpu(here, p->cpus_ptr))
		return false;
	theirs = lookup_curr_ctx(waker, lane);
	return theirs && theirs->burst_ns < SHORT_BURST_NS;
}

/* As the kernel's search from @near on; whoever was interrupted will not sleep soon. */
SUBPROG s32 place_near(struct task_struct *p TRUSTED, s32 near, s32 prev_cpu, u64 wake_flags,
		       bool *is_idle)
{
	s32 cpu;

	if (!is_idle)
		return prev_cpu;
	cpu = select_cpu_default(p, near, wake_flags & ~WAKE_SYNC, is_idle);
	return *is_idle ? cpu : prev_cpu;
}

/* place_woken - an idle CPU for a woken task, or @prev_cpu without one */
static s32 place_woken(struct task_struct *p, s32 prev_cpu, u64 wake_flags, bool *is_idle)
{
	s32 cpu = bpf_get_smp_processor_id(), near;
	u32 off = parts_off;

	if (!(off & LANES_PART_IRQ_LOAD) && knobs.idle == LANES_IDLE_PERFORMANCE) {
		near = irq_near(p, prev_cpu);
		if (near >= 0)
			return place_near(p, near, prev_cpu, wake_flags, is_idle);
	}
	if (!(off & LANES_PART_AFFINE) && !discipline_is_strict() &&
	    waker_makes_room(p, wake_flags, cpu)) {
		*is_idle = true;
		return cpu;
	}
	if (knobs.idle == LANES_IDLE_PERFORMANCE)
		return select_cpu_default(p, prev_cpu, wake_flags & ~WAKE_SYNC, is_idle);
	cpu = place_idle(p, ANY_NODE);
	*is_idle = cpu >= 0;
	return cpu >= 0 ? cpu : prev_cpu;
}

/* place_busy - where a task queues when no CPU is idle */
static s32 place_busy(struct task_struct *p, s32 cpu)
{
	struct lane *lane = try_lookup_lane(cpu);

	if (!lane || lane_waiting(lane) <= knobs.keep_local)
		return cpu;
	return place_least_loaded(p, cpu, ANY_NODE);
}

/* The same where who is more urgent interrupts: the CPU that runs the least urgent. */
static s32 place_strictly(struct task_struct *p, struct task_ctx *tctx, s32 cpu)
{
	s32 victim = task_is_pinned(p) ? -1 :
		     level_victim(p, discipline_urgency(p, tctx), cpu);

	return victim >= 0 ? victim : cpu;
}

/**
 * place_kick_idle - let an idle CPU come and steal a task just queued
 * @p: the task
 *
 * One may have gone idle since select_cpu looked, if it looked at all.
 */
static void place_kick_idle(struct task_struct *p)
{
	s32 cpu;

	if (task_is_pinned(p))
		return;
	cpu = pick_idle_cpu(p->cpus_ptr, 0);
	if (cpu < 0)
		return;
	kick_cpu(cpu, KICK_IDLE);
	count(LANES_STAT_kicks);
}
