/* SPDX-License-Identifier: GPL-2.0 */
/* A value that does not fit into its field is a mistake here too. */
#ifndef __SHIM_LINUX_BITFIELD_H
#define __SHIM_LINUX_BITFIELD_H

#include <assert.h>

#define FIELD_MAX(mask) ((mask) >> __builtin_ctzl(mask))
#define FIELD_GET(mask, word) (((word) & (mask)) >> __builtin_ctzl(mask))
#define FIELD_PREP(mask, value) shim_field_prep(mask, value)

static inline unsigned long shim_field_prep(unsigned long mask,
					    unsigned long value)
{
	assert(value <= FIELD_MAX(mask));
	return value << __builtin_ctzl(mask);
}

#endif /* __SHIM_LINUX_BITFIELD_H */
