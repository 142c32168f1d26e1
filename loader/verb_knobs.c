// SPDX-License-Identifier: GPL-2.0
/* lanesctl get and set: the numbers that can be changed while it runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "knobs.h"
#include "log.h"
#include "print.h"
#include "verbs.h"

/* '-' and '_' are the same to us. */
static bool is_named(const struct setting *knob, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (knob->name[i] != (text[i] == '-' ? '_' : text[i]))
			return false;
	return !knob->name[len];
}

static const struct setting *find_knob(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < nr_knobs; i++)
		if (is_named(&knobs[i], text, len))
			return &knobs[i];
	log_error("'%.*s' is no knob; 'lanesctl get' lists them", (int)len, text);
	return NULL;
}

static __u32 *value_of(struct lanes_knobs *all, const struct setting *knob)
{
	return (__u32 *)((char *)all + knob->offset);
}

static struct json_object *knob_row(struct lanes_knobs *all, const struct setting *knob)
{
	struct json_object *row = json_object_new_object();
	char text[SETTING_LEN], range[64];

	snprintf(range, sizeof(range), "%ld..%ld", knob->min, knob->max);
	put_text(row, "knob", setting_name(knob, text));
	if (knob->words)
		put_text(row, "value", setting_text(knob, *value_of(all, knob), text));
	else
		put_number(row, "value", *value_of(all, knob));
	put_text(row, "unit", knob->unit);
	put_text(row, "range", knob->words ?: range);
	put_text(row, "default", setting_text(knob, knob->fallback, text));
	put_text(row, "meaning", knob->meaning);
	return row;
}

enum exit_status verb_get(struct request *request)
{
	const struct setting *wanted[nr_knobs];
	struct json_object *rows;
	size_t i, nr = request->nr_words ? (size_t)request->nr_words : nr_knobs;

	if (nr > nr_knobs) {
		log_error("get: there are no more than %zu knobs", nr_knobs);
		return EXIT_USAGE;
	}
	for (i = 0; i < nr; i++) {
		wanted[i] = request->nr_words ?
			    find_knob(request->words[i], strlen(request->words[i])) : &knobs[i];
		if (!wanted[i])
			return EXIT_USAGE;
	}
	if (!instance_open(&request->instance))
		return EXIT_FAILED;
	rows = json_object_new_array();
	for (i = 0; i < nr; i++)
		json_object_array_add(rows, knob_row(request->instance.knobs, wanted[i]));
	print_data(rows, request->as_json);
	return EXIT_AS_ASKED;
}

/* Read "KNOB=VALUE" into @all, and set the knob's bit in @given. */
static bool parse_knob(const char *text, struct lanes_knobs *all, __u64 *given)
{
	size_t len = strcspn(text, "=");
	const struct setting *knob;
	char name[SETTING_LEN];

	if (!text[len]) {
		log_error("set: '%s' is not KNOB=VALUE", text);
		return false;
	}
	knob = find_knob(text, len);
	if (!knob)
		return false;
	*given |= 1ULL << (knob - knobs);
	return setting_parse(knob, setting_name(knob, name), text + len + 1,
			     value_of(all, knob));
}

enum exit_status verb_set(struct request *request)
{
	struct lanes_knobs all;
	__u64 given = 0;
	size_t i;

	for (i = 0; i < (size_t)request->nr_words; i++)
		if (!parse_knob(request->words[i], &all, &given))
			return EXIT_USAGE;
	if (!instance_open(&request->instance))
		return EXIT_FAILED;
	for (i = 0; i < nr_knobs; i++)
		if (given >> i & 1)
			__atomic_store_n(value_of(request->instance.knobs, &knobs[i]),
					 *value_of(&all, &knobs[i]), __ATOMIC_RELAXED);
	__atomic_add_fetch(&request->instance.knobs->generation, 1, __ATOMIC_RELEASE);
	return EXIT_AS_ASKED;
}
