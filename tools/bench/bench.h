/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the scenario programs share: a clock, CPUs, children that want to run,
 * and how a result is said.
 *
 * A program measures one thing once and prints lines that tools/bench/run
 * reads; "-" stands for no suffix:
 *
 *	result SUFFIX UNIT VALUE
 *	samples SUFFIX UNIT VALUE...
 *
 * Percentiles are not computed here: samples are printed as they were taken.
 */
#ifndef __LANES_BENCH_H
#define __LANES_BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define NSEC_PER_USEC	1000ULL
#define NSEC_PER_MSEC	1000000ULL
#define NSEC_PER_SEC	1000000000ULL

/* Say what failed, with errno's words, and exit with 1. */
void die(const char *what) __attribute__((noreturn));

/* Argument @i as a number; exits with 2 and @usage if it is none. */
unsigned long argument(int argc, char **argv, int i, const char *usage);

uint64_t now_ns(void);
void sleep_until(uint64_t when_ns);

/* Work: 10 000 instructions. */
void spin(void);

/* Work until this thread has had @cpu_ns of CPU time. */
void burn(uint64_t cpu_ns);

int nr_cpus(void);
void pin_to(int cpu);
void unpin(void);

/* A native real-time task of priority 50. */
void be_fifo(void);

/* Zeroed memory that children share. */
void *shared_memory(size_t len);

/* A child that runs @body and ends with its parent. */
pid_t start_child(void (*body)(void *arg), void *arg);
void end_child(pid_t pid);

/* A @body for start_child: wants to run all the time. */
void hog(void *unused);

void print_result(const char *suffix, const char *unit, double value);
void print_samples(const char *suffix, const uint64_t *ns, size_t nr);

#endif /* __LANES_BENCH_H */
