// SPDX-License-Identifier: GPL-2.0
/*
 * Which CPUs share what: hwloc knows, for every kind of machine. What it cannot
 * say of a CPU (it is offline) stands as alone on its core, near to nothing.
 */
#include <errno.h>
#include <hwloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "topology.h"

#define NOHZ_FULL	"/sys/devices/system/cpu/nohz_full"
#define NODE_MEMORY	"/sys/devices/system/node/node%d/meminfo"

/* The number of something is that of its first CPU. */
static int first_cpu(hwloc_obj_t obj, int fallback)
{
	return obj ? hwloc_bitmap_first(obj->complete_cpuset) : fallback;
}

static hwloc_obj_t last_level_cache(hwloc_obj_t obj)
{
	hwloc_obj_t cache = NULL;

	for (; obj; obj = obj->parent)
		if (hwloc_obj_type_is_dcache(obj->type))
			cache = obj;
	return cache;
}

static void read_cpu(hwloc_topology_t topology, struct lane *lane, int cpu)
{
	hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(topology, cpu);

	if (!pu)
		return;
	lane->core = first_cpu(hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_CORE, pu), cpu);
	lane->package = first_cpu(hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_PACKAGE, pu),
				  0);
	lane->llc = first_cpu(last_level_cache(pu), lane->package);
	lane->node = hwloc_bitmap_first(pu->nodeset);
}

static hwloc_topology_t load(void)
{
	hwloc_topology_t topology;

	if (hwloc_topology_init(&topology))
		return NULL;
	/* Of the whole machine, whatever CPUs this process may use. */
	if (!hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) &&
	    !hwloc_topology_load(topology))
		return topology;
	hwloc_topology_destroy(topology);
	return NULL;
}

static void read_nohz(struct lane *lanes, int nr_cpus)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	FILE *f = fopen(NOHZ_FULL, "r");
	char text[4096] = "";
	int cpu;

	if (f && fgets(text, sizeof(text), f)) {
		/* hwloc takes no number that a newline follows */
		text[strcspn(text, "\n")] = '\0';
		if (hwloc_bitmap_list_sscanf(set, text))
			hwloc_bitmap_zero(set);
		for (cpu = 0; cpu < nr_cpus; cpu++)
			lanes[cpu].is_nohz = hwloc_bitmap_isset(set, cpu);
	}
	if (f)
		fclose(f);
	hwloc_bitmap_free(set);
}

void topology_read(struct lane *lanes, int nr_cpus)
{
	hwloc_topology_t topology = load();
	int cpu;

	if (!topology)
		log_info("topology: hwloc: %s; taking all CPUs for alike", strerror(errno));
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		lanes[cpu].core = cpu;
		lanes[cpu].llc = lanes[cpu].package = lanes[cpu].node = 0;
		if (topology)
			read_cpu(topology, &lanes[cpu], cpu);
	}
	if (topology)
		hwloc_topology_destroy(topology);
	read_nohz(lanes, nr_cpus);
}

/* Return: how far apart two CPUs are, 0 … 3. */
static int distance(const struct lane *a, const struct lane *b)
{
	if (a->core == b->core)
		return 0;
	if (a->llc == b->llc)
		return 1;
	return a->node == b->node ? 2 : 3;
}

void topology_rank(const struct lane *lanes, int nr_cpus, __u32 *near)
{
	int cpu, other, step, wanted;

	for (cpu = 0; cpu < nr_cpus; cpu++) {
		__u32 *row = near + cpu * nr_cpus;

		for (wanted = 0; wanted <= 3; wanted++) {
			for (step = 1; step < nr_cpus; step++) {
				other = (cpu + step) % nr_cpus;
				if (distance(&lanes[cpu], &lanes[other]) == wanted)
					*row++ = other;
			}
		}
	}
}

static bool is_sibling(const struct lane *a, const struct lane *b, enum lanes_domain domain)
{
	return domain == LANES_DOMAIN_MACHINE || a == b ||
	       (domain == LANES_DOMAIN_CORE && a->core == b->core);
}

void topology_count_siblings(struct lane *lanes, int nr_cpus, enum lanes_domain domain)
{
	int cpu, other;

	for (cpu = 0; cpu < nr_cpus; cpu++) {
		__u32 nr = 0;

		for (other = 0; other < nr_cpus; other++)
			nr += is_sibling(&lanes[cpu], &lanes[other], domain);
		lanes[cpu].nr_siblings = nr;
	}
}

static __u64 free_kb(int node)
{
	unsigned long long kb = 0;
	char path[64], line[128];
	FILE *f;

	snprintf(path, sizeof(path), NODE_MEMORY, node);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "Node %*d MemFree: %llu", &kb) == 1)
			break;
	if (f)
		fclose(f);
	return kb;
}

void topology_read_memory(__u64 node_free_kb[LANES_MAX_NODES])
{
	int node;

	for (node = 0; node < LANES_MAX_NODES; node++)
		node_free_kb[node] = free_kb(node);
}
