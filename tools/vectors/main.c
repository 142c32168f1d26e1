// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-vectors: what lanes.ko knows of the machine's interrupt vectors, and
 * what it can do with its own.
 *
 * One verb a file; each parses its own options and ends with what main() is to
 * return. This file has the table of verbs and what they all use.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vectors.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage;
} verbs[] = {
	{ "walk", verb_walk,
	  "[--tables] [--json]        the interrupts of every PCI function" },
	{ "map", verb_map,
	  "[--html | --json]          which vectors of which CPU are in use" },
	{ "matrix", verb_matrix,
	  "[--cpus LIST] [--json] OPERATION...   alloc N, free CPU:VECTOR,\n"
	  "                                      stress N, wait; in this order" },
	{ "ring", verb_ring,
	  "[-n VECTORS] [-c COUNT] [-t THREADS] [-d BDF] [--no-wait] [--json]\n"
	  "                                      raise interrupts, count handlers" },
	{ "listen", verb_listen,
	  "[-c COUNT] [-s SECONDS] [--ring] [--json] BDF   count by eventfds" },
	{ "messenger", verb_messenger,
	  "[-f CPU] [-t CPU] [-b BATCH] [-r ROUNDS] [--json]   from CPU to CPU" },
};

static void print_usage(FILE *to)
{
	size_t i;

	fprintf(to, "usage: lanes-vectors VERB [OPTION...]\n\n");
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		fprintf(to, "  %-10s %s\n", verbs[i].name, verbs[i].usage);
	fprintf(to, "\nexit status: 0 done, 1 failed or something differs, 2 usage, 3 no "
		DEVICE "\n");
}

int main(int argc, char **argv)
{
	size_t i;

	help_if_asked(argc, argv, print_usage);
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(argv[1], verbs[i].name))
			return verbs[i].run(argc - 1, argv + 1);
	}
	fail(EXIT_USAGE, "'%s': no such verb (see lanes-vectors --help)", argv[1]);
}

struct lanes_vector_stat *source_stats(int fd, uint32_t *out_nr_vectors)
{
	struct lanes_source_stats arg = { 0 };
	int err;

	err = call(fd, LANES_SOURCE_STATS, &arg);
	if (!err) {
		arg.vectors = (uintptr_t)calloc(arg.nr_vectors,
						sizeof(struct lanes_vector_stat));
		err = call(fd, LANES_SOURCE_STATS, &arg);
	}
	if (err)
		fail(EXIT_FAILED, "statistics: %s", strerror(-err));
	*out_nr_vectors = arg.nr_vectors;
	return (struct lanes_vector_stat *)(uintptr_t)arg.vectors;
}

struct lanes_vector_stat *source_stats_since(int fd, const struct lanes_vector_stat *before,
					     uint32_t *out_nr_vectors)
{
	struct lanes_vector_stat *stats = source_stats(fd, out_nr_vectors);
	uint32_t i;

	for (i = 0; i < *out_nr_vectors; i++) {
		uint64_t nr_rung = before[i].nr_rung;

		/* It is what had been rung when the last one was handled. */
		stats[i].nr_seen -= stats[i].nr_seen > nr_rung ? nr_rung : stats[i].nr_seen;
		stats[i].nr_rung -= nr_rung;
		stats[i].nr_handled -= before[i].nr_handled;
		stats[i].nr_merged -= before[i].nr_merged;
		stats[i].nr_wrong_context -= before[i].nr_wrong_context;
	}
	return stats;
}

const char *mode_name(uint32_t mode)
{
	static const char * const names[] = {
		[LANES_MODE_INTX] = "intx",
		[LANES_MODE_MSI] = "msi",
		[LANES_MODE_MSIX] = "msix",
	};

	return mode < ARRAY_SIZE(names) ? names[mode] : "?";
}
