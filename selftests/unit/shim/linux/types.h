/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __SHIM_LINUX_TYPES_H
#define __SHIM_LINUX_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#ifndef __counted_by
#define __counted_by(member)
#endif

#endif /* __SHIM_LINUX_TYPES_H */
