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
 *	None of our own. A queue is a DSQ, which the kernel locks. The state of a
 *	lane is written under its CPU's rq lock, which enqueue, dispatch, running
 *	and stopping hold: enqueue puts a task only into the lane of the CPU
 *	whose rq it is on. Counters belong to the CPU that executes, with
 *	interrupts off. What others read (floor, keys) may be a moment old, which
 *	costs accuracy but never a task.
 *
 *	A task becomes visible in its queue only after enqueue has returned. A
 *	thief that looked in between goes idle, hence the kick at the end.
 *
 * What it is bad at
 *	Nothing evens out lanes that are all busy: two tasks on one CPU and one
 *	on the other stay so until somebody sleeps. Slices end at the kernel's
 *	tick. A task that a higher class interrupted waits on its CPU until that
 *	is done. Leaving the class and coming back clears what a task owes. cgroup
 *	weights and quotas are not enforced.
 */
#include "lanes.bpf.h"
#include "disciplines/vruntime.bpf.h"

char _license[] SEC("license") = "GPL";

/* How long a task runs before the next pick, ns: shorter serves sooner. */
const volatile u64 slice_ns = LANES_SLICE_US_DFL * 1000ULL;

/* How long a task may wait for its turn, ns; then it goes first, for a slice. */
const volatile u64 max_wait_ns = LANES_MAX_WAIT_MS_DFL * 1000000ULL;

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
#include "balance.bpf.c"
#include "guard.bpf.c"
#include "place.bpf.c"
#include "steal.bpf.c"
#include "view.bpf.c"

/* Translate a task's key to the clock of the lane it is on now. */
static void rebase(struct task_ctx *tctx, struct lane *lane, s32 cpu)
{
	struct lane *from = try_lookup_lane(tctx->cpu);

	tctx->cpu = cpu;
	if (!from || without(REBASE))
		return;
	vruntime_rebase(tctx, from, lane);
	count(LANES_STAT_rebases);
}

/* Bring a task's key up to date with the lane it is about to join. */
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
	tctx->is_ahead = false;
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
	s32 cpu;

	if (without(IDLE))
		return prev_cpu;
	cpu = select_cpu_default(p, prev_cpu, wake_flags, &is_idle);
	if (!is_idle)
		return wake_flags & WAKE_FORK ? place_new_task(p, cpu) : cpu;

	tctx = lookup_task_ctx(p);
	lane = lookup_lane(cpu);
	if (!tctx || !lane)
		return cpu;
	/*
	 * A waker that is about to sleep counts as idle; others may be waiting
	 * for its CPU. Only dispatch clears the flag, hence the second look.
	 */
	if (lane->is_contended && dsq_nr_queued(lane_dsq(cpu)))
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
	tctx->is_ahead = true;
	count(LANES_STAT_kthreads);
	return true;
}

/* May the waking task interrupt what runs? One at a time; the others queue. */
static bool wakeup_interrupts(const struct task_struct *p, const struct task_ctx *tctx,
			      struct lane *lane)
{
	if (!lane->curr_pid || lane->is_preempting || without(PREEMPT))
		return false;
	/* Who asked to be disturbed less disturbs nobody. */
	if (p->policy == SCHED_BATCH || p->policy == SCHED_IDLE)
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
	tctx->is_ahead = false;
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
	} else if (is_wakeup && wakeup_interrupts(p, tctx, lane)) {
		dsq_insert(p, DSQ_LOCAL, slice_ns, ENQ_PREEMPT);
		return;
	}
	queue_by_key(p, tctx, lane, cpu);
	/* One may have gone idle since select_cpu looked, if it looked at all. */
	place_kick_idle(p);
}

static void note_empty(struct lane *lane, s32 cpu)
{
	lane->is_contended = false;
	steal_withdraw(cpu);
}

/* Does the head of the lane go before the task that ran and still wants to? */
static bool head_goes_first(s32 cpu, struct lane *lane, const struct task_ctx *tctx)
{
	u64 head_key;

	if (!lane->is_contended)
		return false;
	if (!dsq_first_key(lane_dsq(cpu), &head_key)) {
		note_empty(lane, cpu);
		return false;
	}
	return without(PREV) || tctx->has_yielded ||
	       vtime_before(head_key, vruntime_key(tctx));
}

/* What the others see of the task that runs from here on. */
static void publish(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
	lane->curr_pid = p->pid;
	lane->curr_key = vruntime_key(tctx);
	lane->is_preempting = false;
	tctx->has_yielded = false;
	if (!tctx->is_ahead)
		lane->floor = vtime_max(lane->floor, lane->curr_key);
}

/* No stop and no start comes with it. */
static void keep(struct task_struct *prev, struct task_ctx *tctx, struct lane *lane)
{
	tctx->is_ahead = false;
	publish(prev, tctx, lane);
	stat_inc(lane, LANES_STAT_kept);
	task_set_slice(prev, slice_ns);
}

void BPF_STRUCT_OPS(lanes_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_ctx *tctx = prev && task_is_queued(prev) ? lookup_task_ctx(prev) : NULL;
	struct lane *lane = lookup_lane(cpu);

	if (!lane)
		return;
	if (tctx) {
		charge(prev, tctx);
		if (!head_goes_first(cpu, lane, tctx)) {
			keep(prev, tctx, lane);
			return;
		}
	}
	if (lane->is_contended) {
		if (dsq_move_to_local(lane_dsq(cpu)))
			return;
		note_empty(lane, cpu);
	}
	/* With @prev still runnable, a thief was faster than we. */
	if (tctx)
		keep(prev, tctx, lane);
	else if (!without(STEAL) && !steal_one(cpu, lane) && lane->is_contended)
		/* Stealing lets go of the rq lock: somebody came meanwhile. */
		dsq_move_to_local(lane_dsq(cpu));
}

/* The task lets the head of its lane go first, once, whatever their keys are. */
bool BPF_STRUCT_OPS(lanes_yield, struct task_struct *from, struct task_struct *to)
{
	struct task_ctx *tctx = lookup_task_ctx(from);

	if (tctx) {
		tctx->has_yielded = true;
		task_set_slice(from, 0);
	}
	return false;
}

static void record_wakeup(struct task_ctx *tctx, struct lane *lane)
{
	s64 waited_ns = now_ns() - tctx->runnable_at_ns;
	/* Clocks of different CPUs may disagree by a little. */
	u32 bucket = hist_bucket(waited_ns > 0 ? waited_ns : 0, LANES_HIST_BUCKETS);

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
	/* Stolen, or it was running already when it entered our class. */
	if (tctx->cpu != cpu)
		settle(tctx, lane, cpu, false);
	publish(p, tctx, lane);
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
 * last one has left it.
 */
void BPF_STRUCT_OPS(lanes_cpu_offline, s32 cpu)
{
	struct lane *lane = lookup_lane(cpu);

	if (!lane)
		return;
	lane->is_online = false;
	stat_inc(lane, LANES_STAT_hotplugs);
	steal_withdraw(cpu);
	balance_drain(cpu);
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
	return ret ?: balance_start();
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
	.yield		= (void *)lanes_yield,
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
