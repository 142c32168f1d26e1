/* SPDX-License-Identifier: GPL-2.0 */
/* The table of disciplines, for scx_lanes and lanesctl. */
#ifndef __LANES_DISCIPLINES_H
#define __LANES_DISCIPLINES_H

#include <stdbool.h>

#include "lanes_sched.h"

/**
 * struct discipline - a line of lanes_disciplines.def, which explains each field
 */
struct discipline {
	const char *name;
	const char *origin;
	const char *meaning;
	const char *options;
	__u32 slice_us;
	__u32 nr_queues;
	enum lanes_domain domain;
};

/* Indexed by &enum lanes_discipline. */
extern const struct discipline disciplines[LANES_NR_DISCIPLINES];

/* Their names, separated by '|'. */
extern const char *const discipline_words;

/* Return: whether an option of scx_lanes belongs to some disciplines only. */
bool option_is_of_disciplines(const char *option);

bool discipline_has_option(const struct discipline *discipline, const char *option);

/* Print all, a line each that begins with the name. */
void disciplines_print(void);

#endif /* __LANES_DISCIPLINES_H */
