// SPDX-License-Identifier: GPL-2.0
/*
 * What a scheduler hands on to the one that takes its place.
 *
 * A scheduler that is detached has seen all its tasks leave, so its rows are empty and
 * row 0 has the sum: tasks have to be remembered before. What they do between that and
 * the end is only in the sum.
 */
#include <stdlib.h>
#include <string.h>

#include "carry.h"
#include "instance.h"

static int compare_rows(const void *a, const void *b)
{
	const struct task_ctx *x = a, *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

bool carry_take_tasks(struct carry *carry, const struct task_ctx *tasks, unsigned int nr)
{
	unsigned int i, nr_used = 0;

	for (i = 1; i < nr; i++)
		nr_used += !!tasks[i].pid;
	/* Some may come meanwhile; those beyond this are in the sum only. */
	carry->rows = aligned_alloc(64, (nr_used + 64) * sizeof(*carry->rows));
	if (!carry->rows)
		return false;
	for (i = 1, carry->nr = 0; i < nr && carry->nr < nr_used + 64; i++) {
		carry->rows[carry->nr] = tasks[i];
		carry->nr += !!carry->rows[carry->nr].pid;
	}
	qsort(carry->rows, carry->nr, sizeof(*carry->rows), compare_rows);
	return true;
}

void carry_lanes(struct lane *to, const struct lane *from, int nr)
{
	int cpu;

	for (cpu = 0; cpu < nr; cpu++) {
		memcpy(to[cpu].stats, from[cpu].stats, sizeof(to->stats));
		memcpy(to[cpu].wake_hist, from[cpu].wake_hist, sizeof(to->wake_hist));
		memcpy(to[cpu].queue_hist, from[cpu].queue_hist, sizeof(to->queue_hist));
		to[cpu].max_depth = from[cpu].max_depth;
		to[cpu].last_rescue_pid = from[cpu].last_rescue_pid;
		to[cpu].is_disabled = from[cpu].is_disabled;
	}
}

/* The task counts on while we add: one of its events may be lost. */
static void add_stats(struct task_ctx *to, const struct task_ctx *from)
{
	int i;

	for (i = 0; i < LANES_NR_TASK_STATS; i++)
		if (i != LANES_TASK_wait_max_ns)
			__atomic_fetch_add(&to->stats[i], from->stats[i], __ATOMIC_RELAXED);
		else if (from->stats[i] > to->stats[i])
			to->stats[i] = from->stats[i];
}

static void subtract_stats(struct task_ctx *from, const struct task_ctx *what)
{
	int i;

	for (i = 0; i < LANES_NR_TASK_STATS; i++)
		if (i != LANES_TASK_wait_max_ns)
			from->stats[i] -= what->stats[i];
}

void carry_give_tasks(const struct carry *carry, struct task_ctx *tasks, unsigned int nr,
		      const struct task_ctx *ended)
{
	struct task_ctx rest = *ended;
	const struct task_ctx *was;
	unsigned int i;

	for (i = 1; i < nr; i++) {
		struct task_ctx key = { .pid = tasks[i].pid };

		if (!key.pid)
			continue;
		was = bsearch(&key, carry->rows, carry->nr, sizeof(key), compare_rows);
		if (!was || was->tgid != tasks[i].tgid)
			continue;
		add_stats(&tasks[i], was);
		subtract_stats(&rest, was);
	}
	add_stats(&tasks[0], &rest);
}

static bool is_designated(const struct task_ctx *task)
{
	return task->rt_policy != LANES_RT_NONE && !(task->flags & LANES_TASK_BY_RULE);
}

int carry_designations(const struct carry *carry, int rt_set_fd)
{
	struct lanes_rt_call call = {};
	unsigned int i;
	int nr = 0;

	for (i = 0; i < carry->nr; i++) {
		const struct task_ctx *task = &carry->rows[i];

		if (is_designated(task))
			call.requests[call.nr++] = (struct lanes_rt_request){
				.tid = task->pid,
				.policy = task->rt_policy,
				.prio = task->rt_prio,
				.quantum_us = task->rr_ns / 1000,
				.is_inherited = !!(task->flags & LANES_TASK_INHERITED),
			};
		if (call.nr < LANES_RT_REQUESTS_MAX && i + 1 < carry->nr)
			continue;
		if (call.nr)
			instance_call(rt_set_fd, &call, sizeof(call));
		nr += call.nr;
		call.nr = 0;
	}
	return nr;
}

void carry_free(struct carry *carry)
{
	free(carry->rows);
}
