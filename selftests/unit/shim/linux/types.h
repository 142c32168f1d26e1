/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __SHIM_LINUX_TYPES_H
#define __SHIM_LINUX_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#ifndef __counted_by
#define __counted_by(member)
#endif

#endif /* __SHIM_LINUX_TYPES_H */
