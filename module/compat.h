/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels this module is built for; no other file of
 * it names a version. An entry goes when its older kernel leaves
 * selftests/kernels.
 */
#ifndef __LANES_COMPAT_H
#define __LANES_COMPAT_H

#include <linux/irq.h>
#include <linux/irqnr.h>
#include <linux/version.h>

/*
 * v6.14 turned "may be moved at once" from a flag of the interrupt into the
 * absence of a flag of its chip (IRQCHIP_MOVE_DEFERRED).
 */
static inline void lanes_irq_may_move_at_once(unsigned int irq)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
	irq_set_status_flags(irq, IRQ_MOVE_PCNTXT);
#endif
}

/* v6.13 put a function before the variable. */
static inline unsigned int lanes_nr_irqs(void)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
	return nr_irqs;
#else
	return irq_get_nr_irqs();
#endif
}

#endif /* __LANES_COMPAT_H */
