/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __SHIM_LINUX_SLAB_H
#define __SHIM_LINUX_SLAB_H

#include <stdbool.h>
#include <stdlib.h>

#include "spinlock.h"

#define GFP_KERNEL 0
#define struct_size(ptr, member, count) \
	(sizeof(*(ptr)) + (count) * sizeof(*(ptr)->member))

/* A test sets it to see what happens without memory. */
static bool shim_has_no_memory;

static inline void *kvzalloc(size_t size_bytes, int gfp)
{
	(void)gfp;
	shim_might_sleep();
	return shim_has_no_memory ? NULL : calloc(1, size_bytes);
}

static inline void kvfree(const void *ptr)
{
	shim_might_sleep();
	free((void *)ptr);
}

#endif /* __SHIM_LINUX_SLAB_H */
