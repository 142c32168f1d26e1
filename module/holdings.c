// SPDX-License-Identifier: GPL-2.0
/*
 * The vectors that a file descriptor took from the matrix for no device.
 *
 * They are its own: another descriptor cannot give them back, and closing it
 * does. Which ones they are is a bit for each vector of each CPU.
 */
#include <linux/bitmap.h>
#include <linux/cleanup.h>
#include <linux/cpumask.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "lanes.h"
#include "matrix.h"

static unsigned int nr_vectors_of_all_cpus(void)
{
	return nr_cpu_ids * LANES_MATRIX_VECTORS;
}

static unsigned int holding(unsigned int cpu, unsigned int vector)
{
	return cpu * LANES_MATRIX_VECTORS + vector;
}

/* A CPU that this machine cannot have is a mistake, an offline one is not. */
static int fetch_cpus(const struct lanes_matrix_alloc *arg, unsigned long *cpus,
		      unsigned int nr_bits)
{
	unsigned int known_bytes = BITS_TO_LONGS(nr_bits) * sizeof(long);
	int err;

	if (!arg->cpus_bytes) {
		bitmap_fill(cpus, nr_cpu_ids);
		return 0;
	}
	if (arg->cpus_bytes % sizeof(u64) || arg->cpus_bytes > PAGE_SIZE)
		return -EINVAL;
	err = copy_struct_from_user(cpus, known_bytes,
				    u64_to_user_ptr(arg->cpus),
				    arg->cpus_bytes);
	/* It is too long and not zero there: a CPU beyond the last. */
	if (err == -E2BIG)
		return -EINVAL;
	if (err)
		return err;
	return find_next_bit(cpus, nr_bits, nr_cpu_ids) < nr_bits ? -EINVAL : 0;
}

static void hold(struct lanes_file *file, const struct lanes_vector *vectors,
		 unsigned int nr_vectors)
{
	guard(mutex)(&file->lock);
	while (nr_vectors--)
		__set_bit(holding(vectors[nr_vectors].cpu,
				  vectors[nr_vectors].vector), file->vectors);
}

static void give_back(const struct lanes_vector *vectors,
		      unsigned int nr_vectors)
{
	while (nr_vectors--)
		lanes_matrix_free(lanes_matrix, vectors[nr_vectors]);
}

/*
 * They become the descriptor's when the caller has been told which they are:
 * if that fails, nobody else could have given them back in the meantime.
 */
int lanes_matrix_alloc_ioctl(struct lanes_file *file, void *data)
{
	unsigned int nr_bits = round_up(nr_cpu_ids, BITS_PER_LONG);
	struct lanes_matrix_alloc *arg = data;
	u64 begin_ns;
	int err;

	if (!arg->nr_vectors || arg->nr_vectors > nr_vectors_of_all_cpus())
		return -EINVAL;

	unsigned long *cpus __free(bitmap) = bitmap_zalloc(nr_bits, GFP_KERNEL);
	struct lanes_vector *vectors __free(kvfree) =
		kvmalloc_array(arg->nr_vectors, sizeof(*vectors), GFP_KERNEL);
	if (!cpus || !vectors)
		return -ENOMEM;
	err = fetch_cpus(arg, cpus, nr_bits);
	if (err)
		return err;

	begin_ns = ktime_get_ns();
	err = lanes_matrix_alloc_many(lanes_matrix, cpus, arg->nr_vectors,
				      vectors);
	arg->out_ns = ktime_get_ns() - begin_ns;
	if (err)
		return err;

	static_assert(sizeof(*vectors) == sizeof(struct lanes_cpu_vector));
	if (copy_to_user(u64_to_user_ptr(arg->vectors), vectors,
			 arg->nr_vectors * sizeof(*vectors))) {
		give_back(vectors, arg->nr_vectors);
		return -EFAULT;
	}
	hold(file, vectors, arg->nr_vectors);
	return 0;
}

int lanes_matrix_free_ioctl(struct lanes_file *file, void *data)
{
	const struct lanes_matrix_free *arg = data;
	const struct lanes_vector vector = {
		.cpu = arg->vector.cpu,
		.vector = arg->vector.vector,
	};

	if (vector.cpu >= nr_cpu_ids || vector.vector >= LANES_MATRIX_VECTORS)
		return -EINVAL;

	guard(mutex)(&file->lock);
	if (!__test_and_clear_bit(holding(vector.cpu, vector.vector),
				  file->vectors))
		return -ENOENT;
	return lanes_matrix_free(lanes_matrix, vector);
}

/**
 * lanes_holdings_open - let a file hold nothing
 * @file: the file
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int lanes_holdings_open(struct lanes_file *file)
{
	file->vectors = bitmap_zalloc(nr_vectors_of_all_cpus(), GFP_KERNEL);
	return file->vectors ? 0 : -ENOMEM;
}

/**
 * lanes_holdings_release - give back what a file still holds
 * @file: the file; nobody uses it any more
 *
 * Context: may sleep.
 */
void lanes_holdings_release(struct lanes_file *file)
{
	unsigned int bit;

	for_each_set_bit(bit, file->vectors, nr_vectors_of_all_cpus()) {
		const struct lanes_vector vector = {
			.cpu = bit / LANES_MATRIX_VECTORS,
			.vector = bit % LANES_MATRIX_VECTORS,
		};

		lanes_matrix_free(lanes_matrix, vector);
	}
	bitmap_free(file->vectors);
}
