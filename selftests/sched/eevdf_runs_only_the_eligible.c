// SPDX-License-Identifier: GPL-2.0
// description: eevdf: nobody runs who has had more than its share while others wait who have not
// cpus: 2
// time: virtual
// kernel: any
#include "harness.h"

#include <stdlib.h>
#include <string.h>

#define NR_TASKS	4

/* The clock may be missed by 1 ns of nice 0, in units of 2^-16 ns. */
#define TOLERANCE	(1 << 16)

/**
 * struct found - what a trace of CPU 1 says
 * @nr_starts: of our tasks
 * @nr_wrong: of these, by one that had had too much while an eligible one waited
 * @nr_resumed: that were none, but went on after a higher class had the CPU
 * @nr_behind: that were owed something
 * @nr_back: times the clock went back
 */
struct found {
	int nr_starts;
	int nr_wrong;
	int nr_resumed;
	int nr_behind;
	int nr_back;
};

static void sleep_and_run(void)
{
	pin_task(0, 1, 1);
	for (;;) {
		sleep_ms(7);
		use_cpu_ms(1);
	}
}

/* Return: the number behind "NAME": in a record, 0 without one. */
static unsigned long long field(const char *record, const char *name)
{
	char key[32];
	const char *at;

	snprintf(key, sizeof(key), "\"%s\":", name);
	at = strstr(record, key);
	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

static bool is_ours(const pid_t *tasks, unsigned long long tid)
{
	int i;

	for (i = 0; i < NR_TASKS; i++)
		if (tasks[i] == (pid_t)tid)
			return true;
	return false;
}

static void count_start(struct found *found, long long lag, unsigned long long nr_eligible)
{
	found->nr_starts++;
	found->nr_behind += lag > TOLERANCE;
	found->nr_wrong += nr_eligible && lag < -TOLERANCE;
}

static struct found read_trace(char *text, const pid_t *tasks)
{
	unsigned long long clock = 0, clock_tid = 0, stop_tid = 0, nr_eligible = 0, key;
	struct found found = {};
	char *record;

	for (record = strtok(text, "\n"); record; record = strtok(NULL, "\n")) {
		if (field(record, "cpu") != 1 || record[strlen(record) - 1] != '}')
			continue;
		key = field(record, "key");
		if (strstr(record, "\"clock\"")) {
			found.nr_back += clock && (long long)(key - clock) < 0;
			clock = key;
			clock_tid = field(record, "tid");
			nr_eligible = field(record, "eligible");
		} else if (strstr(record, "\"stop\"")) {
			stop_tid = field(record, "tid");
		} else if (strstr(record, "\"lag\"") && field(record, "tid") == clock_tid) {
			found.nr_resumed += clock_tid == stop_tid;
			if (is_ours(tasks, clock_tid) && clock_tid != stop_tid)
				count_start(&found, key, nr_eligible);
			stop_tid = 0;
		}
	}
	return found;
}

static struct found look(const char *options)
{
	struct found found = {};
	pid_t tasks[NR_TASKS];
	struct hog hogs[3];
	char *text;
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return found;
	for (i = 0; i < 3; i++) {
		hogs[i] = hog_start(1, 3 * i);
		tasks[i] = hogs[i].pid;
	}
	tasks[3] = fork_child();
	if (!tasks[3])
		sleep_and_run();
	sleep_ms(500);
	text = strdup(lanesctl("trace --json"));
	found = read_trace(text, tasks);
	free(text);
	ktap_diag("%d starts, %d behind, %d wrong, %d resumed, clock back %d times",
		  found.nr_starts, found.nr_behind, found.nr_wrong, found.nr_resumed,
		  found.nr_back);
	end_child(tasks[3]);
	for (i = 0; i < 3; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return found;
}

KTAP_TEST(only_the_eligible_run, "in hundreds of starts none is wrong; the clock only grows")
{
	struct found found = look("--discipline eevdf --trace 3");

	KTAP_EXPECT(found.nr_starts > 100);
	KTAP_EXPECT(found.nr_behind > 0);
	KTAP_EXPECT_EQ(found.nr_wrong, 0);
	KTAP_EXPECT_EQ(found.nr_back, 0);
}

KTAP_TEST(control_without_eligible, "if nobody asks who has had too much, such ones run")
{
	struct found found = look("--discipline eevdf --trace 3 --without eligible");

	KTAP_EXPECT(found.nr_starts > 100);
	KTAP_EXPECT(found.nr_wrong > 0);
}

SCHED_MAIN()
