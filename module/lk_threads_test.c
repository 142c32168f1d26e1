// SPDX-License-Identifier: GPL-2.0
/* KUnit: the scenarios of lk_scenarios.c, each one a parameter of the one case. */
#include <kunit/test.h>

#include "lk_scenarios.h"

KUNIT_ARRAY_PARAM_DESC(scenario, lk_scenarios, name);

static void lk_keeps_its_promise(struct kunit *test)
{
	struct lanes_lk_run out = { 0 };

	lk_scenario_try(test->param_value, &out);
	KUNIT_EXPECT_GT(test, out.out_expectations, 0);
	KUNIT_EXPECT_EQ_MSG(test, out.out_failures, 0, "%s", out.out_message);
	kunit_info(test, "%s: %s", out.out_row, out.out_message);
}

static struct kunit_case lk_threads_test_cases[] = {
	KUNIT_CASE_PARAM(lk_keeps_its_promise, scenario_gen_params),
	{}
};

static struct kunit_suite lk_threads_test_suite = {
	.name = "lanes_lk_threads",
	.test_cases = lk_threads_test_cases,
};
kunit_test_suite(lk_threads_test_suite);
