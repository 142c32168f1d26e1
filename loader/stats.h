/* SPDX-License-Identifier: GPL-2.0 */
/* Read the published state of the lanes and show it. */
#ifndef __LANES_STATS_H
#define __LANES_STATS_H

#include <json-c/json.h>
#include <stdbool.h>

#include "lanes_sched.h"

struct stats;

/**
 * stats_open - look at the lanes of a scheduler
 * @lanes, @nr_lanes: its memory, see map_array(); has to stay
 *
 * Return: NULL, with a message printed, on failure.
 */
struct stats *stats_open(const struct lane *lanes, unsigned int nr_lanes);

void stats_close(struct stats *stats);

/* Begin counting for the next table here. */
void stats_mark(struct stats *stats);

/* Print a table of what happened since the last call, the mark, or the start. */
void stats_print(struct stats *stats, bool with_details);

/* Print one line: what happened since the start. */
void stats_print_total(struct stats *stats, double secs);

/* Return: an array of what stats_print() shows. */
struct json_object *stats_lanes(const struct stats *stats, bool with_details);

/* Return: an array of the wakeup latencies since the mark, by pass. */
struct json_object *stats_latencies(const struct stats *stats);

/* Return: one counter, summed over the lanes, since the start. */
__u64 stats_total(const struct stats *stats, enum lanes_stat stat);

/* Return: &enum lanes_pass as a word. */
const char *stats_pass_name(unsigned int pass);

/* Print each counter's name, unit and meaning. */
void stats_print_help(void);

#endif /* __LANES_STATS_H */
