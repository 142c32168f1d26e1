/* SPDX-License-Identifier: GPL-2.0 */
/* What the running kernel has and says about sched_ext. */
#ifndef __LANES_KERNEL_H
#define __LANES_KERNEL_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "exit_status.h"

/**
 * kernel_check - can a scheduler be attached now?
 *
 * Checks privilege, then the kernel, then that no other scheduler is attached;
 * one line on stderr says what is missing and what to do.
 *
 * Return: EXIT_AS_ASKED, EXIT_FAILED or EXIT_KERNEL_LACKS.
 */
enum exit_status kernel_check(void);

/* Return: whether the caller may use bpf(2) for this; says so if not. */
bool kernel_is_privileged(void);

/* What newer kernels have: a flag of the ops table, or a function. */
enum kernel_feature {
	KERNEL_ENQ_EXITING,
	KERNEL_SWITCH_PARTIAL,
	KERNEL_ENQ_MIGRATION_DISABLED,
	KERNEL_ALLOW_QUEUED_WAKEUP,
	KERNEL_REENQUEUE_ANYWHERE,
	KERNEL_REENQUEUE_QUEUES,
	KERNEL_NR_FEATURES,
};

/**
 * kernel_has - whether the kernel has @feature, once kernel_check() has succeeded
 * Return: the value of a flag, 1 for a function; 0 if this kernel does not have it.
 */
__u64 kernel_has(enum kernel_feature feature);

/*
 * Return: whether lanes.ko is loaded and BPF programs can call it: whether its type
 * information, which the kernel has only if there is some, has its functions.
 */
bool kernel_has_lanes_ko(void);

/* The kernel's count of CPUs gone on- and offline. */
__u64 kernel_hotplug_seq(void);

/**
 * kernel_read_sched_ext - one of the files in /sys/kernel/sched_ext
 * @file: such as "state" or "root/ops"
 * @text: its first line without the newline; empty if there is none
 */
void kernel_read_sched_ext(const char *file, char *text, size_t len);

/* Return: whether /sys/kernel/sched_ext says @ops is attached and enabled. */
bool kernel_runs(const char *ops);

/* Return: whether the attached scheduler has all ordinary tasks, not only SCHED_EXT ones. */
bool kernel_schedules_all(void);

/* Return: highest possible CPU number plus one, 0 or less if unknown. */
int kernel_nr_cpu_ids(void);

/* Return: whether the kernel was booted with isolcpus=, with which no scheduler attaches. */
bool kernel_isolates_cpus(void);

/* Return: how many rows a table of all tasks there can be should have. */
unsigned int kernel_max_threads(void);

/* Return: a number of one line of text; @fallback if it cannot be read. */
long long kernel_read_number(const char *path, long long fallback);

#endif /* __LANES_KERNEL_H */
