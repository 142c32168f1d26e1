/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The vector matrix as the rest of lanes.ko sees it. Shared by matrix.c, which
 * implements it, main.c, which owns the one instance, and its readers.
 */
#ifndef __LANES_MATRIX_H
#define __LANES_MATRIX_H

#include <linux/types.h>

struct lanes_matrix;

/* Vectors a CPU has, numbered 0 to 255: what an x86 CPU can tell apart. */
#define LANES_MATRIX_VECTORS 256

/**
 * enum lanes_vector_state - what a vector of a CPU is at the moment
 * @LANES_VECTOR_AVAILABLE: free for anyone
 * @LANES_VECTOR_ALLOCATED: handed out by lanes_matrix_alloc() or
 *	lanes_matrix_alloc_on()
 * @LANES_VECTOR_MANAGED: kept back by lanes_matrix_reserve_managed(), not in
 *	use
 * @LANES_VECTOR_MANAGED_ALLOCATED: kept back, and handed out by
 *	lanes_matrix_alloc_managed()
 * @LANES_VECTOR_SYSTEM: the CPU's or the kernel's own, never handed out
 * @LANES_NR_VECTOR_STATES: how many there are
 */
enum lanes_vector_state {
	LANES_VECTOR_AVAILABLE,
	LANES_VECTOR_ALLOCATED,
	LANES_VECTOR_MANAGED,
	LANES_VECTOR_MANAGED_ALLOCATED,
	LANES_VECTOR_SYSTEM,
	LANES_NR_VECTOR_STATES,
};

/**
 * struct lanes_vector - one vector of one CPU
 * @cpu: CPU number, below the matrix's number of CPUs
 * @vector: vector number, 0 to 255
 */
struct lanes_vector {
	unsigned int cpu;
	unsigned int vector;
};

/**
 * struct lanes_matrix_counts - the vectors of a CPU, counted by state
 * @nr: vectors in each state; they add up to LANES_MATRIX_VECTORS
 * @is_online: whether vectors are handed out on this CPU
 */
struct lanes_matrix_counts {
	unsigned int nr[LANES_NR_VECTOR_STATES];
	bool is_online;
};

/**
 * struct lanes_matrix_snapshot - what the matrix was at one moment
 * @nr_cpus: CPUs the matrix was created for, and entries of @cpus
 * @nr_online: CPUs of these that were online
 * @nr_total: vectors in each state on all CPUs, the offline ones included; they
 *	add up to @nr_cpus * LANES_MATRIX_VECTORS
 * @nr_usable: the available vectors on online CPUs: what lanes_matrix_alloc()
 *	could hand out
 * @cpus: the same for each CPU
 */
struct lanes_matrix_snapshot {
	unsigned int nr_cpus;
	unsigned int nr_online;
	unsigned int nr_total[LANES_NR_VECTOR_STATES];
	unsigned int nr_usable;
	struct lanes_matrix_counts cpus[] __counted_by(nr_cpus);
};

struct lanes_matrix *lanes_matrix_create(unsigned int nr_cpus,
					 unsigned int first_vector,
					 unsigned int last_vector);
void lanes_matrix_destroy(struct lanes_matrix *m);

int lanes_matrix_online(struct lanes_matrix *m, unsigned int cpu);
int lanes_matrix_offline(struct lanes_matrix *m, unsigned int cpu);

int lanes_matrix_reserve_system(struct lanes_matrix *m, unsigned int vector);

int lanes_matrix_alloc(struct lanes_matrix *m, const unsigned long *cpus,
		       struct lanes_vector *out_vector);
int lanes_matrix_alloc_on(struct lanes_matrix *m, unsigned int cpu,
			  struct lanes_vector *out_vector);
int lanes_matrix_alloc_many(struct lanes_matrix *m, const unsigned long *cpus,
			    unsigned int nr_vectors,
			    struct lanes_vector *out_vectors);

int lanes_matrix_reserve_managed(struct lanes_matrix *m,
				 const unsigned long *cpus);
int lanes_matrix_remove_managed(struct lanes_matrix *m,
				const unsigned long *cpus);
int lanes_matrix_alloc_managed(struct lanes_matrix *m,
			       const unsigned long *cpus,
			       struct lanes_vector *out_vector);

int lanes_matrix_free(struct lanes_matrix *m, struct lanes_vector vector);

struct lanes_matrix_snapshot *lanes_matrix_snapshot(struct lanes_matrix *m);

#endif /* __LANES_MATRIX_H */
