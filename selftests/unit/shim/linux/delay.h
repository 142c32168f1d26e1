/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __SHIM_LINUX_DELAY_H
#define __SHIM_LINUX_DELAY_H

#include <linux/jiffies.h>

static inline void usleep_range(unsigned long min_us, unsigned long max_us)
{
	(void)min_us;
	jiffies += (max_us + 999) / 1000;
}

#endif /* __SHIM_LINUX_DELAY_H */
