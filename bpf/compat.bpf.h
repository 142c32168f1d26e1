/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One wrapper for each call into the kernel that is not the same on every
 * kernel from 6.12 on, under a name of ours that no kernel can clash with.
 * Documentation/compat.rst has a row for each; "--without FEATURE" forces the
 * older branch, which is how the tests reach it on a newer kernel.
 *
 * Which branch is taken is known when the program is loaded: a missing kfunc
 * is the constant 0 there, so the verifier drops the other branches.
 */
#ifndef __LANES_COMPAT_BPF_H
#define __LANES_COMPAT_BPF_H

#include "kfuncs.bpf.h"

/* enum lanes_feature: what not to use although the kernel has it. */
extern const volatile u32 features_off;

/* Each test needs an if of its own: clang may otherwise OR two addresses. */
#define can_use(feature, kfunc) \
	(!(features_off & LANES_FEATURE_##feature) && bpf_ksym_exists(kfunc))

#define kernel_enum(type, value) \
	bpf_core_enum_value(enum type##___lanes, value##___lanes)

#define ENQ_WAKEUP	kernel_enum(scx_enq_flags, SCX_ENQ_WAKEUP)
#define ENQ_PREEMPT	kernel_enum(scx_enq_flags, SCX_ENQ_PREEMPT)
#define DSQ_GLOBAL	kernel_enum(scx_dsq_id_flags, SCX_DSQ_GLOBAL)
#define DSQ_LOCAL	kernel_enum(scx_dsq_id_flags, SCX_DSQ_LOCAL)
#define DSQ_LOCAL_ON	kernel_enum(scx_dsq_id_flags, SCX_DSQ_LOCAL_ON)
#define DSQ_ITER_REV	kernel_enum(scx_dsq_iter_flags, SCX_DSQ_ITER_REV)
#define KICK_IDLE	kernel_enum(scx_kick_flags, SCX_KICK_IDLE)
#define KICK_PREEMPT	kernel_enum(scx_kick_flags, SCX_KICK_PREEMPT)
#define WAKE_FORK	kernel_enum(scx_wake_flags, SCX_WAKE_FORK)
#define WAKE_SYNC	kernel_enum(scx_wake_flags, SCX_WAKE_SYNC)
#define TASK_QUEUED	kernel_enum(scx_ent_flags, SCX_TASK_QUEUED)

/*
 * now_ns - the time of this scheduling event
 *
 * v6.14 brought scx_bpf_now(), the run queue's cached clock. Before that the
 * clock is read. Goes when 6.12 leaves selftests/kernels.
 */
static inline u64 now_ns(void)
{
	if (can_use(NOW, scx_bpf_now___v6_14))
		return scx_bpf_now___v6_14();
	return bpf_ktime_get_ns();
}

/*
 * dsq_insert - put @p on a FIFO queue
 *
 * v6.13 renamed scx_bpf_dispatch() to scx_bpf_dsq_insert(); v6.19 added a
 * variant that returns whether it took @p (___v2), which will get the plain
 * name one day. Before that the answer is always yes.
 */
static inline bool dsq_insert(struct task_struct *p, u64 dsq_id, u64 slice_ns,
			      u64 enq_flags)
{
	if (can_use(INSERT_V2, scx_bpf_dsq_insert___v2___v6_19))
		return scx_bpf_dsq_insert___v2___v6_19(p, dsq_id, slice_ns, enq_flags);
	if (bpf_ksym_exists(scx_bpf_dsq_insert___later))
		return scx_bpf_dsq_insert___later(p, dsq_id, slice_ns, enq_flags);
	if (bpf_ksym_exists(scx_bpf_dsq_insert___v6_13))
		scx_bpf_dsq_insert___v6_13(p, dsq_id, slice_ns, enq_flags);
	else
		scx_bpf_dispatch___v6_12(p, dsq_id, slice_ns, enq_flags);
	return true;
}

/*
 * dsq_insert_vtime - put @p on a queue ordered by virtual time
 *
 * v6.13 renamed scx_bpf_dispatch_vtime(); v6.19 moved the arguments into a
 * struct and returns whether it took @p.
 */
static inline bool dsq_insert_vtime(struct task_struct *p, u64 dsq_id, u64 slice_ns,
				    u64 vtime, u64 enq_flags)
{
	if (can_use(INSERT_ARGS, __scx_bpf_dsq_insert_vtime___v6_19)) {
		struct scx_bpf_dsq_insert_vtime_args___v6_19 args = {
			.dsq_id = dsq_id,
			.slice = slice_ns,
			.vtime = vtime,
			.enq_flags = enq_flags,
		};

		return __scx_bpf_dsq_insert_vtime___v6_19(p, &args);
	}
	if (bpf_ksym_exists(scx_bpf_dsq_insert_vtime___v6_13))
		scx_bpf_dsq_insert_vtime___v6_13(p, dsq_id, slice_ns, vtime, enq_flags);
	else
		scx_bpf_dispatch_vtime___v6_12(p, dsq_id, slice_ns, vtime, enq_flags);
	return true;
}

/*
 * dsq_move_to_local - move the first task of a queue that may run here to the
 * local queue of this CPU
 *
 * v6.13 renamed scx_bpf_consume(); v7.1 added enqueue flags (___v2).
 *
 * Return: whether there was one.
 */
static inline bool dsq_move_to_local(u64 dsq_id)
{
	if (can_use(MOVE_V2, scx_bpf_dsq_move_to_local___v2___v7_1))
		return scx_bpf_dsq_move_to_local___v2___v7_1(dsq_id, 0);
	if (bpf_ksym_exists(scx_bpf_dsq_move_to_local___v6_13))
		return scx_bpf_dsq_move_to_local___v6_13(dsq_id);
	return scx_bpf_consume___v6_12(dsq_id);
}

/*
 * dsq_move - move the task an iterator stands at to another queue
 *
 * v6.13 renamed scx_bpf_dispatch_from_dsq().
 *
 * Return: false if the task had left the queue meanwhile.
 */
static inline bool dsq_move(struct bpf_iter_scx_dsq *it, struct task_struct *p,
			    u64 dsq_id, u64 enq_flags)
{
	if (bpf_ksym_exists(scx_bpf_dsq_move___v6_13))
		return scx_bpf_dsq_move___v6_13(it, p, dsq_id, enq_flags);
	return scx_bpf_dispatch_from_dsq___v6_12(it, p, dsq_id, enq_flags);
}

/*
 * dsq_move_to_key - the same, to a place in a queue ordered by virtual time
 */
static inline bool dsq_move_to_key(struct bpf_iter_scx_dsq *it, struct task_struct *p,
				   u64 dsq_id, u64 vtime)
{
	if (bpf_ksym_exists(scx_bpf_dsq_move_vtime___v6_13)) {
		scx_bpf_dsq_move_set_vtime___v6_13(it, vtime);
		return scx_bpf_dsq_move_vtime___v6_13(it, p, dsq_id, 0);
	}
	scx_bpf_dispatch_from_dsq_set_vtime___v6_12(it, vtime);
	return scx_bpf_dispatch_vtime_from_dsq___v6_12(it, p, dsq_id, 0);
}

/*
 * An iterator takes 48 bytes of stack, hence a function of its own. It is for sleepable
 * programs too (ops.init, and with it its timers), where a step needs RCU.
 */
__noinline int dsq_iter_first_key(u64 dsq_id, u64 *key)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p = NULL;
	int is_found = 0;

	if (!key)
		return 0;
	bpf_rcu_read_lock();
	if (!bpf_iter_scx_dsq_new(&it, dsq_id, 0))
		p = bpf_iter_scx_dsq_next(&it);
	if (p) {
		*key = p->scx.dsq_vtime;
		is_found = 1;
	}
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return is_found;
}

/*
 * dsq_first_key - the smallest virtual time in a queue
 *
 * v6.19 brought scx_bpf_dsq_peek(), which needs no lock; the queues it misses
 * there and in v7.0 are FIFO ones. Before that the first step of an iterator.
 *
 * Return: whether the queue holds a task.
 */
static inline bool dsq_first_key(u64 dsq_id, u64 *key)
{
	if (can_use(PEEK, scx_bpf_dsq_peek___v6_19)) {
		struct task_struct *p = scx_bpf_dsq_peek___v6_19(dsq_id);

		if (p)
			*key = p->scx.dsq_vtime;
		return p;
	}
	return dsq_iter_first_key(dsq_id, key);
}

/*
 * task_set_slice - how long @p may run from here on
 *
 * v6.19 brought scx_bpf_task_set_slice(), before that the field is written.
 */
static inline void task_set_slice(struct task_struct *p, u64 slice_ns)
{
	if (can_use(SET_SLICE, scx_bpf_task_set_slice___v6_19))
		scx_bpf_task_set_slice___v6_19(p, slice_ns);
	else
		p->scx.slice = slice_ns;
}

/*
 * reenqueue_in_release - put what the kernel holds for this CPU back to ops.enqueue
 *
 * From ops.cpu_release, which is NULL on kernels from v6.19 on.
 */
static inline void reenqueue_in_release(void)
{
	if (bpf_ksym_exists(scx_bpf_reenqueue_local___v6_12))
		scx_bpf_reenqueue_local___v6_12();
}

/* reenqueue_here - the same from a tracepoint; v6.19 brought that */
static inline void reenqueue_here(void)
{
	if (bpf_ksym_exists(scx_bpf_reenqueue_local___v2___v6_19))
		scx_bpf_reenqueue_local___v2___v6_19();
}

/* reenqueue_on - the same for any CPU, from anywhere; v7.1 brought that */
static inline void reenqueue_on(s32 cpu)
{
	if (can_use(REENQ, scx_bpf_dsq_reenq___v7_1))
		scx_bpf_dsq_reenq___v7_1(DSQ_LOCAL_ON | cpu, 0);
}

/* What being in a program adds to p->migration_disabled. */
u32 entry_pins;

/* Context: where the kernel's caller is known not to have disabled migration. */
static inline void note_entry(void)
{
	u32 pins = bpf_get_current_task_btf()->migration_disabled;

	if (entry_pins != pins)
		entry_pins = pins;
}

/*
 * task_is_kept_here - is @p inside of migrate_disable()?
 *
 * The kernel calls programs inside of it too: before v6.18 always, since then with
 * PREEMPT_RCU only. What the calling task shows of that is not its own.
 */
static inline bool task_is_kept_here(const struct task_struct *p)
{
	u32 nr = p->migration_disabled;

	return nr && (nr > entry_pins || p->pid != bpf_get_current_task_btf()->pid);
}

/* What lanes.ko says; nothing without it. Its functions come all or none. */
static inline u32 module_irq_load(s32 cpu)
{
	return bpf_ksym_exists(lanes_cpu_irq_load) ? lanes_cpu_irq_load(cpu) : 0;
}

static inline u32 module_vectors(s32 cpu)
{
	return bpf_ksym_exists(lanes_cpu_vectors) ? lanes_cpu_vectors(cpu) : 0;
}

static inline s32 module_dev_home_cpu(void)
{
	return bpf_ksym_exists(lanes_dev_home_cpu) ? lanes_dev_home_cpu() : -1;
}

/*
 * task_cpu_of - the CPU whose run queue @p is on, or was on last
 *
 * Read where the kernel keeps it, if that is with the task: three callbacks a switch
 * ask for it, and a call costs ten times as much as the load.
 */
static inline s32 task_cpu_of(const struct task_struct *p)
{
	if (!(features_off & LANES_FEATURE_TASK_CPU) &&
	    bpf_core_field_exists(p->thread_info.cpu))
		return p->thread_info.cpu;
	return scx_bpf_task_cpu(p);
}

/* Never changed; named here so that no other file names a raw kfunc. */
#define create_dsq		scx_bpf_create_dsq
#define dsq_nr_queued		scx_bpf_dsq_nr_queued
#define select_cpu_default	scx_bpf_select_cpu_dfl
#define pick_idle_cpu		scx_bpf_pick_idle_cpu
#define claim_idle_cpu		scx_bpf_test_and_clear_cpu_idle
#define kick_cpu		scx_bpf_kick_cpu
#define get_online_cpumask	scx_bpf_get_online_cpumask
#define put_cpumask		scx_bpf_put_cpumask
#define get_idle_cpumask	scx_bpf_get_idle_cpumask
#define put_idle_cpumask	scx_bpf_put_idle_cpumask

/* Both take a format and up to twelve numbers or strings, as bpf_printk(). */
#define __with_args(kfunc, fmt, args...)					\
({										\
	static char ___fmt[] = fmt;						\
	unsigned long long ___data[___bpf_narg(args) ?: 1] = {};		\
										\
	___bpf_fill(___data, args);						\
	kfunc(___fmt, ___data, ___bpf_narg(args) * sizeof(*___data));		\
})

/* End the scheduler: every task goes back to the kernel's own. */
#define sched_error(fmt, args...) __with_args(scx_bpf_error_bstr, fmt, ##args)

/* Add to the dump that the kernel makes when it ends a scheduler. */
#define dump_line(fmt, args...) __with_args(scx_bpf_dump_bstr, fmt, ##args)

#endif /* __LANES_COMPAT_BPF_H */
