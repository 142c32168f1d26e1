// SPDX-License-Identifier: GPL-2.0
/*
 * The module's vector matrix on the host: matrix.c itself, and its KUnit suite
 * itself, over a shim of the kernel's headers. Built with ASan and UBSan, and
 * with locks that notice a missing or a doubled one:
 *
 *	cc -fsanitize=address,undefined -I selftests/unit/shim \
 *	   selftests/unit/matrix.c
 *
 * What only the host can ask is a suite of its own below.
 */
#include "../../module/matrix.c"
#include "../../module/matrix_test.c"

static void create_says_when_there_is_no_memory(struct kunit *test)
{
	shim_has_no_memory = true;
	KUNIT_EXPECT_EQ(test,
			PTR_ERR(lanes_matrix_create(4, FIRST_VECTOR, LAST_VECTOR)),
			-ENOMEM);
	shim_has_no_memory = false;
}

static void snapshot_says_when_there_is_no_memory(struct kunit *test)
{
	shim_has_no_memory = true;
	KUNIT_EXPECT_FALSE(test, lanes_matrix_snapshot(test->priv));
	shim_has_no_memory = false;
}

static struct kunit_case host_cases[] = {
	KUNIT_CASE(create_says_when_there_is_no_memory),
	KUNIT_CASE(snapshot_says_when_there_is_no_memory),
	{}
};

static struct kunit_suite host_suite = {
	.name = "lanes_matrix_host",
	.init = lanes_matrix_test_init,
	.exit = lanes_matrix_test_exit,
	.test_cases = host_cases,
};
kunit_test_suite(host_suite);

int main(void)
{
	return kunit_run_all();
}
