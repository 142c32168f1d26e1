// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-threads: what threads cost, and what there is to know of all of them, by
 * lanes.ko.
 *
 * One verb a file. This file has the tables of verbs and options; a verb that has
 * no use for an option does not take it.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "threads.h"

static const struct {
	const char *name;
	int (*run)(const struct options *options);
	const char *takes;
	const char *help;
} verbs[] = {
	{ "pool", verb_pool, "nktscjw",
	  "what a job costs in a new thread and in a pool's" },
	{ "snapshot", verb_snapshot, "ncj",
	  "all threads' scheduling data, from the mapping" },
	{ "compare", verb_compare, "ncjw",
	  "what those cost: mapping, copy, walk of /proc" },
	{ "lk", verb_lk, "cj",
	  "try the interface of LK's threads and wait queues" },
};

static const struct {
	struct option option;
	const char *argument;
	const char *help;
} known[] = {
	{ { "count", required_argument, NULL, 'n' }, "N",
	  "pool: jobs of each kind (300); compare: times (20);\n"
	  "                         snapshot: room for so many threads (65536)" },
	{ { "kind", required_argument, NULL, 'k' }, "KIND",
	  "this only: create, create-batch, reuse, reuse-batch" },
	{ { "threads", required_argument, NULL, 't' }, "N",
	  "the pool has so many (1)" },
	{ { "seconds", required_argument, NULL, 's' }, "N",
	  "no new job after so long (60)" },
	{ { "csv", no_argument, NULL, 'c' }, "", "print comma-separated values" },
	{ { "json", no_argument, NULL, 'j' }, "", "print JSON" },
	{ { "html", required_argument, NULL, 'w' }, "FILE",
	  "also write a page with histograms" },
	{ { "help", no_argument, NULL, 'h' }, "", "print this" },
};

static void print_usage(FILE *to)
{
	size_t i;

	fprintf(to, "usage: lanes-threads VERB [OPTION...]\n\nVerbs:\n");
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		fprintf(to, "  %-10s %s\n", verbs[i].name, verbs[i].help);
	fprintf(to, "\nOptions:\n");
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		const struct option *o = &known[i].option;
		int width = 14 - (int)strlen(o->name);

		fprintf(to, "  -%c, --%s %-*s  %s\n", o->val, o->name, width,
			known[i].argument, known[i].help);
	}
	fprintf(to, "\nexit status: 0 done, 1 failed or something differs, 2 usage, 3 no "
		DEVICE "\n");
}

static void take_option(struct options *options, int c)
{
	switch (c) {
	case 'n':
		options->count = number_arg("--count", optarg, 1, 100000);
		break;
	case 'k':
		options->kind = optarg;
		break;
	case 't':
		options->threads = number_arg("--threads", optarg, 1, 64);
		break;
	case 's':
		options->seconds = number_arg("--seconds", optarg, 1, 60);
		break;
	case 'c':
		options->format = AS_CSV;
		break;
	case 'j':
		options->format = AS_JSON;
		break;
	case 'w':
		options->html = optarg;
		break;
	case 'h':
		print_usage(stdout);
		exit(EXIT_DONE);
	default:
		exit(EXIT_USAGE);
	}
}

static int run_verb(size_t verb, int argc, char **argv)
{
	struct option long_options[ARRAY_SIZE(known) + 1] = { 0 };
	struct options options = { 0 };
	size_t i;
	int c;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		long_options[i] = known[i].option;
	while ((c = getopt_long(argc, argv, "n:k:t:s:cjw:h", long_options,
				NULL)) != -1) {
		if (c != '?' && c != 'h' && !strchr(verbs[verb].takes, c))
			fail(EXIT_USAGE, "%s: takes no -%c", argv[0], c);
		take_option(&options, c);
	}
	if (optind < argc)
		fail(EXIT_USAGE, "%s: takes no '%s'", argv[0], argv[optind]);
	return verbs[verb].run(&options);
}

int main(int argc, char **argv)
{
	size_t i;

	help_if_asked(argc, argv, print_usage);
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(argv[1], verbs[i].name))
			return run_verb(i, argc - 1, argv + 1);
	}
	fail(EXIT_USAGE, "'%s': no such verb (see lanes-threads --help)", argv[1]);
}
