/* SPDX-License-Identifier: GPL-2.0 */
/* Which CPUs share what, and how much memory the nodes have. */
#ifndef __LANES_TOPOLOGY_H
#define __LANES_TOPOLOGY_H

#include "lanes_sched.h"

/**
 * topology_read - fill in the topology of the lanes
 * @lanes: @nr_cpus of them
 *
 * Without hwloc's help all CPUs are alike, which an info line says.
 */
void topology_read(struct lane *lanes, int nr_cpus);

/**
 * topology_rank - fill in which CPUs are near which
 * @near: @nr_cpus rows of @nr_cpus; row cpu is to hold the others, nearest first
 */
void topology_rank(const struct lane *lanes, int nr_cpus, __u32 *near);

/* Fill in how many lanes share the main queues of each. */
void topology_count_siblings(struct lane *lanes, int nr_cpus, enum lanes_domain domain);

/* Fill in the free memory of each node, kB. */
void topology_read_memory(__u64 node_free_kb[LANES_MAX_NODES]);

#endif /* __LANES_TOPOLOGY_H */
