// SPDX-License-Identifier: GPL-2.0
/*
 * The timer slack of real-time tasks. The usual 50 us are most of the time that
 * a wakeup by a timer takes on an idle machine.
 *
 * The old values are in a pinned hash map: it outlives this process, so that
 * the next start can restore what a killed one has left. Tasks that end leave
 * their records in it; when it is full those go.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "kernel.h"
#include "lanes_sched.h"
#include "log.h"
#include "slack.h"

#define PIN_SLACK	LANES_PIN_CTL "/slack"
#define MAX_RECORDS	16384

/**
 * struct record - what a task had
 * @started: when the task was started, for another may have its tid by now
 * @slack_ns: its timer slack
 */
struct record {
	__u64 started;
	__s64 slack_ns;
};

static int records = -1;

static long long read_slack(unsigned int tid)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%u/timerslack_ns", tid);
	return kernel_read_number(path, -1);
}

static void write_slack(unsigned int tid, long long ns)
{
	char path[48];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%u/timerslack_ns", tid);
	f = fopen(path, "w");
	if (!f)
		return;
	fprintf(f, "%lld", ns);
	fclose(f);
}

/* Return: field 22 of its "stat", 0 if there is no such task. */
static unsigned long long start_of(unsigned int tid)
{
	unsigned long long started = 0;
	char path[48], text[1024], *rest;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%u/stat", tid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	rest = strrchr(text, ')');
	if (rest)
		sscanf(rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
		       &started);
	return started;
}

static void restore(int fd, unsigned int tid)
{
	struct record record;

	if (bpf_map_lookup_elem(fd, &tid, &record))
		return;
	if (record.started == start_of(tid))
		write_slack(tid, record.slack_ns);
	bpf_map_delete_elem(fd, &tid);
}

static void restore_all(int fd)
{
	__u32 tid;

	while (!bpf_map_get_next_key(fd, NULL, &tid))
		restore(fd, tid);
}

void slack_restore_left(void)
{
	int fd = bpf_obj_get(PIN_SLACK);

	if (fd < 0)
		return;
	restore_all(fd);
	close(fd);
}

void slack_open(void)
{
	records = bpf_map_create(BPF_MAP_TYPE_HASH, "lanes_slack", sizeof(__u32),
				 sizeof(struct record), MAX_RECORDS, NULL);
	if (records < 0)
		log_notice("timer slack: keep the old values: %s; leaving it as it is",
			   strerror(errno));
	else if (bpf_obj_pin(records, PIN_SLACK))
		log_info("timer slack: pin the old values: %s", strerror(errno));
}

/* Room for others: there may be another task with the tid of one that has ended. */
static void forget_ended(void)
{
	struct record record;
	__u32 tid, next;
	int err = bpf_map_get_next_key(records, NULL, &next);

	while (!err) {
		tid = next;
		err = bpf_map_get_next_key(records, &tid, &next);
		if (!bpf_map_lookup_elem(records, &tid, &record) &&
		    record.started != start_of(tid))
			bpf_map_delete_elem(records, &tid);
	}
}

void slack_cut(unsigned int tid)
{
	struct record record = { .started = start_of(tid), .slack_ns = read_slack(tid) }, old;
	int err;

	if (records < 0 || !record.started || record.slack_ns < 0)
		return;
	/* One that is designated anew has been cut already. */
	if (!bpf_map_lookup_elem(records, &tid, &old) && old.started == record.started)
		return;
	err = bpf_map_update_elem(records, &tid, &record, BPF_ANY);
	if (err == -E2BIG) {
		forget_ended();
		err = bpf_map_update_elem(records, &tid, &record, BPF_ANY);
	}
	if (!err)
		write_slack(tid, 1);
}

void slack_restore(unsigned int tid)
{
	if (records >= 0)
		restore(records, tid);
}

void slack_close(void)
{
	if (records < 0)
		return;
	restore_all(records);
	close(records);
	records = -1;
}
