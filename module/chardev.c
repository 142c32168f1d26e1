// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/lanes: from a number and a pointer to a command that is carried out.
 *
 * include/uapi/lanes.h is the contract. All that commands have in common is
 * checked here, once, in this order: who asks; whether there is such a command;
 * size, flags and reserved field of its struct. What runs then (the *_ioctl
 * functions, each beside what it is about) sees a struct of its own size in
 * kernel memory, and what it leaves there goes back to the caller, on error
 * too.
 *
 * Who asks is checked at each command and each mmap(), not only when the device
 * is opened: a descriptor may be passed on, and privileges dropped.
 */
#include <linux/capability.h>
#include <linux/cleanup.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "lanes.h"
#include "source.h"

static bool allow_unsafe;
module_param(allow_unsafe, bool, 0444);
MODULE_PARM_DESC(allow_unsafe,
		 "let CAP_SYS_RAWIO touch hardware that the module does not own");

/* Room for any of the commands' structs. */
union command_arg {
	struct lanes_header header;
	struct lanes_matrix_alloc matrix_alloc;
	struct lanes_matrix_free matrix_free;
	struct lanes_pci_walk pci_walk;
	struct lanes_list_vectors list_vectors;
	struct lanes_msi_create msi_create;
	struct lanes_device_open device_open;
	struct lanes_ring ring;
	struct lanes_eventfd eventfd;
	struct lanes_source_stats source_stats;
	struct lanes_messenger messenger;
	struct lanes_dma_list dma_list;
	struct lanes_dma_run dma_run;
	struct lanes_threads_run threads_run;
	struct lanes_lk_run lk_run;
	struct lanes_snapshot_create snapshot_create;
	struct lanes_snapshot_write snapshot_write;
	struct lanes_list_tasks list_tasks;
};

/**
 * struct command - what is known of a command before it runs
 * @number: as in uapi/lanes.h
 * @nr_bytes: size of its struct
 * @flags: flags it knows
 * @reserved_at: where its reserved field is, or 0 for none
 * @run: carries it out
 */
struct command {
	unsigned int number;
	unsigned int nr_bytes;
	u32 flags;
	unsigned int reserved_at;
	int (*run)(struct lanes_file *file, void *arg);
};

#define COMMAND(upper, lower, known_flags, reserved)			\
	[_IOC_NR(LANES_##upper)] = {					\
		.number = LANES_##upper,				\
		.nr_bytes = sizeof(struct lanes_##lower),		\
		.flags = known_flags,					\
		.reserved_at = reserved,				\
		.run = lanes_##lower##_ioctl,				\
	}
#define RESERVED_IN(lower) offsetof(struct lanes_##lower, reserved)

static const struct command commands[] = {
	COMMAND(MATRIX_ALLOC, matrix_alloc, 0, 0),
	COMMAND(MATRIX_FREE, matrix_free, 0, 0),
	COMMAND(PCI_WALK, pci_walk, LANES_WALK_TABLES, 0),
	COMMAND(LIST_VECTORS, list_vectors, 0, 0),
	COMMAND(MSI_CREATE, msi_create, 0, RESERVED_IN(msi_create)),
	COMMAND(DEVICE_OPEN, device_open, 0, RESERVED_IN(device_open)),
	COMMAND(RING, ring, LANES_RING_WAIT, RESERVED_IN(ring)),
	COMMAND(EVENTFD, eventfd, 0, 0),
	COMMAND(SOURCE_STATS, source_stats, 0, RESERVED_IN(source_stats)),
	COMMAND(MESSENGER, messenger, 0, RESERVED_IN(messenger)),
	COMMAND(DMA_LIST, dma_list, 0, 0),
	COMMAND(DMA_RUN, dma_run, 0, RESERVED_IN(dma_run)),
	COMMAND(THREADS_RUN, threads_run, 0, RESERVED_IN(threads_run)),
	COMMAND(LK_RUN, lk_run, 0, RESERVED_IN(lk_run)),
	COMMAND(SNAPSHOT_CREATE, snapshot_create, 0, 0),
	COMMAND(SNAPSHOT_WRITE, snapshot_write, 0, RESERVED_IN(snapshot_write)),
	COMMAND(LIST_TASKS, list_tasks, 0, RESERVED_IN(list_tasks)),
};

/**
 * lanes_may_touch_foreign_hardware - may this caller do more than harmless things?
 *
 * Context: any task.
 * Return: whether it has CAP_SYS_RAWIO, the module was loaded with
 * allow_unsafe=1, and the kernel is not locked down.
 */
bool lanes_may_touch_foreign_hardware(void)
{
	return allow_unsafe && capable(CAP_SYS_RAWIO) &&
	       !security_locked_down(LOCKDOWN_PCI_ACCESS);
}

/*
 * The size in a number is that of the caller's struct, and not looked at. A hole
 * in the table has the number 0, which differs from any that leads there.
 */
static const struct command *find_command(unsigned int number)
{
	unsigned int nr = _IOC_NR(number);

	if (nr >= ARRAY_SIZE(commands) || !commands[nr].run ||
	    (number ^ commands[nr].number) & ~IOCSIZE_MASK)
		return NULL;
	return &commands[nr];
}

static int fetch_arg(const struct command *command, void __user *user_arg,
		     union command_arg *arg)
{
	u32 nr_bytes;
	int err;

	if (get_user(nr_bytes, (u32 __user *)user_arg))
		return -EFAULT;
	if (nr_bytes < command->nr_bytes)
		return -EINVAL;
	/* A page of zeroes beyond what is known is enough for anyone. */
	if (nr_bytes > command->nr_bytes + PAGE_SIZE)
		return -E2BIG;
	err = copy_struct_from_user(arg, command->nr_bytes, user_arg, nr_bytes);
	if (err)
		return err;
	if (arg->header.flags & ~command->flags)
		return -EOPNOTSUPP;
	if (command->reserved_at &&
	    *(u32 *)((u8 *)arg + command->reserved_at))
		return -EINVAL;
	return 0;
}

static long chardev_ioctl(struct file *file, unsigned int number,
			  unsigned long address)
{
	void __user *user_arg = (void __user *)address;
	const struct command *command;
	union command_arg arg = { 0 };
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	command = find_command(number);
	if (!command)
		return -ENOTTY;
	err = fetch_arg(command, user_arg, &arg);
	if (err)
		return err;
	err = command->run(file->private_data, &arg);
	if (copy_to_user(user_arg, &arg, command->nr_bytes))
		return -EFAULT;
	return err;
}

static int chardev_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	return lanes_snapshot_mmap(file->private_data, vma);
}

static int chardev_open(struct inode *inode, struct file *file)
{
	struct lanes_file *f;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;
	err = lanes_holdings_open(f);
	if (err) {
		kfree(f);
		return err;
	}
	mutex_init(&f->lock);
	file->private_data = f;
	return nonseekable_open(inode, file);
}

static int chardev_release(struct inode *inode, struct file *file)
{
	struct lanes_file *f = file->private_data;

	lanes_snapshot_release(f);
	lanes_source_detach(f);
	lanes_holdings_release(f);
	mutex_destroy(&f->lock);
	kfree(f);
	return 0;
}

static const struct file_operations chardev_fops = {
	.owner = THIS_MODULE,
	.open = chardev_open,
	.release = chardev_release,
	.unlocked_ioctl = chardev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = chardev_mmap,
};

static struct miscdevice chardev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "lanes",
	.fops = &chardev_fops,
	.mode = 0600,
};

/**
 * lanes_chardev_create - make /dev/lanes; from now on there are callers
 *
 * Context: may sleep.
 * Return: 0 or what misc_register() says.
 */
int lanes_chardev_create(void)
{
	return misc_register(&chardev);
}

/**
 * lanes_chardev_remove - remove it; nobody has it open, or we would be in use
 *
 * Context: may sleep.
 */
void lanes_chardev_remove(void)
{
	misc_deregister(&chardev);
}
