// SPDX-License-Identifier: GPL-2.0
/*
 * lanesctl: looks at the running scheduler and changes it. A verb, its words and
 * options; the verbs are in a table.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmdline.h"
#include "kernel.h"
#include "log.h"
#include "rules.h"
#include "verbs.h"

static volatile bool stop;

#define TO(field) .offset = offsetof(struct request, field)

static const struct setting settings[] = {
	{ "json", NULL, "print data as JSON", .letter = 'j', TO(as_json) },
	{ "verbose", NULL, "print all columns", .letter = 'v', TO(with_details) },
	{ "version", NULL, "print the version and exit", .letter = 'V', TO(wants_version) },
	{ "help", NULL, "print this and exit", .letter = 'h', TO(wants_help) },
	{ "policy", "word", "rt set: first in first out, or by turns",
	  .words = RT_POLICIES, .min = LANES_RT_FIFO, .fallback = LANES_RT_FIFO, TO(policy) },
	{ "prio", "n", "rt set: 1 to 99, the most urgent", 1, LANES_RT_PRIO_MAX, TO(prio) },
	{ "quantum-us", "us", "rt set: how long a turn of policy rr is",
	  RT_QUANTUM_US_MIN, RT_QUANTUM_US_MAX, TO(quantum_us) },
	{ "inherit", NULL, "rt set: children born from now on too", TO(is_inherited) },
	{ "process", NULL, "rt set, rt clear: all threads of these processes",
	  TO(is_process) },
	{ "real-time", NULL, "level: with LK's real-time flag", TO(is_realtime) },
	{ "tasks", "n", "top: how many", 1, 100000, 20, .letter = 'n', TO(nr_rows) },
	{ "secs", "secs", "top, analyze: how long to look", 1, 3600, 1, TO(secs) },
};

#define NR_SETTINGS (sizeof(settings) / sizeof(settings[0]))

/* Options that every verb takes: the first ones. */
#define NR_COMMON 4

/**
 * struct verb - one thing to do
 * @name: one or two words
 * @words: what follows it, for --help
 * @min_words, @max_words: how many words may follow it
 * @options: those of it alone, with a blank around each
 */
static const struct verb {
	const char *name;
	const char *words;
	int min_words;
	int max_words;
	const char *options;
	enum exit_status (*run)(struct request *request);
	const char *help;
} verbs[] = {
	{ "status", "", 0, 0, "", verb_status, "what runs, and how it does" },
	{ "runqueues", "", 0, 0, "", verb_runqueues, "the lanes, one line a CPU" },
	{ "top", "", 0, 0, " tasks secs ", verb_top, "the tasks that use most CPU time" },
	{ "task", "TID", 1, 1, "", verb_task, "all about one task" },
	{ "rt set", "TID...", 1, 65536, " policy prio quantum-us inherit process ",
	  verb_rt_set, "make tasks real-time" },
	{ "rt clear", "TID...", 1, 65536, " process ", verb_rt_clear, "make them ordinary again" },
	{ "rt list", "", 0, 0, "", verb_rt_list, "the tasks that are real-time" },
	{ "threads", "", 0, 0, "", verb_threads, "all tasks, as LK shows its threads" },
	{ "threadstats", "", 0, 0, "", verb_threadstats, "the CPUs, as LK does" },
	{ "threadload", "", 0, 0, "", verb_threadload, "their load, once a second" },
	{ "analyze", "TID", 1, 1, " secs ", verb_analyze, "how a task was scheduled, as Haiku does" },
	{ "latency", "TID", 1, 1, "", verb_latency, "haiku: about how long it may have to wait" },
	{ "suggest", "PURPOSE...", 1, 12, "", verb_suggest, "haiku: which priority a task should have" },
	{ "level", "TID LEVEL|nice", 2, 2, " real-time ", verb_level,
	  "lk, haiku: put a task at a level" },
	{ "cpu", "CPU enable|disable", 2, 2, "", verb_cpu,
	  "whether a CPU is given tasks that may run elsewhere" },
	{ "mode", "low-latency|power-saving", 1, 1, "", verb_mode, "what idle CPUs and haiku work for" },
	{ "get", "[KNOB...]", 0, 65536, "", verb_get, "numbers that can be changed" },
	{ "set", "KNOB=VALUE...", 1, 65536, "", verb_set, "change them" },
	{ "switch", "DISCIPLINE", 1, 1, "", verb_switch, "let another discipline take over" },
	{ "trace", "", 0, 0, "", verb_trace, "what happens, until interrupted" },
};

#define NR_VERBS (sizeof(verbs) / sizeof(verbs[0]))

static void print_help(const struct cmdline_group *groups)
{
	const struct verb *verb;
	char left[64];

	puts("Usage: lanesctl [OPTION]... VERB [WORD]...\n"
	     "Look at the scheduler that scx_lanes runs, and change it.\n\n"
	     "Verbs:");
	for (verb = verbs; verb < verbs + NR_VERBS; verb++) {
		snprintf(left, sizeof(left), "%s %s", verb->name, verb->words);
		printf("  %-26s %s\n", left, verb->help);
	}
	cmdline_print_help(groups);
	puts("\nExit status: 0 done, 1 failed, 2 wrong usage (nothing was changed).");
}

/* Return: the verb that @words begins with, which is taken away from there. */
static const struct verb *take_verb(struct request *request)
{
	const struct verb *verb;
	char two[64] = "";

	if (request->nr_words > 1)
		snprintf(two, sizeof(two), "%s %s", request->words[0], request->words[1]);
	for (verb = verbs; verb < verbs + NR_VERBS; verb++) {
		int nr = strchr(verb->name, ' ') ? 2 : 1;

		if (!request->nr_words || strcmp(verb->name, nr == 2 ? two : request->words[0]))
			continue;
		request->words += nr;
		request->nr_words -= nr;
		return verb;
	}
	if (!request->nr_words)
		log_error("needs a verb; --help lists them");
	else if (!strcmp(request->words[0], "rt"))
		log_error("rt: is followed by set, clear or list");
	else
		log_error("%s: unknown verb; --help lists them", request->words[0]);
	return NULL;
}

static bool fits(const struct verb *verb, const struct request *request, __u64 given)
{
	char name[SETTING_LEN];
	size_t i;

	for (i = NR_COMMON; i < NR_SETTINGS; i++) {
		snprintf(name, sizeof(name), " %s ", settings[i].name);
		if (!(given >> i & 1) || strstr(verb->options, name))
			continue;
		log_error("--%s: is no option of '%s'", settings[i].name, verb->name);
		return false;
	}
	if (request->nr_words < verb->min_words) {
		log_error("%s: needs %s", verb->name, verb->words);
		return false;
	}
	if (request->nr_words > verb->max_words) {
		log_error("%s: '%s' is one word too many", verb->name,
			  request->words[verb->max_words]);
		return false;
	}
	return true;
}

static void handle_signal(int sig)
{
	(void)sig;
	stop = true;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = handle_signal };
	struct request request = {
		.instance = { .rt_set_fd = -1, .task_read_fd = -1, .trace_fd = -1 },
		.stop = &stop,
	};
	const struct cmdline_group groups[] = {
		{ "Options:", settings, NR_SETTINGS, &request },
		{},
	};
	const struct verb *verb;
	__u64 given = 0;
	int ret;

	if (!cmdline_parse(groups, argc, argv, &given))
		return EXIT_USAGE;
	if (request.wants_help || request.wants_version) {
		if (request.wants_help)
			print_help(groups);
		else
			puts("lanesctl " LANES_VERSION);
		return EXIT_AS_ASKED;
	}
	request.words = argv + optind;
	request.nr_words = argc - optind;
	verb = take_verb(&request);
	if (!verb || !fits(verb, &request, given))
		return EXIT_USAGE;
	if (!kernel_is_privileged())
		return EXIT_FAILED;
	log_setup(0);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	ret = verb->run(&request);
	instance_close(&request.instance);
	return ret;
}
