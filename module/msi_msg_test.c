// SPDX-License-Identifier: GPL-2.0
/*
 * What the composer and decoder of messages promise, as a KUnit suite. It runs
 * in the kernel and, as part of selftests/unit/msi_msg.c, on the host.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "msi_msg.h"

static void expect_composed(struct kunit *test,
			    const struct lanes_msi_route *route,
			    enum lanes_msi_format format, u32 address_hi,
			    u32 address_lo, u32 data)
{
	struct lanes_msi_message m;
	struct lanes_msi_route back;

	KUNIT_ASSERT_EQ(test, lanes_msi_compose(route, format, &m), 0);
	KUNIT_EXPECT_EQ(test, m.address_hi, address_hi);
	KUNIT_EXPECT_EQ(test, m.address_lo, address_lo);
	KUNIT_EXPECT_EQ(test, m.data, data);
	KUNIT_ASSERT_EQ(test, lanes_msi_decode(&m, format, &back), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&back, route, sizeof(back)), 0);
}

static int compose_error(const struct lanes_msi_route *route,
			 enum lanes_msi_format format)
{
	struct lanes_msi_message m;

	return lanes_msi_compose(route, format, &m);
}

static int decode_error(enum lanes_msi_format format, u32 address_hi,
			u32 address_lo, u32 data)
{
	const struct lanes_msi_message m = { address_lo, address_hi, data };
	struct lanes_msi_route route;

	return lanes_msi_decode(&m, format, &route);
}

/*
 * Routes are compared as bytes, so a case clears its own first: an initializer
 * need not clear what lies between the members.
 */
static struct lanes_msi_route *clear(struct lanes_msi_route *route)
{
	memset(route, 0, sizeof(*route));
	return route;
}

static void compat_has_destination_and_vector(struct kunit *test)
{
	struct lanes_msi_route r;

	clear(&r)->destination = 3;
	r.vector = 0x41;
	expect_composed(test, &r, LANES_MSI_COMPAT, 0, 0xfee03000, 0x41);
	r.destination = 0xff;
	r.is_logical = true;
	r.has_redirection_hint = true;
	r.delivery = LANES_DELIVERY_LOWEST;
	expect_composed(test, &r, LANES_MSI_COMPAT, 0, 0xfeeff00c, 0x141);
	r.is_level = true;
	r.is_asserted = true;
	expect_composed(test, &r, LANES_MSI_COMPAT, 0, 0xfeeff00c, 0xc141);
}

static void extended_has_fifteen_bits(struct kunit *test)
{
	struct lanes_msi_route r;

	clear(&r)->destination = 0x7fff;
	expect_composed(test, &r, LANES_MSI_EXTENDED, 0, 0xfeefffe0, 0);
	r.destination = 0x0102;
	expect_composed(test, &r, LANES_MSI_EXTENDED, 0, 0xfee02020, 0);
}

static void wide_has_the_rest_above(struct kunit *test)
{
	struct lanes_msi_route r;

	clear(&r)->destination = 0x12345678;
	r.vector = 0xeb;
	expect_composed(test, &r, LANES_MSI_WIDE, 0x12345600, 0xfee78000, 0xeb);
}

static void intel_has_a_handle(struct kunit *test)
{
	struct lanes_msi_route r;

	clear(&r)->handle = 0x10;
	r.has_subhandle = true;
	expect_composed(test, &r, LANES_MSI_INTEL_IR, 0, 0xfee00218, 0);
	r.handle = 0x8001;
	r.subhandle = 7;
	expect_composed(test, &r, LANES_MSI_INTEL_IR, 0, 0xfee0003c, 7);
	r.handle = 0xffff;
	r.subhandle = 0;
	r.has_subhandle = false;
	expect_composed(test, &r, LANES_MSI_INTEL_IR, 0, 0xfeeffff4, 0);
}

/* Bit for bit what a vector of CPU 0 looks like: only the domain can tell. */
static void amd_looks_like_compat(struct kunit *test)
{
	const struct lanes_msi_message m = { 0xfee00000, 0, 0x123 };
	struct lanes_msi_route r;

	clear(&r)->handle = 0x123;
	expect_composed(test, &r, LANES_MSI_AMD_IR, 0, 0xfee00000, 0x123);
	KUNIT_EXPECT_EQ(test, lanes_msi_decode(&m, LANES_MSI_COMPAT, &r), 0);
	KUNIT_EXPECT_EQ(test, r.vector, 0x23);
	KUNIT_EXPECT_EQ(test, r.handle, 0);
}

static void compose_refuses_what_does_not_fit(struct kunit *test)
{
	struct lanes_msi_route r;

	clear(&r)->destination = 0x100;
	KUNIT_EXPECT_EQ(test, compose_error(&r, LANES_MSI_COMPAT), -ERANGE);
	r.destination = 0x8000;
	KUNIT_EXPECT_EQ(test, compose_error(&r, LANES_MSI_EXTENDED), -ERANGE);
	r.destination = 0xffffffff;
	KUNIT_EXPECT_EQ(test, compose_error(&r, LANES_MSI_WIDE), 0);
	r.handle = 0x800;
	KUNIT_EXPECT_EQ(test, compose_error(&r, LANES_MSI_AMD_IR), -ERANGE);
	KUNIT_EXPECT_EQ(test, compose_error(&r, LANES_NR_MSI_FORMATS), -EINVAL);
	r.subhandle = 1;
	KUNIT_EXPECT_EQ(test, compose_error(&r, LANES_MSI_INTEL_IR), -EINVAL);
}

static void reserved_delivery_is_refused(struct kunit *test)
{
	struct lanes_msi_route r;

	clear(&r)->delivery = 3;
	KUNIT_EXPECT_EQ(test, compose_error(&r, LANES_MSI_COMPAT), -EINVAL);
	r.delivery = 6;
	KUNIT_EXPECT_EQ(test, compose_error(&r, LANES_MSI_WIDE), -EINVAL);
	r.delivery = 8;
	KUNIT_EXPECT_EQ(test, compose_error(&r, LANES_MSI_COMPAT), -EINVAL);
	KUNIT_EXPECT_EQ(test, decode_error(LANES_MSI_COMPAT, 0, 0xfee00000,
					   0x341), -EINVAL);
	r.delivery = LANES_DELIVERY_NMI;
	KUNIT_EXPECT_EQ(test, compose_error(&r, LANES_MSI_COMPAT), 0);
}

static void decode_refuses_other_addresses(struct kunit *test)
{
	static const enum lanes_msi_format formats[] = {
		LANES_MSI_COMPAT, LANES_MSI_EXTENDED, LANES_MSI_WIDE,
		LANES_MSI_INTEL_IR, LANES_MSI_AMD_IR,
	};
	unsigned int i;

	for (i = 0; i < LANES_NR_MSI_FORMATS; i++) {
		KUNIT_EXPECT_EQ(test, decode_error(formats[i], 0, 0, 0),
				-EINVAL);
		KUNIT_EXPECT_EQ(test, decode_error(formats[i], 0, 0xfef00010, 0),
				-EINVAL);
		KUNIT_EXPECT_EQ(test, decode_error(formats[i], 1, 0xfee00010, 0),
				-EINVAL);
	}
	KUNIT_EXPECT_EQ(test, decode_error(LANES_NR_MSI_FORMATS, 0, 0xfee00000,
					   0), -EINVAL);
}

static void decode_refuses_reserved_bits(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, decode_error(LANES_MSI_COMPAT, 0, 0xfee00001, 0),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, decode_error(LANES_MSI_COMPAT, 0, 0xfee00020, 0),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, decode_error(LANES_MSI_COMPAT, 0, 0xfee00000,
					   0x800), -EINVAL);
	KUNIT_EXPECT_EQ(test, decode_error(LANES_MSI_COMPAT, 0, 0xfee00000,
					   0x10000), -EINVAL);
	/* A remappable message is none in compatibility format, and back. */
	KUNIT_EXPECT_EQ(test, decode_error(LANES_MSI_COMPAT, 0, 0xfee00218, 0),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, decode_error(LANES_MSI_INTEL_IR, 0, 0xfee00208,
					   0), -EINVAL);
	KUNIT_EXPECT_EQ(test, decode_error(LANES_MSI_INTEL_IR, 0, 0xfee00210,
					   1), -EINVAL);
	KUNIT_EXPECT_EQ(test, decode_error(LANES_MSI_AMD_IR, 0, 0xfee00000,
					   0x800), -EINVAL);
	KUNIT_EXPECT_EQ(test, decode_error(LANES_MSI_AMD_IR, 0, 0xfee01000,
					   0x1), -EINVAL);
}

static struct kunit_case lanes_msi_msg_test_cases[] = {
	KUNIT_CASE(compat_has_destination_and_vector),
	KUNIT_CASE(extended_has_fifteen_bits),
	KUNIT_CASE(wide_has_the_rest_above),
	KUNIT_CASE(intel_has_a_handle),
	KUNIT_CASE(amd_looks_like_compat),
	KUNIT_CASE(compose_refuses_what_does_not_fit),
	KUNIT_CASE(reserved_delivery_is_refused),
	KUNIT_CASE(decode_refuses_other_addresses),
	KUNIT_CASE(decode_refuses_reserved_bits),
	{}
};

static struct kunit_suite lanes_msi_msg_test_suite = {
	.name = "lanes_msi_msg",
	.test_cases = lanes_msi_msg_test_cases,
};
kunit_test_suite(lanes_msi_msg_test_suite);
