/* SPDX-License-Identifier: GPL-2.0 */
/* What a scheduler hands on to the one that takes its place: statistics, designations. */
#ifndef __LANES_CARRY_H
#define __LANES_CARRY_H

#include <stdbool.h>

#include "lanes_sched.h"

/**
 * struct carry - what was known of the tasks
 * @rows, @nr: those that were there, by pid
 */
struct carry {
	struct task_ctx *rows;
	unsigned int nr;
};

/* Remember the tasks. Return: whether there was memory. */
bool carry_take_tasks(struct carry *carry, const struct task_ctx *tasks, unsigned int nr);

/* The counters of lanes that are not used yet begin with what @from's are. */
void carry_lanes(struct lane *to, const struct lane *from, int nr);

/**
 * carry_give_tasks - add what the tasks had to what they have now
 * @tasks, @nr: their rows now
 * @ended: the former row of those that have ended, in which all are by now
 *
 * What is not added to a task that is still there goes to row 0, so that the sums hold.
 */
void carry_give_tasks(const struct carry *carry, struct task_ctx *tasks, unsigned int nr,
		      const struct task_ctx *ended);

/* Designate those again that were, by request. Return: how many. */
int carry_designations(const struct carry *carry, int rt_set_fd);

void carry_free(struct carry *carry);

#endif /* __LANES_CARRY_H */
