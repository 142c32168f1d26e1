// SPDX-License-Identifier: GPL-2.0
/*
 * A bus without hardware, whose interrupts are delivered through the matrix.
 *
 * To Linux the bus is an interrupt domain that is the parent of MSI domains,
 * like the x86 vector domain is of PCI's. A software device (one for each
 * LANES_MSI_CREATE) gets its interrupts the way any platform device with MSIs
 * does; everything between request_irq() and the handler is the kernel's:
 *
 *	                  kernel                              here
 *	request_irq()     per-device MSI domain  -> domain:   a vector of the matrix
 *	                  compose, write         -> entry:    address and data
 *	ring                                        entry  -> decode -> CPU, vector
 *	                                            -> soft_cpu.pending, kick
 *	handler           handle_edge_irq()      <-  hard irq of that CPU
 *
 * The pending bits of a CPU are what the IRR of a local APIC is. A kick is an
 * IPI whose handler queues irq_work on the spot; the work's own interrupt then
 * delivers. The detour is needed because a CPU that leaves idle runs the IPI's
 * handler outside of hard-irq context.
 *
 * No interrupt is lost or delivered twice when it moves. A ring holds the
 * entry's lock from reading the message until its pending bit is set, and the
 * message changes under that lock only. So once a new message is written nobody
 * is on the way to the old vector, and what is pending there is taken along to
 * the new one; only then is the old vector given back.
 *
 * A message may name a CPU that has gone offline: when no vector was left
 * elsewhere as it went. The bit then waits until the interrupt is moved, or the
 * CPU is back.
 *
 * Order of locks: the interrupt descriptor's, entry->lock, soft_cpu.lock. The
 * last one is not held while a handler runs.
 */
#include <linux/bitmap.h>
#include <linux/cleanup.h>
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/percpu.h>
#include <linux/platform_device.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "compat.h"
#include "lanes.h"
#include "matrix.h"
#include "msi_msg.h"
#include "source.h"
#include "trace.h"

#define MAX_VECTORS 512

/**
 * struct soft_cpu - what a CPU has of the bus
 * @lock: protects @pending and @irqs
 * @pending: vectors that are to be delivered
 * @irqs: for each vector Linux's number of its interrupt, or 0
 * @kick: brings the CPU to queue @work
 * @is_kicked: it is on its way. The core leaves it to us that no two CPUs queue
 *	the same call at a time; it would corrupt the target's list
 * @work: delivers what is pending
 * @nr_delivered: interrupts delivered here
 * @nr_stale: rings that named this CPU when it was offline
 * @nr_moved: pending interrupts that were taken along from here
 * @nr_spurious: deliveries that found no interrupt for the vector
 */
struct soft_cpu {
	raw_spinlock_t lock;
	DECLARE_BITMAP(pending, LANES_MATRIX_VECTORS);
	unsigned int irqs[LANES_MATRIX_VECTORS];
	call_single_data_t kick;
	atomic_t is_kicked;
	struct irq_work work;
	unsigned long nr_delivered;
	atomic_long_t nr_stale;
	atomic_long_t nr_moved;
	unsigned long nr_spurious;
};

/**
 * struct soft_entry - a vector of a software device
 * @lock: protects the rest, but @now and @before, which the interrupt
 *	descriptor's lock does
 * @message: what a ring writes
 * @is_masked: a ring has to wait
 * @is_pending: one does
 * @has_moved: @before is still to be given back
 * @now: the vector that the interrupt has
 * @before: the one it had
 */
struct soft_entry {
	raw_spinlock_t lock;
	struct lanes_msi_message message;
	bool is_masked;
	bool is_pending;
	bool has_moved;
	struct lanes_vector now;
	struct lanes_vector before;
};

/**
 * struct soft_device - a device that is all software
 * @pdev: what Linux sees of it
 * @nr_entries: entries of @entries
 * @entries: its vectors
 */
struct soft_device {
	struct platform_device *pdev;
	unsigned int nr_entries;
	struct soft_entry entries[] __counted_by(nr_entries);
};

static struct soft_cpu __percpu *soft_cpus;
static struct fwnode_handle *bus_fwnode;
static struct irq_domain *bus_domain;

static struct soft_cpu *soft_cpu(unsigned int cpu)
{
	return per_cpu_ptr(soft_cpus, cpu);
}

/* The interrupt of the first pending vector from *@vector on; not pending now. */
static bool take_pending(struct soft_cpu *c, unsigned int *vector,
			 unsigned int *out_irq)
{
	guard(raw_spinlock_irqsave)(&c->lock);
	*vector = find_next_bit(c->pending, LANES_MATRIX_VECTORS, *vector);
	if (*vector == LANES_MATRIX_VECTORS)
		return false;
	__clear_bit(*vector, c->pending);
	*out_irq = c->irqs[*vector];
	return true;
}

/*
 * One pass: what becomes pending behind us has its own kick, so that a device
 * which rings without end cannot keep the CPU here.
 */
static void deliver_pending(struct irq_work *work)
{
	struct soft_cpu *c = container_of(work, struct soft_cpu, work);
	unsigned int vector = 0, irq;

	for (; take_pending(c, &vector, &irq); vector++) {
		if (!irq || generic_handle_irq(irq))
			c->nr_spurious++;
		else
			c->nr_delivered++;
	}
}

static void queue_delivery(void *info)
{
	struct soft_cpu *c = info;

	atomic_set_release(&c->is_kicked, 0);
	irq_work_queue(&c->work);
}

/*
 * With interrupts off, so that an online CPU stays online. A kick that is on its
 * way already will find what is pending.
 */
static void kick(unsigned int cpu)
{
	struct soft_cpu *c = soft_cpu(cpu);

	lockdep_assert_irqs_disabled();
	if (!cpu_online(cpu))
		atomic_long_inc(&c->nr_stale);
	else if (!atomic_xchg(&c->is_kicked, 1))
		WARN_ON_ONCE(smp_call_function_single_async(cpu, &c->kick));
}

static void nothing(void *info)
{
}

/* Kicks are carried out in order, so one that is waited for ends them all. */
static void await_kicks(void)
{
	unsigned int cpu;

	guard(cpus_read_lock)();
	for_each_online_cpu(cpu)
		smp_call_function_single(cpu, nothing, NULL, true);
	for_each_possible_cpu(cpu)
		irq_work_sync(&soft_cpu(cpu)->work);
}

/* Returns whether it was pending before. */
static bool post(struct lanes_vector to)
{
	struct soft_cpu *c = soft_cpu(to.cpu);
	bool was_pending;

	scoped_guard(raw_spinlock_irqsave, &c->lock)
		was_pending = __test_and_set_bit(to.vector, c->pending);
	kick(to.cpu);
	return was_pending;
}

static void set_irq(struct lanes_vector v, unsigned int irq)
{
	struct soft_cpu *c = soft_cpu(v.cpu);

	guard(raw_spinlock_irqsave)(&c->lock);
	c->irqs[v.vector] = irq;
}

/* Returns whether something was pending there. */
static bool clear_irq(struct lanes_vector v)
{
	struct soft_cpu *c = soft_cpu(v.cpu);

	guard(raw_spinlock_irqsave)(&c->lock);
	c->irqs[v.vector] = 0;
	return __test_and_clear_bit(v.vector, c->pending);
}

static int post_message(const struct lanes_msi_message *message)
{
	struct lanes_msi_route route;

	if (lanes_msi_decode(message, LANES_MSI_WIDE, &route) ||
	    !cpu_possible(route.destination))
		return -ENXIO;
	return post((struct lanes_vector){ route.destination, route.vector });
}

/* A device's doorbell: 1 when it was pending, 0 when not, or an errno. */
static int ring_entry(struct soft_entry *e)
{
	bool was_pending;

	guard(raw_spinlock_irqsave)(&e->lock);
	if (!e->is_masked)
		return post_message(&e->message);
	was_pending = e->is_pending;
	e->is_pending = true;
	return was_pending;
}

static void chip_mask(struct irq_data *data)
{
	struct soft_entry *e = irq_data_get_irq_chip_data(data);

	guard(raw_spinlock_irqsave)(&e->lock);
	e->is_masked = true;
}

static void chip_unmask(struct irq_data *data)
{
	struct soft_entry *e = irq_data_get_irq_chip_data(data);

	guard(raw_spinlock_irqsave)(&e->lock);
	e->is_masked = false;
	if (e->is_pending)
		post_message(&e->message);
	e->is_pending = false;
}

/* The pending bit was cleared when the interrupt was delivered. */
static void chip_ack(struct irq_data *data)
{
}

static int chip_retrigger(struct irq_data *data)
{
	struct soft_entry *e = irq_data_get_irq_chip_data(data);

	post(e->now);
	return 1;
}

static void chip_compose(struct irq_data *data, struct msi_msg *msg)
{
	struct soft_entry *e = irq_data_get_irq_chip_data(data);
	const struct lanes_msi_route route = {
		.destination = e->now.cpu,
		.vector = e->now.vector,
	};
	struct lanes_msi_message message;

	lanes_msi_compose(&route, LANES_MSI_WIDE, &message);
	msg->address_lo = message.address_lo;
	msg->address_hi = message.address_hi;
	msg->data = message.data;
}

/*
 * The old vector stays alive until the new message is written, which the core
 * does next, in write_message().
 */
static int chip_set_affinity(struct irq_data *data, const struct cpumask *mask,
			     bool force)
{
	struct soft_entry *e = irq_data_get_irq_chip_data(data);
	struct lanes_vector to;
	int err;

	if (cpu_online(e->now.cpu) && cpumask_test_cpu(e->now.cpu, mask))
		return IRQ_SET_MASK_OK;
	err = lanes_matrix_alloc(lanes_matrix, cpumask_bits(mask), &to);
	if (err)
		return err;
	set_irq(to, data->irq);
	e->before = e->now;
	e->now = to;
	e->has_moved = true;
	irq_data_update_effective_affinity(data, cpumask_of(to.cpu));
	return IRQ_SET_MASK_OK;
}

static struct irq_chip bus_chip = {
	.name = "LANES",
	.irq_ack = chip_ack,
	.irq_mask = chip_mask,
	.irq_unmask = chip_unmask,
	.irq_retrigger = chip_retrigger,
	.irq_compose_msi_msg = chip_compose,
	.irq_set_affinity = chip_set_affinity,
};

static void leave_old_vector(struct soft_entry *e)
{
	bool was_pending = clear_irq(e->before);

	e->has_moved = false;
	lanes_matrix_free(lanes_matrix, e->before);
	trace_lanes_msi_move(e->before, e->now, was_pending);
	if (!was_pending)
		return;
	atomic_long_inc(&soft_cpu(e->before.cpu)->nr_moved);
	post(e->now);
}

/* The device's table is written: by the core, with the descriptor locked. */
static void write_message(struct msi_desc *desc, struct msi_msg *msg)
{
	struct soft_device *device = dev_get_drvdata(desc->dev);
	struct soft_entry *e = &device->entries[desc->msi_index];

	desc->msg = *msg;
	scoped_guard(raw_spinlock_irqsave, &e->lock) {
		e->message.address_lo = msg->address_lo;
		e->message.address_hi = msg->address_hi;
		e->message.data = msg->data;
	}
	if (e->has_moved)
		leave_old_vector(e);
}

/* MSI domains of the kernel's ask for one interrupt at a time. */
static int bus_alloc(struct irq_domain *domain, unsigned int irq,
		     unsigned int nr_irqs, void *arg)
{
	const msi_alloc_info_t *info = arg;
	struct soft_device *device = dev_get_drvdata(info->desc->dev);
	struct soft_entry *e = &device->entries[info->desc->msi_index];
	struct irq_data *data = irq_domain_get_irq_data(domain, irq);
	int err;

	if (nr_irqs != 1)
		return -EINVAL;
	err = lanes_matrix_alloc(lanes_matrix, cpumask_bits(cpu_possible_mask),
				 &e->now);
	if (err)
		return err;
	set_irq(e->now, irq);
	irq_domain_set_info(domain, irq, info->desc->msi_index, &bus_chip, e,
			    handle_edge_irq, NULL, NULL);
	irqd_set_single_target(data);
	irq_data_update_effective_affinity(data, cpumask_of(e->now.cpu));
	lanes_irq_may_move_at_once(irq);
	return 0;
}

static void bus_free(struct irq_domain *domain, unsigned int irq,
		     unsigned int nr_irqs)
{
	struct irq_data *data = irq_domain_get_irq_data(domain, irq);
	struct soft_entry *e = irq_data_get_irq_chip_data(data);

	clear_irq(e->now);
	lanes_matrix_free(lanes_matrix, e->now);
	irq_domain_reset_irq_data(data);
}

static const struct irq_domain_ops bus_domain_ops = {
	.alloc = bus_alloc,
	.free = bus_free,
};

/* What a device's own MSI domain is to be like. */
static bool init_device_domain(struct device *dev, struct irq_domain *domain,
			       struct irq_domain *parent,
			       struct msi_domain_info *info)
{
	info->flags |= MSI_FLAG_USE_DEF_DOM_OPS | MSI_FLAG_USE_DEF_CHIP_OPS |
		       MSI_FLAG_ALLOC_SIMPLE_MSI_DESCS | MSI_FLAG_FREE_MSI_DESCS;
	info->chip->irq_ack = irq_chip_ack_parent;
	info->chip->irq_mask = irq_chip_mask_parent;
	info->chip->irq_unmask = irq_chip_unmask_parent;
	info->chip->irq_retrigger = irq_chip_retrigger_hierarchy;
	return true;
}

static const struct msi_parent_ops bus_parent_ops = {
	.prefix = "LANES-",
	.init_dev_msi_info = init_device_domain,
};

static int soft_ring(struct lanes_source *source, unsigned int index)
{
	struct soft_device *device = source->owner;

	return ring_entry(&device->entries[index]);
}

static void soft_where(struct lanes_source *source, unsigned int index,
		       struct lanes_vector_stat *stat)
{
	struct soft_device *device = source->owner;
	struct soft_entry *e = &device->entries[index];
	struct lanes_msi_route route;

	guard(raw_spinlock_irqsave)(&e->lock);
	if (lanes_msi_decode(&e->message, LANES_MSI_WIDE, &route))
		return;
	stat->cpu = route.destination;
	stat->vector = route.vector;
}

static void destroy_device(struct soft_device *device)
{
	platform_device_msi_free_irqs_all(&device->pdev->dev);
	platform_device_unregister(device->pdev);
	kvfree(device);
}

/* A delivery may have taken one of our interrupts, and be about to raise it. */
static void soft_release(struct lanes_source *source)
{
	await_kicks();
	destroy_device(source->owner);
}

static const struct lanes_source_ops soft_ops = {
	.ring = soft_ring,
	.where = soft_where,
	.release = soft_release,
};

static struct soft_device *create_device(unsigned int nr_entries)
{
	struct soft_device *device;
	unsigned int i;
	int err;

	device = kvzalloc(struct_size(device, entries, nr_entries), GFP_KERNEL);
	if (!device)
		return ERR_PTR(-ENOMEM);
	device->nr_entries = nr_entries;
	for (i = 0; i < nr_entries; i++)
		raw_spin_lock_init(&device->entries[i].lock);

	device->pdev = platform_device_register_simple("lanes-msi",
						       PLATFORM_DEVID_AUTO,
						       NULL, 0);
	/* Without memory for the name it says -EINVAL. */
	if (IS_ERR(device->pdev)) {
		err = -ENOMEM;
		goto free_device;
	}
	platform_set_drvdata(device->pdev, device);
	dev_set_msi_domain(&device->pdev->dev, bus_domain);
	err = platform_device_msi_init_and_alloc_irqs(&device->pdev->dev,
						      nr_entries, write_message);
	/* It says so of the domain, which was not made for want of memory. */
	if (err == -ENODEV) {
		err = -ENOMEM;
		goto unregister;
	}
	if (err)
		goto free_irqs;
	return device;

free_irqs:
	platform_device_msi_free_irqs_all(&device->pdev->dev);
unregister:
	platform_device_unregister(device->pdev);
free_device:
	kvfree(device);
	return ERR_PTR(err);
}

static struct lanes_source *create_source(unsigned int nr_vectors)
{
	struct soft_device *device = create_device(nr_vectors);
	struct lanes_source *source;

	if (IS_ERR(device))
		return ERR_CAST(device);
	source = lanes_source_create(&soft_ops, device, nr_vectors);
	if (IS_ERR(source))
		destroy_device(device);
	else
		source->mode = LANES_MODE_MSI;
	return source;
}

static int request_all(struct lanes_source *source)
{
	const struct soft_device *device = source->owner;
	unsigned int i;
	int err = 0;

	for (i = 0; i < source->nr_vectors && !err; i++)
		err = lanes_source_request(source, i,
					   msi_get_virq(&device->pdev->dev, i),
					   0, "lanes-msi");
	return err;
}

int lanes_msi_create_ioctl(struct lanes_file *file, void *data)
{
	const struct lanes_msi_create *arg = data;
	struct lanes_source *source;
	int err;

	if (!arg->nr_vectors || arg->nr_vectors > MAX_VECTORS)
		return -EINVAL;

	guard(mutex)(&file->lock);
	if (file->source)
		return -EBUSY;
	source = create_source(arg->nr_vectors);
	if (IS_ERR(source))
		return PTR_ERR(source);
	err = request_all(source);
	if (!err)
		err = lanes_source_attach(file, source);
	lanes_source_put(source);
	return err;
}

/**
 * lanes_bus_cpu_came_online - deliver what had to wait for a CPU
 * @cpu: the CPU
 *
 * Context: may sleep.
 */
void lanes_bus_cpu_came_online(unsigned int cpu)
{
	guard(irqsave)();
	if (!bitmap_empty(soft_cpu(cpu)->pending, LANES_MATRIX_VECTORS))
		kick(cpu);
}

/**
 * lanes_bus_show - tell what each CPU has of the software bus
 * @seq: where to
 *
 * Context: may sleep.
 */
void lanes_bus_show(struct seq_file *seq)
{
	unsigned int cpu;

	seq_puts(seq, "# a snapshot: interrupts of the software bus\n");
	seq_puts(seq, "cpu     pending   delivered  moved  stale  spurious\n");
	for_each_possible_cpu(cpu) {
		const struct soft_cpu *c = soft_cpu(cpu);

		seq_printf(seq, "%-6u  %7u  %10lu  %5ld  %5ld  %8lu\n", cpu,
			   bitmap_weight(c->pending, LANES_MATRIX_VECTORS),
			   READ_ONCE(c->nr_delivered),
			   atomic_long_read(&c->nr_moved),
			   atomic_long_read(&c->nr_stale),
			   READ_ONCE(c->nr_spurious));
	}
}

static void init_cpu(struct soft_cpu *c)
{
	raw_spin_lock_init(&c->lock);
	INIT_CSD(&c->kick, queue_delivery, c);
	c->work = IRQ_WORK_INIT_HARD(deliver_pending);
}

/**
 * lanes_bus_create - set the bus up, without any device
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int lanes_bus_create(void)
{
	struct irq_domain_info info = {
		.domain_flags = IRQ_DOMAIN_FLAG_MSI_PARENT |
				IRQ_DOMAIN_FLAG_NO_MAP,
		.ops = &bus_domain_ops,
	};
	unsigned int cpu;

	soft_cpus = alloc_percpu(struct soft_cpu);
	if (!soft_cpus)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		init_cpu(soft_cpu(cpu));

	bus_fwnode = irq_domain_alloc_named_fwnode("LANES");
	if (!bus_fwnode)
		goto free_cpus;
	info.fwnode = bus_fwnode;
	bus_domain = irq_domain_instantiate(&info);
	if (IS_ERR(bus_domain))
		goto free_fwnode;
	bus_domain->msi_parent_ops = &bus_parent_ops;
	return 0;

free_fwnode:
	irq_domain_free_fwnode(bus_fwnode);
free_cpus:
	free_percpu(soft_cpus);
	return -ENOMEM;
}

/**
 * lanes_bus_remove - take the bus down; it has no devices any more
 *
 * Context: may sleep.
 */
void lanes_bus_remove(void)
{
	await_kicks();
	irq_domain_remove(bus_domain);
	irq_domain_free_fwnode(bus_fwnode);
	free_percpu(soft_cpus);
}
