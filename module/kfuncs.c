// SPDX-License-Identifier: GPL-2.0
/*
 * What a BPF scheduler may ask: functions that programs of the type struct_ops
 * (and with them their timers) can call, if the module was there when they were
 * loaded. As long as such a program is there the kernel keeps the module.
 *
 * BPF finds them by the module's type information. Without that the kernel
 * takes the registration, says so in the log, and they cannot be called; the
 * Makefile therefore fails where it is missing.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/module.h>
#include <linux/smp.h>

#include "lanes.h"

__bpf_kfunc_start_defs();

/**
 * lanes_cpu_irq_load - how much of a CPU's time interrupts take
 * @cpu: the CPU
 *
 * See lanes_irq_load_of().
 *
 * Context: any.
 * Return: permille, 0 if there is no such CPU.
 */
__bpf_kfunc u32 lanes_cpu_irq_load(u32 cpu)
{
	return lanes_irq_load_of(cpu);
}

/**
 * lanes_cpu_vectors - how many vectors of devices a CPU has
 * @cpu: the CPU
 *
 * See lanes_irq_load_vectors().
 *
 * Context: any.
 * Return: the number, 0 if there is no such CPU.
 */
__bpf_kfunc u32 lanes_cpu_vectors(u32 cpu)
{
	return lanes_irq_load_vectors(cpu);
}

/**
 * lanes_dev_home_cpu - the home of the device that the caller works for
 *
 * That of a device whose interrupt is being handled is this CPU: its vector is
 * here, and so is what it has written, as far as that is in a cache.
 *
 * Context: preemption off.
 * Return: this CPU in the handler of a device's interrupt, or in a soft
 * interrupt that goes on with one's work; -1 otherwise, threaded handlers included.
 */
__bpf_kfunc s32 lanes_dev_home_cpu(void)
{
	return lanes_irq_load_serves_device() ? smp_processor_id() : -1;
}

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(kfunc_ids)
BTF_ID_FLAGS(func, lanes_cpu_irq_load)
BTF_ID_FLAGS(func, lanes_cpu_vectors)
BTF_ID_FLAGS(func, lanes_dev_home_cpu)
BTF_KFUNCS_END(kfunc_ids)

static const struct btf_kfunc_id_set kfuncs = {
	.owner = THIS_MODULE,
	.set = &kfunc_ids,
};

/**
 * lanes_kfuncs_register - let BPF schedulers call
 *
 * There is no way back but to unload the module.
 *
 * Context: may sleep.
 * Return: 0 or an errno; 0 too if the kernel has no BPF.
 */
int lanes_kfuncs_register(void)
{
	return register_btf_kfunc_id_set(BPF_PROG_TYPE_STRUCT_OPS, &kfuncs);
}
