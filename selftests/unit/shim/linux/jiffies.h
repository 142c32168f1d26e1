/* SPDX-License-Identifier: GPL-2.0 */
/* Time passes while one sleeps. */
#ifndef __SHIM_LINUX_JIFFIES_H
#define __SHIM_LINUX_JIFFIES_H

#define HZ 1000
#define time_after(a, b) ((long)((b) - (a)) < 0)

static unsigned long jiffies;

#endif /* __SHIM_LINUX_JIFFIES_H */
