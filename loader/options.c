// SPDX-License-Identifier: GPL-2.0
/*
 * The option table of scx_lanes: what is accepted, what --help says and what a
 * wrong value is told all come from it.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lanes_sched.h"
#include "log.h"
#include "options.h"
#include "stats.h"

#define MAX_SECS 3600

enum { OPT_STATS = 256, OPT_MONITOR, OPT_MAX_WAIT, OPT_WATCHDOG, OPT_PARTIAL, OPT_WITHOUT, OPT_HELP_STATS };

static const struct option_row {
	int key;
	const char *name;
	const char *arg;
	const char *help;
	unsigned int min;
	unsigned int max;
} rows[] = {
	{ 's', "slice-us", "US", "how long a task runs before the next pick (default 3000)",
	  LANES_SLICE_US_MIN, LANES_SLICE_US_MAX },
	{ OPT_STATS, "stats", "SECS", "print statistics every SECS seconds", 1, MAX_SECS },
	{ OPT_MONITOR, "monitor", "SECS",
	  "print statistics of the instance that is running, run none", 1, MAX_SECS },
	{ OPT_PARTIAL, "partial", NULL,
	  "schedule only tasks of policy SCHED_EXT, not all ordinary ones", 0, 0 },
	{ OPT_MAX_WAIT, "max-wait-ms", "MS",
	  "let a task run that has waited this long (default 1000)",
	  LANES_MAX_WAIT_MS_MIN, LANES_MAX_WAIT_MS_MAX },
	{ OPT_WATCHDOG, "watchdog", "SECS",
	  "let the kernel eject us when a task waits this long (default 30)",
	  1, LANES_WATCHDOG_SECS_MAX },
	{ OPT_WITHOUT, "without", "LIST",
	  "leave out parts, to see what each is good for (below)", 0, 0 },
	{ 'v', "verbose", NULL, "say more; twice: all that libbpf says", 0, 0 },
	{ 'V', "version", NULL, "print the version and exit", 0, 0 },
	{ 'h', "help", NULL, "print this and exit", 0, 0 },
	{ OPT_HELP_STATS, "help-stats", NULL, "explain each statistic and exit", 0, 0 },
};

#define NR_ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct part_row {
	const char *name;
	unsigned int part;
	unsigned int feature;
	const char *help;
} part_rows[] = {
	{ "prev", LANES_PART_PREV, 0, "comparing the task that ran with the queue's head" },
	{ "rebase", LANES_PART_REBASE, 0, "translating virtual time between CPUs" },
	{ "lift", LANES_PART_LIFT, 0, "lifting sleepers to the lane's floor" },
	{ "kthread", LANES_PART_KTHREAD, 0, "serving per-CPU kernel threads at once" },
	{ "steal", LANES_PART_STEAL, 0, "taking tasks from other lanes" },
	{ "preempt", LANES_PART_PREEMPT, 0, "interrupting a running task at a wakeup" },
	{ "idle", LANES_PART_IDLE, 0, "looking for an idle CPU, or placing new tasks" },
	{ "guard", LANES_PART_GUARD, 0, "letting tasks run that have waited too long" },
	{ "rescue", LANES_PART_RESCUE, 0, "emptying lanes whose CPU does not serve them" },
	{ "insert-v2", 0, LANES_FEATURE_INSERT_V2, "scx_bpf_dsq_insert___v2 (6.19)" },
	{ "insert-args", 0, LANES_FEATURE_INSERT_ARGS, "__scx_bpf_dsq_insert_vtime (6.19)" },
	{ "move-v2", 0, LANES_FEATURE_MOVE_V2, "scx_bpf_dsq_move_to_local___v2 (7.1)" },
	{ "peek", 0, LANES_FEATURE_PEEK, "scx_bpf_dsq_peek (6.19)" },
	{ "now", 0, LANES_FEATURE_NOW, "scx_bpf_now (6.14)" },
	{ "set-slice", 0, LANES_FEATURE_SET_SLICE, "scx_bpf_task_set_slice (6.19)" },
};

#define NR_PART_ROWS (sizeof(part_rows) / sizeof(part_rows[0]))

static void print_parts(const char *heading, bool features)
{
	const struct part_row *row;

	printf("\n%s\n", heading);
	for (row = part_rows; row < part_rows + NR_PART_ROWS; row++) {
		if (!row->feature == features)
			continue;
		printf("  %-20s %s\n", row->name, row->help);
	}
}

static void print_help(void)
{
	const struct option_row *row;
	char left[32];

	puts("Usage: scx_lanes [OPTION]...\n"
	     "Schedule this machine's tasks by per-CPU run queues and virtual runtime\n"
	     "(sched_ext) until interrupted.\n");
	for (row = rows; row < rows + NR_ROWS; row++) {
		snprintf(left, sizeof(left), "--%s%s%s", row->name, row->arg ? " " : "",
			 row->arg ?: "");
		if (row->key < OPT_STATS)
			printf("  -%c, %-18s %s\n", row->key, left, row->help);
		else
			printf("      %-18s %s\n", left, row->help);
	}
	print_parts("Mechanisms that --without takes, separated by commas:", false);
	print_parts("Kernel features it takes, to run as on an older kernel:", true);
	puts("\nExit status: 0 ended as asked, 1 failed, 2 wrong usage, 3 the kernel lacks\n"
	     "something needed, 4 ejected by the kernel (the reason is printed).");
}

static const struct option_row *find_row(int key)
{
	const struct option_row *row;

	for (row = rows; row < rows + NR_ROWS; row++)
		if (row->key == key)
			return row;
	return NULL;
}

/* Return: whether @text was a number within the limits of option @key. */
static bool parse_number(int key, const char *text, unsigned int *number)
{
	const struct option_row *row = find_row(key);
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end) {
		log_error("--%s: '%s' is not a number", row->name, text);
		return false;
	}
	if (errno || value > row->max) {
		log_error("--%s: %s is above %u", row->name, text, row->max);
		return false;
	}
	if (value < row->min) {
		log_error("--%s: %s is below %u", row->name, text, row->min);
		return false;
	}
	*number = value;
	return true;
}

static const struct part_row *find_part(const char *name, size_t len)
{
	const struct part_row *row;

	for (row = part_rows; row < part_rows + NR_PART_ROWS; row++)
		if (strlen(row->name) == len && !strncmp(row->name, name, len))
			return row;
	return NULL;
}

static bool parse_parts(const char *list, struct options *opts)
{
	const struct part_row *row;
	size_t len;

	for (;; list += len + 1) {
		len = strcspn(list, ",");
		row = find_part(list, len);
		if (!row) {
			log_error("--without: '%.*s' is no part; --help lists them",
				  (int)len, list);
			return false;
		}
		opts->parts_off |= row->part;
		opts->features_off |= row->feature;
		if (!list[len])
			return true;
	}
}

static enum options_verdict parse_one(struct options *opts, int key)
{
	bool is_good = true;

	switch (key) {
	case 's':
		is_good = parse_number(key, optarg, &opts->slice_us);
		break;
	case OPT_STATS:
		is_good = parse_number(key, optarg, &opts->stats_secs);
		break;
	case OPT_MONITOR:
		is_good = parse_number(key, optarg, &opts->monitor_secs);
		break;
	case OPT_MAX_WAIT:
		is_good = parse_number(key, optarg, &opts->max_wait_ms);
		break;
	case OPT_WATCHDOG:
		is_good = parse_number(key, optarg, &opts->watchdog_secs);
		break;
	case OPT_WITHOUT:
		is_good = parse_parts(optarg, opts);
		break;
	case OPT_PARTIAL:
		opts->is_partial = true;
		break;
	case 'v':
		opts->verbosity++;
		break;
	case 'V':
		puts("scx_lanes " LANES_VERSION);
		return OPTIONS_ANSWERED;
	case 'h':
		print_help();
		return OPTIONS_ANSWERED;
	case OPT_HELP_STATS:
		stats_print_help();
		return OPTIONS_ANSWERED;
	default:
		is_good = false;
	}
	return is_good ? OPTIONS_RUN : OPTIONS_BAD;
}

static void fill_getopt(struct option *longs, char *shorts)
{
	size_t i;

	*shorts++ = ':';
	for (i = 0; i < NR_ROWS; i++) {
		longs[i].name = rows[i].name;
		longs[i].has_arg = rows[i].arg ? required_argument : no_argument;
		longs[i].val = rows[i].key;
		if (rows[i].key >= OPT_STATS)
			continue;
		*shorts++ = rows[i].key;
		if (rows[i].arg)
			*shorts++ = ':';
	}
}

/* getopt tells of a letter in optopt, of a word (@word) in nothing. */
static void report_unknown(const char *word)
{
	if (optopt >= OPT_STATS || (optopt && find_row(optopt)))
		log_error("%s: takes no value", word);
	else if (optopt)
		log_error("-%c: unknown option; --help lists them", optopt);
	else
		log_error("%s: unknown option; --help lists them", word);
}

enum options_verdict options_parse(struct options *opts, int argc, char **argv)
{
	struct option longs[NR_ROWS + 1] = {};
	char shorts[2 * NR_ROWS + 2] = "";
	enum options_verdict verdict;
	int key;

	*opts = (struct options){
		.slice_us = LANES_SLICE_US_DFL,
		.max_wait_ms = LANES_MAX_WAIT_MS_DFL,
		.watchdog_secs = LANES_WATCHDOG_SECS_MAX,
	};
	fill_getopt(longs, shorts);
	opterr = 0;
	while ((key = getopt_long(argc, argv, shorts, longs, NULL)) >= 0) {
		if (key == '?')
			report_unknown(argv[optind - 1]);
		else if (key == ':')
			log_error("%s: needs a value", argv[optind - 1]);
		verdict = parse_one(opts, key);
		if (verdict != OPTIONS_RUN)
			return verdict;
	}
	if (optind < argc) {
		log_error("%s: takes no arguments, only options", argv[optind]);
		return OPTIONS_BAD;
	}
	return OPTIONS_RUN;
}
