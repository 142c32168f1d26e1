/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KTAP for the test programs written in C: the unit tests on the host and
 * the programs run in a VM.
 *
 * A test file is a list of claims:
 *
 *	#include "../ktap.h"
 *
 *	KTAP_TEST(halves_round_down, "half of an odd number is rounded down")
 *	{
 *		KTAP_EXPECT_EQ(half_of(7), 3);
 *	}
 *
 *	KTAP_TEST(reads_the_clock, "the clock never goes back")
 *	{
 *		if (!has_clock())
 *			return ktap_skip("no clock in this machine");
 *		...
 *	}
 *
 *	KTAP_MAIN()
 *
 * Claims run in the order of the file. An expectation that is not met is
 * reported with its place and the claim goes on; each one returns whether it
 * was met, so "if (!KTAP_EXPECT(p)) return;" ends a claim early. No macro here
 * hides a return.
 *
 * The exit status is 0 when nothing failed, 1 when something did, and 4 when
 * every claim was skipped. All state is static: one file of a program includes
 * this header.
 */
#ifndef __LANES_KTAP_H
#define __LANES_KTAP_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	KTAP_EXIT_PASS = 0,
	KTAP_EXIT_FAIL = 1,
	KTAP_EXIT_SKIP = 4,
};

struct ktap_test {
	const char *name;
	const char *description;
	void (*run)(void);
	struct ktap_test *next;
};

static struct {
	struct ktap_test *first;
	struct ktap_test **tail;
	unsigned int nr_passed;
	unsigned int nr_failed;
	unsigned int nr_skipped;
	bool is_failing;
	bool is_skipped;
	char reason[256];
} ktap;

/*
 * The plain lines, for a program whose results are not a list of functions:
 * ktap_plan() once, one ktap_ok(), ktap_not_ok() or ktap_skipped() a result,
 * and "return ktap_finish();".
 */

static inline void ktap_plan(unsigned int nr_results)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n1..%u\n", nr_results);
}

static inline unsigned int ktap_nr_results(void)
{
	return ktap.nr_passed + ktap.nr_failed + ktap.nr_skipped;
}

static inline void ktap_ok(const char *name)
{
	ktap.nr_passed++;
	printf("ok %u %s\n", ktap_nr_results(), name);
}

static inline void ktap_not_ok(const char *name)
{
	ktap.nr_failed++;
	printf("not ok %u %s\n", ktap_nr_results(), name);
}

static inline void ktap_skipped(const char *name, const char *reason)
{
	ktap.nr_skipped++;
	printf("ok %u %s # SKIP %s\n", ktap_nr_results(), name, reason);
}

__attribute__((format(printf, 1, 2)))
static inline void ktap_diag(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("# ");
	vprintf(format, args);
	printf("\n");
	va_end(args);
}

/* Print the totals; what it returns is what main() should return. */
static inline int ktap_finish(void)
{
	printf("# Totals: pass:%u fail:%u skip:%u\n",
	       ktap.nr_passed, ktap.nr_failed, ktap.nr_skipped);
	if (ktap.nr_failed)
		return KTAP_EXIT_FAIL;
	if (ktap.nr_skipped && !ktap.nr_passed)
		return KTAP_EXIT_SKIP;
	return KTAP_EXIT_PASS;
}

/* Inside a claim: it says nothing here, and why. Return after it. */
__attribute__((format(printf, 1, 2)))
static inline void ktap_skip(const char *format, ...)
{
	va_list args;

	ktap.is_skipped = true;
	va_start(args, format);
	vsnprintf(ktap.reason, sizeof(ktap.reason), format, args);
	va_end(args);
}

static inline bool ktap_expect(bool is_met, const char *file, int line,
			       const char *text)
{
	if (is_met)
		return true;
	ktap.is_failing = true;
	ktap_diag("%s:%d: expected %s", file, line, text);
	return false;
}

static inline bool ktap_expect_eq(long long got, long long want,
				  const char *file, int line, const char *text)
{
	if (ktap_expect(got == want, file, line, text))
		return true;
	ktap_diag("  got %lld, want %lld", got, want);
	return false;
}

static inline bool ktap_expect_near(double got, double want, double margin,
				    const char *file, int line, const char *text)
{
	if (ktap_expect(fabs(got - want) <= margin, file, line, text))
		return true;
	ktap_diag("  got %g, want %g within %g", got, want, margin);
	return false;
}

static inline bool ktap_expect_streq(const char *got, const char *want,
				     const char *file, int line, const char *text)
{
	if (ktap_expect(got && want && !strcmp(got, want), file, line, text))
		return true;
	ktap_diag("  got \"%s\", want \"%s\"", got ? got : "(null)",
		  want ? want : "(null)");
	return false;
}

/* Each argument is evaluated once. */
#define KTAP_EXPECT(condition) \
	ktap_expect(condition, __FILE__, __LINE__, #condition)
#define KTAP_EXPECT_EQ(got, want) \
	ktap_expect_eq(got, want, __FILE__, __LINE__, #got " == " #want)
#define KTAP_EXPECT_NEAR(got, want, margin) \
	ktap_expect_near(got, want, margin, __FILE__, __LINE__, \
			 #got " near " #want)
#define KTAP_EXPECT_STREQ(got, want) \
	ktap_expect_streq(got, want, __FILE__, __LINE__, #got " is " #want)

static inline void ktap_register(struct ktap_test *test)
{
	if (!ktap.tail)
		ktap.tail = &ktap.first;
	*ktap.tail = test;
	ktap.tail = &test->next;
}

/*
 * Lines "CLAIM REASON" of the file LANES_TEST_DIFFERS: claims that are not asked this
 * time. Return: whether this is one, with the reason as that of skipping it.
 */
static inline bool ktap_differs(const char *name)
{
	const char *path = getenv("LANES_TEST_DIFFERS");
	FILE *f = path ? fopen(path, "r") : NULL;
	size_t len = strlen(name);
	char line[sizeof(ktap.reason)];
	bool is_found = false;

	while (f && !is_found && fgets(line, sizeof(line), f))
		is_found = !strncmp(line, name, len) && line[len] == ' ';
	if (is_found)
		ktap_skip("%.*s", (int)strcspn(line + len + 1, "\n"), line + len + 1);
	if (f)
		fclose(f);
	return is_found;
}

static inline void ktap_run(const struct ktap_test *test)
{
	ktap.is_failing = false;
	ktap.is_skipped = false;
	if (!ktap_differs(test->name))
		test->run();
	if (ktap.is_failing) {
		ktap_diag("%s: %s", test->name, test->description);
		ktap_not_ok(test->name);
	} else if (ktap.is_skipped) {
		ktap_skipped(test->name, ktap.reason);
	} else {
		ktap_ok(test->name);
	}
}

static inline int ktap_run_all(void)
{
	const struct ktap_test *test;
	unsigned int nr = 0;

	for (test = ktap.first; test; test = test->next)
		nr++;
	ktap_plan(nr);
	for (test = ktap.first; test; test = test->next)
		ktap_run(test);
	return ktap_finish();
}

/* A claim: a name for machines, a sentence for people, and its body. */
#define KTAP_TEST(claim, sentence)					\
	static void claim(void);					\
	__attribute__((constructor)) static void ktap_register_##claim(void) \
	{								\
		static struct ktap_test test = {			\
			.name = #claim,					\
			.description = sentence,			\
			.run = claim,					\
		};							\
									\
		ktap_register(&test);					\
	}								\
	static void claim(void)

#define KTAP_MAIN()			\
	int main(void)			\
	{				\
		return ktap_run_all();	\
	}

#endif /* __LANES_KTAP_H */
