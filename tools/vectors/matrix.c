// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-vectors matrix: take vectors of the module's matrix and give them back.
 *
 * The operations on the command line are done in order by one descriptor; what
 * it still holds at the end is given back. An operation that fails ends it.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vectors.h"

#define MAX_CPUS 8192
#define MAX_ALLOC (MAX_CPUS * 256u)

static uint64_t cpus[MAX_CPUS / 64];
static uint32_t cpus_bytes;
static struct json_object *json;

/* A list like 0-2,5 */
static void parse_cpus(const char *text)
{
	unsigned int first, last;
	int end;

	for (; *text; text += end + (text[end] == ',')) {
		end = 0;
		if (sscanf(text, "%u%n-%u%n", &first, &end, &last, &end) == 1)
			last = first;
		if (!end || (text[end] && text[end] != ',') || last < first ||
		    last >= MAX_CPUS)
			fail(EXIT_USAGE, "--cpus: '%s' is no list of CPUs", text);
		for (; first <= last; first++)
			cpus[first / 64] |= 1ull << first % 64;
		cpus_bytes = last / 64 * 8 + 8 > cpus_bytes ?
			     last / 64 * 8 + 8 : cpus_bytes;
	}
}

static int alloc(int fd, uint32_t nr_vectors, struct lanes_cpu_vector *vectors,
		 uint64_t *out_ns)
{
	struct lanes_matrix_alloc arg = {
		.nr_vectors = nr_vectors,
		.cpus_bytes = cpus_bytes,
		.cpus = (uintptr_t)cpus,
		.vectors = (uintptr_t)vectors,
	};
	int err = call(fd, LANES_MATRIX_ALLOC, &arg);

	*out_ns += arg.out_ns;
	return err;
}

static int give_back(int fd, struct lanes_cpu_vector vector)
{
	struct lanes_matrix_free arg = { .vector = vector };

	return call(fd, LANES_MATRIX_FREE, &arg);
}

static struct json_object *begin(const char *operation)
{
	struct json_object *o;

	if (!json)
		return NULL;
	o = json_object_new_object();
	json_add_text(o, "operation", operation);
	json_object_array_add(json, o);
	return o;
}

static int do_alloc(int fd, const char *argument)
{
	uint32_t nr = number_arg("alloc", argument, 1, MAX_ALLOC), i;
	struct lanes_cpu_vector *vectors = calloc(nr, sizeof(*vectors));
	struct json_object *o = begin("alloc"), *array;
	uint64_t ns = 0;
	int err = alloc(fd, nr, vectors, &ns);

	if (!err && o) {
		array = json_object_new_array();
		for (i = 0; i < nr; i++) {
			struct json_object *v = json_object_new_object();

			json_add(v, "cpu", vectors[i].cpu);
			json_add(v, "vector", vectors[i].vector);
			json_object_array_add(array, v);
		}
		json_object_object_add(o, "vectors", array);
	}
	for (i = 0; !err && !o && i < nr; i++)
		printf("%u:%u\n", vectors[i].cpu, vectors[i].vector);
	fflush(stdout);
	free(vectors);
	return err;
}

static int do_free(int fd, const char *argument)
{
	struct lanes_cpu_vector vector;
	int end = 0;

	begin("free");
	if (sscanf(argument, "%u:%u%n", &vector.cpu, &vector.vector, &end) != 2 ||
	    argument[end])
		fail(EXIT_USAGE, "free: '%s' is not CPU:VECTOR", argument);
	return give_back(fd, vector);
}

/*
 * One vector at a time, again and again; then as many as there are, until there
 * is none, and all back.
 */
static int do_stress(int fd, const char *argument)
{
	uint64_t nr = number_arg("stress", argument, 1, 100000000), i, ns = 0;
	struct lanes_cpu_vector *held = calloc(MAX_ALLOC, sizeof(*held));
	uint64_t nr_held = 0, fill_ns = 0;
	struct json_object *o;
	int err = 0;

	for (i = 0; i < nr && !err; i++) {
		err = alloc(fd, 1, held, &ns);
		if (!err)
			err = give_back(fd, held[0]);
	}
	while (!err && nr_held < MAX_ALLOC) {
		err = alloc(fd, 1, &held[nr_held], &fill_ns);
		nr_held += !err;
	}
	err = err == -ENOSPC ? 0 : err;
	for (i = 0; i < nr_held && !err; i++)
		err = give_back(fd, held[i]);
	free(held);
	if (err)
		return err;
	o = begin("stress");
	if (o) {
		json_add(o, "allocations", nr);
		json_add(o, "ns_each", ns / nr);
		json_add(o, "filled", nr_held);
		json_add(o, "filled_ns_each", fill_ns / (nr_held ?: 1));
	} else {
		printf("stress: %llu allocations of %llu ns, then %llu until full of %llu ns, all given back\n",
		       (unsigned long long)nr, (unsigned long long)(ns / nr),
		       (unsigned long long)nr_held,
		       (unsigned long long)(fill_ns / (nr_held ?: 1)));
	}
	return 0;
}

/* Until standard input ends: somebody wants to look. */
static int do_wait(int fd, const char *argument)
{
	char c;

	(void)fd;
	(void)argument;
	begin("wait");
	while (read(0, &c, 1) > 0)
		;
	return 0;
}

static const struct {
	const char *name;
	bool has_argument;
	int (*run)(int fd, const char *argument);
} operations[] = {
	{ "alloc", true, do_alloc },
	{ "free", true, do_free },
	{ "stress", true, do_stress },
	{ "wait", false, do_wait },
};

/* Returns how many of @words it took. */
static int run_operation(int fd, char **words)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(operations); i++) {
		if (strcmp(words[0], operations[i].name))
			continue;
		if (operations[i].has_argument && !words[1])
			fail(EXIT_USAGE, "%s: wants an argument", words[0]);
		err = operations[i].run(fd, words[1]);
		if (err)
			fail(EXIT_FAILED, "%s: %s", words[0], strerror(-err));
		return 1 + operations[i].has_argument;
	}
	fail(EXIT_USAGE, "matrix: '%s': no such operation", words[0]);
}

int verb_matrix(int argc, char **argv)
{
	static const struct option options[] = {
		{ "cpus", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{}
	};
	int c, fd;

	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c == 'c')
			parse_cpus(optarg);
		else if (c == 'j')
			json = json_object_new_array();
		else
			return EXIT_USAGE;
	}
	if (optind == argc)
		fail(EXIT_USAGE, "matrix: wants an operation");
	fd = device_open();
	while (optind < argc)
		optind += run_operation(fd, argv + optind);
	if (json)
		json_print(json);
	return EXIT_DONE;
}
