/* SPDX-License-Identifier: GPL-2.0 */
/* Rules by which tasks become real-time without being named (--rt-rule). */
#ifndef __LANES_RULES_H
#define __LANES_RULES_H

#include <stdbool.h>

#include "lanes_sched.h"

/* How a designation is given, in rules and to lanesctl. */
#define RT_POLICIES		"fifo|rr"
#define RT_QUANTUM_US_MIN	100
#define RT_QUANTUM_US_MAX	10000000

/**
 * struct rules - those given, in order: the first that matches a task counts
 */
struct rules {
	struct lanes_rule rule[LANES_RULES_MAX];
	__u32 nr;
};

/**
 * rules_add - read one rule, such as "comm=pipewire*,policy=rr,prio=50"
 * @where: how a message calls the place it is from
 *
 * Return: whether it is good; if not, one line on stderr says why.
 */
bool rules_add(struct rules *rules, const char *where, const char *text);

/* The same for each line of a file; empty lines and those that begin with # are skipped. */
bool rules_add_file(struct rules *rules, const char *path);

/* Return: whether a rule looks at names. */
bool rules_need_names(const struct rules *rules);

#endif /* __LANES_RULES_H */
