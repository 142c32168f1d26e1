/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel functions and numbers of sched_ext that Lanes uses, each declared
 * once. Only compat.bpf.h and the few names that never changed (at the end)
 * are for the rest of the tree.
 *
 * All are weak, so that one object loads on every kernel from 6.12 on. libbpf
 * drops the last ___part of a name before it looks it up; the part says the
 * version that brought this prototype.
 */
#ifndef __LANES_KFUNCS_BPF_H
#define __LANES_KFUNCS_BPF_H

#define KFUNC extern __ksym __weak

struct scx_bpf_dsq_insert_vtime_args___v6_19 {
	u64 dsq_id;
	u64 slice;
	u64 vtime;
	u64 enq_flags;
} __attribute__((preserve_access_index));

/* Queues: putting a task on one. */
KFUNC void scx_bpf_dispatch___v6_12(struct task_struct *p, u64 dsq_id, u64 slice,
				    u64 enq_flags);
KFUNC void scx_bpf_dispatch_vtime___v6_12(struct task_struct *p, u64 dsq_id,
					  u64 slice, u64 vtime, u64 enq_flags);
KFUNC void scx_bpf_dsq_insert___v6_13(struct task_struct *p, u64 dsq_id, u64 slice,
				      u64 enq_flags);
KFUNC void scx_bpf_dsq_insert_vtime___v6_13(struct task_struct *p, u64 dsq_id,
					    u64 slice, u64 vtime, u64 enq_flags);
KFUNC bool scx_bpf_dsq_insert___v2___v6_19(struct task_struct *p, u64 dsq_id,
					   u64 slice, u64 enq_flags);
KFUNC bool __scx_bpf_dsq_insert_vtime___v6_19(struct task_struct *p,
					      struct scx_bpf_dsq_insert_vtime_args___v6_19 *args);
/* The plain name, once the kernel lets it return whether it took the task. */
KFUNC bool scx_bpf_dsq_insert___later(struct task_struct *p, u64 dsq_id, u64 slice,
				      u64 enq_flags);

/* Queues: taking a task from one. */
KFUNC bool scx_bpf_consume___v6_12(u64 dsq_id);
KFUNC bool scx_bpf_dsq_move_to_local___v6_13(u64 dsq_id);
KFUNC bool scx_bpf_dsq_move_to_local___v2___v7_1(u64 dsq_id, u64 enq_flags);
KFUNC bool scx_bpf_dispatch_from_dsq___v6_12(struct bpf_iter_scx_dsq *it,
					     struct task_struct *p, u64 dsq_id,
					     u64 enq_flags);
KFUNC bool scx_bpf_dsq_move___v6_13(struct bpf_iter_scx_dsq *it, struct task_struct *p,
				    u64 dsq_id, u64 enq_flags);
KFUNC void scx_bpf_dispatch_from_dsq_set_vtime___v6_12(struct bpf_iter_scx_dsq *it,
						       u64 vtime);
KFUNC void scx_bpf_dsq_move_set_vtime___v6_13(struct bpf_iter_scx_dsq *it, u64 vtime);
KFUNC bool scx_bpf_dispatch_vtime_from_dsq___v6_12(struct bpf_iter_scx_dsq *it,
						   struct task_struct *p, u64 dsq_id,
						   u64 enq_flags);
KFUNC bool scx_bpf_dsq_move_vtime___v6_13(struct bpf_iter_scx_dsq *it,
					  struct task_struct *p, u64 dsq_id,
					  u64 enq_flags);
KFUNC struct task_struct *scx_bpf_dsq_peek___v6_19(u64 dsq_id);
KFUNC int bpf_iter_scx_dsq_new(struct bpf_iter_scx_dsq *it, u64 dsq_id, u64 flags);
KFUNC struct task_struct *bpf_iter_scx_dsq_next(struct bpf_iter_scx_dsq *it);
KFUNC void bpf_iter_scx_dsq_destroy(struct bpf_iter_scx_dsq *it);

/* Queues: back to ops.enqueue with what the kernel holds. */
KFUNC u32 scx_bpf_reenqueue_local___v6_12(void);
KFUNC void scx_bpf_reenqueue_local___v2___v6_19(void);
KFUNC void scx_bpf_dsq_reenq___v7_1(u64 dsq_id, u64 reenq_flags);

/* Tasks, time, and what reports to the user. */
KFUNC bool scx_bpf_task_set_slice___v6_19(struct task_struct *p, u64 slice);
KFUNC u64 scx_bpf_now___v6_14(void);
KFUNC void scx_bpf_error_bstr(char *fmt, unsigned long long *data, u32 data__sz);
KFUNC void scx_bpf_dump_bstr(char *fmt, unsigned long long *data, u32 data__sz);

/* The same on every kernel. */
KFUNC s32 scx_bpf_create_dsq(u64 dsq_id, s32 node);
KFUNC s32 scx_bpf_dsq_nr_queued(u64 dsq_id);
KFUNC s32 scx_bpf_select_cpu_dfl(struct task_struct *p, s32 prev_cpu, u64 wake_flags,
				 bool *is_idle);
KFUNC bool scx_bpf_test_and_clear_cpu_idle(s32 cpu);
KFUNC s32 scx_bpf_pick_idle_cpu(const struct cpumask *allowed, u64 flags);
KFUNC void scx_bpf_kick_cpu(s32 cpu, u64 flags);
KFUNC s32 scx_bpf_task_cpu(const struct task_struct *p);
KFUNC const struct cpumask *scx_bpf_get_online_cpumask(void);
KFUNC void scx_bpf_put_cpumask(const struct cpumask *mask);
KFUNC const struct cpumask *scx_bpf_get_idle_cpumask(void);
KFUNC void scx_bpf_put_idle_cpumask(const struct cpumask *mask);

KFUNC void bpf_rcu_read_lock(void);
KFUNC void bpf_rcu_read_unlock(void);
KFUNC struct task_struct *bpf_task_from_pid(s32 pid);
KFUNC void bpf_task_release(struct task_struct *p);
KFUNC bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *mask);

/* Of lanes.ko, if that is there. */
KFUNC u32 lanes_cpu_irq_load(u32 cpu);
KFUNC u32 lanes_cpu_vectors(u32 cpu);
KFUNC s32 lanes_dev_home_cpu(void);

#undef KFUNC

/*
 * The kernel's numbers. Several were renumbered between releases (SCX_ENQ_HEAD in
 * v6.19), so the values below only make the enumerators exist; what the program
 * uses is relocated from the BTF of the kernel that loads it.
 */
enum scx_enq_flags___lanes {
	SCX_ENQ_WAKEUP___lanes = 1,
	SCX_ENQ_PREEMPT___lanes = 1ULL << 32,
};

enum scx_dsq_id_flags___lanes {
	SCX_DSQ_GLOBAL___lanes = (1ULL << 63) + 1,
	SCX_DSQ_LOCAL___lanes = (1ULL << 63) + 2,
	SCX_DSQ_LOCAL_ON___lanes = (1ULL << 63) + (1ULL << 62),
};

enum scx_dsq_iter_flags___lanes {
	SCX_DSQ_ITER_REV___lanes = 1 << 16,
};

enum scx_kick_flags___lanes {
	SCX_KICK_IDLE___lanes = 1,
	SCX_KICK_PREEMPT___lanes = 2,
};

enum scx_wake_flags___lanes {
	SCX_WAKE_FORK___lanes = 1,
	SCX_WAKE_SYNC___lanes = 2,
};

enum scx_ent_flags___lanes {
	SCX_TASK_QUEUED___lanes = 1,
};

#endif /* __LANES_KFUNCS_BPF_H */
