// SPDX-License-Identifier: GPL-2.0
/*
 * A real PCI function, and the ways it can raise interrupts.
 *
 * The driver takes QEMU's edu device by its id, and any other function only
 * when it is told to through driver_override. A function that is bound gets
 * interrupts from the highest rung of the ladder that it and its quirks allow:
 *
 *	MSI-X, then MSI, then the wire
 *
 * with as many vectors as it has use for, spread over the CPUs. Quirks keep it
 * from a rung: no_msix, no_msi, and force_legacy for both. Module parameters
 * give the quirks of functions that are bound from then on; the attribute
 * "quirks" of a bound function changes its own, and climbs anew.
 *
 * To ring, one has to know the device: struct device_kind. Of a function that
 * is not known interrupts can only be listened to, and it never gets the wire:
 * nobody would know how to make it let go.
 *
 * Order of locks: the file's, devices_lock, device->lock.
 */
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/wait.h>

#include "lanes.h"
#include "msi_device.h"
#include "source.h"

#define MAX_UNKNOWN_VECTORS 32

static bool force_legacy;
module_param(force_legacy, bool, 0644);
MODULE_PARM_DESC(force_legacy, "bind devices with neither MSI-X nor MSI");
static bool no_msi;
module_param(no_msi, bool, 0644);
MODULE_PARM_DESC(no_msi, "bind devices without MSI");
static bool no_msix;
module_param(no_msix, bool, 0644);
MODULE_PARM_DESC(no_msix, "bind devices without MSI-X");

#define QUIRK_FORCE_LEGACY	BIT(0)
#define QUIRK_NO_MSI		BIT(1)
#define QUIRK_NO_MSIX		BIT(2)

/* In the order of the bits. */
static const char * const quirk_names[] = {
	"force_legacy", "no_msi", "no_msix",
};

static const char * const mode_names[] = {
	[LANES_MODE_INTX] = "intx",
	[LANES_MODE_MSI] = "msi",
	[LANES_MODE_MSIX] = "msix",
};

/**
 * struct lanes_device - a function that is bound
 * @pdev: the function
 * @kind: what is known about it, or NULL
 * @regs: BAR 0, if its kind is known
 * @node: in devices
 * @lock: protects @quirks and @source
 * @quirks: QUIRK_*
 * @source: its interrupts, or NULL when it could not get any
 * @is_lent: somebody uses it for something else than interrupts; under
 *	devices_lock
 * @is_leaving: it is being unbound, and who has it should give it back
 */
struct lanes_device {
	struct pci_dev *pdev;
	const struct device_kind *kind;
	void __iomem *regs;
	struct list_head node;
	struct mutex lock;
	unsigned int quirks;
	struct lanes_source *source;
	bool is_lent;
	bool is_leaving;
};

/**
 * struct device_kind - how to make a device raise interrupts
 * @name: for people
 * @vendor: PCI vendor id
 * @device: PCI device id
 * @max_vectors: as many as it can tell apart
 * @enable: let it raise interrupts; NULL where it always does
 * @disable: let it raise none
 * @raise: raise one, now
 * @is_ours: whether it did; if so it is made to let go
 */
struct device_kind {
	const char *name;
	unsigned short vendor;
	unsigned short device;
	unsigned int max_vectors;
	void (*enable)(struct lanes_device *d);
	void (*disable)(struct lanes_device *d);
	void (*raise)(struct lanes_device *d, unsigned int index);
	bool (*is_ours)(struct lanes_device *d, unsigned int index);
};

static LIST_HEAD(devices);
static DEFINE_MUTEX(devices_lock);
static DECLARE_WAIT_QUEUE_HEAD(given_back);

/*
 * QEMU's edu: what is written to "raise" is added to its status and raises an
 * interrupt; what is written to "lower" is taken away.
 */
#define EDU_STATUS	0x24
#define EDU_RAISE	0x60
#define EDU_LOWER	0x64

static void edu_disable(struct lanes_device *d)
{
	writel(~0, d->regs + EDU_LOWER);
}

static void edu_raise(struct lanes_device *d, unsigned int index)
{
	writel(1, d->regs + EDU_RAISE);
}

static bool edu_is_ours(struct lanes_device *d, unsigned int index)
{
	u32 status = readl(d->regs + EDU_STATUS);

	if (status)
		writel(status, d->regs + EDU_LOWER);
	return status || d->pdev->msi_enabled;
}

/*
 * Intel 82574L: writing a cause to ICS is as if it had happened. With MSI-X
 * five causes have a vector each (IVAR) and clear themselves when its message
 * is sent (EIAC), without being disabled (IAME); otherwise one cause will do,
 * and reading ICR clears it.
 */
#define E1000_CTRL_EXT		0x18
#define E1000_CTRL_EXT_IAME	BIT(27)
#define E1000_ICR		0xc0
#define E1000_ICS		0xc8
#define E1000_IMS		0xd0
#define E1000_IMC		0xd8
#define E1000_EIAC		0xdc
#define E1000_IVAR		0xe4
#define E1000_RXT0		BIT(7)
#define E1000_MSIX_CAUSE(index)	BIT(20 + (index))
#define E1000_MSIX_CAUSES	GENMASK(24, 20)
#define E1000_IVAR_EACH_ITS_OWN	0xcba98

static u32 e1000_cause(struct lanes_device *d, unsigned int index)
{
	return d->pdev->msix_enabled ? E1000_MSIX_CAUSE(index) : E1000_RXT0;
}

static void e1000_disable(struct lanes_device *d)
{
	writel(~0, d->regs + E1000_IMC);
	readl(d->regs + E1000_ICR);
}

static void e1000_enable(struct lanes_device *d)
{
	bool is_msix = d->pdev->msix_enabled;

	e1000_disable(d);
	if (is_msix) {
		writel(E1000_IVAR_EACH_ITS_OWN, d->regs + E1000_IVAR);
		writel(readl(d->regs + E1000_CTRL_EXT) | E1000_CTRL_EXT_IAME,
		       d->regs + E1000_CTRL_EXT);
	}
	writel(is_msix ? E1000_MSIX_CAUSES : 0, d->regs + E1000_EIAC);
	writel(is_msix ? E1000_MSIX_CAUSES : E1000_RXT0, d->regs + E1000_IMS);
}

static void e1000_raise(struct lanes_device *d, unsigned int index)
{
	writel(e1000_cause(d, index), d->regs + E1000_ICS);
}

static bool e1000_is_ours(struct lanes_device *d, unsigned int index)
{
	return d->pdev->msix_enabled || readl(d->regs + E1000_ICR) & E1000_RXT0;
}

static const struct device_kind kinds[] = {
	{
		.name = "edu",
		.vendor = 0x1234,
		.device = 0x11e8,
		.max_vectors = 1,
		.disable = edu_disable,
		.raise = edu_raise,
		.is_ours = edu_is_ours,
	},
	{
		.name = "82574L",
		.vendor = PCI_VENDOR_ID_INTEL,
		.device = 0x10d3,
		.max_vectors = 5,
		.enable = e1000_enable,
		.disable = e1000_disable,
		.raise = e1000_raise,
		.is_ours = e1000_is_ours,
	},
};

static const struct device_kind *find_kind(const struct pci_dev *pdev)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (kinds[i].vendor == pdev->vendor &&
		    kinds[i].device == pdev->device)
			return &kinds[i];
	}
	return NULL;
}

static int device_ring(struct lanes_source *source, unsigned int index)
{
	struct lanes_device *d = source->owner;

	d->kind->raise(d, index);
	return 0;
}

static bool device_is_ours(struct lanes_source *source, unsigned int index)
{
	struct lanes_device *d = source->owner;

	return d->kind->is_ours(d, index);
}

static void device_silence(struct lanes_source *source)
{
	struct lanes_device *d = source->owner;

	d->kind->disable(d);
}

static void device_where(struct lanes_source *source, unsigned int index,
			 struct lanes_vector_stat *stat)
{
	struct irq_data *data = irq_get_irq_data(stat->irq);

	stat->cpu = cpumask_first(irq_data_get_effective_affinity_mask(data));
}

static const struct lanes_source_ops known_ops = {
	.ring = device_ring,
	.is_ours = device_is_ours,
	.silence = device_silence,
	.where = device_where,
};

static const struct lanes_source_ops unknown_ops = {
	.where = device_where,
};

/*
 * The core climbs down from MSI-X to MSI. The wire is asked for separately: asked
 * to spread it, pci_alloc_irq_vectors() leaks the masks that it makes (6.12 to
 * 7.3 at least).
 */
static int alloc_vectors(struct lanes_device *d)
{
	unsigned int max = d->kind ? d->kind->max_vectors : MAX_UNKNOWN_VECTORS;
	unsigned int types = 0;
	int ret = -ENOSPC;

	if (!(d->quirks & (QUIRK_FORCE_LEGACY | QUIRK_NO_MSI)))
		types |= PCI_IRQ_MSI;
	if (!(d->quirks & (QUIRK_FORCE_LEGACY | QUIRK_NO_MSIX)))
		types |= PCI_IRQ_MSIX;
	if (types)
		ret = pci_alloc_irq_vectors(d->pdev, 1, max,
					    types | PCI_IRQ_AFFINITY);
	/* A function that has none of these: the same to who asks. */
	if (ret == -EINVAL)
		ret = -ENOSPC;
	if (ret < 0 && d->kind)
		ret = pci_alloc_irq_vectors(d->pdev, 1, 1, PCI_IRQ_INTX);
	return ret;
}

static int request_all(struct lanes_device *d, struct lanes_source *source)
{
	unsigned long flags = source->mode == LANES_MODE_INTX ? IRQF_SHARED : 0;
	unsigned int i;
	int err = 0;

	for (i = 0; i < source->nr_vectors && !err; i++)
		err = lanes_source_request(source, i,
					   pci_irq_vector(d->pdev, i), flags,
					   pci_name(d->pdev));
	return err;
}

static struct lanes_source *create_source(struct lanes_device *d,
					  unsigned int nr_vectors)
{
	struct lanes_source *source;
	int err;

	source = lanes_source_create(d->kind ? &known_ops : &unknown_ops, d,
				     nr_vectors);
	if (IS_ERR(source))
		return source;
	source->mode = d->pdev->msix_enabled ? LANES_MODE_MSIX :
		       d->pdev->msi_enabled ? LANES_MODE_MSI : LANES_MODE_INTX;
	err = request_all(d, source);
	if (err) {
		lanes_source_put(source);
		return ERR_PTR(err);
	}
	return source;
}

static int take_interrupts(struct lanes_device *d)
{
	struct lanes_source *source;
	int nr_vectors;

	nr_vectors = alloc_vectors(d);
	if (nr_vectors < 0)
		return nr_vectors;
	source = create_source(d, nr_vectors);
	if (IS_ERR(source)) {
		pci_free_irq_vectors(d->pdev);
		return PTR_ERR(source);
	}
	d->source = source;
	if (d->kind && d->kind->enable)
		d->kind->enable(d);
	return 0;
}

static void give_interrupts_back(struct lanes_device *d)
{
	if (!d->source)
		return;
	lanes_source_retire(d->source);
	d->source = NULL;
	pci_free_irq_vectors(d->pdev);
}

static unsigned int parameter_quirks(void)
{
	return (force_legacy ? QUIRK_FORCE_LEGACY : 0) |
	       (no_msi ? QUIRK_NO_MSI : 0) | (no_msix ? QUIRK_NO_MSIX : 0);
}

static int map_registers(struct lanes_device *d)
{
	int err;

	err = pcim_request_region(d->pdev, 0, "lanes");
	if (err)
		return err;
	d->regs = pcim_iomap(d->pdev, 0, 0);
	return d->regs ? 0 : -ENOMEM;
}

static int device_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct lanes_device *d;
	int err;

	if (pci_domain_nr(pdev->bus) > LANES_MAX_DOMAIN)
		return -ERANGE;
	d = devm_kzalloc(&pdev->dev, sizeof(*d), GFP_KERNEL);
	if (!d)
		return -ENOMEM;
	d->pdev = pdev;
	d->kind = find_kind(pdev);
	d->quirks = parameter_quirks();
	mutex_init(&d->lock);

	err = pcim_enable_device(pdev);
	if (!err && d->kind)
		err = map_registers(d);
	if (err)
		return err;
	pci_set_master(pdev);
	err = take_interrupts(d);
	if (err)
		return err;
	pci_set_drvdata(pdev, d);
	guard(mutex)(&devices_lock);
	list_add_tail(&d->node, &devices);
	return 0;
}

static void device_remove(struct pci_dev *pdev)
{
	struct lanes_device *d = pci_get_drvdata(pdev);

	scoped_guard(mutex, &devices_lock) {
		list_del(&d->node);
		WRITE_ONCE(d->is_leaving, true);
	}
	wait_event(given_back, !smp_load_acquire(&d->is_lent));
	give_interrupts_back(d);
	pci_clear_master(pdev);
}

static ssize_t quirks_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct lanes_device *d = dev_get_drvdata(dev);
	unsigned int i;
	ssize_t at = 0;

	guard(mutex)(&d->lock);
	for (i = 0; i < ARRAY_SIZE(quirk_names); i++) {
		if (d->quirks & BIT(i))
			at += sysfs_emit_at(buf, at, "%s%s", at ? "," : "",
					    quirk_names[i]);
	}
	return at + sysfs_emit_at(buf, at, "%s\n", at ? "" : "none");
}

static int parse_quirks(char *names, unsigned int *out_quirks)
{
	unsigned int quirks = 0;
	char *name;
	int i;

	names = strim(names);
	while (strcmp(names, "none") && (name = strsep(&names, ","))) {
		i = match_string(quirk_names, ARRAY_SIZE(quirk_names), name);
		if (i < 0)
			return -EINVAL;
		quirks |= BIT(i);
		if (!names)
			break;
	}
	*out_quirks = quirks;
	return 0;
}

static ssize_t quirks_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t nr_bytes)
{
	struct lanes_device *d = dev_get_drvdata(dev);
	char *names __free(kfree) = kstrndup(buf, nr_bytes, GFP_KERNEL);
	unsigned int quirks;
	int err;

	if (!names)
		return -ENOMEM;
	err = parse_quirks(names, &quirks);
	if (err)
		return err;

	guard(mutex)(&d->lock);
	if (d->source && atomic_read(&d->source->is_taken))
		return -EBUSY;
	give_interrupts_back(d);
	d->quirks = quirks;
	err = take_interrupts(d);
	return err ?: nr_bytes;
}

static DEVICE_ATTR_RW(quirks);

static struct attribute *device_attrs[] = {
	&dev_attr_quirks.attr,
	NULL
};
ATTRIBUTE_GROUPS(device);

/* No MODULE_DEVICE_TABLE: that an edu is there is no reason to load us. */
static const struct pci_device_id device_ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{}
};

static struct pci_driver device_driver = {
	.name = "lanes",
	.id_table = device_ids,
	.probe = device_probe,
	.remove = device_remove,
	.dev_groups = device_groups,
};

static struct lanes_device *find_device(u32 function)
{
	struct lanes_device *d;

	lockdep_assert_held(&devices_lock);

	list_for_each_entry(d, &devices, node) {
		if (lanes_function_number(d->pdev) == function)
			return d;
	}
	return NULL;
}

/**
 * lanes_device_borrow - use a bound function for something else than interrupts
 * @function: which one, as in struct lanes_pci_walk
 *
 * It stays bound until it is given back: who has it for long asks
 * lanes_device_is_wanted_back() now and then.
 *
 * Context: may sleep.
 * Return: the function; -ENOENT when none such is bound, -EBUSY when somebody
 * has it already.
 */
struct lanes_device *lanes_device_borrow(u32 function)
{
	struct lanes_device *d;

	guard(mutex)(&devices_lock);
	d = find_device(function);
	if (!d)
		return ERR_PTR(-ENOENT);
	if (d->is_lent)
		return ERR_PTR(-EBUSY);
	d->is_lent = true;
	return d;
}

/**
 * lanes_device_give_back - use it no more
 * @d: what lanes_device_borrow() returned; it may be gone afterwards
 *
 * Context: may sleep.
 */
void lanes_device_give_back(struct lanes_device *d)
{
	guard(mutex)(&devices_lock);
	smp_store_release(&d->is_lent, false);
	wake_up_all(&given_back);
}

/**
 * lanes_device_is_wanted_back - is somebody waiting to unbind it?
 * @d: a function that is lent
 *
 * Context: any.
 */
bool lanes_device_is_wanted_back(const struct lanes_device *d)
{
	return READ_ONCE(d->is_leaving);
}

/**
 * lanes_device_function - what it is to the kernel
 * @d: a function that is lent
 *
 * Context: any.
 */
struct pci_dev *lanes_device_function(const struct lanes_device *d)
{
	return d->pdev;
}

/**
 * lanes_device_edu_regs - the registers of an edu
 * @d: a function that is lent
 *
 * Context: any.
 * Return: BAR 0, or NULL for a function of another kind.
 */
void __iomem *lanes_device_edu_regs(const struct lanes_device *d)
{
	return d->kind && d->kind->raise == edu_raise ? d->regs : NULL;
}

int lanes_device_open_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_device_open *arg = data;
	struct lanes_device *d;
	int err;

	guard(mutex)(&file->lock);
	guard(mutex)(&devices_lock);
	d = find_device(arg->function);
	if (!d)
		return -ENOENT;
	guard(mutex)(&d->lock);
	if (!d->source)
		return -ENODEV;
	err = lanes_source_attach(file, d->source);
	if (err)
		return err;
	arg->out_nr_vectors = d->source->nr_vectors;
	arg->out_mode = d->source->mode;
	return 0;
}

static void show_vectors(struct seq_file *seq, struct lanes_source *source)
{
	unsigned int i;

	for (i = 0; i < source->nr_vectors; i++) {
		struct lanes_source_vector *v = &source->vectors[i];

		seq_printf(seq, "  vector %u irq %u rung %lld handled %lld\n",
			   i, v->irq, atomic64_read(&v->nr_rung),
			   atomic64_read(&v->nr_handled));
	}
}

/**
 * lanes_device_show - list the functions that are bound and their interrupts
 * @seq: where to
 *
 * Context: may sleep.
 */
void lanes_device_show(struct seq_file *seq)
{
	struct lanes_device *d;

	seq_puts(seq, "# a snapshot: functions that lanes is the driver of\n");
	guard(mutex)(&devices_lock);
	list_for_each_entry(d, &devices, node) {
		guard(mutex)(&d->lock);
		seq_printf(seq, "%s %s %s\n", pci_name(d->pdev),
			   d->kind ? d->kind->name : "unknown",
			   d->source ? mode_names[d->source->mode] : "none");
		if (d->source)
			show_vectors(seq, d->source);
	}
}

/**
 * lanes_device_register - be a driver
 *
 * Context: may sleep.
 * Return: 0 or what pci_register_driver() says.
 */
int lanes_device_register(void)
{
	return pci_register_driver(&device_driver);
}

/**
 * lanes_device_unregister - let go of all functions
 *
 * Context: may sleep.
 */
void lanes_device_unregister(void)
{
	pci_unregister_driver(&device_driver);
}
