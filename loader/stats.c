// SPDX-License-Identifier: GPL-2.0
/*
 * The published state of the lanes, read through a mapping of the scheduler's
 * own memory: only counting the queues needs a system call, once a table.
 *
 * Counters are never reset; a table shows the difference to the one before.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <bpf/bpf.h>

#include "lanes_sched.h"
#include "log.h"
#include "math/histogram.h"
#include "stats.h"

/**
 * struct stats - a reader
 * @lanes: the scheduler's memory
 * @before: a copy of it, from the last table
 * @nr_lanes: lanes there are
 * @sample_fd: program that counts the queues
 */
struct stats {
	const struct lane *lanes;
	struct lane *before;
	unsigned int nr_lanes;
	int sample_fd;
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
	     "  depth                tasks that wait in its queue");
	for (i = 0; i < LANES_NR_STATS; i++)
		printf("  %-20s %s%s\n", stat_rows[i].name, stat_rows[i].meaning,
		       stat_rows[i].is_detail ? " (with --verbose)" : "");
	puts("Counters are what happened since the last table.\n\n"
	     "Below each table:\n"
	     "  wakeup p50, p99      within which time half and 99 % of the woken tasks ran;\n"
	     "                       at most a quarter too high");
}

struct stats *stats_open(int lanes_fd, int sample_fd)
{
	struct bpf_map_info info = {};
	struct stats *stats;
	__u32 len = sizeof(info);

	if (bpf_map_get_info_by_fd(lanes_fd, &info, &len))
		goto fail;
	if (info.value_size != sizeof(struct lane)) {
		log_error("map 'lanes': belongs to another version of scx_lanes");
		errno = EPROTO;
		return NULL;
	}
	stats = calloc(1, sizeof(*stats));
	if (!stats)
		goto fail;
	stats->nr_lanes = info.max_entries;
	stats->sample_fd = sample_fd;
	stats->before = calloc(stats->nr_lanes, sizeof(struct lane));
	stats->lanes = mmap(NULL, stats->nr_lanes * sizeof(struct lane), PROT_READ,
			    MAP_SHARED, lanes_fd, 0);
	if (stats->before && stats->lanes != MAP_FAILED)
		return stats;
	free(stats->before);
	free(stats);
fail:
	log_error("map 'lanes': read: %s", strerror(errno));
	return NULL;
}

void stats_close(struct stats *stats)
{
	if (!stats)
		return;
	munmap((void *)stats->lanes, stats->nr_lanes * sizeof(struct lane));
	free(stats->before);
	free(stats);
}

void stats_mark(struct stats *stats)
{
	memcpy(stats->before, stats->lanes, stats->nr_lanes * sizeof(struct lane));
}

/* Name of a task, or its number if it has just gone. */
static void task_name(unsigned int pid, char *name, size_t len)
{
	char path[32];
	FILE *f;

	snprintf(name, len, pid ? "%u" : "-", pid);
	snprintf(path, sizeof(path), "/proc/%u/comm", pid);
	f = pid ? fopen(path, "r") : NULL;
	if (!f)
		return;
	if (fgets(name, len, f))
		name[strcspn(name, "\n")] = '\0';
	fclose(f);
}

static void print_heading(bool with_details)
{
	int i;

	printf("%4s  %-15s %6s", "cpu", "running", "depth");
	for (i = 0; i < LANES_NR_STATS; i++)
		if (with_details || !stat_rows[i].is_detail)
			printf(" %*s", (int)strlen(stat_rows[i].name) < 8 ?
			       8 : (int)strlen(stat_rows[i].name), stat_rows[i].name);
	putchar('\n');
}

static void print_lane(unsigned int cpu, const struct lane *now, const struct lane *before,
		       bool with_details)
{
	char name[16];
	int i;

	task_name(now->curr_pid, name, sizeof(name));
	printf("%4u  %-15s %6llu", cpu, name, now->depth);
	for (i = 0; i < LANES_NR_STATS; i++)
		if (with_details || !stat_rows[i].is_detail)
			printf(" %*llu", (int)strlen(stat_rows[i].name) < 8 ?
			       8 : (int)strlen(stat_rows[i].name),
			       now->stats[i] - before->stats[i]);
	putchar('\n');
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

static void add_wakeups(struct wakeups *sum, const struct lane *now,
			const struct lane *before)
{
	int i;

	for (i = 0; i < LANES_HIST_BUCKETS; i++) {
		__u64 nr = now->wake_hist[i] - (before ? before->wake_hist[i] : 0);

		sum->hist[i] += nr;
		sum->nr += nr;
	}
}

/* Return: the time within which @percent of the wakeups were served, us. */
static double wakeup_percentile_us(const struct wakeups *sum, unsigned int percent)
{
	__u64 wanted = (sum->nr * percent + 99) / 100, seen = 0;
	int i;

	for (i = 0; i < LANES_HIST_BUCKETS; i++) {
		seen += sum->hist[i];
		if (sum->nr && seen >= wanted)
			return hist_bucket_end(i) / 1000.0;
	}
	return 0;
}

void stats_print(struct stats *stats, bool with_details)
{
	struct wakeups sum = {};
	struct lane now;
	unsigned int cpu;

	/* Depths stay as they were if this fails, which is no harm. */
	bpf_prog_test_run_opts(stats->sample_fd, NULL);
	print_heading(with_details);
	for (cpu = 0; cpu < stats->nr_lanes; cpu++) {
		now = stats->lanes[cpu];
		if (now.is_online)
			print_lane(cpu, &now, &stats->before[cpu], with_details);
		add_wakeups(&sum, &now, &stats->before[cpu]);
		stats->before[cpu] = now;
	}
	printf("wakeup p50 %.0f us, p99 %.0f us, %llu wakeups\n\n",
	       wakeup_percentile_us(&sum, 50), wakeup_percentile_us(&sum, 99), sum.nr);
	fflush(stdout);
}

static __u64 total(const struct stats *stats, enum lanes_stat stat)
{
	unsigned int cpu;
	__u64 sum = 0;

	for (cpu = 0; cpu < stats->nr_lanes; cpu++)
		sum += stats->lanes[cpu].stats[stat];
	return sum;
}

void stats_print_total(const struct stats *stats, double secs)
{
	struct wakeups sum = {};
	unsigned int cpu;

	for (cpu = 0; cpu < stats->nr_lanes; cpu++)
		add_wakeups(&sum, &stats->lanes[cpu], NULL);
	printf("ran %.1f s: %llu switches, %llu steals, wakeup p50 %.0f us p99 %.0f us\n",
	       secs, total(stats, LANES_STAT_switches), total(stats, LANES_STAT_steals),
	       wakeup_percentile_us(&sum, 50), wakeup_percentile_us(&sum, 99));
	fflush(stdout);
}
