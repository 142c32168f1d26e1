/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the tests of /dev/lanes written in C: load the module, call it. A test
 * ends with KTAP_MAIN() of ktap.h; each claim loads the module for itself.
 */
#ifndef __MODULE_HARNESS_H
#define __MODULE_HARNESS_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../ktap.h"
#include <uapi/lanes.h>

/* Runs a shell command; returns whether it succeeded. */
__attribute__((format(printf, 1, 2)))
static inline bool shell(const char *format, ...)
{
	char command[512];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	return system(command) == 0;
}

static inline void unload_lanes(void)
{
	shell("[ ! -d /sys/module/lanes ] || rmmod lanes");
}

/* Without a module for this kernel the claim is skipped. */
static inline bool load_lanes(const char *parameters)
{
	const char *ko = getenv("LANES_KO");

	if (!ko || !*ko) {
		ktap_skip("LANES_KO is not set: no lanes.ko for this kernel");
		return false;
	}
	shell("grep -q ' /sys/kernel/debug ' /proc/mounts || mount -t debugfs debugfs /sys/kernel/debug");
	unload_lanes();
	return KTAP_EXPECT(shell("insmod %s %s", ko, parameters));
}

static inline int open_lanes(void)
{
	int fd = open("/dev/lanes", O_RDWR | O_CLOEXEC);

	KTAP_EXPECT(fd >= 0);
	return fd;
}

/* 0 or a negative errno. */
static inline int call_bytes(int fd, unsigned long command, void *arg,
			     size_t nr_bytes)
{
	((struct lanes_header *)arg)->size = nr_bytes;
	return ioctl(fd, command, arg) ? -errno : 0;
}

#define call(fd, command, arg) call_bytes(fd, command, arg, sizeof(*(arg)))

static inline long read_number(const char *path)
{
	FILE *file = fopen(path, "re");
	long value = -1;

	if (file) {
		if (fscanf(file, "%ld", &value) != 1)
			value = -1;
		fclose(file);
	}
	return value;
}

#endif /* __MODULE_HARNESS_H */
