// SPDX-License-Identifier: GPL-2.0
/*
 * scx_lanes: one run queue per CPU, ordered by a discipline.
 *
 * Terms
 *	lane		the queue of one CPU and what is published about it
 *	discipline	the rule that orders a lane (disciplines/)
 *	key		what the queue is ordered by; with "vruntime" the
 *			task's virtual runtime on the clock of its lane
 *	floor		the key below which nobody in the lane may lie, but for
 *			the credit of sleepers; each lane has a clock of its own
 *
 * A task's path
 *	It wakes up. select_cpu asks the kernel for an idle CPU; if there is one
 *	the task goes straight to that CPU's local queue. Otherwise enqueue puts
 *	it into the lane of the CPU it is on, or ahead of everything if it may
 *	interrupt what runs there. When the CPU wants a task, dispatch first
 *	settles what the one that ran has to pay, then compares it with the head
 *	of the lane: the task that ran is not in any queue at that moment, and a
 *	scheduler which forgets it gives everybody the same share whatever the
 *	weights are. The smaller key runs. Only a CPU with nothing to run takes
 *	from other lanes (steal.bpf.c). A task that changes lanes has its key
 *	translated, because the lanes' clocks differ.
 *
 * Locking
 *	None of our own. A queue is a DSQ, which the kernel locks. A lane's
 *	fields are written under its CPU's rq lock, which every callback used
 *	here holds: enqueue puts a task only into the lane of the CPU whose rq
 *	it is on. What others read (floor, keys) may be a moment old, which
 *	costs accuracy but never a task.
 *
 * What it is bad at
 *	Nothing evens out lanes that are all busy: two tasks on one CPU and one
 *	on the other stay so until somebody sleeps. Slices end at the kernel's
 *	tick. cgroup weights and quotas are not enforced.
 */
#include "lanes.bpf.h"
#include "disciplines/vruntime.bpf.h"

char _license[] SEC("license") = "GPL";

/* How long a task runs before the next pick, ns. Shorter serves sooner, longer
 * switches less.
 */
const volatile u64 slice_ns = LANES_SLICE_US_DFL * 1000ULL;

/* Possible CPUs: the lanes there are. */
const volatile s32 nr_cpus = 1;

/* enum lanes_part: mechanisms left out, for experiments and negative controls. */
const volatile u32 parts_off;

/* enum lanes_feature: kernel features left unused, see compat.bpf.h. */
const volatile u32 features_off;

struct task_ctxs task_ctxs SEC(".maps");
struct lanes_map lanes SEC(".maps");

struct lanes_exit exit_record;

/*
 * One translation unit, so that clang inlines across the topics; and bpftool
 * 7.5 (Debian 13) cannot link objects which share a kfunc.
 */
#include "place.bpf.c"
#include "steal.bpf.c"
#include "view.bpf.c"

/* Translate @p's key to the clock of the lane it is on now. */
static void rebase(struct task_ctx *tctx, struct lane *lane, s32 cpu)
{
	struct lane *from = try_lookup_lane(tctx->cpu);

	tctx->cpu = cpu;
	if (!from || without(REBASE))
		return;
	vruntime_rebase(tctx, from, lane);
	count(LANES_STAT_rebases);
}

/* Bring @p's key up to date with the lane it is about to join. */
static void settle(struct task_ctx *tctx, struct lane *lane, s32 cpu, bool is_wakeup)
{
	if (tctx->cpu == NO_CPU) {
		tctx->cpu = cpu;
		vruntime_init(tctx, lane);
	} else if (tctx->cpu != cpu) {
		rebase(tctx, lane, cpu);
	}
	if (!is_wakeup)
		return;
	tctx->runnable_at_ns = now_ns();
	if (!without(LIFT) && vruntime_lift(tctx, lane))
		count(LANES_STAT_lifts);
}

/*
 * The one place where running is paid for. dispatch comes here too, because a
 * task that is kept neither stops nor starts.
 */
static void charge(struct task_struct *p, struct task_ctx *tctx)
{
	u64 exec_ns = p->se.sum_exec_runtime;

	vruntime_charge(p, tctx, exec_ns - tctx->exec_seen_ns);
	tctx->exec_seen_ns = exec_ns;
}

s32 BPF_STRUCT_OPS(lanes_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	struct task_ctx *tctx;
	struct lane *lane;
	bool is_idle = false;
	s32 cpu = select_cpu_default(p, prev_cpu, wake_flags, &is_idle);

	if (without(IDLE))
		return prev_cpu;
	if (!is_idle)
		return wake_flags & WAKE_FORK ? place_new_task(p, cpu) : cpu;

	tctx = lookup_task_ctx(p);
	lane = lookup_lane(cpu);
	if (!tctx || !lane)
		return cpu;
	/* A waker that is about to sleep counts as idle; others may be waiting. */
	if (lane->is_contended)
		return cpu;
	settle(tctx, lane, cpu, true);
	count(LANES_STAT_direct);
	dsq_insert(p, DSQ_LOCAL, slice_ns, 0);
	return cpu;
}

/*
 * A kernel thread bound to its CPU goes ahead of everything, for the machine
 * depends on it: when it wakes, and when it is put back before it has had a
 * slice (another one went ahead of it). One that never sleeps shares like
 * everybody else.
 */
static bool kthread_goes_ahead(struct task_ctx *tctx, bool is_wakeup)
{
	if (is_wakeup)
		tctx->exec_at_wakeup_ns = tctx->exec_seen_ns;
	if (tctx->exec_seen_ns - tctx->exec_at_wakeup_ns >= slice_ns)
		return false;
	count(LANES_STAT_kthreads);
	return true;
}

/* May the waking task interrupt what runs? One at a time; the others queue. */
static bool wakeup_interrupts(const struct task_ctx *tctx, struct lane *lane)
{
	if (!lane->curr_pid || lane->is_preempting || without(PREEMPT))
		return false;
	if (!vruntime_preempts(tctx, lane))
		return false;
	lane->is_preempting = true;
	count(LANES_STAT_preempts);
	return true;
}

static void queue_by_key(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			 s32 cpu)
{
	lane->is_contended = true;
	if (!task_is_pinned(p))
		steal_advertise(cpu);
	count(LANES_STAT_queued);
	dsq_insert_vtime(p, lane_dsq(cpu), slice_ns, vruntime_key(tctx), 0);
}

void BPF_STRUCT_OPS(lanes_enqueue, struct task_struct *p, u64 enq_flags)
{
	s32 cpu = task_cpu_of(p);
	struct task_ctx *tctx = lookup_task_ctx(p);
	struct lane *lane = lookup_lane(cpu);
	bool is_wakeup = enq_flags & ENQ_WAKEUP;

	if (!tctx || !lane)
		return;
	settle(tctx, lane, cpu, is_wakeup);
	if (task_is_cpu_kthread(p) && !without(KTHREAD)) {
		vruntime_forgive(tctx, lane);
		if (kthread_goes_ahead(tctx, is_wakeup)) {
			dsq_insert(p, DSQ_LOCAL, slice_ns, is_wakeup ? ENQ_PREEMPT : 0);
			return;
		}
	} else if (is_wakeup && wakeup_interrupts(tctx, lane)) {
		dsq_insert(p, DSQ_LOCAL, slice_ns, ENQ_PREEMPT);
		return;
	}
	queue_by_key(p, tctx, lane, cpu);
	if (!is_wakeup || !was_cpu_selected(enq_flags))
		place_kick_idle(p);
}

/* Does the task that ran, and still wants to, go before the head of the lane? */
static bool goes_first(const struct task_ctx *tctx, u64 head_key)
{
	return !without(PREV) && !vtime_before(head_key, vruntime_key(tctx));
}

/* No stop and no start comes with it: what running() publishes is done here. */
static void keep(struct task_struct *prev, struct task_ctx *tctx, struct lane *lane)
{
	lane->curr_key = vruntime_key(tctx);
	lane->floor = vtime_max(lane->floor, lane->curr_key);
	lane->is_preempting = false;
	stat_inc(lane, LANES_STAT_kept);
	task_set_slice(prev, slice_ns);
}

void BPF_STRUCT_OPS(lanes_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_ctx *tctx = prev && task_is_queued(prev) ? lookup_task_ctx(prev) : NULL;
	struct lane *lane = lookup_lane(cpu);
	u64 head_key = 0;

	if (!lane)
		return;
	if (lane->is_contended && !dsq_first_key(lane_dsq(cpu), &head_key)) {
		lane->is_contended = false;
		steal_withdraw(cpu);
	}
	if (tctx)
		charge(prev, tctx);
	if (lane->is_contended && !(tctx && goes_first(tctx, head_key)) &&
	    dsq_move_to_local(lane_dsq(cpu)))
		return;
	if (tctx)
		keep(prev, tctx, lane);
	else if (!without(STEAL))
		steal_one(cpu, lane);
}

static void record_wakeup(struct task_ctx *tctx, struct lane *lane)
{
	u64 waited_ns = now_ns() - tctx->runnable_at_ns;
	u32 bucket = hist_bucket(waited_ns, LANES_HIST_BUCKETS);

	tctx->runnable_at_ns = 0;
	/* For the verifier: the bound must be seen on the value that is used. */
	barrier_var(bucket);
	if (bucket < LANES_HIST_BUCKETS)
		lane->wake_hist[bucket]++;
}

void BPF_STRUCT_OPS(lanes_running, struct task_struct *p)
{
	s32 cpu = task_cpu_of(p);
	struct task_ctx *tctx = lookup_task_ctx(p);
	struct lane *lane = lookup_lane(cpu);

	if (!tctx || !lane)
		return;
	/* Stolen, or run by the kernel without having been enqueued. */
	if (tctx->cpu != cpu)
		rebase(tctx, lane, cpu);
	lane->curr_pid = p->pid;
	lane->curr_key = vruntime_key(tctx);
	lane->is_preempting = false;
	/* A kernel thread that went ahead says nothing about the others. */
	if (!task_is_cpu_kthread(p))
		lane->floor = vtime_max(lane->floor, lane->curr_key);
	if (tctx->runnable_at_ns)
		record_wakeup(tctx, lane);
	stat_inc(lane, LANES_STAT_switches);
}

void BPF_STRUCT_OPS(lanes_stopping, struct task_struct *p, bool runnable)
{
	struct task_ctx *tctx = lookup_task_ctx(p);
	struct lane *lane = lookup_lane(task_cpu_of(p));

	if (!tctx || !lane)
		return;
	charge(p, tctx);
	lane->curr_pid = 0;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(lanes_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	struct task_ctx *tctx = bpf_task_storage_get(&task_ctxs, p, NULL,
						     BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!tctx)
		return -ENOMEM;
	tctx->cpu = NO_CPU;
	return 0;
}

/* Entered at birth and again after every stay in another scheduling class. */
void BPF_STRUCT_OPS(lanes_enable, struct task_struct *p)
{
	struct task_ctx *tctx = lookup_task_ctx(p);

	if (!tctx)
		return;
	tctx->cpu = NO_CPU;
	tctx->runnable_at_ns = 0;
	tctx->exec_seen_ns = p->se.sum_exec_runtime;
}

void BPF_STRUCT_OPS(lanes_cpu_online, s32 cpu)
{
	struct lane *lane = lookup_lane(cpu);

	if (!lane)
		return;
	lane->is_online = true;
	stat_inc(lane, LANES_STAT_hotplugs);
}

/*
 * From here on the kernel asks this CPU for no more tasks, yet waits until the
 * last one has left it. What waits in the lane goes to the global queue, which
 * this CPU and all others still serve.
 */
void BPF_STRUCT_OPS(lanes_cpu_offline, s32 cpu)
{
	struct lane *lane = lookup_lane(cpu);
	struct bpf_iter_scx_dsq it;
	struct task_struct *p;

	if (!lane)
		return;
	lane->is_online = false;
	lane->curr_pid = 0;
	stat_inc(lane, LANES_STAT_hotplugs);
	steal_withdraw(cpu);
	if (!bpf_iter_scx_dsq_new(&it, lane_dsq(cpu), 0)) {
		while ((p = bpf_iter_scx_dsq_next(&it)))
			dsq_move(&it, p, DSQ_GLOBAL, 0);
	}
	bpf_iter_scx_dsq_destroy(&it);
}

static s32 open_lane(s32 cpu, const struct cpumask *online)
{
	struct lane *lane = lookup_lane(cpu);

	if (!lane)
		return -ENOENT;
	lane->is_online = bpf_cpumask_test_cpu(cpu, online);
	return create_dsq(lane_dsq(cpu), lane->node);
}

s32 BPF_STRUCT_OPS_SLEEPABLE(lanes_init)
{
	const struct cpumask *online = get_online_cpumask();
	s32 cpu, ret = 0;

	bpf_for(cpu, 0, nr_cpus) {
		ret = open_lane(cpu, online);
		if (ret) {
			sched_error("cpu %d: create the lane's queue: %d", cpu, ret);
			break;
		}
	}
	put_cpumask(online);
	return ret;
}

void BPF_STRUCT_OPS(lanes_exit, struct scx_exit_info *info)
{
	bpf_probe_read_kernel_str(exit_record.reason, sizeof(exit_record.reason),
				  info->reason);
	bpf_probe_read_kernel_str(exit_record.msg, sizeof(exit_record.msg), info->msg);
	bpf_probe_read_kernel_str(exit_record.dump, sizeof(exit_record.dump), info->dump);
	exit_record.code = info->exit_code;
	/* Last: whoever waits for @kind may read the rest. */
	__atomic_exchange_n(&exit_record.kind, info->kind, __ATOMIC_SEQ_CST);
}

void BPF_STRUCT_OPS(lanes_dump, struct scx_dump_ctx *dctx)
{
	view_dump();
}

void BPF_STRUCT_OPS(lanes_dump_cpu, struct scx_dump_ctx *dctx, s32 cpu, bool is_idle)
{
	view_dump_lane(cpu, is_idle);
}

void BPF_STRUCT_OPS(lanes_dump_task, struct scx_dump_ctx *dctx, struct task_struct *p)
{
	view_dump_task(p);
}

SEC(".struct_ops.link")
struct sched_ext_ops lanes_ops = {
	.select_cpu	= (void *)lanes_select_cpu,
	.enqueue	= (void *)lanes_enqueue,
	.dispatch	= (void *)lanes_dispatch,
	.running	= (void *)lanes_running,
	.stopping	= (void *)lanes_stopping,
	.init_task	= (void *)lanes_init_task,
	.enable		= (void *)lanes_enable,
	.cpu_online	= (void *)lanes_cpu_online,
	.cpu_offline	= (void *)lanes_cpu_offline,
	.dump		= (void *)lanes_dump,
	.dump_cpu	= (void *)lanes_dump_cpu,
	.dump_task	= (void *)lanes_dump_task,
	.init		= (void *)lanes_init,
	.exit		= (void *)lanes_exit,
	.exit_dump_len	= LANES_EXIT_DUMP_LEN,
	.name		= LANES_OPS_NAME,
};
