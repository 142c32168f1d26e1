// SPDX-License-Identifier: GPL-2.0
/*
 * MSI and MSI-X capabilities, read out of an image of configuration space.
 *
 * Nothing here touches a device: what was read from one is looked at as bytes
 * that may be anything. A function may be broken or gone, and then its image is
 * all ones or nonsense, so every pointer is checked before it is followed. The
 * list of capabilities is:
 *
 *	0x06  status, bit 4: there is a list
 *	0x34  where the first one is (0x14 in a CardBus bridge)
 *
 * and each one has its kind, where the next one is, and what belongs to it. A
 * list is malformed that leaves the image, goes back to the header, or comes by
 * the same place twice; so is a capability that does not fit in or whose fields
 * have values that mean nothing. Reading ends there, and says so.
 *
 * Multi-byte fields are little-endian and, in a list that is well-formed,
 * aligned; they are put together from bytes, so that an odd image does no harm.
 */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/pci_regs.h>
#include <linux/string.h>

#include "msi_caps.h"

#define MSIX_ENTRY_BYTES 16
#define MSIX_BARS 6

/**
 * struct image - configuration space, as far as it is known
 * @bytes: what is in it
 * @nr_bytes: how much there is
 */
struct image {
	const u8 *bytes;
	unsigned int nr_bytes;
};

static bool holds(const struct image *image, unsigned int pos,
		  unsigned int nr_bytes)
{
	return pos <= image->nr_bytes && nr_bytes <= image->nr_bytes - pos;
}

static u16 get_u16(const struct image *image, unsigned int pos)
{
	return image->bytes[pos] | image->bytes[pos + 1] << 8;
}

static u32 get_u32(const struct image *image, unsigned int pos)
{
	return get_u16(image, pos) | (u32)get_u16(image, pos + 2) << 16;
}

/* Reads "log2 of a number of vectors", which goes up to 32; 0 if it does not. */
static unsigned int nr_vectors(u16 flags, u16 field)
{
	unsigned int log2 = (flags & field) / (field & -field);

	return log2 <= 5 ? 1 << log2 : 0;
}

/*
 * The registers follow each other, and each option moves those after it: the
 * upper half of the address, then data, then masks and pending bits.
 */
static int parse_msi(const struct image *image, unsigned int pos,
		     struct lanes_msi_cap *cap)
{
	unsigned int data_pos, nr_bytes;
	u16 flags;

	if (!holds(image, pos, PCI_MSI_DATA_32 + 2))
		return -EINVAL;
	flags = get_u16(image, pos + PCI_MSI_FLAGS);
	cap->is_64bit = flags & PCI_MSI_FLAGS_64BIT;
	cap->has_masks = flags & PCI_MSI_FLAGS_MASKBIT;
	data_pos = cap->is_64bit ? PCI_MSI_DATA_64 : PCI_MSI_DATA_32;
	nr_bytes = cap->has_masks ? data_pos + 12 : data_pos + 2;
	cap->nr_offered = nr_vectors(flags, PCI_MSI_FLAGS_QMASK);
	cap->nr_granted = nr_vectors(flags, PCI_MSI_FLAGS_QSIZE);
	if (!holds(image, pos, nr_bytes) || !cap->nr_offered ||
	    !cap->nr_granted || cap->nr_granted > cap->nr_offered)
		return -EINVAL;

	cap->is_present = true;
	cap->is_enabled = flags & PCI_MSI_FLAGS_ENABLE;
	cap->message.address_lo = get_u32(image, pos + PCI_MSI_ADDRESS_LO);
	if (cap->is_64bit)
		cap->message.address_hi =
			get_u32(image, pos + PCI_MSI_ADDRESS_HI);
	cap->message.data = get_u16(image, pos + data_pos);
	if (cap->has_masks) {
		cap->masked = get_u32(image, pos + data_pos + 4);
		cap->pending = get_u32(image, pos + data_pos + 8);
	}
	return 0;
}

static u64 table_bytes(const struct lanes_msix_cap *cap)
{
	return cap->nr_entries * MSIX_ENTRY_BYTES;
}

/* Pending bits are read eight bytes at a time. */
static u64 pba_bytes(const struct lanes_msix_cap *cap)
{
	return (cap->nr_entries + 63) / 64 * 8;
}

static bool table_overlaps_pba(const struct lanes_msix_cap *cap)
{
	return cap->table_bar == cap->pba_bar &&
	       cap->table_offset < cap->pba_offset + pba_bytes(cap) &&
	       cap->pba_offset < cap->table_offset + table_bytes(cap);
}

static int parse_msix(const struct image *image, unsigned int pos,
		      struct lanes_msix_cap *cap)
{
	u32 table, pba;
	u16 flags;

	if (!holds(image, pos, PCI_CAP_MSIX_SIZEOF))
		return -EINVAL;
	flags = get_u16(image, pos + PCI_MSIX_FLAGS);
	table = get_u32(image, pos + PCI_MSIX_TABLE);
	pba = get_u32(image, pos + PCI_MSIX_PBA);
	cap->is_enabled = flags & PCI_MSIX_FLAGS_ENABLE;
	cap->is_masked = flags & PCI_MSIX_FLAGS_MASKALL;
	cap->nr_entries = (flags & PCI_MSIX_FLAGS_QSIZE) + 1;
	cap->table_bar = table & PCI_MSIX_TABLE_BIR;
	cap->table_offset = table & PCI_MSIX_TABLE_OFFSET;
	cap->pba_bar = pba & PCI_MSIX_PBA_BIR;
	cap->pba_offset = pba & PCI_MSIX_PBA_OFFSET;
	if (cap->table_bar >= MSIX_BARS || cap->pba_bar >= MSIX_BARS ||
	    table_overlaps_pba(cap))
		return -EINVAL;

	cap->is_present = true;
	return 0;
}

/* The first capability of a kind counts; others of the same kind are passed. */
static int parse_one(const struct image *image, unsigned int pos,
		     struct lanes_msi_caps *caps)
{
	int err = 0;

	switch (image->bytes[pos + PCI_CAP_LIST_ID]) {
	case PCI_CAP_ID_MSI:
		if (caps->msi.is_present)
			break;
		err = parse_msi(image, pos, &caps->msi);
		if (err)
			memset(&caps->msi, 0, sizeof(caps->msi));
		break;
	case PCI_CAP_ID_MSIX:
		if (caps->msix.is_present)
			break;
		err = parse_msix(image, pos, &caps->msix);
		if (err)
			memset(&caps->msix, 0, sizeof(caps->msix));
		break;
	/* What a function that is gone reads as. */
	case 0xff:
		err = -EINVAL;
		break;
	}
	return err;
}

static unsigned int first_cap(const struct image *image)
{
	u8 type = image->bytes[PCI_HEADER_TYPE] & PCI_HEADER_TYPE_MASK;

	if (!(get_u16(image, PCI_STATUS) & PCI_STATUS_CAP_LIST))
		return 0;
	return image->bytes[type == PCI_HEADER_TYPE_CARDBUS ?
			    PCI_CB_CAPABILITY_LIST : PCI_CAPABILITY_LIST];
}

/**
 * lanes_msi_caps_parse - find what a function says about MSI and MSI-X
 * @config: an image of its configuration space
 * @config_bytes: how long that is; LANES_CONFIG_BYTES, or less if that is all
 * @out_caps: what was found, also on error as far as it went
 *
 * Context: any.
 * Return: 0, also where there is neither of them; -EINVAL when the image has no
 * header, or the list or one of both is malformed.
 */
int lanes_msi_caps_parse(const u8 *config, unsigned int config_bytes,
			 struct lanes_msi_caps *out_caps)
{
	const struct image image = { config, config_bytes };
	DECLARE_BITMAP(was_at, LANES_CONFIG_BYTES / 4) = { 0 };
	unsigned int pos;
	int err;

	memset(out_caps, 0, sizeof(*out_caps));
	if (!holds(&image, 0, PCI_STD_HEADER_SIZEOF) ||
	    config_bytes > LANES_CONFIG_BYTES)
		return -EINVAL;

	for (pos = first_cap(&image) & ~3; pos;
	     pos = config[pos + PCI_CAP_LIST_NEXT] & ~3) {
		if (pos < PCI_STD_HEADER_SIZEOF || !holds(&image, pos, 2) ||
		    test_bit(pos / 4, was_at))
			return -EINVAL;
		__set_bit(pos / 4, was_at);
		err = parse_one(&image, pos, out_caps);
		if (err)
			return err;
	}
	return 0;
}

/**
 * lanes_msix_table_fits - is the MSI-X table inside of its BAR?
 * @cap: the capability
 * @bar_bytes: size of the BAR it names
 *
 * Context: any.
 * Return: whether it is.
 */
bool lanes_msix_table_fits(const struct lanes_msix_cap *cap, u64 bar_bytes)
{
	return cap->table_offset + table_bytes(cap) <= bar_bytes;
}

/**
 * lanes_msix_pba_fits - are the pending bits inside of their BAR?
 * @cap: the capability
 * @bar_bytes: size of the BAR it names
 *
 * Context: any.
 * Return: whether they are.
 */
bool lanes_msix_pba_fits(const struct lanes_msix_cap *cap, u64 bar_bytes)
{
	return cap->pba_offset + pba_bytes(cap) <= bar_bytes;
}
