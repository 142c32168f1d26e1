// SPDX-License-Identifier: GPL-2.0
/*
 * The machine's own vector matrix, as far as it can be seen from outside: which
 * vector of which CPU belongs to which interrupt, put together from the
 * interrupts themselves. The kernel's allocator is not asked; it tells nobody.
 */
#include <linux/cleanup.h>
#include <linux/cpumask.h>
#include <linux/irq.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <asm/irq_vectors.h>

#include "compat.h"
#include "lanes.h"
#include "live_irq.h"

static void note_owner(const struct lanes_live_irq *live, void *arg)
{
	struct lanes_vector_owner *owner = arg;

	owner->cpu = live->cpu;
	owner->vector = live->vector;
	owner->irq = live->data->irq;
}

int lanes_list_vectors_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_list_vectors *arg = data;
	struct lanes_vector_owner __user *user = u64_to_user_ptr(arg->owners);
	unsigned int room = arg->nr_owners, irq;

	arg->out_nr_cpus = nr_cpu_ids;
	arg->out_first_external = FIRST_EXTERNAL_VECTOR;
	arg->out_first_system = FIRST_SYSTEM_VECTOR;
	arg->nr_owners = 0;
	for (irq = 0; irq < lanes_nr_irqs(); irq++) {
		struct lanes_vector_owner owner = { 0 };

		if (!lanes_live_irq_look(irq, note_owner, &owner))
			continue;
		if (arg->nr_owners < room &&
		    copy_to_user(&user[arg->nr_owners], &owner, sizeof(owner)))
			return -EFAULT;
		arg->nr_owners++;
	}
	return 0;
}

/**
 * lanes_machine_show - list the vectors in use, one a line
 * @seq: where to
 *
 * Context: may sleep.
 */
void lanes_machine_show(struct seq_file *seq)
{
	unsigned int irq;

	seq_puts(seq, "# a snapshot: vectors of requested interrupts\n");
	seq_puts(seq, "cpu   vector  irq\n");
	for (irq = 0; irq < lanes_nr_irqs(); irq++) {
		struct lanes_vector_owner owner;

		if (lanes_live_irq_look(irq, note_owner, &owner))
			seq_printf(seq, "%-4u  %6u  %u\n", owner.cpu,
				   owner.vector, owner.irq);
	}
}
