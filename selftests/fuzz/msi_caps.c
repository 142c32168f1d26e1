// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes may be configuration space. Besides what the sanitizers see: what
 * was found must make sense, and a longer image never means less.
 */
#include "../../module/msi_caps.c"

#include <stdlib.h>

static void require(bool holds_true)
{
	if (!holds_true)
		abort();
}

static void require_sane_msi(const struct lanes_msi_cap *cap)
{
	if (!cap->is_present)
		return;
	require(cap->nr_offered >= 1 && cap->nr_offered <= 32);
	require(cap->nr_granted >= 1 && cap->nr_granted <= cap->nr_offered);
	require(cap->has_masks || (!cap->masked && !cap->pending));
	require(cap->is_64bit || !cap->message.address_hi);
}

static void require_sane_msix(const struct lanes_msix_cap *cap)
{
	if (!cap->is_present)
		return;
	require(cap->nr_entries >= 1 && cap->nr_entries <= 2048);
	require(cap->table_bar < 6 && cap->pba_bar < 6);
	require(!lanes_msix_table_fits(cap, cap->table_offset));
	require(lanes_msix_pba_fits(cap, ~0ULL));
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t nr_bytes);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t nr_bytes)
{
	struct lanes_msi_caps caps;

	lanes_msi_caps_parse(bytes, nr_bytes, &caps);
	require_sane_msi(&caps.msi);
	require_sane_msix(&caps.msix);
	return 0;
}
