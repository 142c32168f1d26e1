// SPDX-License-Identifier: GPL-2.0
/*
 * An interrupt of this machine, looked at while it cannot change.
 *
 * Interrupts come and go, and what hangs from their descriptors (the irq_data
 * of each domain, the vector's configuration, the MSI descriptor) is freed
 * without a grace period. What makes it safe to look is this: an interrupt that
 * is requested has an action; taking the action away, and moving the interrupt
 * to another CPU, needs the descriptor's lock; and everything is freed only
 * when there is no action any more. So with the lock held and an action there,
 * all of it stays. RCU keeps the descriptor itself from when it is found until
 * it is locked.
 *
 * Interrupts that are allocated but not requested are therefore not seen here.
 * They raise none either.
 */
#include <linux/cleanup.h>
#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include <asm/apic.h>
#include <asm/hw_irq.h>
#include <asm/irqdomain.h>

#include "live_irq.h"
#include "msi_msg.h"

/* The irq_data of @data's domains whose domain's name begins so, or NULL. */
static struct irq_data *find_domain(struct irq_data *data, const char *prefix)
{
	for (; data; data = data->parent_data) {
		if (data->domain && data->domain->name &&
		    strstarts(data->domain->name, prefix))
			return data;
	}
	return NULL;
}

static struct irq_data *innermost(struct irq_data *data)
{
	while (data->parent_data)
		data = data->parent_data;
	return data;
}

/* Bits cannot tell AMD's messages from plain ones, so names have to. */
static enum lanes_msi_format format_of(struct irq_data *data,
				       unsigned int destination)
{
	if (find_domain(data, "INTEL-IR"))
		return LANES_MSI_INTEL_IR;
	if (find_domain(data, "AMD-IR"))
		return LANES_MSI_AMD_IR;
	return destination > 0xff ? LANES_MSI_EXTENDED : LANES_MSI_COMPAT;
}

/* False where the interrupt has no vector of an x86 CPU: it is not our kind. */
static bool describe(struct irq_data *data, struct lanes_live_irq *live)
{
	const struct irq_cfg *cfg;

	if (innermost(data)->domain != x86_vector_domain)
		return false;
	cfg = irqd_cfg(data);
	/* Managed, with all its CPUs offline: it has none until one is back. */
	if (!cfg || !cfg->vector || cfg->vector == MANAGED_IRQ_SHUTDOWN_VECTOR)
		return false;
	live->data = data;
	live->cpu = cpumask_first(irq_data_get_effective_affinity_mask(data));
	live->vector = cfg->vector;
	live->destination = cfg->dest_apicid;
	live->format = format_of(data, cfg->dest_apicid);
	return true;
}

/**
 * lanes_live_irq_look - look at an interrupt while it stays as it is
 * @irq: Linux's number of it; there need not be one
 * @look: called with the descriptor's raw lock held and interrupts off
 * @arg: passed to @look
 *
 * Context: any, but not with a descriptor's lock held.
 * Return: whether @look was called: the interrupt is requested and has a vector.
 */
bool lanes_live_irq_look(unsigned int irq,
			 void (*look)(const struct lanes_live_irq *live, void *arg),
			 void *arg)
{
	struct lanes_live_irq live;
	struct irq_data *data;
	struct irq_desc *desc;

	guard(rcu)();
	data = irq_get_irq_data(irq);
	if (!data)
		return false;
	desc = irq_data_to_desc(data);
	guard(raw_spinlock_irqsave)(&desc->lock);
	if (!desc->action || !describe(data, &live))
		return false;
	look(&live, arg);
	return true;
}

/**
 * lanes_live_irq_compose - what an interrupt's message has to be
 * @live: the interrupt
 * @index: which of several vectors that share one message it is; mostly 0
 * @out_message: the message; undefined on error
 *
 * Nothing of it comes from the message that was programmed: under Intel's
 * interrupt remapping the handle is the number the interrupt has in that
 * domain, otherwise CPU and vector say it all.
 *
 * Context: from within lanes_live_irq_look().
 * Return: 0; -EOPNOTSUPP with AMD's remapping, whose indices are known to its
 * driver only; -ERANGE when there is no message for it.
 */
int lanes_live_irq_compose(const struct lanes_live_irq *live, unsigned int index,
			   struct lanes_msi_message *out_message)
{
	struct lanes_msi_route route = { 0 };
	struct irq_data *remapped;

	switch (live->format) {
	case LANES_MSI_AMD_IR:
		return -EOPNOTSUPP;
	case LANES_MSI_INTEL_IR:
		remapped = find_domain(live->data, "INTEL-IR");
		route.handle = remapped->hwirq >> 16;
		route.has_subhandle = true;
		route.subhandle = index;
		break;
	default:
		route.destination = live->destination;
		route.is_logical = apic->dest_mode_logical;
		route.vector = live->vector;
		break;
	}
	return lanes_msi_compose(&route, live->format, out_message);
}
