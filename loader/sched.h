/* SPDX-License-Identifier: GPL-2.0 */
/* The BPF scheduler as an object: opened, loaded, attached, watched, closed. */
#ifndef __LANES_SCHED_OBJ_H
#define __LANES_SCHED_OBJ_H

#include <stdbool.h>

#include "exit_status.h"
#include "options.h"

/* Besides the exit statuses: the kernel asks for a new start (hotplug). */
#define SCHED_RESTART (-1)

/**
 * sched_run - attach the scheduler and stay until it ends
 * @opts: what the user asked for; the discipline changes with "lanesctl switch"
 * @stop: becomes true when the user wants an end
 *
 * Return: SCHED_RESTART or an &enum exit_status.
 */
int sched_run(struct options *opts, const volatile bool *stop);

/**
 * sched_monitor - print the statistics of an instance that is running
 *
 * Return: &enum exit_status; ended as asked if that instance ends.
 */
int sched_monitor(const struct options *opts, const volatile bool *stop);

#endif /* __LANES_SCHED_OBJ_H */
