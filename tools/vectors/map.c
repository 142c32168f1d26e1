// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-vectors map: a picture of the machine's vectors, a line of 64 for each
 * quarter of a CPU's 256, in the terminal or as a page.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vectors.h"

#define NR_VECTORS 256
#define ROW 64

enum view { AS_TEXT, AS_HTML, AS_JSON };

static struct lanes_list_vectors list_vectors(int fd)
{
	struct lanes_list_vectors list = { 0 };
	uint32_t room;
	int err;

	/* It may have grown between the two. */
	do {
		room = list.nr_owners;
		free((void *)(uintptr_t)list.owners);
		list.owners = (uintptr_t)calloc(room + 1,
						sizeof(struct lanes_vector_owner));
		err = call(fd, LANES_LIST_VECTORS, &list);
		if (err)
			fail(EXIT_FAILED, "map: %s", strerror(-err));
	} while (list.nr_owners > room);
	return list;
}

static const struct lanes_vector_owner *
owner_of(const struct lanes_list_vectors *list, uint32_t cpu, uint32_t vector)
{
	const struct lanes_vector_owner *o = (void *)(uintptr_t)list->owners;
	uint32_t i;

	for (i = 0; i < list->nr_owners; i++) {
		if (o[i].cpu == cpu && o[i].vector == vector)
			return &o[i];
	}
	return NULL;
}

static bool is_system(const struct lanes_list_vectors *list, uint32_t vector)
{
	return vector < list->out_first_external ||
	       vector >= list->out_first_system;
}

static void print_text(const struct lanes_list_vectors *list)
{
	uint32_t cpu, vector;

	printf("# interrupt, . free, - exceptions and the kernel's own\n");
	for (cpu = 0; cpu < list->out_nr_cpus; cpu++) {
		for (vector = 0; vector < NR_VECTORS; vector++) {
			if (vector % ROW == 0)
				printf("cpu %-3u %02x ", cpu, vector);
			putchar(owner_of(list, cpu, vector) ? '#' :
				is_system(list, vector) ? '-' : '.');
			if (vector % ROW == ROW - 1)
				putchar('\n');
		}
	}
	printf("%u interrupts on %u CPUs\n", list->nr_owners, list->out_nr_cpus);
}

static void print_cell(const struct lanes_list_vectors *list, uint32_t cpu,
		       uint32_t vector)
{
	const struct lanes_vector_owner *owner = owner_of(list, cpu, vector);

	if (owner)
		printf("<td class=i title='cpu %u vector 0x%02x irq %u'>", cpu,
		       vector, owner->irq);
	else
		printf("<td%s>", is_system(list, vector) ? " class=s" : "");
}

static void print_html(const struct lanes_list_vectors *list)
{
	uint32_t cpu, vector;

	puts("<!doctype html><meta charset=utf-8><title>Interrupt vectors</title>\n"
	     "<style>body{font:13px monospace}table{border-collapse:collapse}"
	     "td{width:9px;height:9px;border:1px solid #fff;background:#e4e8ec}"
	     "td.s{background:#a8b0b8}td.i{background:#c2410c}</style>");
	printf("<p>%u interrupts on %u CPUs: a row is 64 vectors of a CPU\n",
	       list->nr_owners, list->out_nr_cpus);
	for (cpu = 0; cpu < list->out_nr_cpus; cpu++) {
		printf("<p>cpu %u\n<table>\n", cpu);
		for (vector = 0; vector < NR_VECTORS; vector++) {
			if (vector % ROW == 0)
				printf("<tr>");
			print_cell(list, cpu, vector);
			if (vector % ROW == ROW - 1)
				puts("");
		}
		puts("</table>");
	}
}

static void print_json(const struct lanes_list_vectors *list)
{
	const struct lanes_vector_owner *o = (void *)(uintptr_t)list->owners;
	struct json_object *all = json_object_new_object();
	struct json_object *array = json_object_new_array();
	uint32_t i;

	json_add(all, "cpus", list->out_nr_cpus);
	json_add(all, "first_external", list->out_first_external);
	json_add(all, "first_system", list->out_first_system);
	json_object_object_add(all, "interrupts", array);
	for (i = 0; i < list->nr_owners; i++) {
		struct json_object *one = json_object_new_object();

		json_add(one, "cpu", o[i].cpu);
		json_add(one, "vector", o[i].vector);
		json_add(one, "irq", o[i].irq);
		json_object_array_add(array, one);
	}
	json_print(all);
}

int verb_map(int argc, char **argv)
{
	static const struct option options[] = {
		{ "html", no_argument, NULL, AS_HTML },
		{ "json", no_argument, NULL, AS_JSON },
		{}
	};
	struct lanes_list_vectors list;
	enum view view = AS_TEXT;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == '?')
			return EXIT_USAGE;
		view = c;
	}
	if (optind < argc)
		fail(EXIT_USAGE, "map: takes no '%s'", argv[optind]);
	list = list_vectors(device_open());
	if (view == AS_HTML)
		print_html(&list);
	else if (view == AS_JSON)
		print_json(&list);
	else
		print_text(&list);
	return EXIT_DONE;
}
