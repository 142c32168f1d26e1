// SPDX-License-Identifier: GPL-2.0
/*
 * The vector matrix: which interrupt vectors of which CPU are whose.
 *
 * An x86 CPU tells 256 interrupts apart by number, the vector, and each CPU has
 * its own 256. This file does the bookkeeping of who has which, and nothing
 * else: it programs no device, raises no interrupt and never asks the kernel
 * which CPUs there are. Whoever owns a matrix tells it.
 *
 * A vector of a CPU is always in exactly one state, and each CPU has a bitmap
 * for each state. All that happens here is that a vector moves from one bitmap
 * to another:
 *
 *	              reserve_system
 *	  system <------------------+
 *	                            |            alloc, alloc_on
 *	                        available <------------------------> allocated
 *	                            ^                 free
 *	            reserve_managed |
 *	             remove_managed |
 *	                            v             alloc_managed
 *	                         managed <----------------> managed allocated
 *	                                        free
 *
 * So the states of a CPU add up to 256 at any time, a vector cannot be handed
 * out twice, and freeing one that was not handed out finds it in the wrong
 * bitmap. move_vector() is the only place where a state changes.
 *
 * The load of a CPU is the number of its vectors that are handed out, managed
 * or not: each may bring interrupts. Among the CPUs a caller allows, the least
 * loaded one gets the next vector; equals are taken in order of their number,
 * and on a CPU the lowest vector goes first.
 *
 * A managed vector is one that was kept back on each CPU of a set, so that its
 * interrupt can follow the CPUs that come and go without ever failing for want
 * of a vector. It is reserved on offline CPUs too.
 *
 * A CPU that goes offline keeps all states as they are; only nothing more is
 * handed out there. Its owner moves an interrupt away by allocating elsewhere
 * and freeing what it had, which is allowed on offline CPUs; what it leaves
 * there is still allocated when the CPU is back. Vectors are not moved here
 * because only the owner can tell the device.
 *
 * Sets of CPUs are plain bitmaps with a bit for each CPU of the matrix, as
 * cpumask_bits() gives them: the tests have more CPUs than their machine.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "matrix.h"
#include "trace.h"

/**
 * struct matrix_cpu - the vectors of one CPU
 * @cpu: its number
 * @is_online: whether vectors are handed out here
 * @nr: how many bits are set in each of @in
 * @in: for each state, the vectors that are in it
 */
struct matrix_cpu {
	unsigned int cpu;
	bool is_online;
	unsigned int nr[LANES_NR_VECTOR_STATES];
	DECLARE_BITMAP(in[LANES_NR_VECTOR_STATES], LANES_MATRIX_VECTORS);
};

/**
 * struct lanes_matrix - the vectors of all CPUs
 * @lock: protects @cpus. Raw, and taken with interrupts off, because interrupt
 *	code asks for vectors while it holds its descriptor's raw lock. Nothing
 *	is called with it held.
 * @nr_cpus: entries of @cpus, fixed
 * @cpus: each CPU's vectors
 */
struct lanes_matrix {
	raw_spinlock_t lock;
	unsigned int nr_cpus;
	struct matrix_cpu cpus[] __counted_by(nr_cpus);
};

static void move_vector(struct matrix_cpu *c, unsigned int vector,
			enum lanes_vector_state from, enum lanes_vector_state to)
{
	__clear_bit(vector, c->in[from]);
	c->nr[from]--;
	__set_bit(vector, c->in[to]);
	c->nr[to]++;
	trace_lanes_matrix_move(c->cpu, vector, from, to, c->nr[to]);
}

/* Move the lowest vector of @c that is in @from; there must be one. */
static unsigned int move_lowest(struct matrix_cpu *c,
				enum lanes_vector_state from,
				enum lanes_vector_state to)
{
	unsigned int vector = find_first_bit(c->in[from], LANES_MATRIX_VECTORS);

	move_vector(c, vector, from, to);
	return vector;
}

static unsigned int cpu_load(const struct matrix_cpu *c)
{
	return c->nr[LANES_VECTOR_ALLOCATED] +
	       c->nr[LANES_VECTOR_MANAGED_ALLOCATED];
}

/* The online CPU of @cpus to take a vector in @from on, or @m->nr_cpus. */
static unsigned int find_least_loaded_cpu(struct lanes_matrix *m,
					  const unsigned long *cpus,
					  enum lanes_vector_state from)
{
	unsigned int cpu, least_loaded = m->nr_cpus;

	lockdep_assert_held(&m->lock);

	for_each_set_bit(cpu, cpus, m->nr_cpus) {
		const struct matrix_cpu *c = &m->cpus[cpu];

		if (!c->is_online || !c->nr[from])
			continue;
		if (least_loaded == m->nr_cpus ||
		    cpu_load(c) < cpu_load(&m->cpus[least_loaded]))
			least_loaded = cpu;
	}
	return least_loaded;
}

static int alloc_vector(struct lanes_matrix *m, const unsigned long *cpus,
			enum lanes_vector_state from, enum lanes_vector_state to,
			struct lanes_vector *out_vector)
{
	unsigned int cpu;

	if (bitmap_empty(cpus, m->nr_cpus))
		return -EINVAL;

	guard(raw_spinlock_irqsave)(&m->lock);
	cpu = find_least_loaded_cpu(m, cpus, from);
	if (cpu == m->nr_cpus)
		return -ENOSPC;
	out_vector->cpu = cpu;
	out_vector->vector = move_lowest(&m->cpus[cpu], from, to);
	return 0;
}

static bool each_has_vector(struct lanes_matrix *m, const unsigned long *cpus,
			    enum lanes_vector_state state)
{
	unsigned int cpu;

	lockdep_assert_held(&m->lock);

	for_each_set_bit(cpu, cpus, m->nr_cpus) {
		if (!m->cpus[cpu].nr[state])
			return false;
	}
	return true;
}

static void move_one_on_each(struct lanes_matrix *m, const unsigned long *cpus,
			     enum lanes_vector_state from,
			     enum lanes_vector_state to)
{
	unsigned int cpu;

	lockdep_assert_held(&m->lock);

	for_each_set_bit(cpu, cpus, m->nr_cpus)
		move_lowest(&m->cpus[cpu], from, to);
}

static void init_cpu(struct matrix_cpu *c, unsigned int first_vector,
		     unsigned int last_vector)
{
	unsigned int vector;

	bitmap_fill(c->in[LANES_VECTOR_SYSTEM], LANES_MATRIX_VECTORS);
	c->nr[LANES_VECTOR_SYSTEM] = LANES_MATRIX_VECTORS;
	for (vector = first_vector; vector <= last_vector; vector++)
		move_vector(c, vector, LANES_VECTOR_SYSTEM,
			    LANES_VECTOR_AVAILABLE);
}

/**
 * lanes_matrix_create - make a matrix in which nothing is allocated
 * @nr_cpus: CPUs it has, numbered from 0
 * @first_vector: lowest vector that may be handed out
 * @last_vector: highest one, at most 255
 *
 * Vectors outside of the range are system vectors. All CPUs are offline.
 *
 * Context: may sleep.
 * Return: the matrix, to be given to lanes_matrix_destroy(), or an ERR_PTR:
 * -EINVAL when there is no CPU or the range is empty or too high, -ENOMEM.
 */
struct lanes_matrix *lanes_matrix_create(unsigned int nr_cpus,
					 unsigned int first_vector,
					 unsigned int last_vector)
{
	struct lanes_matrix *m;
	unsigned int cpu;

	if (!nr_cpus || first_vector > last_vector ||
	    last_vector >= LANES_MATRIX_VECTORS)
		return ERR_PTR(-EINVAL);

	m = kvzalloc(struct_size(m, cpus, nr_cpus), GFP_KERNEL);
	if (!m)
		return ERR_PTR(-ENOMEM);

	raw_spin_lock_init(&m->lock);
	m->nr_cpus = nr_cpus;
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		m->cpus[cpu].cpu = cpu;
		init_cpu(&m->cpus[cpu], first_vector, last_vector);
	}
	return m;
}

/**
 * lanes_matrix_destroy - free a matrix
 * @m: the matrix, or NULL
 *
 * Nobody may use it any more; vectors that are still allocated are forgotten.
 *
 * Context: may sleep.
 */
void lanes_matrix_destroy(struct lanes_matrix *m)
{
	kvfree(m);
}

static int set_online(struct lanes_matrix *m, unsigned int cpu, bool is_online)
{
	if (cpu >= m->nr_cpus)
		return -EINVAL;

	guard(raw_spinlock_irqsave)(&m->lock);
	m->cpus[cpu].is_online = is_online;
	trace_lanes_matrix_online(cpu, is_online);
	return 0;
}

/**
 * lanes_matrix_online - hand out vectors on a CPU from now on
 * @m: the matrix
 * @cpu: the CPU; it may be online already
 *
 * What was allocated and reserved there when it went offline still is.
 *
 * Context: any.
 * Return: 0, or -EINVAL when the matrix has no such CPU.
 */
int lanes_matrix_online(struct lanes_matrix *m, unsigned int cpu)
{
	return set_online(m, cpu, true);
}

/**
 * lanes_matrix_offline - hand out no more vectors on a CPU
 * @m: the matrix
 * @cpu: the CPU; it may be offline already
 *
 * Vectors allocated there stay allocated until their owner frees them.
 *
 * Context: any.
 * Return: 0, or -EINVAL when the matrix has no such CPU.
 */
int lanes_matrix_offline(struct lanes_matrix *m, unsigned int cpu)
{
	return set_online(m, cpu, false);
}

/**
 * lanes_matrix_reserve_system - keep a vector for the system on every CPU
 * @m: the matrix
 * @vector: the vector; it is never handed out again
 *
 * Context: any.
 * Return: 0; -EINVAL when @vector is above 255; -EBUSY when it is not available
 * on some CPU, whether allocated, managed or a system vector already. Then
 * nothing has changed.
 */
int lanes_matrix_reserve_system(struct lanes_matrix *m, unsigned int vector)
{
	unsigned int cpu;

	if (vector >= LANES_MATRIX_VECTORS)
		return -EINVAL;

	guard(raw_spinlock_irqsave)(&m->lock);
	for (cpu = 0; cpu < m->nr_cpus; cpu++) {
		if (!test_bit(vector, m->cpus[cpu].in[LANES_VECTOR_AVAILABLE]))
			return -EBUSY;
	}
	for (cpu = 0; cpu < m->nr_cpus; cpu++)
		move_vector(&m->cpus[cpu], vector, LANES_VECTOR_AVAILABLE,
			    LANES_VECTOR_SYSTEM);
	return 0;
}

/**
 * lanes_matrix_alloc - take a vector on the least loaded of some CPUs
 * @m: the matrix
 * @cpus: bitmap of the CPUs to choose from; offline ones are passed over
 * @out_vector: the vector taken; unchanged on error
 *
 * Context: any.
 * Return: 0; -EINVAL when @cpus is empty; -ENOSPC when none of them is online
 * and has an available vector.
 */
int lanes_matrix_alloc(struct lanes_matrix *m, const unsigned long *cpus,
		       struct lanes_vector *out_vector)
{
	return alloc_vector(m, cpus, LANES_VECTOR_AVAILABLE,
			    LANES_VECTOR_ALLOCATED, out_vector);
}

/**
 * lanes_matrix_alloc_on - take a vector on one CPU
 * @m: the matrix
 * @cpu: the CPU
 * @out_vector: the vector taken; unchanged on error
 *
 * Context: any.
 * Return: 0; -EINVAL when the matrix has no such CPU; -ENXIO when it is
 * offline; -ENOSPC when it has no available vector.
 */
int lanes_matrix_alloc_on(struct lanes_matrix *m, unsigned int cpu,
			  struct lanes_vector *out_vector)
{
	struct matrix_cpu *c;

	if (cpu >= m->nr_cpus)
		return -EINVAL;

	guard(raw_spinlock_irqsave)(&m->lock);
	c = &m->cpus[cpu];
	if (!c->is_online)
		return -ENXIO;
	if (!c->nr[LANES_VECTOR_AVAILABLE])
		return -ENOSPC;
	out_vector->cpu = cpu;
	out_vector->vector = move_lowest(c, LANES_VECTOR_AVAILABLE,
					 LANES_VECTOR_ALLOCATED);
	return 0;
}

/**
 * lanes_matrix_alloc_many - take several vectors, or none
 * @m: the matrix
 * @cpus: bitmap of the CPUs to choose from; offline ones are passed over
 * @nr_vectors: how many
 * @out_vectors: the vectors taken, @nr_vectors of them; undefined on error
 *
 * Each one goes to the CPU that is least loaded by then, so they are spread.
 * The lock is taken for each one, not for all, so that interrupts are never off
 * for long: until this has returned others may see vectors that are given back.
 *
 * Context: any.
 * Return: 0; -EINVAL when @cpus is empty; -ENOSPC when there are not enough.
 * On error all that was taken has been given back.
 */
int lanes_matrix_alloc_many(struct lanes_matrix *m, const unsigned long *cpus,
			    unsigned int nr_vectors,
			    struct lanes_vector *out_vectors)
{
	unsigned int nr_taken;
	int err;

	for (nr_taken = 0; nr_taken < nr_vectors; nr_taken++) {
		err = lanes_matrix_alloc(m, cpus, &out_vectors[nr_taken]);
		if (err)
			goto give_back;
	}
	return 0;

give_back:
	while (nr_taken--)
		lanes_matrix_free(m, out_vectors[nr_taken]);
	return err;
}

/**
 * lanes_matrix_reserve_managed - keep one more vector back on each of some CPUs
 * @m: the matrix
 * @cpus: bitmap of the CPUs, the offline ones included
 *
 * Context: any.
 * Return: 0; -EINVAL when @cpus is empty; -ENOSPC when one of them has no
 * available vector. Then nothing has changed.
 */
int lanes_matrix_reserve_managed(struct lanes_matrix *m,
				 const unsigned long *cpus)
{
	if (bitmap_empty(cpus, m->nr_cpus))
		return -EINVAL;

	guard(raw_spinlock_irqsave)(&m->lock);
	if (!each_has_vector(m, cpus, LANES_VECTOR_AVAILABLE))
		return -ENOSPC;
	move_one_on_each(m, cpus, LANES_VECTOR_AVAILABLE, LANES_VECTOR_MANAGED);
	return 0;
}

/**
 * lanes_matrix_remove_managed - undo lanes_matrix_reserve_managed()
 * @m: the matrix
 * @cpus: bitmap of the CPUs to have one managed vector less
 *
 * Context: any.
 * Return: 0; -EINVAL when @cpus is empty; -EBUSY when one of them has no
 * managed vector that is not allocated. Then nothing has changed.
 */
int lanes_matrix_remove_managed(struct lanes_matrix *m,
				const unsigned long *cpus)
{
	if (bitmap_empty(cpus, m->nr_cpus))
		return -EINVAL;

	guard(raw_spinlock_irqsave)(&m->lock);
	if (!each_has_vector(m, cpus, LANES_VECTOR_MANAGED))
		return -EBUSY;
	move_one_on_each(m, cpus, LANES_VECTOR_MANAGED, LANES_VECTOR_AVAILABLE);
	return 0;
}

/**
 * lanes_matrix_alloc_managed - take a managed vector on the least loaded of
 * some CPUs
 * @m: the matrix
 * @cpus: bitmap of the CPUs to choose from; offline ones are passed over
 * @out_vector: the vector taken; unchanged on error
 *
 * Context: any.
 * Return: 0; -EINVAL when @cpus is empty; -ENOSPC when none of them is online
 * and has a managed vector that is not allocated.
 */
int lanes_matrix_alloc_managed(struct lanes_matrix *m,
			       const unsigned long *cpus,
			       struct lanes_vector *out_vector)
{
	return alloc_vector(m, cpus, LANES_VECTOR_MANAGED,
			    LANES_VECTOR_MANAGED_ALLOCATED, out_vector);
}

/**
 * lanes_matrix_free - give back a vector
 * @m: the matrix
 * @vector: what one of the alloc functions gave; its CPU may be offline by now
 *
 * A managed vector stays reserved, any other becomes available.
 *
 * Context: any.
 * Return: 0; -EINVAL when there is no such CPU or vector; -ENOENT when it is
 * not allocated, as after a first free.
 */
int lanes_matrix_free(struct lanes_matrix *m, struct lanes_vector vector)
{
	struct matrix_cpu *c;

	if (vector.cpu >= m->nr_cpus || vector.vector >= LANES_MATRIX_VECTORS)
		return -EINVAL;

	guard(raw_spinlock_irqsave)(&m->lock);
	c = &m->cpus[vector.cpu];
	if (test_bit(vector.vector, c->in[LANES_VECTOR_ALLOCATED]))
		move_vector(c, vector.vector, LANES_VECTOR_ALLOCATED,
			    LANES_VECTOR_AVAILABLE);
	else if (test_bit(vector.vector, c->in[LANES_VECTOR_MANAGED_ALLOCATED]))
		move_vector(c, vector.vector, LANES_VECTOR_MANAGED_ALLOCATED,
			    LANES_VECTOR_MANAGED);
	else
		return -ENOENT;
	return 0;
}

static void add_counts(struct lanes_matrix_snapshot *s, unsigned int cpu,
		       const struct matrix_cpu *c)
{
	unsigned int state;

	for (state = 0; state < LANES_NR_VECTOR_STATES; state++) {
		s->cpus[cpu].nr[state] = c->nr[state];
		s->nr_total[state] += c->nr[state];
	}
	s->cpus[cpu].is_online = c->is_online;
	if (c->is_online) {
		s->nr_online++;
		s->nr_usable += c->nr[LANES_VECTOR_AVAILABLE];
	}
}

/**
 * lanes_matrix_snapshot - count the vectors of all CPUs at one moment
 * @m: the matrix
 *
 * All counts are of the same moment, which is over when this returns.
 *
 * Context: may sleep.
 * Return: the counts, to be given to kvfree(), or NULL when there is no memory.
 */
struct lanes_matrix_snapshot *lanes_matrix_snapshot(struct lanes_matrix *m)
{
	struct lanes_matrix_snapshot *s;
	unsigned int cpu;

	s = kvzalloc(struct_size(s, cpus, m->nr_cpus), GFP_KERNEL);
	if (!s)
		return NULL;

	s->nr_cpus = m->nr_cpus;
	guard(raw_spinlock_irqsave)(&m->lock);
	for (cpu = 0; cpu < m->nr_cpus; cpu++)
		add_counts(s, cpu, &m->cpus[cpu]);
	return s;
}
