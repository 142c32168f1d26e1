// SPDX-License-Identifier: GPL-2.0
/*
 * The published state of the lanes, read through a mapping of the scheduler's
 * own memory.
 *
 * Counters are never reset; a table shows the difference to the one before.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lanes_sched.h"
#include "log.h"
#include "math/histogram.h"
#include "name.h"
#include "print.h"
#include "stats.h"

/**
 * struct stats - a reader
 * @lanes: the scheduler's memory
 * @before: a copy of it, from the last table
 * @nr_lanes: lanes there are
 */
struct stats {
	const struct lane *lanes;
	struct lane *before;
	unsigned int nr_lanes;
};

static const struct stat_row {
	const char *name;
	const char *unit;
	const char *meaning;
	bool is_detail;
} stat_rows[] = {
#define LANES_STAT(name, unit, meaning) { #name, unit, meaning, false },
#define LANES_STAT_MORE(name, unit, meaning) { #name, unit, meaning, true },
#include "lanes_stats.def"
};

void stats_print_help(void)
{
	int i;

	puts("Per CPU, in a table:\n"
	     "  running              the task it runs now\n"
	     "  depth                tasks that wait in its main queue\n"
	     "  rt                   tasks that wait in its RT queue");
	for (i = 0; i < LANES_NR_STATS; i++)
		printf("  %-20s %s%s\n", stat_rows[i].name, stat_rows[i].meaning,
		       stat_rows[i].is_detail ? " (with --verbose)" : "");
	puts("Counters are what happened since the last table.\n\n"
	     "Below each table:\n"
	     "  wakeup p50, p99      within which time half and 99 % of the woken tasks ran;\n"
	     "                       at most a quarter too high");
}

struct stats *stats_open(const struct lane *lanes, unsigned int nr_lanes)
{
	struct stats *stats = calloc(1, sizeof(*stats));
	struct lane *before = calloc(nr_lanes, sizeof(struct lane));

	if (!stats || !before) {
		log_error("statistics of %u lanes: %s", nr_lanes, strerror(errno));
		free(before);
		free(stats);
		return NULL;
	}
	*stats = (struct stats){ .lanes = lanes, .before = before, .nr_lanes = nr_lanes };
	return stats;
}

void stats_close(struct stats *stats)
{
	if (!stats)
		return;
	free(stats->before);
	free(stats);
}

void stats_mark(struct stats *stats)
{
	memcpy(stats->before, stats->lanes, stats->nr_lanes * sizeof(struct lane));
}

static void put_details(struct json_object *row, const struct lane *lane)
{
	put_number(row, "rt_permille", lane->rt_share);
	put_number(row, "irq_permille", lane->irq_share);
	put_number(row, "vectors", lane->nr_vectors);
	put_number(row, "max_depth", lane->max_depth);
	put_number(row, "core", lane->core);
	put_number(row, "llc", lane->llc);
	put_number(row, "package", lane->package);
	put_number(row, "node", lane->node);
	put_number(row, "last_rescued", lane->last_rescue_pid);
}

static struct json_object *lane_row(unsigned int cpu, const struct lane *now,
				    const struct lane *before, bool with_details)
{
	struct json_object *row = json_object_new_object();
	char name[LANES_COMM_LEN];
	int i;

	put_number(row, "cpu", cpu);
	put_text(row, "running", name_of_task(now->curr_pid, name));
	put_number(row, "depth", lane_depth(now));
	put_number(row, "rt", (__u32)now->rt_queued);
	for (i = 0; i < LANES_NR_STATS; i++)
		if (with_details || !stat_rows[i].is_detail)
			put_number(row, stat_rows[i].name, now->stats[i] - before->stats[i]);
	if (with_details)
		put_details(row, now);
	return row;
}

struct json_object *stats_lanes(const struct stats *stats, bool with_details)
{
	struct json_object *rows = json_object_new_array();
	unsigned int cpu;

	for (cpu = 0; cpu < stats->nr_lanes; cpu++)
		if (stats->lanes[cpu].is_online)
			json_object_array_add(rows, lane_row(cpu, &stats->lanes[cpu],
							     &stats->before[cpu], with_details));
	return rows;
}

/**
 * struct wakeups - the wakeups of all lanes together
 * @hist: how many, by latency
 * @nr: how many in all
 */
struct wakeups {
	__u64 hist[LANES_HIST_BUCKETS];
	__u64 nr;
};

/* Add those that one pass has served since the mark. */
static void add_wakeups(struct wakeups *sum, const struct stats *stats, unsigned int pass)
{
	unsigned int cpu;
	int i;

	for (cpu = 0; cpu < stats->nr_lanes; cpu++) {
		for (i = 0; i < LANES_HIST_BUCKETS; i++) {
			__u64 nr = stats->lanes[cpu].wake_hist[pass][i] -
				   stats->before[cpu].wake_hist[pass][i];

			sum->hist[i] += nr;
			sum->nr += nr;
		}
	}
}

static struct wakeups all_wakeups(const struct stats *stats)
{
	struct wakeups sum = {};
	unsigned int pass;

	for (pass = 0; pass < LANES_NR_PASSES; pass++)
		add_wakeups(&sum, stats, pass);
	return sum;
}

/* Return: the time within which @permille of the wakeups were served, us. */
static double wakeup_percentile_us(const struct wakeups *sum, unsigned int permille)
{
	__u64 wanted = (sum->nr * permille + 999) / 1000, seen = 0;
	int i;

	for (i = 0; i < LANES_HIST_BUCKETS; i++) {
		seen += sum->hist[i];
		if (sum->nr && seen >= wanted)
			return hist_bucket_end(i) / 1000.0;
	}
	return 0;
}

const char *stats_pass_name(unsigned int pass)
{
	static const char * const names[] = {
		[LANES_PASS_DIRECT] = "direct",
		[LANES_PASS_MAIN] = "main",
		[LANES_PASS_RT] = "rt",
		[LANES_PASS_STEAL] = "steal",
	};

	return pass < LANES_NR_PASSES ? names[pass] : "?";
}

struct json_object *stats_latencies(const struct stats *stats)
{
	struct json_object *rows = json_object_new_array(), *row;
	unsigned int pass;

	for (pass = 0; pass < LANES_NR_PASSES; pass++) {
		struct wakeups sum = {};

		add_wakeups(&sum, stats, pass);
		row = json_object_new_object();
		put_text(row, "pass", stats_pass_name(pass));
		put_number(row, "wakeups", sum.nr);
		put_tenths(row, "p50_us", wakeup_percentile_us(&sum, 500));
		put_tenths(row, "p99_us", wakeup_percentile_us(&sum, 990));
		put_tenths(row, "p999_us", wakeup_percentile_us(&sum, 999));
		put_tenths(row, "max_us", wakeup_percentile_us(&sum, 1000));
		json_object_array_add(rows, row);
	}
	return rows;
}

void stats_print(struct stats *stats, bool with_details)
{
	struct wakeups sum = all_wakeups(stats);

	print_data(stats_lanes(stats, with_details), false);
	stats_mark(stats);
	printf("wakeup p50 %.0f us, p99 %.0f us, %llu wakeups\n\n",
	       wakeup_percentile_us(&sum, 500), wakeup_percentile_us(&sum, 990), sum.nr);
	fflush(stdout);
}

__u64 stats_total(const struct stats *stats, enum lanes_stat stat)
{
	unsigned int cpu;
	__u64 sum = 0;

	for (cpu = 0; cpu < stats->nr_lanes; cpu++)
		sum += stats->lanes[cpu].stats[stat];
	return sum;
}

void stats_print_total(struct stats *stats, double secs)
{
	struct wakeups sum;

	memset(stats->before, 0, stats->nr_lanes * sizeof(struct lane));
	sum = all_wakeups(stats);
	printf("ran %.1f s: %llu switches, %llu steals, wakeup p50 %.0f us p99 %.0f us\n",
	       secs, stats_total(stats, LANES_STAT_switches),
	       stats_total(stats, LANES_STAT_steals),
	       wakeup_percentile_us(&sum, 500), wakeup_percentile_us(&sum, 990));
	fflush(stdout);
}
