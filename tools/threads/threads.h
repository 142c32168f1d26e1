/* SPDX-License-Identifier: GPL-2.0 */
/* What the verbs of lanes-threads share. */
#ifndef __THREADS_H
#define __THREADS_H

#include <stdio.h>

#include "../../loader/name.h"
#include "../client/client.h"

enum format { AS_TEXT, AS_CSV, AS_JSON };

/**
 * struct options - what the command line said; 0 is not given
 * @count: how many or how often
 * @threads: of the pool
 * @seconds: how long at most
 * @kind: the one experiment of the pool
 * @format: of what goes to standard output
 * @html: file for a page with histograms, or NULL
 */
struct options {
	uint32_t count;
	uint32_t threads;
	uint32_t seconds;
	const char *kind;
	enum format format;
	const char *html;
};

/* Each is a verb; returns an exit status. */
int verb_pool(const struct options *options);
int verb_snapshot(const struct options *options);
int verb_compare(const struct options *options);
int verb_lk(const struct options *options);

/**
 * struct result - what an experiment took
 * @name: its name
 * @count: how often
 * @total_ns: time for all
 * @setup_ns: time to prepare it, or of which a part was for preparations
 * @latency: how often it took so long: entry n from 2^n to 2^(n+1) - 1 ns
 */
struct result {
	const char *name;
	uint64_t count;
	uint64_t total_ns;
	uint64_t setup_ns;
	uint32_t latency[LANES_LATENCY_BUCKETS];
};

/*
 * A table in the format asked for, and the page if there is to be one; the first
 * result is what the others are compared with.
 */
void report(const struct options *options, const char *title,
	    const struct result *results, size_t nr);
void note_latency(struct result *result, uint64_t ns);
uint64_t now_ns(void);

/* Tasks, however they came; sorted by tid. */
struct tasks {
	uint32_t nr;
	uint32_t room;
	struct lanes_task *list;
};

/* Each replaces what is in there, and says whether there was room for all. */
void tasks_map(int fd, uint32_t max_tasks);
void tasks_write_mapped(int fd);
bool tasks_read_mapped(struct tasks *tasks);
bool tasks_list(int fd, struct tasks *tasks);
bool tasks_walk_proc(struct tasks *tasks);
void tasks_sort(struct tasks *tasks);
void tasks_print(const struct tasks *tasks, enum format format);

#endif /* __THREADS_H */
