/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where an interrupt of this machine really goes. Shared by live_irq.c, which
 * finds out, and the two views of it: walk.c and machine.c.
 */
#ifndef __LANES_LIVE_IRQ_H
#define __LANES_LIVE_IRQ_H

#include <linux/types.h>
#include <uapi/lanes.h>

struct irq_data;

/**
 * struct lanes_live_irq - an interrupt as the kernel has it at the moment
 * @data: its outermost irq_data
 * @cpu: the CPU it is delivered to
 * @vector: the vector it has there
 * @destination: how interrupt controllers call that CPU
 * @format: how its message is to be read
 */
struct lanes_live_irq {
	struct irq_data *data;
	unsigned int cpu;
	unsigned int vector;
	unsigned int destination;
	enum lanes_msi_format format;
};

bool lanes_live_irq_look(unsigned int irq,
			 void (*look)(const struct lanes_live_irq *live, void *arg),
			 void *arg);
int lanes_live_irq_compose(const struct lanes_live_irq *live, unsigned int index,
			   struct lanes_msi_message *out_message);

#endif /* __LANES_LIVE_IRQ_H */
