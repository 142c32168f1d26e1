// SPDX-License-Identifier: GPL-2.0
/*
 * What the vector matrix promises, as a KUnit suite.
 *
 * It runs twice: in the kernel when lanes.ko is loaded and CONFIG_KUNIT is on,
 * and on the host under ASan and UBSan, where selftests/unit/matrix.c includes
 * this file. A case starts with a matrix of four CPUs, all online, and ends
 * with a check that every vector is accounted for. The last case does twenty
 * thousand random operations, the same at each run, against a model that
 * keeps one byte a vector.
 */
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/slab.h>

#include "matrix.h"

#define NR_TEST_CPUS 4
#define FIRST_VECTOR 0x20
#define LAST_VECTOR 0xeb
#define NR_VECTORS (LAST_VECTOR - FIRST_VECTOR + 1)
#define NR_SYSTEM (LANES_MATRIX_VECTORS - NR_VECTORS)
#define NR_RANDOM_STEPS 20000

static const unsigned long no_cpu;
static const unsigned long all_cpus = 0xf;
static const unsigned long cpu_0 = 0x1;
static const unsigned long cpu_2 = 0x4;
static const unsigned long cpus_1_and_3 = 0xa;

/* A vector that no alloc returns: shows that an error left it alone. */
static const struct lanes_vector untouched = { .cpu = 77, .vector = 777 };

static struct lanes_matrix_snapshot *take_snapshot(struct kunit *test)
{
	struct lanes_matrix_snapshot *s = lanes_matrix_snapshot(test->priv);

	KUNIT_ASSERT_NOT_NULL(test, s);
	return s;
}

static unsigned int count(struct kunit *test, unsigned int cpu,
			  enum lanes_vector_state state)
{
	struct lanes_matrix_snapshot *s = take_snapshot(test);
	unsigned int nr = s->cpus[cpu].nr[state];

	kvfree(s);
	return nr;
}

static unsigned int count_all(struct kunit *test, enum lanes_vector_state state)
{
	struct lanes_matrix_snapshot *s = take_snapshot(test);
	unsigned int nr = s->nr_total[state];

	kvfree(s);
	return nr;
}

static unsigned int count_usable(struct kunit *test)
{
	struct lanes_matrix_snapshot *s = take_snapshot(test);
	unsigned int nr = s->nr_usable;

	kvfree(s);
	return nr;
}

/* Each CPU's states add up to its vectors, and the totals to the CPUs. */
static void expect_adds_up(struct kunit *test)
{
	unsigned int nr_total[LANES_NR_VECTOR_STATES] = { 0 };
	unsigned int nr_online = 0, nr_usable = 0, cpu, state;
	struct lanes_matrix_snapshot *s = take_snapshot(test);

	for (cpu = 0; cpu < s->nr_cpus; cpu++) {
		unsigned int nr_cpu = 0;

		for (state = 0; state < LANES_NR_VECTOR_STATES; state++) {
			nr_cpu += s->cpus[cpu].nr[state];
			nr_total[state] += s->cpus[cpu].nr[state];
		}
		KUNIT_EXPECT_EQ(test, nr_cpu, LANES_MATRIX_VECTORS);
		if (!s->cpus[cpu].is_online)
			continue;
		nr_online++;
		nr_usable += s->cpus[cpu].nr[LANES_VECTOR_AVAILABLE];
	}
	for (state = 0; state < LANES_NR_VECTOR_STATES; state++)
		KUNIT_EXPECT_EQ(test, s->nr_total[state], nr_total[state]);
	KUNIT_EXPECT_EQ(test, s->nr_online, nr_online);
	KUNIT_EXPECT_EQ(test, s->nr_usable, nr_usable);
	kvfree(s);
}

static struct lanes_vector alloc_from(struct kunit *test,
				      const unsigned long *cpus)
{
	struct lanes_vector v = untouched;

	KUNIT_ASSERT_EQ(test, lanes_matrix_alloc(test->priv, cpus, &v), 0);
	return v;
}

static struct lanes_vector alloc_on(struct kunit *test, unsigned int cpu)
{
	struct lanes_vector v = untouched;

	KUNIT_ASSERT_EQ(test, lanes_matrix_alloc_on(test->priv, cpu, &v), 0);
	return v;
}

static struct lanes_vector alloc_managed_from(struct kunit *test,
					      const unsigned long *cpus)
{
	struct lanes_vector v = untouched;

	KUNIT_ASSERT_EQ(test,
			lanes_matrix_alloc_managed(test->priv, cpus, &v), 0);
	return v;
}

static void fill_cpu(struct kunit *test, unsigned int cpu)
{
	while (count(test, cpu, LANES_VECTOR_AVAILABLE))
		alloc_on(test, cpu);
}

/* Go on with another matrix, whose CPUs are all offline. */
static void replace_matrix(struct kunit *test, unsigned int nr_cpus)
{
	struct lanes_matrix *m;

	m = lanes_matrix_create(nr_cpus, FIRST_VECTOR, LAST_VECTOR);
	KUNIT_ASSERT_FALSE(test, IS_ERR(m));
	lanes_matrix_destroy(test->priv);
	test->priv = m;
}

static void create_starts_offline_and_empty(struct kunit *test)
{
	struct lanes_vector v = untouched;

	replace_matrix(test, 2);
	KUNIT_EXPECT_EQ(test, count(test, 1, LANES_VECTOR_AVAILABLE),
			NR_VECTORS);
	KUNIT_EXPECT_EQ(test, count(test, 1, LANES_VECTOR_SYSTEM), NR_SYSTEM);
	KUNIT_EXPECT_EQ(test, count_usable(test), 0);
	KUNIT_EXPECT_EQ(test, lanes_matrix_alloc(test->priv, &cpu_0, &v),
			-ENOSPC);
}

static void create_rejects_bad_range(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, PTR_ERR(lanes_matrix_create(0, 0, 255)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(lanes_matrix_create(1, 9, 8)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(lanes_matrix_create(1, 0, 256)), -EINVAL);
}

static void destroy_takes_null(struct kunit *test)
{
	lanes_matrix_destroy(NULL);
	KUNIT_SUCCEED(test);
}

static void alloc_takes_least_loaded_cpu(struct kunit *test)
{
	alloc_on(test, 0);
	alloc_on(test, 0);
	alloc_on(test, 1);
	alloc_on(test, 2);
	KUNIT_EXPECT_EQ(test, alloc_from(test, &all_cpus).cpu, 3);
	KUNIT_EXPECT_EQ(test, alloc_from(test, &all_cpus).cpu, 1);
	KUNIT_EXPECT_EQ(test, alloc_from(test, &all_cpus).cpu, 2);
	KUNIT_EXPECT_EQ(test, alloc_from(test, &all_cpus).cpu, 3);
	KUNIT_EXPECT_EQ(test, alloc_from(test, &all_cpus).cpu, 0);
}

static void alloc_spreads_evenly(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 5 * NR_TEST_CPUS; i++)
		alloc_from(test, &all_cpus);
	for (i = 0; i < NR_TEST_CPUS; i++)
		KUNIT_EXPECT_EQ(test, count(test, i, LANES_VECTOR_ALLOCATED), 5);
}

static void alloc_counts_managed_as_load(struct kunit *test)
{
	lanes_matrix_reserve_managed(test->priv, &all_cpus);
	KUNIT_EXPECT_EQ(test, alloc_managed_from(test, &all_cpus).cpu, 0);
	KUNIT_EXPECT_EQ(test, alloc_from(test, &all_cpus).cpu, 1);
}

static void alloc_stays_within_mask(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 10; i++)
		alloc_from(test, &cpus_1_and_3);
	KUNIT_EXPECT_EQ(test, count(test, 1, LANES_VECTOR_ALLOCATED), 5);
	KUNIT_EXPECT_EQ(test, count(test, 3, LANES_VECTOR_ALLOCATED), 5);
	KUNIT_EXPECT_EQ(test, count_all(test, LANES_VECTOR_ALLOCATED), 10);
}

static void alloc_rejects_empty_mask(struct kunit *test)
{
	struct lanes_vector v = untouched;

	KUNIT_EXPECT_EQ(test, lanes_matrix_alloc(test->priv, &no_cpu, &v),
			-EINVAL);
	KUNIT_EXPECT_EQ(test,
			lanes_matrix_alloc_many(test->priv, &no_cpu, 1, &v),
			-EINVAL);
	KUNIT_EXPECT_EQ(test,
			lanes_matrix_alloc_managed(test->priv, &no_cpu, &v),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, lanes_matrix_reserve_managed(test->priv, &no_cpu),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, lanes_matrix_remove_managed(test->priv, &no_cpu),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, v.vector, untouched.vector);
}

static void alloc_gives_each_vector_once(struct kunit *test)
{
	DECLARE_BITMAP(is_taken, LANES_MATRIX_VECTORS) = { 0 };
	struct lanes_vector v;
	unsigned int i;

	for (i = 0; i < NR_VECTORS; i++) {
		v = alloc_from(test, &cpu_2);
		KUNIT_EXPECT_EQ(test, v.cpu, 2);
		KUNIT_EXPECT_TRUE(test, v.vector >= FIRST_VECTOR &&
				  v.vector <= LAST_VECTOR);
		KUNIT_EXPECT_FALSE(test, test_bit(v.vector, is_taken));
		__set_bit(v.vector, is_taken);
	}
	v = untouched;
	KUNIT_EXPECT_EQ(test, lanes_matrix_alloc(test->priv, &cpu_2, &v),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, v.cpu, untouched.cpu);
	KUNIT_EXPECT_EQ(test, v.vector, untouched.vector);
}

static void alloc_on_says_why_not(struct kunit *test)
{
	struct lanes_vector v = untouched;

	KUNIT_EXPECT_EQ(test,
			lanes_matrix_alloc_on(test->priv, NR_TEST_CPUS, &v),
			-EINVAL);
	lanes_matrix_offline(test->priv, 2);
	KUNIT_EXPECT_EQ(test, lanes_matrix_alloc_on(test->priv, 2, &v), -ENXIO);
	fill_cpu(test, 1);
	KUNIT_EXPECT_EQ(test, lanes_matrix_alloc_on(test->priv, 1, &v),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, v.cpu, untouched.cpu);
}

static void alloc_many_takes_all(struct kunit *test)
{
	struct lanes_vector v[8];
	unsigned int i;

	KUNIT_ASSERT_EQ(test,
			lanes_matrix_alloc_many(test->priv, &all_cpus, 8, v), 0);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, v[i].cpu, i % NR_TEST_CPUS);
	KUNIT_EXPECT_EQ(test, count_all(test, LANES_VECTOR_ALLOCATED), 8);
}

static void alloc_many_gives_back_on_exhaustion(struct kunit *test)
{
	static struct lanes_vector v[NR_VECTORS];

	alloc_on(test, 2);
	KUNIT_EXPECT_EQ(test,
			lanes_matrix_alloc_many(test->priv, &cpu_2, NR_VECTORS, v),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, count_all(test, LANES_VECTOR_ALLOCATED), 1);
	KUNIT_EXPECT_EQ(test, lanes_matrix_alloc_many(test->priv, &cpu_2,
						      NR_VECTORS - 1, v), 0);
	KUNIT_EXPECT_EQ(test, count(test, 2, LANES_VECTOR_AVAILABLE), 0);
}

static void system_vector_is_never_given(struct kunit *test)
{
	unsigned int i;

	KUNIT_ASSERT_EQ(test, lanes_matrix_reserve_system(test->priv, 0x80), 0);
	KUNIT_EXPECT_EQ(test, count_all(test, LANES_VECTOR_SYSTEM),
			(NR_SYSTEM + 1) * NR_TEST_CPUS);
	for (i = 0; i < NR_VECTORS - 1; i++)
		KUNIT_EXPECT_TRUE(test, alloc_on(test, 3).vector != 0x80);
	KUNIT_EXPECT_EQ(test, count(test, 3, LANES_VECTOR_AVAILABLE), 0);
}

static void system_refuses_what_is_taken(struct kunit *test)
{
	struct lanes_vector allocated = alloc_on(test, 3);

	lanes_matrix_reserve_managed(test->priv, &cpu_2);
	KUNIT_EXPECT_EQ(test, lanes_matrix_reserve_system(test->priv,
							  allocated.vector),
			-EBUSY);
	KUNIT_EXPECT_EQ(test,
			lanes_matrix_reserve_system(test->priv, FIRST_VECTOR),
			-EBUSY);
	KUNIT_EXPECT_EQ(test,
			lanes_matrix_reserve_system(test->priv, LAST_VECTOR + 1),
			-EBUSY);
	KUNIT_EXPECT_EQ(test, lanes_matrix_reserve_system(test->priv, 256),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, count_all(test, LANES_VECTOR_SYSTEM),
			NR_SYSTEM * NR_TEST_CPUS);
}

static void managed_is_reserved_on_each_cpu(struct kunit *test)
{
	lanes_matrix_offline(test->priv, 3);
	KUNIT_ASSERT_EQ(test,
			lanes_matrix_reserve_managed(test->priv, &cpus_1_and_3),
			0);
	KUNIT_EXPECT_EQ(test, count(test, 1, LANES_VECTOR_MANAGED), 1);
	KUNIT_EXPECT_EQ(test, count(test, 3, LANES_VECTOR_MANAGED), 1);
	KUNIT_EXPECT_EQ(test, count_all(test, LANES_VECTOR_MANAGED), 2);
	KUNIT_EXPECT_EQ(test, count(test, 1, LANES_VECTOR_AVAILABLE),
			NR_VECTORS - 1);
}

static void managed_reserves_nothing_when_one_cpu_is_full(struct kunit *test)
{
	fill_cpu(test, 3);
	KUNIT_EXPECT_EQ(test,
			lanes_matrix_reserve_managed(test->priv, &all_cpus),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, count_all(test, LANES_VECTOR_MANAGED), 0);
}

static void managed_survives_exhaustion_of_others(struct kunit *test)
{
	struct lanes_vector v = untouched;

	KUNIT_ASSERT_EQ(test, lanes_matrix_reserve_managed(test->priv, &cpu_2),
			0);
	fill_cpu(test, 2);
	KUNIT_EXPECT_EQ(test, lanes_matrix_alloc(test->priv, &cpu_2, &v),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, alloc_managed_from(test, &all_cpus).cpu, 2);
}

static void managed_alloc_takes_only_managed(struct kunit *test)
{
	struct lanes_vector v = untouched;

	KUNIT_EXPECT_EQ(test,
			lanes_matrix_alloc_managed(test->priv, &all_cpus, &v),
			-ENOSPC);
	KUNIT_ASSERT_EQ(test,
			lanes_matrix_reserve_managed(test->priv, &cpus_1_and_3),
			0);
	KUNIT_EXPECT_EQ(test, alloc_managed_from(test, &all_cpus).cpu, 1);
	KUNIT_EXPECT_EQ(test, alloc_managed_from(test, &all_cpus).cpu, 3);
	KUNIT_EXPECT_EQ(test,
			lanes_matrix_alloc_managed(test->priv, &all_cpus, &v),
			-ENOSPC);
}

static void managed_stays_reserved_when_freed(struct kunit *test)
{
	struct lanes_vector v;

	lanes_matrix_reserve_managed(test->priv, &cpu_2);
	v = alloc_managed_from(test, &cpu_2);
	KUNIT_EXPECT_EQ(test, count(test, 2, LANES_VECTOR_MANAGED), 0);
	KUNIT_EXPECT_EQ(test, count(test, 2, LANES_VECTOR_MANAGED_ALLOCATED), 1);
	KUNIT_EXPECT_EQ(test, lanes_matrix_free(test->priv, v), 0);
	KUNIT_EXPECT_EQ(test, count(test, 2, LANES_VECTOR_MANAGED), 1);
	KUNIT_EXPECT_EQ(test, count(test, 2, LANES_VECTOR_AVAILABLE),
			NR_VECTORS - 1);
}

static void managed_remove_gives_back(struct kunit *test)
{
	lanes_matrix_reserve_managed(test->priv, &all_cpus);
	KUNIT_EXPECT_EQ(test, lanes_matrix_remove_managed(test->priv, &all_cpus),
			0);
	KUNIT_EXPECT_EQ(test, count_all(test, LANES_VECTOR_MANAGED), 0);
	KUNIT_EXPECT_EQ(test, count_usable(test), NR_VECTORS * NR_TEST_CPUS);
}

static void managed_remove_refuses_what_is_allocated(struct kunit *test)
{
	lanes_matrix_reserve_managed(test->priv, &all_cpus);
	alloc_managed_from(test, &cpu_2);
	KUNIT_EXPECT_EQ(test, lanes_matrix_remove_managed(test->priv, &all_cpus),
			-EBUSY);
	KUNIT_EXPECT_EQ(test, count_all(test, LANES_VECTOR_MANAGED),
			NR_TEST_CPUS - 1);
	KUNIT_EXPECT_EQ(test,
			lanes_matrix_remove_managed(test->priv, &cpus_1_and_3),
			0);
}

static void free_makes_vector_available(struct kunit *test)
{
	struct lanes_vector v = alloc_on(test, 1);

	KUNIT_EXPECT_EQ(test, lanes_matrix_free(test->priv, v), 0);
	KUNIT_EXPECT_EQ(test, count(test, 1, LANES_VECTOR_AVAILABLE),
			NR_VECTORS);
	KUNIT_EXPECT_EQ(test, alloc_on(test, 1).vector, v.vector);
}

static void free_twice_is_caught(struct kunit *test)
{
	struct lanes_vector v = alloc_on(test, 1);

	KUNIT_EXPECT_EQ(test, lanes_matrix_free(test->priv, v), 0);
	KUNIT_EXPECT_EQ(test, lanes_matrix_free(test->priv, v), -ENOENT);
	lanes_matrix_reserve_managed(test->priv, &cpu_2);
	v = alloc_managed_from(test, &cpu_2);
	KUNIT_EXPECT_EQ(test, lanes_matrix_free(test->priv, v), 0);
	KUNIT_EXPECT_EQ(test, lanes_matrix_free(test->priv, v), -ENOENT);
	KUNIT_EXPECT_EQ(test, count_all(test, LANES_VECTOR_AVAILABLE),
			NR_VECTORS * NR_TEST_CPUS - 1);
}

static void free_rejects_what_was_never_given(struct kunit *test)
{
	const struct lanes_vector no_such_cpu = { NR_TEST_CPUS, FIRST_VECTOR };
	const struct lanes_vector no_such_vector = { 0, 256 };
	const struct lanes_vector available = { 0, FIRST_VECTOR };
	const struct lanes_vector system = { 0, 3 };

	KUNIT_EXPECT_EQ(test, lanes_matrix_free(test->priv, no_such_cpu),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, lanes_matrix_free(test->priv, no_such_vector),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, lanes_matrix_free(test->priv, available), -ENOENT);
	KUNIT_EXPECT_EQ(test, lanes_matrix_free(test->priv, system), -ENOENT);
}

static void offline_cpu_gives_nothing(struct kunit *test)
{
	struct lanes_vector v = untouched;

	lanes_matrix_reserve_managed(test->priv, &cpu_2);
	lanes_matrix_offline(test->priv, 2);
	KUNIT_EXPECT_EQ(test, lanes_matrix_alloc(test->priv, &cpu_2, &v),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, lanes_matrix_alloc_managed(test->priv, &cpu_2, &v),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, count_usable(test),
			NR_VECTORS * (NR_TEST_CPUS - 1));
	lanes_matrix_online(test->priv, 2);
	KUNIT_EXPECT_EQ(test, alloc_from(test, &cpu_2).cpu, 2);
	KUNIT_EXPECT_EQ(test, alloc_managed_from(test, &cpu_2).cpu, 2);
}

static void offline_keeps_what_was_allocated(struct kunit *test)
{
	struct lanes_vector v = alloc_on(test, 1);

	lanes_matrix_offline(test->priv, 1);
	KUNIT_EXPECT_EQ(test, count(test, 1, LANES_VECTOR_ALLOCATED), 1);
	lanes_matrix_online(test->priv, 1);
	KUNIT_EXPECT_EQ(test, count(test, 1, LANES_VECTOR_ALLOCATED), 1);
	KUNIT_EXPECT_TRUE(test, alloc_on(test, 1).vector != v.vector);
}

static void offline_lets_owner_move_away(struct kunit *test)
{
	struct lanes_vector old = alloc_on(test, 1);

	lanes_matrix_offline(test->priv, 1);
	KUNIT_EXPECT_EQ(test, alloc_from(test, &cpus_1_and_3).cpu, 3);
	KUNIT_EXPECT_EQ(test, lanes_matrix_free(test->priv, old), 0);
	KUNIT_EXPECT_EQ(test, count(test, 1, LANES_VECTOR_ALLOCATED), 0);
}

static void online_and_offline_may_repeat(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, lanes_matrix_online(test->priv, 1), 0);
	KUNIT_EXPECT_EQ(test, lanes_matrix_offline(test->priv, 1), 0);
	KUNIT_EXPECT_EQ(test, lanes_matrix_offline(test->priv, 1), 0);
	KUNIT_EXPECT_EQ(test, count_usable(test),
			NR_VECTORS * (NR_TEST_CPUS - 1));
	KUNIT_EXPECT_EQ(test, lanes_matrix_online(test->priv, NR_TEST_CPUS),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, lanes_matrix_offline(test->priv, NR_TEST_CPUS),
			-EINVAL);
}

static void snapshot_does_not_follow(struct kunit *test)
{
	struct lanes_matrix_snapshot *s = take_snapshot(test);

	alloc_on(test, 1);
	lanes_matrix_offline(test->priv, 0);
	KUNIT_EXPECT_EQ(test, s->nr_total[LANES_VECTOR_ALLOCATED], 0);
	KUNIT_EXPECT_EQ(test, s->nr_online, NR_TEST_CPUS);
	kvfree(s);
}

static void mask_may_span_words(struct kunit *test)
{
	DECLARE_BITMAP(cpus, 130) = { 0 };
	unsigned int cpu;

	replace_matrix(test, 129);
	for (cpu = 0; cpu < 129; cpu++)
		lanes_matrix_online(test->priv, cpu);
	__set_bit(128, cpus);
	/* Beyond the last CPU: not one of the matrix. */
	__set_bit(129, cpus);
	fill_cpu(test, 128);
	__set_bit(70, cpus);
	KUNIT_EXPECT_EQ(test, alloc_from(test, cpus).cpu, 70);
}

/*
 * The model of the random walk: one byte a vector, searched from the start each
 * time. What it shares with the matrix is the meaning of the operations only.
 */
struct model {
	unsigned char state[NR_TEST_CPUS][LANES_MATRIX_VECTORS];
	bool is_online[NR_TEST_CPUS];
	unsigned int seed;
};

/* Numerical Recipes' generator; the high bits are the good ones. */
static unsigned int next_random(struct model *model, unsigned int below)
{
	model->seed = model->seed * 1664525 + 1013904223;
	return (model->seed >> 8) % below;
}

static unsigned int model_count(const struct model *model, unsigned int cpu,
				enum lanes_vector_state state)
{
	unsigned int vector, nr = 0;

	for (vector = 0; vector < LANES_MATRIX_VECTORS; vector++)
		nr += model->state[cpu][vector] == state;
	return nr;
}

static unsigned int model_load(const struct model *model, unsigned int cpu)
{
	return model_count(model, cpu, LANES_VECTOR_ALLOCATED) +
	       model_count(model, cpu, LANES_VECTOR_MANAGED_ALLOCATED);
}

/* Where the next vector must go, or NR_TEST_CPUS. */
static unsigned int model_choice(const struct model *model, unsigned long cpus,
				 enum lanes_vector_state from)
{
	unsigned int cpu, choice = NR_TEST_CPUS;

	for (cpu = 0; cpu < NR_TEST_CPUS; cpu++) {
		if (!(cpus & 1UL << cpu) || !model->is_online[cpu] ||
		    !model_count(model, cpu, from))
			continue;
		if (choice == NR_TEST_CPUS ||
		    model_load(model, cpu) < model_load(model, choice))
			choice = cpu;
	}
	return choice;
}

typedef int (*alloc_fn)(struct lanes_matrix *m, const unsigned long *cpus,
			struct lanes_vector *out_vector);

static void random_alloc(struct kunit *test, struct model *model,
			 unsigned long cpus, alloc_fn alloc,
			 enum lanes_vector_state from, enum lanes_vector_state to)
{
	unsigned int choice = model_choice(model, cpus, from);
	struct lanes_vector v = untouched;
	int err = alloc(test->priv, &cpus, &v);

	if (choice == NR_TEST_CPUS) {
		KUNIT_EXPECT_EQ(test, err, -ENOSPC);
		return;
	}
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_ASSERT_EQ(test, v.cpu, choice);
	KUNIT_ASSERT_EQ(test, model->state[v.cpu][v.vector], from);
	model->state[v.cpu][v.vector] = to;
}

/* The lowest vector of each CPU changes its state. */
static void model_move_each(struct model *model, unsigned long cpus,
			    enum lanes_vector_state from,
			    enum lanes_vector_state to)
{
	unsigned int cpu, vector;

	for (cpu = 0; cpu < NR_TEST_CPUS; cpu++) {
		if (!(cpus & 1UL << cpu))
			continue;
		for (vector = 0; model->state[cpu][vector] != from; vector++)
			;
		model->state[cpu][vector] = to;
	}
}

static bool model_each_has(const struct model *model, unsigned long cpus,
			   enum lanes_vector_state state)
{
	unsigned int cpu;

	for (cpu = 0; cpu < NR_TEST_CPUS; cpu++) {
		if (cpus & 1UL << cpu && !model_count(model, cpu, state))
			return false;
	}
	return true;
}

static void random_reserve_managed(struct kunit *test, struct model *model,
				   unsigned long cpus)
{
	bool has_room = model_each_has(model, cpus, LANES_VECTOR_AVAILABLE);

	KUNIT_EXPECT_EQ(test, lanes_matrix_reserve_managed(test->priv, &cpus),
			has_room ? 0 : -ENOSPC);
	if (has_room)
		model_move_each(model, cpus, LANES_VECTOR_AVAILABLE,
				LANES_VECTOR_MANAGED);
}

static void random_remove_managed(struct kunit *test, struct model *model,
				  unsigned long cpus)
{
	bool has_some = model_each_has(model, cpus, LANES_VECTOR_MANAGED);

	KUNIT_EXPECT_EQ(test, lanes_matrix_remove_managed(test->priv, &cpus),
			has_some ? 0 : -EBUSY);
	if (has_some)
		model_move_each(model, cpus, LANES_VECTOR_MANAGED,
				LANES_VECTOR_AVAILABLE);
}

static void random_free(struct kunit *test, struct model *model)
{
	struct lanes_vector v = {
		.cpu = next_random(model, NR_TEST_CPUS),
		.vector = next_random(model, LANES_MATRIX_VECTORS),
	};
	unsigned char *state = &model->state[v.cpu][v.vector];
	int err = lanes_matrix_free(test->priv, v);

	if (*state == LANES_VECTOR_ALLOCATED) {
		KUNIT_EXPECT_EQ(test, err, 0);
		*state = LANES_VECTOR_AVAILABLE;
	} else if (*state == LANES_VECTOR_MANAGED_ALLOCATED) {
		KUNIT_EXPECT_EQ(test, err, 0);
		*state = LANES_VECTOR_MANAGED;
	} else {
		KUNIT_EXPECT_EQ(test, err, -ENOENT);
	}
}

static void random_hotplug(struct kunit *test, struct model *model)
{
	unsigned int cpu = next_random(model, NR_TEST_CPUS);

	model->is_online[cpu] = !model->is_online[cpu];
	if (model->is_online[cpu])
		KUNIT_EXPECT_EQ(test, lanes_matrix_online(test->priv, cpu), 0);
	else
		KUNIT_EXPECT_EQ(test, lanes_matrix_offline(test->priv, cpu), 0);
}

/* Frees mostly miss, so that the matrix is nearly full most of the time. */
static void random_step(struct kunit *test, struct model *model)
{
	unsigned long cpus = 1 + next_random(model, all_cpus);
	unsigned int what = next_random(model, 100);

	if (what < 35)
		random_alloc(test, model, cpus, lanes_matrix_alloc,
			     LANES_VECTOR_AVAILABLE, LANES_VECTOR_ALLOCATED);
	else if (what < 45)
		random_reserve_managed(test, model, cpus);
	else if (what < 50)
		random_remove_managed(test, model, cpus);
	else if (what < 60)
		random_alloc(test, model, cpus, lanes_matrix_alloc_managed,
			     LANES_VECTOR_MANAGED,
			     LANES_VECTOR_MANAGED_ALLOCATED);
	else if (what < 97)
		random_free(test, model);
	else
		random_hotplug(test, model);
}

static void expect_like_model(struct kunit *test, const struct model *model)
{
	struct lanes_matrix_snapshot *s = take_snapshot(test);
	unsigned int cpu, state;

	for (cpu = 0; cpu < NR_TEST_CPUS; cpu++) {
		KUNIT_EXPECT_EQ(test, s->cpus[cpu].is_online,
				model->is_online[cpu]);
		for (state = 0; state < LANES_NR_VECTOR_STATES; state++)
			KUNIT_EXPECT_EQ(test, s->cpus[cpu].nr[state],
					model_count(model, cpu, state));
	}
	kvfree(s);
}

static void init_model(struct model *model)
{
	unsigned int cpu, vector;

	model->seed = 20261122;
	for (cpu = 0; cpu < NR_TEST_CPUS; cpu++) {
		model->is_online[cpu] = true;
		for (vector = 0; vector < LANES_MATRIX_VECTORS; vector++)
			model->state[cpu][vector] =
				vector < FIRST_VECTOR || vector > LAST_VECTOR ?
				LANES_VECTOR_SYSTEM : LANES_VECTOR_AVAILABLE;
	}
}

static void random_walk_keeps_to_model(struct kunit *test)
{
	static struct model model;
	unsigned int step;

	init_model(&model);
	for (step = 0; step < NR_RANDOM_STEPS; step++) {
		random_step(test, &model);
		if (step % 16)
			continue;
		expect_adds_up(test);
		expect_like_model(test, &model);
	}
}

static int lanes_matrix_test_init(struct kunit *test)
{
	unsigned int cpu;

	test->priv = lanes_matrix_create(NR_TEST_CPUS, FIRST_VECTOR,
					 LAST_VECTOR);
	if (IS_ERR(test->priv))
		return PTR_ERR(test->priv);
	for (cpu = 0; cpu < NR_TEST_CPUS; cpu++)
		lanes_matrix_online(test->priv, cpu);
	return 0;
}

static void lanes_matrix_test_exit(struct kunit *test)
{
	expect_adds_up(test);
	lanes_matrix_destroy(test->priv);
}

static struct kunit_case lanes_matrix_test_cases[] = {
	KUNIT_CASE(create_starts_offline_and_empty),
	KUNIT_CASE(create_rejects_bad_range),
	KUNIT_CASE(destroy_takes_null),
	KUNIT_CASE(alloc_takes_least_loaded_cpu),
	KUNIT_CASE(alloc_spreads_evenly),
	KUNIT_CASE(alloc_counts_managed_as_load),
	KUNIT_CASE(alloc_stays_within_mask),
	KUNIT_CASE(alloc_rejects_empty_mask),
	KUNIT_CASE(alloc_gives_each_vector_once),
	KUNIT_CASE(alloc_on_says_why_not),
	KUNIT_CASE(alloc_many_takes_all),
	KUNIT_CASE(alloc_many_gives_back_on_exhaustion),
	KUNIT_CASE(system_vector_is_never_given),
	KUNIT_CASE(system_refuses_what_is_taken),
	KUNIT_CASE(managed_is_reserved_on_each_cpu),
	KUNIT_CASE(managed_reserves_nothing_when_one_cpu_is_full),
	KUNIT_CASE(managed_survives_exhaustion_of_others),
	KUNIT_CASE(managed_alloc_takes_only_managed),
	KUNIT_CASE(managed_stays_reserved_when_freed),
	KUNIT_CASE(managed_remove_gives_back),
	KUNIT_CASE(managed_remove_refuses_what_is_allocated),
	KUNIT_CASE(free_makes_vector_available),
	KUNIT_CASE(free_twice_is_caught),
	KUNIT_CASE(free_rejects_what_was_never_given),
	KUNIT_CASE(offline_cpu_gives_nothing),
	KUNIT_CASE(offline_keeps_what_was_allocated),
	KUNIT_CASE(offline_lets_owner_move_away),
	KUNIT_CASE(online_and_offline_may_repeat),
	KUNIT_CASE(snapshot_does_not_follow),
	KUNIT_CASE(mask_may_span_words),
	KUNIT_CASE(random_walk_keeps_to_model),
	{}
};

static struct kunit_suite lanes_matrix_test_suite = {
	.name = "lanes_matrix",
	.init = lanes_matrix_test_init,
	.exit = lanes_matrix_test_exit,
	.test_cases = lanes_matrix_test_cases,
};
kunit_test_suite(lanes_matrix_test_suite);
