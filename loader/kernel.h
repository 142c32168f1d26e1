/* SPDX-License-Identifier: GPL-2.0 */
/* What the running kernel has and says about sched_ext. */
#ifndef __LANES_KERNEL_H
#define __LANES_KERNEL_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "options.h"

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

/**
 * kernel_ops_flag - value of one of the kernel's SCX_OPS_* flags
 * Return: 0 if this kernel does not have it.
 */
__u64 kernel_ops_flag(const char *name);

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

/* Return: highest possible CPU number plus one, 0 or less if unknown. */
int kernel_nr_cpu_ids(void);

/* Return: whether the kernel was booted with isolcpus=, with which no scheduler attaches. */
bool kernel_isolates_cpus(void);

/* Return: NUMA node of @cpu, -1 if unknown. */
int kernel_node_of_cpu(int cpu);

#endif /* __LANES_KERNEL_H */
