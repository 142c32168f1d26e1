// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-vectors messenger: what a message from one CPU to another costs, beside
 * what /proc/interrupts counted meanwhile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vectors.h"

#define BAR_WIDTH 40

/* Return: which column is a CPU's, from 1 on, or 0: there are only those that are online. */
static int column_of(const char *heading, unsigned int cpu)
{
	unsigned int named;
	int column, len;

	for (column = 1; sscanf(heading, " CPU%u%n", &named, &len) == 1; column++) {
		if (named == cpu)
			return column;
		heading += len;
	}
	return 0;
}

/* What the line of function call interrupts counts for a CPU, or 0. */
static uint64_t nr_calls(unsigned int cpu)
{
	FILE *file = fopen("/proc/interrupts", "re");
	char *line = NULL, *at;
	size_t room = 0;
	uint64_t nr = 0;
	int column = 0;

	if (file && getline(&line, &room, file) > 0)
		column = column_of(line, cpu);
	while (file && getline(&line, &room, file) > 0) {
		at = strstr(line, "CAL:");
		if (!at)
			continue;
		for (at += 4; column; column--)
			nr = strtoull(at, &at, 10);
	}
	free(line);
	if (file)
		fclose(file);
	return nr;
}

static void pin(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fail(EXIT_FAILED, "--from: CPU %u: %s", cpu, strerror(errno));
}

static uint64_t percentile(const struct lanes_messenger *m, double part)
{
	return log2_percentile(m->out_rtt, LANES_RTT_BUCKETS, part * m->out_messages);
}

static void print_histogram(const struct lanes_messenger *m)
{
	unsigned int i, most = 1;

	for (i = 0; i < LANES_RTT_BUCKETS; i++)
		most = m->out_rtt[i] > most ? m->out_rtt[i] : most;
	for (i = 0; i < LANES_RTT_BUCKETS; i++) {
		unsigned int width = (uint64_t)m->out_rtt[i] * BAR_WIDTH / most;

		if (m->out_rtt[i])
			printf("%10llu ns %8u %.*s\n", 1ull << i, m->out_rtt[i],
			       width, "****************************************");
	}
}

static double per(uint64_t a, uint64_t b)
{
	return b ? (double)a / b : 0;
}

static void print_text(const struct lanes_messenger *m, uint64_t calls_there,
		       uint64_t calls_back)
{
	print_histogram(m);
	printf("%llu messages in %llu us, round trip p50 below %llu ns, p99 below %llu ns\n",
	       (unsigned long long)m->out_messages,
	       (unsigned long long)m->out_total_ns / 1000,
	       (unsigned long long)percentile(m, 0.5),
	       (unsigned long long)percentile(m, 0.99));
	printf("there: %llu kicks (%.2f messages each), /proc/interrupts CAL +%llu\n",
	       (unsigned long long)m->out_ipis, per(m->out_messages, m->out_ipis),
	       (unsigned long long)calls_there);
	printf("back:  %llu kicks (%.2f messages each), /proc/interrupts CAL +%llu\n",
	       (unsigned long long)m->out_reply_ipis,
	       per(m->out_messages, m->out_reply_ipis),
	       (unsigned long long)calls_back);
}

static void print_json(const struct lanes_messenger *m, uint64_t calls_there,
		       uint64_t calls_back)
{
	struct json_object *all = json_object_new_object();
	struct json_object *rtt = json_object_new_array();
	unsigned int i;

	json_add(all, "messages", m->out_messages);
	json_add(all, "batch", m->batch);
	json_add(all, "total_ns", m->out_total_ns);
	json_add(all, "p50_below_ns", percentile(m, 0.5));
	json_add(all, "p99_below_ns", percentile(m, 0.99));
	json_add(all, "ipis", m->out_ipis);
	json_add(all, "reply_ipis", m->out_reply_ipis);
	json_add(all, "cal_there", calls_there);
	json_add(all, "cal_back", calls_back);
	for (i = 0; i < LANES_RTT_BUCKETS; i++)
		json_object_array_add(rtt, json_object_new_int64(m->out_rtt[i]));
	json_object_object_add(all, "rtt_log2_ns", rtt);
	json_print(all);
}

int verb_messenger(int argc, char **argv)
{
	static const struct option options[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
		{ "batch", required_argument, NULL, 'b' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{}
	};
	struct lanes_messenger m = { .cpu = 1, .batch = 1, .rounds = 1000 };
	uint64_t there, back;
	unsigned int from = 0;
	bool as_json = false;
	int c, fd, err;

	while ((c = getopt_long(argc, argv, "f:t:b:r:", options, NULL)) != -1) {
		switch (c) {
		case 'f':
			from = number_arg("--from", optarg, 0, CPU_SETSIZE - 1);
			break;
		case 't':
			m.cpu = number_arg("--to", optarg, 0, CPU_SETSIZE - 1);
			break;
		case 'b':
			m.batch = number_arg("--batch", optarg, 1, 256);
			break;
		case 'r':
			m.rounds = number_arg("--rounds", optarg, 1, 1000000);
			break;
		case 'j':
			as_json = true;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind < argc)
		fail(EXIT_USAGE, "messenger: takes no '%s'", argv[optind]);
	pin(from);
	fd = device_open();
	there = nr_calls(m.cpu);
	back = nr_calls(from);
	err = call(fd, LANES_MESSENGER, &m);
	if (err)
		fail(EXIT_FAILED, "messenger: CPU %u: %s", m.cpu, strerror(-err));
	there = nr_calls(m.cpu) - there;
	back = nr_calls(from) - back;
	if (as_json)
		print_json(&m, there, back);
	else
		print_text(&m, there, back);
	return EXIT_DONE;
}
