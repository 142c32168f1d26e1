// SPDX-License-Identifier: GPL-2.0
/*
 * Messages to stderr, by level. libbpf's go one level down and indented: it
 * warns of much that is expected here, such as kfuncs an older kernel lacks.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include <bpf/libbpf.h>

#include "log.h"

static int max_level = LOG_NOTICE;

void log_at(enum log_level level, const char *fmt, ...)
{
	va_list args;

	if ((int)level > max_level)
		return;
	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

static int print_libbpf(enum libbpf_print_level level, const char *fmt, va_list args)
{
	if ((level == LIBBPF_WARN ? LOG_INFO : LOG_DEBUG) > max_level)
		return 0;
	fputs("    ", stderr);
	return vfprintf(stderr, fmt, args);
}

void log_setup(int verbosity)
{
	max_level = LOG_NOTICE + verbosity;
	libbpf_set_print(print_libbpf);
}
