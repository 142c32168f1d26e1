/* SPDX-License-Identifier: GPL-2.0 */
/* Registers are what the test says they are. */
#ifndef __SHIM_LINUX_IO_H
#define __SHIM_LINUX_IO_H

#include <stdint.h>
#include <linux/types.h>

#define __iomem

uint32_t readl(const volatile void *address);
void writel(uint32_t value, volatile void *address);
void writeq(uint64_t value, volatile void *address);

#endif /* __SHIM_LINUX_IO_H */
