/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Data for people or for programs: whoever has something to show builds JSON
 * (json-c), and it is printed as that or as text.
 */
#ifndef __LANES_PRINT_H
#define __LANES_PRINT_H

#include <json-c/json.h>
#include <linux/types.h>
#include <stdbool.h>

/**
 * print_data - print, and let go of, @data
 *
 * As text an array of objects, all with the same keys, is a table; an object is
 * one line a value, below them its arrays.
 */
void print_data(struct json_object *data, bool as_json);

/* One record of a stream: one line either way. */
void print_record(struct json_object *data, bool as_json);

/* Short for adding one value to an object. */
void put_text(struct json_object *to, const char *key, const char *value);
void put_number(struct json_object *to, const char *key, long long value);

/* With one digit after the point. */
void put_tenths(struct json_object *to, const char *key, double value);

#endif /* __LANES_PRINT_H */
