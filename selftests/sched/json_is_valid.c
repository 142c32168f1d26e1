// SPDX-License-Identifier: GPL-2.0
// description: what lanesctl prints with --json is one JSON document, a line each for the trace
// cpus: 2
// time: virtual
// kernel: any
#include "harness.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Return: the document that @words print; NULL, with a line that says why not. */
static struct json_object *read_json(const char *words)
{
	enum json_tokener_error error;
	const char *text = lanesctl(words);
	struct json_object *data = json_tokener_parse_verbose(text, &error);

	if (!data)
		ktap_diag("%s: %s: '%.80s'", words, json_tokener_error_desc(error), text);
	return data;
}

/* Return: element @i of the array that @words print, as far as there is one. */
static struct json_object *read_row(const char *words, size_t i)
{
	struct json_object *rows = read_json(words);

	if (!json_object_is_type(rows, json_type_array) || json_object_array_length(rows) <= i)
		return NULL;
	return json_object_array_get_idx(rows, i);
}

static long long number(struct json_object *row, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(row, key, &value))
		ktap_diag("no '%s'", key);
	return json_object_get_int64(value);
}

static void check_trace(void)
{
	char *text = strdup(lanesctl("trace --json")), *line = strtok(text, "\n");
	int nr;

	for (nr = 0; line; nr++, line = strtok(NULL, "\n"))
		if (!KTAP_EXPECT(number(json_tokener_parse(line), "at_ns") > 0))
			break;
	ktap_diag("%d records", nr);
	KTAP_EXPECT(nr > 10);
	/* The machine is as good as idle: to look at the trace must not fill it. */
	KTAP_EXPECT(nr < 5000);
	free(text);
}

KTAP_TEST(json_is_valid, "every verb that prints data, and the numbers agree with what runs")
{
	char words[64];
	struct hog hog;

	if (!KTAP_EXPECT(lanes_start("--trace 3 --slice-us 3000")))
		return;
	/* What a task may call itself: no UTF-8, and for a terminal to obey */
	prctl(PR_SET_NAME, "hog\xff\033[1m");
	hog = hog_start(1, 0);
	sleep_ms(500);
	KTAP_EXPECT(strstr(lanesctl("top"), "hog??[1m"));
	KTAP_EXPECT(strstr(lanesctl("top --json"), "\"hog??[1m\""));
	snprintf(words, sizeof(words), "--json rt set %d --prio 5", hog.pid);
	KTAP_EXPECT_STREQ(lanesctl(words), "");
	KTAP_EXPECT_EQ(number(read_json("status --json"), "cpus"), 2);
	KTAP_EXPECT_EQ(number(read_json("status --json"), "rt_tasks"), 1);
	KTAP_EXPECT_EQ(number(read_row("runqueues --json", 1), "cpu"), 1);
	KTAP_EXPECT_EQ(number(read_row("top --json", 0), "tid"), hog.pid);
	KTAP_EXPECT(number(read_row("top --json", 0), "cpu_percent") > 50);
	KTAP_EXPECT_EQ(number(read_row("rt list --json", 0), "tid"), hog.pid);
	KTAP_EXPECT_EQ(number(read_row("get slice-us --json", 0), "value"), 3000);
	snprintf(words, sizeof(words), "task %d --json", hog.pid);
	KTAP_EXPECT_EQ(number(read_json(words), "rt_prio"), 5);
	check_trace();
	hog_end(&hog);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
