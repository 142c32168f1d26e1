// SPDX-License-Identifier: GPL-2.0
/*
 * What interrupts take of each CPU's time, and which device a wakeup comes from: as
 * lanes.ko says. It has to be there when the scheduler is loaded; without it the loader
 * leaves this part out (--without irq-load), and the verifier its code.
 *
 * A CPU counts for placement as much as is left of it: see load_of(). Of several idle
 * ones a new task goes to the one with the least interrupts, in steps of 5 % of
 * its time. A woken task goes where it was, as long as that CPU is idle: its cache is
 * worth more. Who is woken by a device finds what that has written near the CPU its
 * interrupt went to: if the task's own CPU is busy or has another cache, an idle
 * one is looked for from there on.
 */
#include "lanes.bpf.h"

/* Less than this, permille, of interrupts is the same on every CPU. */
#define IRQ_SHARE_MIN	50

/* More than this, permille, RT tasks and interrupts are not taken to need. */
#define AWAY_SHARE_MAX	980

/* The balancer's look at a lane; placement reads what it has left there. */
static void irq_look(s32 cpu, struct lane *lane)
{
	u32 share = lane->rt_share;

	if (!without(IRQ_LOAD)) {
		lane->irq_share = module_irq_load(cpu);
		lane->nr_vectors = module_vectors(cpu);
		if (lane->irq_share >= IRQ_SHARE_MIN)
			share += lane->irq_share;
	}
	lane->away_share = share < AWAY_SHARE_MAX ? share : AWAY_SHARE_MAX;
}

/* How quiet a CPU is, 0 to 20: the larger the better. */
static u32 irq_calm(const struct lane *lane)
{
	return (1000 - lane->irq_share) / IRQ_SHARE_MIN;
}

/**
 * irq_near - from where an idle CPU for a task that a device wakes is to be looked for
 * @p: the task
 * @prev_cpu: the one it was on
 *
 * Return: a CPU, -1 if no device wakes it or it had better go where it was.
 */
static s32 irq_near(const struct task_struct *p, s32 prev_cpu)
{
	s32 home = module_dev_home_cpu();
	struct lane *prev, *lane;

	if (home < 0 || task_is_pinned(p) || !task_may_move(p, home))
		return -1;
	prev = try_lookup_lane(prev_cpu);
	lane = try_lookup_lane(home);
	if (!prev || !lane || (prev->idle_since_ns && prev->llc == lane->llc))
		return -1;
	return home;
}
