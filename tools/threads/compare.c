// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-threads compare: the same data of all threads by four ways, timed in turn.
 *
 * The ways must also find the same threads. Threads come and go, so they are
 * compared until they agree once; if they never do, it says which differ.
 */
#include <string.h>
#include <unistd.h>

#include "threads.h"

#define MAX_ATTEMPTS 50
#define MAX_TASKS 32768

enum way { PROC, COPY, MAPPED_WRITE, MAPPED, NR_WAYS };

static struct tasks found[NR_WAYS];

static void take(int fd, enum way way)
{
	switch (way) {
	case PROC:
		tasks_walk_proc(&found[way]);
		break;
	case COPY:
		while (!tasks_list(fd, &found[way]))
			;
		break;
	case MAPPED_WRITE:
		tasks_write_mapped(fd);
		/* fallthrough */
	default:
		if (!tasks_read_mapped(&found[way]))
			fail(EXIT_FAILED, "compare: more than %u threads",
			     MAX_TASKS);
	}
}

static bool has_same_tids(const struct tasks *a, const struct tasks *b)
{
	uint32_t i;

	if (a->nr != b->nr)
		return false;
	for (i = 0; i < a->nr; i++) {
		if (a->list[i].tid != b->list[i].tid ||
		    a->list[i].tgid != b->list[i].tgid)
			return false;
	}
	return true;
}

/* All four again, back to back; the mapping is as it was written. */
static bool agree(int fd)
{
	enum way way;

	for (way = 0; way < NR_WAYS; way++) {
		take(fd, way);
		tasks_sort(&found[way]);
	}
	for (way = 1; way < NR_WAYS; way++) {
		if (!has_same_tids(&found[0], &found[way]))
			return false;
	}
	return true;
}

static void print_missing(const struct tasks *from, const struct tasks *in,
			  const char *text)
{
	uint32_t i, k = 0;

	for (i = 0; i < from->nr; i++) {
		while (k < in->nr && in->list[k].tid < from->list[i].tid)
			k++;
		if (k < in->nr && in->list[k].tid == from->list[i].tid)
			continue;
		name_clean(from->list[i].comm);
		fprintf(stderr, "%s: %u %s\n", text, from->list[i].tid, from->list[i].comm);
	}
}

static void expect_agreement(int fd)
{
	int i;

	for (i = 0; i < MAX_ATTEMPTS; i++) {
		if (agree(fd))
			return;
		usleep(20000);
	}
	print_missing(&found[PROC], &found[MAPPED], "only in /proc");
	print_missing(&found[MAPPED], &found[PROC], "only in the snapshot");
	fail(EXIT_FAILED, "compare: the ways found different threads, %d times",
	     MAX_ATTEMPTS);
}

int verb_compare(const struct options *options)
{
	struct result results[NR_WAYS] = {
		[PROC] = { .name = "proc" },
		[COPY] = { .name = "copy" },
		[MAPPED_WRITE] = { .name = "mapped+write" },
		[MAPPED] = { .name = "mapped" },
	};
	uint32_t times = options->count ?: 20, i;
	int fd = device_open();
	enum way way;

	tasks_map(fd, MAX_TASKS);
	expect_agreement(fd);
	if (options->format == AS_TEXT)
		printf("%u threads, the same by every way\n", found[PROC].nr);
	for (i = 0; i < times; i++) {
		for (way = 0; way < NR_WAYS; way++) {
			uint64_t begin = now_ns();

			take(fd, way);
			note_latency(&results[way], now_ns() - begin);
		}
	}
	report(options, "All threads' scheduling data", results, NR_WAYS);
	return EXIT_DONE;
}
