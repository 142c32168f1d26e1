/* SPDX-License-Identifier: GPL-2.0 */
/* Read the published state of the lanes and print it. */
#ifndef __LANES_STATS_H
#define __LANES_STATS_H

#include <stdbool.h>

/* Where a running instance pins what a monitor reads. */
#define STATS_PIN_DIR		"/sys/fs/bpf/lanes"
#define STATS_PIN_LANES		STATS_PIN_DIR "/lanes"
#define STATS_PIN_SAMPLE	STATS_PIN_DIR "/sample"

struct stats;

/**
 * stats_open - look at the lanes of a scheduler
 * @lanes_fd: its map of lanes
 * @sample_fd: its program that counts the queues
 *
 * Neither descriptor is closed by stats_close().
 *
 * Return: NULL, with errno set and a message printed, on failure.
 */
struct stats *stats_open(int lanes_fd, int sample_fd);

void stats_close(struct stats *stats);

/* Begin counting for the next table here. */
void stats_mark(struct stats *stats);

/* Print a table of what happened since the last call, the mark, or the start. */
void stats_print(struct stats *stats, bool with_details);

/* Print one line: what happened since the start. */
void stats_print_total(const struct stats *stats, double secs);

/* Print each counter's name, unit and meaning. */
void stats_print_help(void);

#endif /* __LANES_STATS_H */
