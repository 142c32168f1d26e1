// SPDX-License-Identifier: GPL-2.0
/*
 * What the reader of MSI capabilities promises, as a KUnit suite. It runs in
 * the kernel and, as part of selftests/unit/msi_caps.c, on the host.
 *
 * A case builds an image of configuration space, byte by byte as the PCI
 * specification has them, and asks what was read. Its malformed images are the
 * ways in which devices and fuzzers were wrong about it.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "msi_caps.h"

#define MSI_AT 0x50
#define MSIX_AT 0x70

struct caps_test {
	u8 config[LANES_CONFIG_BYTES];
	struct lanes_msi_caps caps;
};

static void put(struct kunit *test, unsigned int pos, unsigned int nr_bytes,
		u32 value)
{
	struct caps_test *t = test->priv;

	for (; nr_bytes--; value >>= 8)
		t->config[pos++] = value;
}

static int parse_bytes(struct kunit *test, unsigned int config_bytes)
{
	struct caps_test *t = test->priv;

	return lanes_msi_caps_parse(t->config, config_bytes, &t->caps);
}

static int parse(struct kunit *test)
{
	return parse_bytes(test, LANES_CONFIG_BYTES);
}

static const struct lanes_msi_cap *msi(struct kunit *test)
{
	return &((struct caps_test *)test->priv)->caps.msi;
}

static const struct lanes_msix_cap *msix(struct kunit *test)
{
	return &((struct caps_test *)test->priv)->caps.msix;
}

static void put_list(struct kunit *test, unsigned int first)
{
	put(test, 0x06, 2, 0x0010);
	put(test, 0x34, 1, first);
}

static void put_msi(struct kunit *test, unsigned int next, u16 flags)
{
	put(test, MSI_AT, 2, 0x05 | next << 8);
	put(test, MSI_AT + 2, 2, flags);
}

static void put_msix(struct kunit *test, u16 flags, u32 table, u32 pba)
{
	put(test, MSIX_AT, 2, 0x11);
	put(test, MSIX_AT + 2, 2, flags);
	put(test, MSIX_AT + 4, 4, table);
	put(test, MSIX_AT + 8, 4, pba);
}

static void no_list_has_no_caps(struct kunit *test)
{
	put_list(test, MSI_AT);
	put_msi(test, 0, 0x0001);
	put(test, 0x06, 2, 0);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	KUNIT_EXPECT_FALSE(test, msi(test)->is_present);
	KUNIT_EXPECT_FALSE(test, msix(test)->is_present);
}

static void plain_msi_has_short_address(struct kunit *test)
{
	put_list(test, MSI_AT);
	put_msi(test, 0, 0x0001);
	put(test, MSI_AT + 4, 4, 0xfee01004);
	put(test, MSI_AT + 8, 2, 0x4123);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	KUNIT_EXPECT_TRUE(test, msi(test)->is_present);
	KUNIT_EXPECT_TRUE(test, msi(test)->is_enabled);
	KUNIT_EXPECT_FALSE(test, msi(test)->is_64bit);
	KUNIT_EXPECT_FALSE(test, msi(test)->has_masks);
	KUNIT_EXPECT_EQ(test, msi(test)->nr_offered, 1);
	KUNIT_EXPECT_EQ(test, msi(test)->message.address_lo, 0xfee01004);
	KUNIT_EXPECT_EQ(test, msi(test)->message.address_hi, 0);
	KUNIT_EXPECT_EQ(test, msi(test)->message.data, 0x4123);
}

/* igb's: 64-bit, maskable, 1 of 1 vectors. */
static void wide_msi_has_masks_after_data(struct kunit *test)
{
	put_list(test, MSI_AT);
	put_msi(test, 0, 0x0180);
	put(test, MSI_AT + 4, 4, 0xfee00000);
	put(test, MSI_AT + 8, 4, 0x00000100);
	put(test, MSI_AT + 12, 4, 0xffff0022);
	put(test, MSI_AT + 16, 4, 0x00000001);
	put(test, MSI_AT + 20, 4, 0x80000000);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	KUNIT_EXPECT_FALSE(test, msi(test)->is_enabled);
	KUNIT_EXPECT_TRUE(test, msi(test)->is_64bit);
	KUNIT_EXPECT_TRUE(test, msi(test)->has_masks);
	KUNIT_EXPECT_EQ(test, msi(test)->message.address_hi, 0x100);
	KUNIT_EXPECT_EQ(test, msi(test)->message.data, 0x22);
	KUNIT_EXPECT_EQ(test, msi(test)->masked, 0x1);
	KUNIT_EXPECT_EQ(test, msi(test)->pending, 0x80000000);
}

static void short_msi_may_have_masks(struct kunit *test)
{
	put_list(test, MSI_AT);
	put_msi(test, 0, 0x0100);
	put(test, MSI_AT + 12, 4, 0x3);
	put(test, MSI_AT + 16, 4, 0x2);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	KUNIT_EXPECT_EQ(test, msi(test)->masked, 0x3);
	KUNIT_EXPECT_EQ(test, msi(test)->pending, 0x2);
}

static void msi_counts_vectors_by_powers(struct kunit *test)
{
	put_list(test, MSI_AT);
	put_msi(test, 0, 5 << 1 | 2 << 4);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	KUNIT_EXPECT_EQ(test, msi(test)->nr_offered, 32);
	KUNIT_EXPECT_EQ(test, msi(test)->nr_granted, 4);
}

static void msi_refuses_counts_that_mean_nothing(struct kunit *test)
{
	put_list(test, MSI_AT);
	put_msi(test, 0, 6 << 1);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
	KUNIT_EXPECT_FALSE(test, msi(test)->is_present);
	put_msi(test, 0, 5 << 1 | 7 << 4);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
	/* More granted than offered. */
	put_msi(test, 0, 1 << 1 | 2 << 4);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
}

static void msix_names_bars_and_offsets(struct kunit *test)
{
	put_list(test, MSIX_AT);
	put_msix(test, 0xc004, 0x00000003, 0x00002003);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	KUNIT_EXPECT_TRUE(test, msix(test)->is_present);
	KUNIT_EXPECT_TRUE(test, msix(test)->is_enabled);
	KUNIT_EXPECT_TRUE(test, msix(test)->is_masked);
	KUNIT_EXPECT_EQ(test, msix(test)->nr_entries, 5);
	KUNIT_EXPECT_EQ(test, msix(test)->table_bar, 3);
	KUNIT_EXPECT_EQ(test, msix(test)->table_offset, 0);
	KUNIT_EXPECT_EQ(test, msix(test)->pba_bar, 3);
	KUNIT_EXPECT_EQ(test, msix(test)->pba_offset, 0x2000);
}

static void msix_refuses_bars_that_do_not_exist(struct kunit *test)
{
	put_list(test, MSIX_AT);
	put_msix(test, 0, 6, 0x1000);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
	put_msix(test, 0, 0, 0x1007);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
	KUNIT_EXPECT_FALSE(test, msix(test)->is_present);
}

static void msix_refuses_table_over_pending_bits(struct kunit *test)
{
	put_list(test, MSIX_AT);
	/* 2048 entries are 32 KiB, and 256 bytes of pending bits. */
	put_msix(test, 0x7ff, 0, 0x7ff8);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
	put_msix(test, 0x7ff, 0, 0x8000);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	KUNIT_EXPECT_EQ(test, msix(test)->nr_entries, 2048);
	put_msix(test, 0x7ff, 0xf8, 0);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
	put_msix(test, 0x7ff, 0x100, 0);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	/* At the end of what 32 bits can say, sums must not wrap. */
	put_msix(test, 0x7ff, 0xfffffff8, 0x0);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
}

static void msix_fits_in_its_bar_or_not(struct kunit *test)
{
	put_list(test, MSIX_AT);
	put_msix(test, 4, 0x1000, 0x2000);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	KUNIT_EXPECT_FALSE(test, lanes_msix_table_fits(msix(test), 0));
	KUNIT_EXPECT_FALSE(test, lanes_msix_table_fits(msix(test), 0x104f));
	KUNIT_EXPECT_TRUE(test, lanes_msix_table_fits(msix(test), 0x1050));
	KUNIT_EXPECT_FALSE(test, lanes_msix_pba_fits(msix(test), 0x2007));
	KUNIT_EXPECT_TRUE(test, lanes_msix_pba_fits(msix(test), 0x2008));
}

static void both_are_found_behind_others(struct kunit *test)
{
	put_list(test, 0x40);
	put(test, 0x40, 2, 0x01 | MSI_AT << 8);
	put_msi(test, MSIX_AT, 0x0080);
	put_msix(test, 0, 0, 0x1000);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	KUNIT_EXPECT_TRUE(test, msi(test)->is_present);
	KUNIT_EXPECT_TRUE(test, msix(test)->is_present);
}

static void first_of_two_counts(struct kunit *test)
{
	put_list(test, MSI_AT);
	put_msi(test, 0x90, 0x0080);
	put(test, 0x90, 4, 0x0005 | 6 << 17);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	KUNIT_EXPECT_TRUE(test, msi(test)->is_64bit);
}

static void cardbus_has_its_list_elsewhere(struct kunit *test)
{
	put(test, 0x0e, 1, 0x82);
	put_list(test, 0xff);
	put(test, 0x14, 1, MSI_AT);
	put_msi(test, 0, 0);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	KUNIT_EXPECT_TRUE(test, msi(test)->is_present);
}

/* The two low bits of a pointer are reserved, and to be masked. */
static void pointers_are_rounded_down(struct kunit *test)
{
	put_list(test, MSI_AT | 3);
	put_msi(test, 0, 0);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	KUNIT_EXPECT_TRUE(test, msi(test)->is_present);
}

static void loop_is_left(struct kunit *test)
{
	put_list(test, MSI_AT);
	put_msi(test, MSIX_AT, 0);
	put_msix(test, 0, 0, 0x1000);
	put(test, MSIX_AT + 1, 1, MSI_AT);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
	/* What came before the mistake stays. */
	KUNIT_EXPECT_TRUE(test, msi(test)->is_present);
	KUNIT_EXPECT_TRUE(test, msix(test)->is_present);
	put_list(test, 0xa0);
	put(test, 0xa0, 2, 0x09 | 0xa0 << 8);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
}

static void pointer_into_header_is_not_followed(struct kunit *test)
{
	put_list(test, 0x3c);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
}

static void capability_must_fit_in(struct kunit *test)
{
	put_list(test, 0xf8);
	put(test, 0xf8, 4, 0x0005);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
	put(test, 0xf8, 4, 0x0011);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
	/* Masks make it 20 bytes, and with a long address 24. */
	put_list(test, 0xec);
	put(test, 0xec, 4, 0x0005 | 0x0100 << 16);
	KUNIT_EXPECT_EQ(test, parse(test), 0);
	put(test, 0xec, 4, 0x0005 | 0x0180 << 16);
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
}

static void image_may_end_early(struct kunit *test)
{
	put_list(test, MSI_AT);
	put_msi(test, 0, 0);
	KUNIT_EXPECT_EQ(test, parse_bytes(test, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, parse_bytes(test, 63), -EINVAL);
	KUNIT_EXPECT_EQ(test, parse_bytes(test, 64), -EINVAL);
	KUNIT_EXPECT_EQ(test, parse_bytes(test, MSI_AT + 9), -EINVAL);
	KUNIT_EXPECT_EQ(test, parse_bytes(test, MSI_AT + 10), 0);
	KUNIT_EXPECT_EQ(test, parse_bytes(test, LANES_CONFIG_BYTES + 1),
			-EINVAL);
}

static void function_that_is_gone_is_malformed(struct kunit *test)
{
	struct caps_test *t = test->priv;

	memset(t->config, 0xff, sizeof(t->config));
	KUNIT_EXPECT_EQ(test, parse(test), -EINVAL);
	KUNIT_EXPECT_FALSE(test, msi(test)->is_present);
}

static int lanes_msi_caps_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct caps_test), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static struct kunit_case lanes_msi_caps_test_cases[] = {
	KUNIT_CASE(no_list_has_no_caps),
	KUNIT_CASE(plain_msi_has_short_address),
	KUNIT_CASE(wide_msi_has_masks_after_data),
	KUNIT_CASE(short_msi_may_have_masks),
	KUNIT_CASE(msi_counts_vectors_by_powers),
	KUNIT_CASE(msi_refuses_counts_that_mean_nothing),
	KUNIT_CASE(msix_names_bars_and_offsets),
	KUNIT_CASE(msix_refuses_bars_that_do_not_exist),
	KUNIT_CASE(msix_refuses_table_over_pending_bits),
	KUNIT_CASE(msix_fits_in_its_bar_or_not),
	KUNIT_CASE(both_are_found_behind_others),
	KUNIT_CASE(first_of_two_counts),
	KUNIT_CASE(cardbus_has_its_list_elsewhere),
	KUNIT_CASE(pointers_are_rounded_down),
	KUNIT_CASE(loop_is_left),
	KUNIT_CASE(pointer_into_header_is_not_followed),
	KUNIT_CASE(capability_must_fit_in),
	KUNIT_CASE(image_may_end_early),
	KUNIT_CASE(function_that_is_gone_is_malformed),
	{}
};

static struct kunit_suite lanes_msi_caps_test_suite = {
	.name = "lanes_msi_caps",
	.init = lanes_msi_caps_test_init,
	.test_cases = lanes_msi_caps_test_cases,
};
kunit_test_suite(lanes_msi_caps_test_suite);
