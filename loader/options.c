// SPDX-License-Identifier: GPL-2.0
/*
 * The options of scx_lanes: what is accepted, what --help says and what a wrong
 * value is told all come from these tables and that of the knobs.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmdline.h"
#include "disciplines.h"
#include "knobs.h"
#include "log.h"
#include "options.h"
#include "stats.h"

#define MAX_SECS 3600

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
	{ "slot", LANES_PART_SLOT, 0, "queueing the next task where it needs no pick" },
	{ "inherit", LANES_PART_INHERIT, 0, "lending urgency to the owner of a lock" },
	{ "cap", LANES_PART_CAP, 0, "limiting real-time tasks to their budget" },
	{ "push", LANES_PART_PUSH, 0, "sending real-time tasks to less urgent CPUs" },
	{ "timer", LANES_PART_TIMER, 0, "ending slices before the kernel's tick" },
	{ "affine", LANES_PART_AFFINE, 0, "placing tasks near the cache they used" },
	{ "eligible", LANES_PART_ELIGIBLE, 0, "with eevdf, asking who has had more than its share" },
	{ "tickless", LANES_PART_TICKLESS, 0, "running a task that is alone without a slice" },
	{ "irq-load", LANES_PART_IRQ_LOAD, 0, "asking lanes.ko where interrupts go" },
	{ "insert-v2", 0, LANES_FEATURE_INSERT_V2, "scx_bpf_dsq_insert___v2 (6.19)" },
	{ "insert-args", 0, LANES_FEATURE_INSERT_ARGS, "__scx_bpf_dsq_insert_vtime (6.19)" },
	{ "move-v2", 0, LANES_FEATURE_MOVE_V2, "scx_bpf_dsq_move_to_local___v2 (7.1)" },
	{ "peek", 0, LANES_FEATURE_PEEK, "scx_bpf_dsq_peek (6.19)" },
	{ "now", 0, LANES_FEATURE_NOW, "scx_bpf_now (6.14)" },
	{ "set-slice", 0, LANES_FEATURE_SET_SLICE, "scx_bpf_task_set_slice (6.19)" },
	{ "reenq", 0, LANES_FEATURE_REENQ, "scx_bpf_dsq_reenq (7.1)" },
	{ "task-cpu", 0, LANES_FEATURE_TASK_CPU, "p->thread_info.cpu" },
};

#define NR_PART_ROWS (sizeof(part_rows) / sizeof(part_rows[0]))

static const struct part_row *find_part(const char *name, size_t len)
{
	const struct part_row *row;

	for (row = part_rows; row < part_rows + NR_PART_ROWS; row++)
		if (strlen(row->name) == len && !strncmp(row->name, name, len))
			return row;
	return NULL;
}

static bool take_parts(void *to, const char *list)
{
	struct options *opts = to;
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

static bool take_discipline(void *to, const char *text)
{
	const struct setting names = { .words = discipline_words };

	return setting_parse(&names, "--discipline", text, &((struct options *)to)->discipline);
}

static bool take_rule(void *to, const char *text)
{
	return rules_add(&((struct options *)to)->rules, "--rt-rule", text);
}

static bool take_rules(void *to, const char *path)
{
	return rules_add_file(&((struct options *)to)->rules, path);
}

#define TO(field) .offset = offsetof(struct options, field)

static const struct setting settings[] = {
	{ "discipline", "word", "the rule by which tasks take turns", .take = take_discipline },
	{ "list-disciplines", NULL, "explain each discipline and exit", TO(wants_disciplines) },
	{ "weights", "word", "eevdf: what a nice value is worth",
	  .words = "linux|moss", .fallback = LANES_WEIGHTS_LINUX, TO(weights) },
	{ "stats", "secs", "print statistics this often", 1, MAX_SECS, TO(stats_secs) },
	{ "monitor", "secs", "print those of the instance that is running, run none",
	  1, MAX_SECS, TO(monitor_secs) },
	{ "partial", NULL, "schedule only tasks of policy SCHED_EXT, not all ordinary ones",
	  TO(is_partial) },
	{ "steal", "word", "how an idle CPU comes to another's tasks",
	  .words = "direct|messenger", .fallback = LANES_STEAL_DIRECT, TO(steal) },
	{ "queue", "word", "lk, haiku: which CPUs share a queue",
	  .words = "per-cpu|core|shared", .min = LANES_DOMAIN_CPU, .fallback = -1, TO(domain) },
	{ "kick", "word", "lk: whom a wakeup makes pick anew, the least urgent CPU or all",
	  .words = "one|all", .fallback = LANES_KICK_ONE, TO(kick) },
	{ "rule", "word", "haiku: which of its rules of penalty", .words = "2013|today", TO(rule) },
	{ "rt", "word", "lk, haiku: what a designation is, our real-time pass or theirs",
	  .words = "pass|discipline", TO(rt_by_discipline) },
	{ "rt-rule", "rule", "tasks that are to be real-time, see the manual; repeatable",
	  .take = take_rule },
	{ "rt-rules", "file", "the same from a file, one rule a line", .take = take_rules },
	{ "trace", "level", "what \"lanesctl trace\" can show: 0 nothing, 3 all",
	  0, LANES_TRACE_LEVEL_MAX, TO(trace_level) },
	{ "watchdog", "secs", "let the kernel eject us when a task waits this long",
	  1, LANES_WATCHDOG_SECS_MAX, LANES_WATCHDOG_SECS_MAX, TO(watchdog_secs) },
	{ "without", "list", "leave out parts, to see what each is good for (below)",
	  .take = take_parts },
	{ "verbose", NULL, "say more; twice: all that libbpf says", .letter = 'v',
	  TO(verbosity) },
	{ "version", NULL, "print the version and exit", .letter = 'V', TO(wants_version) },
	{ "help", NULL, "print this and exit", .letter = 'h', TO(wants_help) },
	{ "help-stats", NULL, "explain each statistic and exit", TO(wants_stats) },
};

static void print_parts(const char *heading, bool features)
{
	const struct part_row *row;

	printf("\n%s\n", heading);
	for (row = part_rows; row < part_rows + NR_PART_ROWS; row++)
		if (!row->feature != features)
			printf("  %-20s %s\n", row->name, row->help);
}

/* Return: whether the options given all belong to the discipline. */
static bool fit_discipline(const struct discipline *discipline, __u64 given)
{
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (!(given >> i & 1) || !option_is_of_disciplines(settings[i].name) ||
		    discipline_has_option(discipline, settings[i].name))
			continue;
		log_error("--%s: is no option of discipline '%s'", settings[i].name,
			  discipline->name);
		return false;
	}
	return true;
}

/* Return: whether an option was given. */
static bool is_given(__u64 given, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (!strcmp(settings[i].name, name))
			return given >> i & 1;
	return false;
}

/* Each has a slice of its own, unless another one was asked for. */
static void set_slice(struct options *opts, __u64 given)
{
	size_t i;

	given >>= sizeof(settings) / sizeof(settings[0]);
	for (i = 0; i < nr_knobs; i++)
		if (knobs[i].offset == offsetof(struct lanes_knobs, slice_us))
			opts->is_slice_given = given >> i & 1;
	if (!opts->is_slice_given)
		opts->knobs.slice_us = disciplines[opts->discipline].slice_us;
}

static void print_help(const struct cmdline_group *groups)
{
	puts("Usage: scx_lanes [OPTION]...\n"
	     "Schedule this machine's tasks by per-CPU run queues (sched_ext) until\n"
	     "interrupted.");
	cmdline_print_help(groups);
	puts("\nDisciplines (--discipline; the first one unless given):");
	disciplines_print();
	print_parts("Mechanisms that --without takes, separated by commas:", false);
	print_parts("Kernel features it takes, to run as on a kernel without them:", true);
	puts("\nExit status: 0 ended as asked, 1 failed, 2 wrong usage, 3 the kernel lacks\n"
	     "something needed, 4 ejected by the kernel (the reason is printed).");
}

enum options_verdict options_parse(struct options *opts, int argc, char **argv)
{
	const struct cmdline_group groups[] = {
		{ "Options:", settings, sizeof(settings) / sizeof(settings[0]), opts },
		{ "Options that \"lanesctl set\" can change while it runs:", knobs, nr_knobs,
		  &opts->knobs },
		{},
	};

	__u64 given = 0;

	*opts = (struct options){};
	if (!cmdline_parse(groups, argc, argv, &given) ||
	    !fit_discipline(&disciplines[opts->discipline], given))
		return OPTIONS_BAD;
	set_slice(opts, given);
	opts->is_domain_given = is_given(given, "queue");
	if (optind < argc) {
		log_error("%s: takes no arguments, only options", argv[optind]);
		return OPTIONS_BAD;
	}
	if (opts->wants_help)
		print_help(groups);
	else if (opts->wants_version)
		puts("scx_lanes " LANES_VERSION);
	else if (opts->wants_stats)
		stats_print_help();
	else if (opts->wants_disciplines)
		disciplines_print();
	else
		return OPTIONS_RUN;
	return OPTIONS_ANSWERED;
}
