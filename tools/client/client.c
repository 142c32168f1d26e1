// SPDX-License-Identifier: GPL-2.0
/* What the clients of /dev/lanes share: saying what is wrong, calling, parsing. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client.h"

void fail(int status, const char *format, ...)
{
	va_list args;

	fflush(stdout);
	va_start(args, format);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
	exit(status);
}

int device_open(void)
{
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fail(errno == ENOENT ? EXIT_NO_MODULE : EXIT_FAILED, "%s: %s%s",
		     DEVICE, strerror(errno),
		     errno == ENOENT ? " (is lanes.ko loaded?)" : "");
	return fd;
}

int device_call(int fd, unsigned long command, void *arg, size_t nr_bytes)
{
	((struct lanes_header *)arg)->size = nr_bytes;
	return ioctl(fd, command, arg) ? -errno : 0;
}

uint64_t number_arg(const char *option, const char *text, uint64_t least,
		    uint64_t most)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-')
		fail(EXIT_USAGE, "%s: '%s' is not a number", option, text);
	if (value < least)
		fail(EXIT_USAGE, "%s: %s is below %llu", option, text,
		     (unsigned long long)least);
	if (value > most)
		fail(EXIT_USAGE, "%s: %s is above %llu", option, text,
		     (unsigned long long)most);
	return value;
}

/* DOMAIN:BUS:DEVICE.FUNCTION, or without the domain. */
uint32_t function_arg(const char *text)
{
	unsigned int domain = 0, bus, slot, function;
	int end = 0;

	if (sscanf(text, "%4x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function,
		   &end) != 4) {
		domain = 0;
		if (sscanf(text, "%2x:%2x.%1x%n", &bus, &slot, &function,
			   &end) != 3)
			end = 0;
	}
	if (!end || text[end] || slot > 31 || function > 7)
		fail(EXIT_USAGE, "'%s' is no PCI function, like 0000:00:03.0", text);
	return domain << 16 | bus << 8 | slot << 3 | function;
}

void help_if_asked(int argc, char **argv, void (*print_usage)(FILE *to))
{
	if (argc < 2) {
		print_usage(stderr);
		exit(EXIT_USAGE);
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_usage(stdout);
		exit(EXIT_DONE);
	}
}

uint64_t log2_percentile(const uint32_t *buckets, unsigned int nr_buckets, double rank)
{
	uint64_t nr = 0;
	unsigned int i;

	for (i = 0; i < nr_buckets - 1; i++) {
		nr += buckets[i];
		if (nr >= rank)
			break;
	}
	return 2ull << i;
}

const char *function_name(uint32_t function)
{
	static char name[16];

	snprintf(name, sizeof(name), "%04x:%02x:%02x.%x", function >> 16,
		 function >> 8 & 0xff, function >> 3 & 0x1f, function & 7);
	return name;
}

void json_add(struct json_object *object, const char *key, int64_t value)
{
	json_object_object_add(object, key, json_object_new_int64(value));
}

void json_add_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

void json_print(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY));
	json_object_put(object);
}
