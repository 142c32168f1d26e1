/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit's suites on the host: a module's *_test.c is included by a program of
 * selftests/unit whose main() is kunit_run_all(), and each case of its suites
 * becomes a KTAP line. An assertion that is not met leaves its case by
 * longjmp(); in the kernel it ends the case's thread.
 */
#ifndef __SHIM_KUNIT_TEST_H
#define __SHIM_KUNIT_TEST_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "../../../ktap.h"

#define GFP_KERNEL 0

struct kunit {
	void *priv;
	void *allocated;
	jmp_buf on_assert;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char *name;
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
	struct kunit_suite *next;
};

static struct kunit_suite *kunit_suites;

#define KUNIT_CASE(function) { .run_case = function, .name = #function }
#define kunit_test_suite(suite)						\
	__attribute__((constructor)) static void kunit_add_##suite(void) \
	{								\
		suite.next = kunit_suites;				\
		kunit_suites = &suite;					\
	}								\
	struct kunit_suite

#define KUNIT_SUCCEED(test) ((void)(test))
#define KUNIT_EXPECT_EQ(test, got, want) \
	((void)(test), (void)KTAP_EXPECT_EQ(got, want))
#define KUNIT_EXPECT_TRUE(test, condition) \
	((void)(test), (void)KTAP_EXPECT(condition))
#define KUNIT_EXPECT_FALSE(test, condition) \
	KUNIT_EXPECT_TRUE(test, !(condition))
#define KUNIT_ASSERT_EQ(test, got, want) \
	kunit_assert(test, KTAP_EXPECT_EQ(got, want))
#define KUNIT_ASSERT_FALSE(test, condition) \
	kunit_assert(test, KTAP_EXPECT(!(condition)))
#define KUNIT_ASSERT_NOT_NULL(test, ptr) \
	kunit_assert(test, KTAP_EXPECT((ptr) != NULL))

static inline void kunit_assert(struct kunit *test, bool is_met)
{
	if (!is_met)
		longjmp(test->on_assert, 1);
}

/* Memory that goes with the case; one piece is all that a case asks for. */
static inline void *kunit_kzalloc(struct kunit *test, size_t size_bytes, int gfp)
{
	(void)gfp;
	test->allocated = calloc(1, size_bytes);
	return test->allocated;
}

static inline void kunit_run_case(const struct kunit_suite *suite,
				  const struct kunit_case *c)
{
	struct kunit test = { 0 };

	ktap.is_failing = false;
	if (suite->init && !KTAP_EXPECT_EQ(suite->init(&test), 0))
		return ktap_not_ok(c->name);
	if (!setjmp(test.on_assert))
		c->run_case(&test);
	if (suite->exit)
		suite->exit(&test);
	free(test.allocated);
	if (ktap.is_failing)
		ktap_not_ok(c->name);
	else
		ktap_ok(c->name);
}

static inline unsigned int kunit_nr_cases(void)
{
	const struct kunit_suite *suite;
	const struct kunit_case *c;
	unsigned int nr_cases = 0;

	for (suite = kunit_suites; suite; suite = suite->next) {
		for (c = suite->test_cases; c->run_case; c++)
			nr_cases++;
	}
	return nr_cases;
}

/* Run each suite; what it returns is what main() should return. */
static inline int kunit_run_all(void)
{
	const struct kunit_suite *suite;
	const struct kunit_case *c;

	ktap_plan(kunit_nr_cases());
	for (suite = kunit_suites; suite; suite = suite->next) {
		for (c = suite->test_cases; c->run_case; c++)
			kunit_run_case(suite, c);
	}
	return ktap_finish();
}

#endif /* __SHIM_KUNIT_TEST_H */
