/* SPDX-License-Identifier: GPL-2.0 */
/* Tasks that run alone on a CPU that is disabled. */
#ifndef __LANES_EVICT_H
#define __LANES_EVICT_H

#include "lanes_sched.h"

/* Interrupt what runs on a CPU: it is queued anew. Return: a child that does it, or -1. */
int evict_interrupt(unsigned int cpu);

/* Interrupt what runs on a disabled CPU and may run on another one. */
void evict_look(const struct lane *lanes, int nr_cpus);

#endif /* __LANES_EVICT_H */
