/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __SHIM_LINUX_BITS_H
#define __SHIM_LINUX_BITS_H

#define BIT(nr) (1UL << (nr))
#define GENMASK(high, low) (~0UL >> (63 - (high)) & ~0UL << (low))

#endif /* __SHIM_LINUX_BITS_H */
