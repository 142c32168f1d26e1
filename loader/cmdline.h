/* SPDX-License-Identifier: GPL-2.0 */
/* A command line made of settings. Shared by scx_lanes and lanesctl. */
#ifndef __LANES_CMDLINE_H
#define __LANES_CMDLINE_H

#include "setting.h"

/**
 * struct cmdline_group - options that fill in one structure
 * @heading: printed above them by --help
 * @settings, @nr: the options
 * @to: the structure
 */
struct cmdline_group {
	const char *heading;
	const struct setting *settings;
	size_t nr;
	void *to;
};

/* At most this many options in all groups of a program. */
#define CMDLINE_MAX 48

/* Print the options of all groups; an empty group ends the list. */
void cmdline_print_help(const struct cmdline_group *groups);

/**
 * cmdline_parse - set all values to their defaults, then to what is given
 * @given: set to a bit for each option given, in the order of the groups; may
 *	be NULL
 *
 * Afterwards argv[optind] is the first word that is no option, as with
 * getopt(3).
 *
 * Return: whether all is good; if not, one line on stderr says why.
 */
bool cmdline_parse(const struct cmdline_group *groups, int argc, char **argv, __u64 *given);

#endif /* __LANES_CMDLINE_H */
