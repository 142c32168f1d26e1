// SPDX-License-Identifier: GPL-2.0
/*
 * lanes.ko: what is set up when it is loaded, and taken down in the opposite
 * order when it is unloaded.
 *
 * There is one vector matrix, for all CPUs this machine can have. It models
 * the vectors of x86 CPUs; the kernel's own, real allocator is not touched and
 * does not know of it. What the model takes for granted is in
 * create_matrix(). CPU hotplug tells it which CPUs are there.
 */
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/module.h>

#include <asm/irq_vectors.h>

#include "lanes.h"
#include "matrix.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

struct lanes_matrix *lanes_matrix;
static enum cpuhp_state hotplug_state;

static int cpu_came_online(unsigned int cpu)
{
	int err = lanes_matrix_online(lanes_matrix, cpu);

	if (!err)
		lanes_bus_cpu_came_online(cpu);
	return err;
}

/*
 * Runs while the CPU still takes interrupts, before the kernel moves them away:
 * by then the matrix no longer hands out vectors there.
 */
static int cpu_goes_offline(unsigned int cpu)
{
	return lanes_matrix_offline(lanes_matrix, cpu);
}

/*
 * Exceptions have the vectors below FIRST_EXTERNAL_VECTOR (0x20), the 32-bit
 * system call has 0x80, and the kernel's own interrupts (local timer, IPIs,
 * spurious) have FIRST_SYSTEM_VECTOR (0xeb in 6.12 to 7.3) and all above, in
 * use or not. The sixteen vectors of the legacy ISA interrupts from 0x30 are
 * not kept back: they are system vectors only where something uses them.
 */
static struct lanes_matrix * __init create_matrix(void)
{
	struct lanes_matrix *m;
	int err;

	m = lanes_matrix_create(nr_cpu_ids, FIRST_EXTERNAL_VECTOR,
				FIRST_SYSTEM_VECTOR - 1);
	if (IS_ERR(m))
		return m;

	err = lanes_matrix_reserve_system(m, IA32_SYSCALL_VECTOR);
	if (err) {
		lanes_matrix_destroy(m);
		return ERR_PTR(err);
	}
	return m;
}

static int __init lanes_init(void)
{
	int ret;

	lanes_matrix = create_matrix();
	if (IS_ERR(lanes_matrix))
		return PTR_ERR(lanes_matrix);
	ret = lanes_bus_create();
	if (ret)
		goto destroy_matrix;

	/* Calls cpu_came_online() for each CPU that is online already. */
	ret = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "lanes:matrix",
				cpu_came_online, cpu_goes_offline);
	if (ret < 0)
		goto remove_bus;
	hotplug_state = ret;
	ret = lanes_messenger_create();
	if (ret)
		goto remove_hotplug;
	ret = lanes_device_register();
	if (ret)
		goto remove_messenger;
	lanes_debugfs_create(lanes_matrix);
	lanes_irq_load_create();
	ret = lanes_kfuncs_register();
	if (ret)
		goto remove_irq_load;
	ret = lanes_chardev_create();
	if (ret)
		goto remove_irq_load;
	return 0;

remove_irq_load:
	lanes_irq_load_remove();
	lanes_debugfs_remove();
	lanes_device_unregister();
remove_messenger:
	lanes_messenger_remove();
remove_hotplug:
	cpuhp_remove_state(hotplug_state);
remove_bus:
	lanes_bus_remove();
destroy_matrix:
	lanes_matrix_destroy(lanes_matrix);
	return ret;
}
module_init(lanes_init);

static void __exit lanes_exit(void)
{
	lanes_chardev_remove();
	lanes_irq_load_remove();
	lanes_debugfs_remove();
	lanes_device_unregister();
	lanes_messenger_remove();
	cpuhp_remove_state(hotplug_state);
	lanes_bus_remove();
	lanes_matrix_destroy(lanes_matrix);
}
module_exit(lanes_exit);

MODULE_DESCRIPTION("Experiments with interrupt vectors, DMA and threads");
MODULE_LICENSE("GPL");
