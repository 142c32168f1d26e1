/* SPDX-License-Identifier: GPL-2.0 */
/* Messages to stderr: "PROGRAM: object: act: reason". Shared by the loader's files. */
#ifndef __LANES_LOG_H
#define __LANES_LOG_H

enum log_level {
	LOG_ERROR,
	LOG_NOTICE,
	LOG_INFO,
	LOG_DEBUG,
};

/**
 * log_setup - choose what is shown, and take over libbpf's messages
 * @verbosity: 0 for errors and notices, 1 adds information and what libbpf warns of,
 *	2 adds everything libbpf says
 */
void log_setup(int verbosity);

void log_at(enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define log_error(fmt, ...) log_at(LOG_ERROR, fmt, ##__VA_ARGS__)
#define log_notice(fmt, ...) log_at(LOG_NOTICE, fmt, ##__VA_ARGS__)
#define log_info(fmt, ...) log_at(LOG_INFO, fmt, ##__VA_ARGS__)

#endif /* __LANES_LOG_H */
