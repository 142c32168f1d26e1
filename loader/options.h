/* SPDX-License-Identifier: GPL-2.0 */
/* The command line of scx_lanes, checked and in units of its own. */
#ifndef __LANES_OPTIONS_H
#define __LANES_OPTIONS_H

#include <stdbool.h>

/* Exit statuses, in --help and the man page too. */
enum exit_status {
	EXIT_AS_ASKED,
	EXIT_FAILED,
	EXIT_USAGE,
	EXIT_KERNEL_LACKS,
	EXIT_EJECTED,
};

/**
 * struct options - what the user asked for
 * @slice_us: how long a task runs before the next pick
 * @stats_secs: print statistics this often; 0 for never
 * @monitor_secs: the same of a running instance, instead of running one
 * @max_wait_ms: let a task run that has waited this long
 * @watchdog_secs: longest wait of a runnable task before the kernel ejects us
 * @parts_off: &enum lanes_part, mechanisms to leave out
 * @features_off: &enum lanes_feature, kernel features to leave unused
 * @is_partial: take only tasks of policy SCHED_EXT
 * @verbosity: see log_setup()
 */
struct options {
	unsigned int slice_us;
	unsigned int stats_secs;
	unsigned int monitor_secs;
	unsigned int max_wait_ms;
	unsigned int watchdog_secs;
	unsigned int parts_off;
	unsigned int features_off;
	bool is_partial;
	int verbosity;
};

enum options_verdict {
	OPTIONS_RUN,
	OPTIONS_ANSWERED,
	OPTIONS_BAD,
};

/**
 * options_parse - read and check the command line
 *
 * Return: OPTIONS_RUN with @opts filled in; OPTIONS_ANSWERED if the answer (help,
 * version) has been printed; OPTIONS_BAD if one line on stderr says what is wrong.
 */
enum options_verdict options_parse(struct options *opts, int argc, char **argv);

#endif /* __LANES_OPTIONS_H */
