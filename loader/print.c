// SPDX-License-Identifier: GPL-2.0
/* Data for people or for programs. */
#include <stdio.h>
#include <string.h>

#include "print.h"

#define MAX_COLUMNS 64

void put_text(struct json_object *to, const char *key, const char *value)
{
	json_object_object_add(to, key, json_object_new_string(value));
}

void put_number(struct json_object *to, const char *key, long long value)
{
	json_object_object_add(to, key, json_object_new_int64(value));
}

void put_tenths(struct json_object *to, const char *key, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.1f", value);
	json_object_object_add(to, key, json_object_new_double_s(value, text));
}

static void widen(int *width, struct json_object *row)
{
	json_object_object_foreach(row, key, value) {
		int len = strlen(json_object_get_string(value));

		*width = len > *width ? len : *width;
		len = strlen(key);
		*width = len > *width ? len : *width;
		width++;
	}
}

/* Names begin at the left; numbers end at the right. */
static void print_row(const int *width, struct json_object *row, bool is_heading)
{
	int left = json_object_object_length(row);

	json_object_object_foreach(row, key, value) {
		const char *text = is_heading ? key : json_object_get_string(value);
		const char *end = --left ? "  " : "\n";

		if (!json_object_is_type(value, json_type_string))
			printf("%*s%s", *width++, text, end);
		else
			printf("%-*s%s", left ? *width++ : 0, text, end);
	}
}

static void print_table(struct json_object *rows)
{
	size_t i, nr = json_object_array_length(rows);
	int width[MAX_COLUMNS] = {};

	for (i = 0; i < nr; i++)
		widen(width, json_object_array_get_idx(rows, i));
	if (nr)
		print_row(width, json_object_array_get_idx(rows, 0), true);
	for (i = 0; i < nr; i++)
		print_row(width, json_object_array_get_idx(rows, i), false);
}

static void print_object(struct json_object *object)
{
	json_object_object_foreach(object, key, value) {
		if (!json_object_is_type(value, json_type_array))
			printf("%-16s %s\n", key, json_object_get_string(value));
	}
	json_object_object_foreach(object, name, rows) {
		if (!json_object_is_type(rows, json_type_array))
			continue;
		printf("\n%s\n", name);
		print_table(rows);
	}
}

void print_data(struct json_object *data, bool as_json)
{
	if (as_json)
		puts(json_object_to_json_string_ext(data, JSON_C_TO_STRING_PRETTY |
						    JSON_C_TO_STRING_SPACED));
	else if (json_object_is_type(data, json_type_array))
		print_table(data);
	else
		print_object(data);
	json_object_put(data);
	fflush(stdout);
}

void print_record(struct json_object *data, bool as_json)
{
	if (as_json) {
		puts(json_object_to_json_string_ext(data, JSON_C_TO_STRING_PLAIN));
	} else {
		const char *gap = "";

		json_object_object_foreach(data, key, value) {
			printf("%s%s=%s", gap, key, json_object_get_string(value));
			gap = " ";
		}
		putchar('\n');
	}
	json_object_put(data);
}
