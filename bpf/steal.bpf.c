// SPDX-License-Identifier: GPL-2.0
/*
 * Whom to take a task from when this CPU has none.
 *
 * Red Bear OS's ring (scheduler plan, S3.2): the CPUs after this one, in order,
 * wrapping round. A bitmap of the lanes that may hold a movable task makes a
 * vain search cheap. A bit is set before the task is queued and cleared by the
 * lane's owner when it finds its queue empty, or when it goes offline. A bit that
 * is still set although the queue is empty costs the thief one look.
 *
 * Affinity is kept: the kernel gives the thief the first task that may run on
 * its CPU. (Red Bear's code rewrote the task's affinity, D4.)
 */
#include "lanes.bpf.h"

#define WORD_BITS	64
#define NR_WORDS	(LANES_MAX_CPUS / WORD_BITS)

u64 stealable[NR_WORDS];

/* The mask is for the verifier: no CPU is above LANES_MAX_CPUS. */
static u64 *word_of(s32 cpu)
{
	return &stealable[(u32)cpu / WORD_BITS & (NR_WORDS - 1)];
}

static u64 bit_of(s32 cpu)
{
	return 1ULL << ((u32)cpu % WORD_BITS);
}

static bool is_advertised(s32 cpu)
{
	return *word_of(cpu) & bit_of(cpu);
}

/* Mostly set already, and reading does not take the line from others. */
static void steal_advertise(s32 cpu)
{
	if (!is_advertised(cpu))
		__sync_fetch_and_or(word_of(cpu), bit_of(cpu));
}

static void steal_withdraw(s32 cpu)
{
	if (is_advertised(cpu))
		__sync_fetch_and_and(word_of(cpu), ~bit_of(cpu));
}

static bool is_any_advertised(void)
{
	u64 any = 0;
	u32 i;

	for (i = 0; i < NR_WORDS; i++)
		any |= stealable[i];
	return any;
}

/**
 * steal_one - move a task of another lane to this CPU's local queue
 * @cpu: this CPU
 * @lane: its lane
 *
 * Context: ops.dispatch of @cpu.
 * Return: whether one was found.
 */
static bool steal_one(s32 cpu, struct lane *lane)
{
	s32 i;

	if (!is_any_advertised())
		return false;
	bpf_for(i, 1, nr_cpus) {
		s32 victim = (u32)(cpu + i) % (u32)nr_cpus;

		if (!is_advertised(victim))
			continue;
		if (dsq_move_to_local(lane_dsq(victim))) {
			stat_inc(lane, LANES_STAT_steals);
			return true;
		}
		stat_inc(lane, LANES_STAT_steal_misses);
	}
	return false;
}
