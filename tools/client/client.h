/* SPDX-License-Identifier: GPL-2.0 */
/* What the clients of lanes.ko share. */
#ifndef __CLIENT_H
#define __CLIENT_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <uapi/lanes.h>

#define DEVICE "/dev/lanes"

enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_MODULE = 3,
};

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* These say what is wrong on stderr and end the program with its status. */
__attribute__((noreturn, format(printf, 2, 3)))
void fail(int status, const char *format, ...);
int device_open(void);
uint64_t number_arg(const char *option, const char *text, uint64_t least,
		    uint64_t most);
uint32_t function_arg(const char *text);

/* Ends the program when it was called without a verb, or for help. */
void help_if_asked(int argc, char **argv, void (*print_usage)(FILE *to));

/* 0 or a negative errno; the size is filled in. */
int device_call(int fd, unsigned long command, void *arg, size_t nr_bytes);
#define call(fd, command, arg) device_call(fd, command, arg, sizeof(*(arg)))

const char *function_name(uint32_t function);

/* The upper end of the bucket, 2^n to 2^(n+1) - 1, that @rank of all are within. */
uint64_t log2_percentile(const uint32_t *buckets, unsigned int nr_buckets, double rank);

void json_add(struct json_object *object, const char *key, int64_t value);
void json_add_text(struct json_object *object, const char *key, const char *text);
void json_print(struct json_object *object);

/* A page of results; entry n of a histogram counts those of 2^n to 2^(n+1) - 1 ns. */
FILE *page_begin(const char *path, const char *title);
void page_histogram(FILE *to, const char *name, const uint32_t *columns, unsigned int nr);
void page_end(FILE *to, const char *path);

#endif /* __CLIENT_H */
