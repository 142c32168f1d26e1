// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-dma: experiments with DMA, IOMMU and bounce buffers, by lanes.ko.
 *
 * This file has the table of verbs and the options, which are the same for all
 * of them as far as they have any.
 */
#include <dirent.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dma.h"

#define DRIVER_DIR "/sys/bus/pci/drivers/lanes"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage;
} verbs[] = {
	{ "list", verb_list, "what experiments there are" },
	{ "run", verb_run,
	  "[-ctbdm] [--csv] [--json] [--html] EXPERIMENT [BDF]\n"
	  "             one of them" },
	{ "safety", verb_safety,
	  "[-s] [--csv] [--json] [BDF]\n"
	  "             does the IOMMU keep the device out?" },
	{ "costs", verb_costs,
	  "[-c] [--csv] [--json] [--html] [BDF]\n"
	  "             what mapping a page costs, in ns" },
	{ "benchmark", verb_benchmark,
	  "[-bdm] [--json]\n"
	  "             what the kernel's own benchmark says of that" },
};

static const char options_usage[] =
"\n"
"Options, of those verbs that show them:\n"
"  -c, --count N          map so often (1; costs: 1000)\n"
"  -t, --transfers N      let the device transfer in so many of these (1, or 0\n"
"                         for a device that cannot)\n"
"  -b, --bytes N          so much each time (4096)\n"
"  -d, --direction WHICH  to, from or both (both)\n"
"  -m, --mask-bits N      take the device's addresses to be so wide\n"
"  -s, --samples N        valid ones of each experiment (3)\n"
"      --csv              a line for each experiment and step\n"
"      --json             everything\n"
"      --html FILE        histograms of the steps, drawn into FILE\n"
"\n"
"Exit status: 0 done and as it should be, 1 failed or not, 2 usage, 3 no "
DEVICE "\n";

static void print_usage(FILE *to)
{
	size_t i;

	fprintf(to, "usage: lanes-dma VERB [OPTION...]\n\nVerbs:\n");
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		fprintf(to, "  %-10s %s\n", verbs[i].name, verbs[i].usage);
	fputs(options_usage, to);
}

int main(int argc, char **argv)
{
	size_t i;

	help_if_asked(argc, argv, print_usage);
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(argv[1], verbs[i].name))
			return verbs[i].run(argc - 1, argv + 1);
	}
	fail(EXIT_USAGE, "'%s': no such verb (see lanes-dma --help)", argv[1]);
}

static uint32_t direction_arg(const char *text)
{
	static const char * const names[LANES_NR_DMA_DIRECTIONS] = {
		[LANES_DMA_BOTH] = "both",
		[LANES_DMA_TO_DEVICE] = "to",
		[LANES_DMA_FROM_DEVICE] = "from",
	};
	uint32_t i;

	for (i = 0; i < LANES_NR_DMA_DIRECTIONS; i++) {
		if (!strcmp(text, names[i]))
			return i;
	}
	fail(EXIT_USAGE, "--direction: '%s' is not to, from or both", text);
}

static void take_option(struct options *o, int letter)
{
	switch (letter) {
	case 'c':
		o->ask.count = number_arg("--count", optarg, 1, 1000000);
		break;
	case 't':
		o->ask.transfers = number_arg("--transfers", optarg, 0, 1000);
		break;
	case 'b':
		o->ask.nr_bytes = number_arg("--bytes", optarg, 1, 1 << 20);
		break;
	case 'd':
		o->ask.direction = direction_arg(optarg);
		break;
	case 'm':
		o->ask.mask_bits = number_arg("--mask-bits", optarg, 24, 64);
		break;
	case 's':
		o->nr_samples = number_arg("--samples", optarg, 1, 1000);
		break;
	case 'C':
		o->format = FORMAT_CSV;
		break;
	case 'J':
		o->format = FORMAT_JSON;
		break;
	case 'H':
		o->html = optarg;
		break;
	}
}

void parse_options(int argc, char **argv, const char *known,
		   struct options *options)
{
	static const struct option table[] = {
		{ "count", required_argument, NULL, 'c' },
		{ "transfers", required_argument, NULL, 't' },
		{ "bytes", required_argument, NULL, 'b' },
		{ "direction", required_argument, NULL, 'd' },
		{ "mask-bits", required_argument, NULL, 'm' },
		{ "samples", required_argument, NULL, 's' },
		{ "csv", no_argument, NULL, 'C' },
		{ "json", no_argument, NULL, 'J' },
		{ "html", required_argument, NULL, 'H' },
		{}
	};
	int letter;

	while ((letter = getopt_long(argc, argv, "c:t:b:d:m:s:", table, NULL)) != -1) {
		if (letter == '?')
			exit(EXIT_USAGE);
		if (!strchr(known, letter))
			fail(EXIT_USAGE, "%s: has no such option (see lanes-dma --help)",
			     argv[0]);
		take_option(options, letter);
	}
}

static uint32_t only_function(void)
{
	DIR *dir = opendir(DRIVER_DIR);
	struct dirent *entry;
	char name[sizeof(entry->d_name)] = "";

	if (!dir)
		fail(EXIT_NO_MODULE, DRIVER_DIR ": not there (is lanes.ko loaded?)");
	while ((entry = readdir(dir))) {
		if (!strchr(entry->d_name, ':'))
			continue;
		if (*name)
			fail(EXIT_USAGE, "lanes has several functions: say which one");
		strcpy(name, entry->d_name);
	}
	closedir(dir);
	if (!*name)
		fail(EXIT_FAILED, "no function is bound to lanes");
	return function_arg(name);
}

uint32_t function_or_default(int argc, char **argv)
{
	if (optind + 1 < argc)
		fail(EXIT_USAGE, "%s: takes no '%s'", argv[0], argv[optind + 1]);
	return optind < argc ? function_arg(argv[optind]) : only_function();
}
