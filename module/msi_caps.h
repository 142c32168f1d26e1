/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a PCI function says about its message-signalled interrupts. Shared by
 * msi_caps.c, which reads it out of configuration space, and walk.c.
 */
#ifndef __LANES_MSI_CAPS_H
#define __LANES_MSI_CAPS_H

#include <linux/types.h>
#include <uapi/lanes.h>

/* The part of configuration space in which capabilities are. */
#define LANES_CONFIG_BYTES 256

/**
 * struct lanes_msi_cap - the MSI capability
 * @is_present: whether there is one; nothing else is set if not
 * @is_enabled: whether the function raises interrupts so
 * @is_64bit: whether the address has an upper half
 * @has_masks: whether each vector can be masked; @masked and @pending are 0
 *	if not
 * @nr_offered: vectors it can have: 1, 2, 4, 8, 16 or 32
 * @nr_granted: vectors it was given
 * @message: the first vector's message; the number of the vector is added to it
 * @masked: a bit for each vector that is masked
 * @pending: a bit for each vector that waits for its mask to go
 */
struct lanes_msi_cap {
	bool is_present;
	bool is_enabled;
	bool is_64bit;
	bool has_masks;
	unsigned int nr_offered;
	unsigned int nr_granted;
	struct lanes_msi_message message;
	u32 masked;
	u32 pending;
};

/**
 * struct lanes_msix_cap - the MSI-X capability
 * @is_present: whether there is one; nothing else is set if not
 * @is_enabled: whether the function raises interrupts so
 * @is_masked: whether all vectors are masked at once
 * @nr_entries: entries of the table, 1 to 2048
 * @table_bar: which BAR the table is in, 0 to 5
 * @table_offset: where it begins there, in bytes
 * @pba_bar: which BAR the pending bits are in, 0 to 5
 * @pba_offset: where they begin there, in bytes
 */
struct lanes_msix_cap {
	bool is_present;
	bool is_enabled;
	bool is_masked;
	unsigned int nr_entries;
	unsigned int table_bar;
	u32 table_offset;
	unsigned int pba_bar;
	u32 pba_offset;
};

struct lanes_msi_caps {
	struct lanes_msi_cap msi;
	struct lanes_msix_cap msix;
};

int lanes_msi_caps_parse(const u8 *config, unsigned int config_bytes,
			 struct lanes_msi_caps *out_caps);
bool lanes_msix_table_fits(const struct lanes_msix_cap *cap, u64 bar_bytes);
bool lanes_msix_pba_fits(const struct lanes_msix_cap *cap, u64 bar_bytes);

#endif /* __LANES_MSI_CAPS_H */
