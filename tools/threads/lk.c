// SPDX-License-Identifier: GPL-2.0
/* lanes-threads lk: the scenarios of the module's LK interface, one by one. */
#include <errno.h>
#include <string.h>

#include "threads.h"

static void print_text(const struct lanes_lk_run *run)
{
	printf("%-4s %-44s %-8s %3u checks %8llu us  %s\n",
	       run->out_failures ? "FAIL" : "ok", run->out_name, run->out_row,
	       run->out_expectations, (unsigned long long)run->out_ns / 1000,
	       run->out_message);
}

static void print_csv(const struct lanes_lk_run *run)
{
	if (!run->index)
		puts("name,rows,failures,checks,ns,message");
	printf("%s,%s,%u,%u,%llu,\"%s\"\n", run->out_name, run->out_row,
	       run->out_failures, run->out_expectations,
	       (unsigned long long)run->out_ns, run->out_message);
}

static void add_json(struct json_object *all, const struct lanes_lk_run *run)
{
	struct json_object *one = json_object_new_object();

	json_add_text(one, "name", run->out_name);
	json_add_text(one, "rows", run->out_row);
	json_add(one, "failures", run->out_failures);
	json_add(one, "checks", run->out_expectations);
	json_add(one, "ns", run->out_ns);
	json_add_text(one, "message", run->out_message);
	json_object_array_add(all, one);
}

int verb_lk(const struct options *options)
{
	struct json_object *all = json_object_new_array();
	struct lanes_lk_run run = { 0 };
	unsigned int nr_failed = 0;
	int fd = device_open(), err;

	while (!(err = call(fd, LANES_LK_RUN, &run))) {
		nr_failed += run.out_failures != 0;
		if (options->format == AS_JSON)
			add_json(all, &run);
		else if (options->format == AS_CSV)
			print_csv(&run);
		else
			print_text(&run);
		run.index++;
	}
	if (err != -ENOENT)
		fail(EXIT_FAILED, "lk: scenario %u: %s", run.index, strerror(-err));
	if (options->format == AS_JSON)
		json_print(all);
	else if (options->format == AS_TEXT)
		printf("%u scenarios, %u failed\n", run.index, nr_failed);
	return nr_failed ? EXIT_FAILED : EXIT_DONE;
}
