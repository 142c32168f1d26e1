// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupts of every PCI function, while their drivers use them.
 *
 * Configuration space is read, and, where the caller may, the MSI-X table in
 * the function's BAR; nothing is ever written. Beside what the device holds
 * stands what the kernel believes it holds and what the module thinks it must
 * hold. The three are taken under the lock of the interrupt's descriptor, under
 * which alone they change, so a difference is never one of time.
 *
 * A function is left alone while its driver is being bound or unbound, or
 * somebody has blocked its configuration space, or it has no power, or sleeps
 * behind a port that does. A table is left alone unless the function is fully
 * powered and decodes memory: reading it would be an error on the bus.
 */
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "lanes.h"
#include "live_irq.h"
#include "msi_caps.h"

/* As many as an MSI-X table can have. */
#define MAX_ENTRIES	2048U

/**
 * struct walk - one function, looked at
 * @pdev: the function
 * @caps: what its configuration space says
 * @table: its MSI-X table, mapped, or NULL
 * @pending: its pending bits, mapped, or NULL
 * @entry: where look_at_entry() writes to
 */
struct walk {
	struct pci_dev *pdev;
	struct lanes_msi_caps caps;
	void __iomem *table;
	void __iomem *pending;
	struct lanes_msi_entry *entry;
};

/**
 * lanes_function_number - how commands call a PCI function
 * @pdev: the function
 *
 * Context: any.
 * Return: domain << 16 | bus << 8 | devfn.
 */
u32 lanes_function_number(struct pci_dev *pdev)
{
	return (u32)pci_domain_nr(pdev->bus) << 16 | pci_dev_id(pdev);
}

/* The function with the lowest number from @first on, with a reference. */
static struct pci_dev *find_function(u32 first)
{
	struct pci_dev *pdev = NULL, *found = NULL;

	for_each_pci_dev(pdev) {
		if (pci_domain_nr(pdev->bus) > LANES_MAX_DOMAIN ||
		    lanes_function_number(pdev) < first ||
		    (found && lanes_function_number(found) < lanes_function_number(pdev)))
			continue;
		pci_dev_put(found);
		found = pci_dev_get(pdev);
	}
	return found;
}

static int read_caps(struct walk *walk)
{
	u32 config[LANES_CONFIG_BYTES / 4];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(config); i++) {
		pci_read_config_dword(walk->pdev, 4 * i, &config[i]);
		cpu_to_le32s(&config[i]);
	}
	return lanes_msi_caps_parse((u8 *)config, sizeof(config), &walk->caps);
}

static bool decodes_memory(struct pci_dev *pdev)
{
	u16 command;

	pci_read_config_word(pdev, PCI_COMMAND, &command);
	return pdev->current_state == PCI_D0 && command & PCI_COMMAND_MEMORY;
}

static void __iomem *map_bar(struct pci_dev *pdev, unsigned int bar, u32 offset,
			     size_t nr_bytes)
{
	if (!(pci_resource_flags(pdev, bar) & IORESOURCE_MEM))
		return NULL;
	return ioremap(pci_resource_start(pdev, bar) + offset, nr_bytes);
}

static void map_table(struct walk *walk)
{
	const struct lanes_msix_cap *cap = &walk->caps.msix;
	struct pci_dev *pdev = walk->pdev;

	if (!cap->is_enabled || !decodes_memory(pdev))
		return;
	if (lanes_msix_table_fits(cap, pci_resource_len(pdev, cap->table_bar)))
		walk->table = map_bar(pdev, cap->table_bar, cap->table_offset,
				      cap->nr_entries * PCI_MSIX_ENTRY_SIZE);
	if (lanes_msix_pba_fits(cap, pci_resource_len(pdev, cap->pba_bar)))
		walk->pending = map_bar(pdev, cap->pba_bar, cap->pba_offset,
					DIV_ROUND_UP(cap->nr_entries, 64) * 8);
}

static void unmap_table(struct walk *walk)
{
	if (walk->table)
		iounmap(walk->table);
	if (walk->pending)
		iounmap(walk->pending);
}

static void read_table_entry(const struct walk *walk)
{
	struct lanes_msi_entry *entry = walk->entry;
	void __iomem *at = walk->table + entry->index * PCI_MSIX_ENTRY_SIZE;
	u32 bits = 0;

	if (!walk->table)
		return;
	entry->flags |= LANES_ENTRY_HAS_TABLE;
	entry->table.address_lo = readl(at + PCI_MSIX_ENTRY_LOWER_ADDR);
	entry->table.address_hi = readl(at + PCI_MSIX_ENTRY_UPPER_ADDR);
	entry->table.data = readl(at + PCI_MSIX_ENTRY_DATA);
	if (readl(at + PCI_MSIX_ENTRY_VECTOR_CTRL) & PCI_MSIX_ENTRY_CTRL_MASKBIT)
		entry->flags |= LANES_ENTRY_MASKED;
	if (walk->pending)
		bits = readl(walk->pending + entry->index / 32 * 4);
	if (bits & BIT(entry->index % 32))
		entry->flags |= LANES_ENTRY_PENDING;
}

/* All vectors of an MSI capability have one message, and count from its data. */
static void read_msi_entry(const struct walk *walk)
{
	const struct lanes_msi_cap *cap = &walk->caps.msi;
	struct lanes_msi_entry *entry = walk->entry;

	entry->flags |= LANES_ENTRY_HAS_TABLE;
	entry->table = cap->message;
	entry->table.data += entry->index;
	if (cap->masked & BIT(entry->index))
		entry->flags |= LANES_ENTRY_MASKED;
	if (cap->pending & BIT(entry->index))
		entry->flags |= LANES_ENTRY_PENDING;
}

/* Configuration space is read again: the message may have moved since. */
static void read_entry(struct walk *walk)
{
	if (walk->caps.msix.is_enabled)
		return read_table_entry(walk);
	if (!read_caps(walk))
		read_msi_entry(walk);
}

static void look_at_entry(const struct lanes_live_irq *live, void *arg)
{
	struct walk *walk = arg;
	struct lanes_msi_entry *entry = walk->entry;
	const struct msi_desc *desc = irq_data_get_msi_desc(live->data);
	unsigned int shared = walk->caps.msix.is_enabled ? 0 : entry->index;

	/* The number may have gone to another device since it was asked for. */
	if (!desc || desc->dev != &walk->pdev->dev)
		return;
	read_entry(walk);
	entry->flags |= LANES_ENTRY_HAS_IRQ;
	entry->irq = live->data->irq;
	entry->cached.address_lo = desc->msg.address_lo;
	entry->cached.address_hi = desc->msg.address_hi;
	entry->cached.data = desc->msg.data + shared;
	entry->format = live->format;
	entry->vector = live->vector;
	entry->destination = live->destination;
	if (!lanes_live_irq_compose(live, shared, &entry->composed))
		entry->flags |= LANES_ENTRY_HAS_COMPOSED;
}

static void fill_entry(struct walk *walk, unsigned int index)
{
	unsigned int irq = msi_get_virq(&walk->pdev->dev, index);

	memset(walk->entry, 0, sizeof(*walk->entry));
	walk->entry->index = index;
	if (!irq || !lanes_live_irq_look(irq, look_at_entry, walk))
		read_entry(walk);
}

static unsigned int nr_entries_in_use(const struct lanes_msi_caps *caps)
{
	if (caps->msix.is_enabled)
		return caps->msix.nr_entries;
	return caps->msi.is_enabled ? caps->msi.nr_granted : 0;
}

static void fill_entries(struct walk *walk, struct lanes_msi_entry *entries, unsigned int room,
			 struct lanes_pci_walk *arg)
{
	unsigned int i;

	arg->nr_entries = nr_entries_in_use(&walk->caps);
	for (i = 0; i < min(room, arg->nr_entries); i++) {
		walk->entry = &entries[i];
		fill_entry(walk, i);
	}
}

static void fill_caps(const struct lanes_msi_caps *caps, bool is_malformed,
		      struct lanes_pci_walk *arg)
{
	const struct lanes_msi_cap *msi = &caps->msi;
	const struct lanes_msix_cap *msix = &caps->msix;

	arg->out_caps = (msi->is_present ? LANES_CAPS_MSI : 0) |
			(msi->is_64bit ? LANES_CAPS_MSI_64BIT : 0) |
			(msi->has_masks ? LANES_CAPS_MSI_MASKABLE : 0) |
			(msix->is_present ? LANES_CAPS_MSIX : 0) |
			(msix->is_masked ? LANES_CAPS_MSIX_MASKED : 0) |
			(is_malformed ? LANES_CAPS_MALFORMED : 0);
	arg->out_mode = msix->is_enabled ? LANES_MODE_MSIX :
			msi->is_enabled ? LANES_MODE_MSI : LANES_MODE_INTX;
	arg->out_msi_vectors = msi->nr_offered;
	arg->out_msix_vectors = msix->nr_entries;
	arg->out_table_bar = msix->table_bar;
	arg->out_table_offset = msix->table_offset;
	arg->out_pba_bar = msix->pba_bar;
	arg->out_pba_offset = msix->pba_offset;
}

static void leave_alone(struct lanes_pci_walk *arg)
{
	arg->out_caps = LANES_CAPS_BUSY;
	arg->nr_entries = 0;
}

static void walk_function(struct pci_dev *pdev, struct lanes_msi_entry *entries,
			  unsigned int room, struct lanes_pci_walk *arg)
{
	struct walk walk = { .pdev = pdev };
	bool is_malformed;

	if (!pci_cfg_access_trylock(pdev)) {
		leave_alone(arg);
		return;
	}
	is_malformed = read_caps(&walk);
	fill_caps(&walk.caps, is_malformed, arg);
	strscpy(arg->out_driver, pdev->dev.driver ? pdev->dev.driver->name : "");
	if (arg->flags & LANES_WALK_TABLES)
		map_table(&walk);
	fill_entries(&walk, entries, room, arg);
	unmap_table(&walk);
	pci_cfg_access_unlock(pdev);
}

/*
 * The function's lock is held: its driver neither comes nor goes; nor does the function
 * go to sleep meanwhile, or the port above it. One without power has nothing to say, and
 * through a port that sleeps there is no way to it. (-EINVAL: the parent never sleeps.)
 */
static void walk_awake(struct pci_dev *pdev, struct lanes_msi_entry *entries, unsigned int room,
		       struct lanes_pci_walk *arg)
{
	struct device *port = pdev->dev.parent;
	int awake = port ? pm_runtime_get_if_active(port) : -EINVAL;

	pm_runtime_get_noresume(&pdev->dev);
	pm_runtime_barrier(&pdev->dev);
	if (!awake || pdev->current_state == PCI_D3cold)
		leave_alone(arg);
	else
		walk_function(pdev, entries, room, arg);
	pm_runtime_put(&pdev->dev);
	if (awake > 0)
		pm_runtime_put(port);
}

/* Nothing of a foreign function is held while the user's memory is written. */
static int walk_and_copy(struct pci_dev *pdev, struct lanes_pci_walk *arg)
{
	unsigned int room = min(arg->nr_entries, MAX_ENTRIES);
	struct lanes_msi_entry *entries __free(kvfree) =
		kvcalloc(max(room, 1U), sizeof(*entries), GFP_KERNEL);

	if (!entries)
		return -ENOMEM;
	if (device_trylock(&pdev->dev)) {
		walk_awake(pdev, entries, room, arg);
		device_unlock(&pdev->dev);
	} else {
		leave_alone(arg);
	}
	if (copy_to_user(u64_to_user_ptr(arg->entries), entries,
			 min(room, arg->nr_entries) * sizeof(*entries)))
		return -EFAULT;
	return 0;
}

int lanes_pci_walk_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_pci_walk *arg = data;
	struct pci_dev *pdev;
	int err;

	if (arg->flags & LANES_WALK_TABLES && !lanes_may_touch_foreign_hardware())
		return -EPERM;
	pdev = find_function(arg->function);
	if (!pdev)
		return -ENOENT;

	arg->function = lanes_function_number(pdev);
	arg->out_vendor_device = (u32)pdev->vendor << 16 | pdev->device;
	err = walk_and_copy(pdev, arg);
	pci_dev_put(pdev);
	return err;
}
