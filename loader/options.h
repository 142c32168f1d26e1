/* SPDX-License-Identifier: GPL-2.0 */
/* The command line of scx_lanes, checked and in units of its own. */
#ifndef __LANES_OPTIONS_H
#define __LANES_OPTIONS_H

#include <stdbool.h>

#include "lanes_sched.h"
#include "rules.h"

/**
 * struct options - what the user asked for
 * @knobs: the numbers that may be changed later
 * @rules: which tasks are to be real-time
 * @discipline: &enum lanes_discipline
 * @is_slice_given: the slice is not the discipline's own
 * @weights: &enum lanes_weights
 * @steal: &enum lanes_steal
 * @domain: &enum lanes_domain, who shares a main queue
 * @is_domain_given: @domain counts, where the discipline has that option
 * @kick: &enum lanes_kick
 * @rule: &enum haiku_rule
 * @rt_by_discipline: designations are the discipline's, there is no RT pass
 * @trace_level: what the trace ring records; 0 for nothing
 * @stats_secs: print statistics this often; 0 for never
 * @monitor_secs: the same of a running instance, instead of running one
 * @watchdog_secs: longest wait of a runnable task before the kernel ejects us
 * @parts_off: &enum lanes_part, mechanisms to leave out
 * @features_off: &enum lanes_feature, kernel features to leave unused
 * @is_partial: take only tasks of policy SCHED_EXT
 * @verbosity: see log_setup()
 * @wants_help, @wants_version, @wants_stats, @wants_disciplines: answer and do nothing else
 */
struct options {
	struct lanes_knobs knobs;
	struct rules rules;
	__u32 discipline;
	__u32 is_slice_given;
	__u32 weights;
	__u32 steal;
	__u32 domain;
	__u32 is_domain_given;
	__u32 kick;
	__u32 rule;
	__u32 rt_by_discipline;
	__u32 trace_level;
	__u32 stats_secs;
	__u32 monitor_secs;
	__u32 watchdog_secs;
	__u32 parts_off;
	__u32 features_off;
	__u32 is_partial;
	__u32 verbosity;
	__u32 wants_help;
	__u32 wants_version;
	__u32 wants_stats;
	__u32 wants_disciplines;
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
