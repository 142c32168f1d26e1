// SPDX-License-Identifier: GPL-2.0
/*
 * scx_lanes: run queues for each CPU, ordered by a discipline, below real-time tasks.
 *
 * Terms
 *	lane		the queues of one CPU and what is published about it: the
 *			RT queue, the main queue, and what the kernel already holds
 *			for the CPU (its local queue)
 *	discipline	the rule that orders a main queue (disciplines/)
 *	key		what a queue is ordered by; with "vruntime" the task's
 *			virtual runtime on the clock of its lane
 *	floor		the key below which nobody in the lane may lie, but for
 *			the credit of sleepers; each lane has a clock of its own
 *	slot		the place behind the running task in the local queue
 *
 * A task's path
 *	It wakes up. select_cpu looks for an idle CPU; if there is one the task goes
 *	straight to that CPU's local queue. Otherwise enqueue puts it into the lane
 *	of the CPU it is on, or ahead of everything if it may interrupt what runs
 *	there. When the CPU wants a task, dispatch first settles what the one that ran
 *	has to pay, and then makes up to four passes: RT tasks (rt.bpf.c); the main
 *	queue; going on with the task that ran; other lanes (steal.bpf.c). The task
 *	that ran is not in any queue at that moment, and a scheduler which forgets it
 *	gives everybody the same share whatever the weights are: it competes with the
 *	head of the queue, and the smaller key runs. A task that changes lanes has
 *	its key translated, because the lanes' clocks differ.
 *
 *	Going through a queue costs two hash lookups and a pick. So a task that would
 *	be picked next anyway, and that no other CPU could run, goes to the local
 *	queue instead, one at a time: the slot.
 *
 * Locking
 *	None of our own. A queue is a DSQ, which the kernel locks. The state of a
 *	lane is written by its CPU, under its rq lock, which enqueue, dispatch, running
 *	and stopping hold; what others change (how long the queues are, requests)
 *	is changed atomically; but for the clock of a lane that picks nothing, because its
 *	task is alone without ticks, which is brought up to date by who sends a task there.
 *	What others read (floor, keys) may be a moment old, which costs accuracy but never a
 *	task.
 *
 *	A task becomes visible in its queue only after enqueue has returned. A
 *	thief that looked in between goes idle, hence the kick at the end.
 *
 * What it is bad at
 *	A task in the slot waits for its CPU even if a higher class takes that. Leaving
 *	the class and coming back clears what a task owes. After eight interruptions of a
 *	CPU within 3 ms even a sleeper waits for the end of a slice. cgroup weights and
 *	quotas are not enforced.
 */
#include "lanes.bpf.h"
#include "laneset.bpf.h"

/* Wakeups that may interrupt on one CPU, and in which time: switches cost what they cost. */
#define MAX_INTERRUPTS		8
#define INTERRUPTS_NS		(3 * NS_PER_MS)

char _license[] SEC("license") = "GPL";

/* Possible CPUs: the lanes there are. */
const volatile s32 nr_cpus = 1;

/* enum lanes_steal: how a CPU comes to another lane's tasks. */
const volatile u32 steal_mode;

/* enum lanes_discipline: the rule that orders the main queues. */
const u32 discipline __weak = 0;

/* How many main queues a lane has, and whose they are: enum lanes_domain. */
const u32 nr_queues __weak = 1;
const u32 queue_domain __weak = 0;

/* Designated tasks are the discipline's, there is no RT pass (--rt discipline). */
const u32 rt_by_discipline __weak = 0;

/* enum lanes_part: mechanisms left out, for experiments and negative controls. */
const volatile u32 parts_off;

/* enum lanes_feature: kernel features left unused, see compat.bpf.h. */
const volatile u32 features_off;

struct lanes_knobs knobs SEC(".data.knobs") = {
#define LANES_KNOB(name, unit, min, max, fallback, meaning) .name = fallback,
#define LANES_CHOICE(name, fallback, meaning, words) .name = fallback,
#include "lanes_knobs.def"
};

struct lanes_map lanes SEC(".maps");

/* Lanes that may hold a task which another CPU could run. */
static struct lane_set stealable;

/* Lanes that may hold a waiting RT task. */
static struct lane_set rt_lanes;

struct lanes_exit exit_record;

/* Of this file, for the RT pass. */
static void keep(struct task_struct *prev, struct task_ctx *tctx, struct lane *lane,
		 u64 slice, u64 now);

/*
 * One translation unit, so that clang inlines across the topics; and bpftool
 * 7.5 (Debian 13) cannot link objects which share a kfunc. Lowest floor first.
 */
#include "task.bpf.c"
#include "trace.bpf.c"
#include "discipline.bpf.h"
#include "queue.bpf.c"
#include "account.bpf.c"
#include "rt.bpf.c"
#include "control.bpf.c"
#include "inherit.bpf.c"
#include "rules.bpf.c"
#include "steal.bpf.c"
#include "irq.bpf.c"
#include "place.bpf.c"
#include "disciplines/haiku_cores.bpf.c"
#include "tick.bpf.c"
#include "guard.bpf.c"
#include "balance.bpf.c"
#include "view.bpf.c"

/* It is new in this lane: give it a standing there, or translate the one it had. */
static __noinline void join(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			    s32 cpu)
{
	if (tctx->cpu == LANES_NO_CPU) {
		tctx->cpu = cpu;
		discipline_init(p, tctx, lane);
	} else if (rebase(tctx, cpu, lane)) {
		count(LANES_STAT_rebases);
	}
}

/* Bring a task's key up to date with the lane it is about to join. */
HOT void settle(struct task_struct *p, struct task_ctx *tctx, struct lane *lane, s32 cpu)
{
	if (tctx->cpu != cpu)
		join(p, tctx, lane, cpu);
}

HOT void settle_woken(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
		      s32 cpu, u64 now)
{
	if (tctx->lends_to)
		inherit_take_back(p, tctx);
	account_wakeup(tctx, now);
	settle(p, tctx, lane, cpu);
	if (!without(LIFT) && discipline_lift(p, tctx, lane, now))
		count(LANES_STAT_lifts);
}

/* SCHED_BATCH runs longer and less often; sched_setattr(2) may ask for a slice. */
HOT u64 task_slice_ns(struct task_struct *p, struct task_ctx *tctx)
{
	u64 ns;

	if (p->se.slice != tctx->se_slice_ns) {
		tctx->se_slice_ns = p->se.slice;
		tctx->slice_ns = p->se.custom_slice ? p->se.slice : 0;
	}
	ns = discipline_slice(p, tctx, tctx->slice_ns);
	return p->policy == SCHED_BATCH ? 2 * ns : ns;
}

/*
 * The one place where running is paid for. dispatch comes here too, because a
 * task that is kept neither stops nor starts.
 */
HOT void charge(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
	u64 exec_ns = p->se.sum_exec_runtime;
	u64 ran_ns = exec_ns - tctx->exec_seen_ns;

	tctx->exec_seen_ns = exec_ns;
	account_ran(tctx, lane, ran_ns);
	if (rt_prio_of(tctx))
		rt_charge(tctx, lane, ran_ns);
	else
		discipline_charge(p, tctx, lane, ran_ns);
}

s32 BPF_STRUCT_OPS(lanes_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	struct task_ctx *tctx = lookup_task_ctx(p);
	struct lane *lane;
	bool is_idle = false;
	s32 cpu;

	if (!tctx || without(IDLE))
		return prev_cpu;
	if (rt_prio_of(tctx))
		return rt_select_cpu(p, tctx, prev_cpu);
	if (discipline == LANES_DISCIPLINE_haiku)
		cpu = haiku_select(p, tctx, prev_cpu, wake_flags & WAKE_FORK, &is_idle);
	else if (wake_flags & WAKE_FORK)
		cpu = place_new(p, prev_cpu, &is_idle);
	else
		cpu = place_woken(p, prev_cpu, wake_flags, &is_idle);
	if (!is_idle && discipline_is_strict())
		return discipline == LANES_DISCIPLINE_haiku ? cpu : place_strictly(p, tctx, cpu);
	if (!is_idle)
		return wake_flags & WAKE_FORK ? cpu : place_busy(p, cpu);
	lane = lookup_lane(cpu);
	/* A waker that is about to sleep counts as idle; others may wait for its CPU. */
	if (!lane || lane_waiting(lane) || lane->is_disabled)
		return cpu;
	settle_woken(p, tctx, lane, cpu, now_ns());
	tctx->pass = LANES_PASS_DIRECT;
	count(LANES_STAT_direct);
	dsq_insert(p, DSQ_LOCAL, task_slice_ns(p, tctx), 0);
	return cpu;
}

/*
 * A kernel thread bound to its CPU goes ahead of everything, RT tasks included, for the
 * machine depends on it (softirqs, and with them all timers, may wait for one): when
 * it wakes, and until it has had a slice. One that never sleeps shares like
 * everybody else.
 */
static bool kthread_goes_ahead(struct task_struct *p, struct task_ctx *tctx)
{
	return task_is_cpu_kthread(p) && !rt_prio_of(tctx) && !without(KTHREAD) &&
	       !(tctx->flags & LANES_TASK_YIELDED) &&
	       tctx->exec_seen_ns - tctx->woken_exec_ns < slice_ns();
}

static void queue_ahead(struct task_struct *p, struct task_ctx *tctx, bool is_wakeup)
{
	tctx->flags |= LANES_TASK_AHEAD;
	tctx->pass = LANES_PASS_DIRECT;
	count(LANES_STAT_kthreads);
	dsq_insert(p, DSQ_LOCAL, slice_ns(), is_wakeup ? ENQ_PREEMPT : 0);
}

/*
 * A task that ran a moment ago interrupts only what has run for a moment. Without this, and
 * the limit below, two that wake each other again and again (hackbench on one CPU) make
 * 75000 switches instead of 4000, which costs 20 % of the time.
 */
static bool comes_too_soon(const struct task_ctx *tctx, const struct lane *lane, u64 now)
{
	u64 moment_ns = slice_ns() / 4;

	return now - tctx->last_run_ns < moment_ns && now - lane->since_ns < moment_ns;
}

/*
 * Where many wake one another each of them ran long ago, and who wakes twenty is interrupted
 * twenty times. So after some the others wait for the end of a slice, and find several
 * messages then: hackbench with 160 tasks on one CPU makes 8600 switches instead of 46000,
 * in 13 % less time.
 */
static bool interrupts_too_often(struct lane *lane, u64 now)
{
	if ((s64)(now - lane->interrupts_since_ns) > (s64)INTERRUPTS_NS) {
		lane->interrupts_since_ns = now;
		lane->nr_interrupts = 0;
	}
	return lane->nr_interrupts >= MAX_INTERRUPTS;
}

/* May the waking task interrupt what runs? One at a time; the others queue. */
static bool wakeup_interrupts(struct task_struct *p, struct task_ctx *tctx,
			      struct lane *lane, u64 now)
{
	if (!lane->curr_pid || lane->curr_rt || lane->is_preempting || task_is_patient(p) ||
	    without(PREEMPT))
		return false;
	if (!discipline_is_strict() &&
	    (comes_too_soon(tctx, lane, now) || interrupts_too_often(lane, now)))
		return false;
	/* The discipline last: it may charge for a yes. */
	if (!discipline_preempts(p, tctx, lane, now))
		return false;
	lane->nr_interrupts++;
	lane->is_preempting = true;
	stat_inc(lane, LANES_STAT_preempts);
	trace(2, LANES_TRACE_PREEMPT, p->pid, lane->curr_pid, tctx->key);
	return true;
}

/*
 * Would the task be picked next, here and nowhere else? Next after the one that runs,
 * if it has woken up; if it has just stopped itself, after the one that comes now.
 */
static bool fits_slot(const struct task_struct *p, const struct task_ctx *tctx,
		      const struct lane *lane, bool is_wakeup)
{
	if (lane_waiting(lane) > lane->is_moving || lane->rt_queued || lane->curr_rt ||
	    lane->is_tickless || without(SLOT))
		return false;
	if (!task_is_pinned(p) && nr_cpus > 1)
		return false;
	if (!is_wakeup && (lane->is_moving || lane->slot_pid))
		return discipline_is_next(tctx, lane->next_key);
	if (lane->is_moving || lane->slot_pid)
		return false;
	return !lane->curr_pid || discipline_is_next(tctx, lane->curr_key);
}

/* It runs, or something else has been made of it. */
HOT void leave_slot(const struct task_struct *p, struct lane *lane)
{
	if (lane->slot_pid == (u32)p->pid)
		lane->slot_pid = 0;
}

static void queue_in_slot(struct task_struct *p, struct task_ctx *tctx, struct lane *lane)
{
	lane->slot_pid = p->pid;
	lane->next_key = tctx->key;
	tctx->pass = LANES_PASS_DIRECT;
	tctx->flags &= ~LANES_TASK_AHEAD;
	stat_inc(lane, LANES_STAT_slots);
	dsq_insert(p, DSQ_LOCAL, task_slice_ns(p, tctx), 0);
}

/* @is_new: it comes from nowhere, as who has woken up or was born; not so one that was stopped */
static void queue_by_key(struct task_struct *p, struct task_ctx *tctx, struct lane *lane,
			 bool is_new, u64 now)
{
	u32 queue = discipline_place(p, tctx, lane, is_new, now);
	s32 cpu = tctx->cpu, home = main_cpu(lane, queue, cpu);
	u32 kind = main_kind(queue);

	tctx->pass = LANES_PASS_MAIN;
	tctx->flags &= ~LANES_TASK_AHEAD;
	queue_enter(p, tctx, queue ? home_lane(lane) : lane, kind, home);
	if (!task_is_pinned(p))
		lane_set_add(&stealable, home);
	trace(3, LANES_TRACE_QUEUE, p->pid, cpu, tctx->key);
	dsq_insert_vtime(p, lane_queue(kind, home), task_slice_ns(p, tctx), tctx->key, 0);
	/* Who runs without a slice, or on a spent budget, would not notice. */
	if (lane->is_tickless || (lane->is_spent && lane->curr_rt))
		make_pick(cpu, lane);
}

/* To where a new task would go: who has called exec(2) has nothing in any cache. */
static bool queue_elsewhere(struct task_struct *p, struct task_ctx *tctx, s32 cpu,
			    u64 now)
{
	bool is_idle = false;
	struct lane *lane;
	s32 to;

	tctx->flags &= ~LANES_TASK_MOVE;
	if (task_is_pinned(p) || task_is_kept_here(p))
		return false;
	to = place_new(p, cpu, &is_idle);
	lane = try_lookup_lane(to);
	if (to == cpu || !lane)
		return false;
	if (lane->is_tickless)
		discipline_catch_up(lane, now);
	settle(p, tctx, lane, to);
	if (rt_prio_of(tctx))
		rt_queue(p, tctx, lane, to, false);
	else
		queue_by_key(p, tctx, lane, true, now);
	kick_cpu(to, KICK_IDLE);
	return true;
}

void BPF_STRUCT_OPS(lanes_enqueue, struct task_struct *p, u64 enq_flags)
{
	s32 cpu = task_cpu_of(p);
	struct lane *lane = lookup_lane(cpu);
	struct task_ctx *tctx = lane ? lookup_curr_ctx(p, lane) : NULL;
	bool is_wakeup = enq_flags & ENQ_WAKEUP, is_new;
	u64 now = now_ns();

	if (!tctx || !lane)
		return;
	is_new = is_wakeup || tctx->cpu == LANES_NO_CPU;
	if (tctx->queued_in)
		queue_leave(tctx);
	leave_slot(p, lane);
	discipline_catch_up(lane, now);
	if (is_wakeup)
		settle_woken(p, tctx, lane, cpu, now);
	else
		settle(p, tctx, lane, cpu);
	if (!tctx->runnable_at_ns)
		tctx->runnable_at_ns = now;
	if (tctx->flags & LANES_TASK_RENAMED) {
		tctx->flags &= ~LANES_TASK_RENAMED;
		rules_apply(p, tctx);
	}

	/* It is left to those who may run nowhere else. */
	if (lane->is_disabled && queue_elsewhere(p, tctx, cpu, now))
		return;
	if (rt_prio_of(tctx)) {
		rt_enqueue(p, tctx, lane, cpu, is_new, now);
		return;
	}
	if (task_is_cpu_kthread(p) && !without(KTHREAD)) {
		discipline_forgive(tctx, lane);
		if (kthread_goes_ahead(p, tctx)) {
			queue_ahead(p, tctx, is_wakeup);
			return;
		}
	}
	if (tctx->flags & LANES_TASK_MOVE && queue_elsewhere(p, tctx, cpu, now))
		return;
	if (is_wakeup && wakeup_interrupts(p, tctx, lane, now)) {
		tctx->pass = LANES_PASS_DIRECT;
		dsq_insert(p, DSQ_LOCAL, task_slice_ns(p, tctx), ENQ_PREEMPT);
		return;
	}
	if (fits_slot(p, tctx, lane, is_wakeup)) {
		queue_in_slot(p, tctx, lane);
		return;
	}
	queue_by_key(p, tctx, lane, is_new, now);
	place_kick_idle(p);
}

/*
 * Without a slice left although it has used less than three quarters of it, a task has
 * called sched_yield(2), unless we have made its CPU pick: it lets the head of its lane
 * go first, once, whatever their keys are. (ops.yield would tell, and cost 200
 * instructions.) Not to the last ns: the kernel counts slices by another clock.
 */
static bool has_given_way(const struct task_struct *p, const struct lane *lane, u64 now)
{
	return !p->scx.slice && !lane->is_preempting && !lane->todo &&
	       now - lane->since_ns < lane->curr_slice_ns - lane->curr_slice_ns / 4;
}

/* What the others see of the task that runs from here on. */
HOT void publish(struct task_struct *p, struct task_ctx *tctx, struct lane *lane, u64 now)
{
	lane->is_preempting = false;
	lane->curr_pid = p->pid;
	lane->curr_row = tctx->row;
	/* Before the key: who adds the time since then must not add to the next one's key. */
	lane->since_ns = now;
	barrier();
	lane->curr_key = discipline_starts(p, tctx, lane);
	lane->curr_rt = rt_prio_of(tctx);
	lane->curr_slice_ns = p->scx.slice;
	lane->is_moving = false;
	tctx->flags &= ~LANES_TASK_YIELDED;
}

/*
 * A task alone on a CPU whose tick can be stopped runs until somebody comes. Said first and
 * looked then: who queues one without the CPU's rq lock does it the other way round.
 * Return: whether it is.
 */
static bool go_tickless(s32 cpu, struct lane *lane)
{
	if (!lane->is_nohz || queue_domain != LANES_DOMAIN_CPU || without(TICKLESS))
		return false;
	__sync_lock_test_and_set(&lane->is_tickless, 1);
	if (lane_waiting(lane) || lane->rt_queued || lane->slot_pid || local_waits(cpu))
		lane->is_tickless = false;
	return lane->is_tickless;
}

static u64 lone_slice_ns(struct task_struct *p, struct task_ctx *tctx, s32 cpu,
			 struct lane *lane)
{
	return go_tickless(cpu, lane) ? SLICE_INF : task_slice_ns(p, tctx);
}

/* The kernel stops the tick of who starts with such a slice, not of who is given one later. */
static void start_lone(struct task_struct *p, struct task_ctx *tctx, s32 cpu, struct lane *lane)
{
	if (go_tickless(cpu, lane))
		task_set_slice(p, SLICE_INF);
	else if (p->scx.slice == SLICE_INF)
		task_set_slice(p, task_slice_ns(p, tctx));
}

/* No stop and no start comes with it. */
static void keep(struct task_struct *prev, struct task_ctx *tctx, struct lane *lane,
		 u64 slice, u64 now)
{
	tctx->flags &= ~LANES_TASK_RESCUED;
	if (!rt_prio_of(tctx) && !kthread_goes_ahead(prev, tctx))
		tctx->flags &= ~LANES_TASK_AHEAD;
	task_set_slice(prev, slice);
	publish(prev, tctx, lane, now);
	stat_inc(lane, LANES_STAT_kept);
	/* The kernel's tick may stand still. */
	if (lane->is_nohz)
		tick_arm(bpf_get_smp_processor_id(), lane);
}

/* What others have asked this CPU to do before it picks. @is_busy: it has a task to go on with. */
SUBPROG u32 do_todo(s32 cpu, struct lane *lane, bool is_busy)
{
	u32 todo;

	if (!lane)
		return 0;
	todo = __sync_lock_test_and_set(&lane->todo, 0);
	if (todo & LANES_TODO_MAIL)
		steal_answer(cpu, lane, is_busy);
	if (todo & LANES_TODO_INHERIT)
		inherit_requeue(lane);
	return todo;
}

static void go_idle(s32 cpu, struct lane *lane, u64 now)
{
	lane->curr_rt = 0;
	if (lane->idle_since_ns)
		return;
	lane->idle_since_ns = now;
	stat_inc(lane, LANES_STAT_empty_scans);
	trace(3, LANES_TRACE_IDLE, 0, cpu, 0);
}

HOT bool take_head(s32 cpu, struct lane *lane)
{
	return lane->is_moving = lane_waiting(lane) && discipline_take(cpu, lane);
}

/* The last pass. Nobody of this lane wants to run. */
static void take_elsewhere(s32 cpu, struct lane *lane, u64 now)
{
	if (!without(STEAL) && !lane->is_disabled && steal_one(cpu, lane))
		return;
	/* Stealing lets go of the rq lock: somebody came meanwhile. */
	if (take_head(cpu, lane))
		return;
	if (rt_head_prio(cpu, lane))
		make_pick(cpu, lane);
	go_idle(cpu, lane, now);
}

/* Return: its context, charged for what it ran; NULL if it does not want to go on. */
static struct task_ctx *settle_prev(struct task_struct *prev, struct lane *lane, u64 now)
{
	struct task_ctx *tctx;

	if (!prev || !task_is_queued(prev))
		return NULL;
	tctx = lookup_curr_ctx(prev, lane);
	if (!tctx)
		return NULL;
	charge(prev, tctx, lane);
	if (has_given_way(prev, lane, now))
		tctx->flags |= LANES_TASK_YIELDED;
	return tctx;
}

void BPF_STRUCT_OPS(lanes_dispatch, s32 cpu, struct task_struct *prev)
{
	struct lane *lane = lookup_lane(cpu);
	bool is_rescue = false, is_rt;
	struct task_ctx *tctx;
	u64 now = now_ns();

	if (!lane)
		return;
	stat_inc(lane, LANES_STAT_scans);
	tctx = settle_prev(prev, lane, now);
	if (tctx && kthread_goes_ahead(prev, tctx)) {
		keep(prev, tctx, lane, slice_ns(), now);
		return;
	}
	if (lane->todo)
		is_rescue = do_todo(cpu, lane, tctx) & LANES_TODO_RESCUE;
	is_rt = tctx && rt_prio_of(tctx);
	if ((nr_rt_waiting || is_rt) && !is_rescue && rt_pass(cpu, lane, prev, tctx, now))
		return;
	if (tctx && !is_rt && !discipline_goes_first(cpu, lane, prev, tctx)) {
		keep(prev, tctx, lane, lone_slice_ns(prev, tctx, cpu, lane), now);
		return;
	}
	if (take_head(cpu, lane))
		return;
	/* With @prev still runnable, a thief was faster than we. */
	if (tctx)
		keep(prev, tctx, lane, is_rt ? rt_slice_ns(tctx, lane, now) :
					       lone_slice_ns(prev, tctx, cpu, lane), now);
	else
		take_elsewhere(cpu, lane, now);
}

void BPF_STRUCT_OPS(lanes_running, struct task_struct *p)
{
	s32 cpu = task_cpu_of(p);
	struct task_ctx *tctx = lookup_task_ctx(p);
	struct lane *lane = lookup_lane(cpu);
	u64 now = now_ns();

	if (!tctx || !lane)
		return;
	if (tctx->queued_in)
		queue_leave(tctx);
	/* Stolen, or it was running already when it entered our class. */
	if (tctx->cpu != cpu)
		settle(p, tctx, lane, cpu);
	leave_slot(p, lane);
	if (lane->is_stealing) {
		tctx->pass = LANES_PASS_STEAL;
		lane->is_stealing = false;
	}
	lane->is_tickless = false;
	if (lane->is_nohz && !rt_prio_of(tctx))
		start_lone(p, tctx, cpu, lane);
	publish(p, tctx, lane, now);
	account_started(tctx, lane, cpu, now);
	if (lane->curr_rt || (lane->rt_queued && !kthread_goes_ahead(p, tctx)))
		rt_running(p, tctx, lane, cpu, now);
	if (lane_waiting(lane) || lane->slot_pid)
		tick_arm(cpu, lane);
	trace(3, LANES_TRACE_RUN, p->pid, tctx->pass, tctx->key);
}

void BPF_STRUCT_OPS(lanes_stopping, struct task_struct *p, bool runnable)
{
	struct lane *lane = lookup_lane(task_cpu_of(p));
	struct task_ctx *tctx = lane ? lookup_curr_ctx(p, lane) : NULL;

	if (!tctx || !lane)
		return;
	charge(p, tctx, lane);
	account_stopped(tctx, lane, runnable);
	discipline_stops(p, tctx, lane, runnable);
	lane->curr_pid = 0;
	tctx->flags &= ~LANES_TASK_RESCUED;
	trace(3, LANES_TRACE_STOP, p->pid, runnable, tctx->key);
	if (runnable)
		return;
	lane->curr_rt = 0;
	if (p->pi_blocked_on && !without(INHERIT))
		inherit_lend(p, tctx);
}

/* What a child gets: with "haiku" what its parent has lost, else a designation if asked for. */
static void inherit_from_parent(struct task_struct *p, struct task_ctx *tctx)
{
	struct task_struct *parent = bpf_get_current_task_btf();
	struct task_ctx *theirs = try_lookup_task_ctx(parent);

	if (!theirs)
		return;
	tctx->parent_penalty = theirs->penalty;
	tctx->load = theirs->load;
	if (!(theirs->flags & LANES_TASK_INHERITED))
		return;
	tctx->flags |= LANES_TASK_INHERITED;
	tctx->rt_policy = theirs->rt_policy;
	tctx->rt_prio = theirs->rt_prio;
	tctx->rr_ns = theirs->rr_ns;
	tctx->rr_left_ns = rt_quantum_ns(tctx);
	notify(LANES_NOTICE_RT_SET, p, LANES_NO_CPU, 0);
}

s32 BPF_STRUCT_OPS_SLEEPABLE(lanes_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	struct task_ctx *tctx = task_open(p);

	if (!tctx)
		return -ENOMEM;
	tctx->pid = p->pid;
	tctx->tgid = p->tgid;
	tctx->cpu = LANES_NO_CPU;
	tctx->last_cpu = LANES_NO_CPU;
	tctx->lent_level = LANES_LENT_NOTHING;
	if (args->fork)
		inherit_from_parent(p, tctx);
	return 0;
}

void BPF_STRUCT_OPS(lanes_exit_task, struct task_struct *p, struct scx_exit_task_args *args)
{
	struct task_ctx *tctx = try_lookup_task_ctx(p);

	if (!tctx)
		return;
	queue_leave(tctx);
	inherit_forget(p->pid);
	task_close(p, tctx);
}

/* Entered at birth and again after every stay in another scheduling class. */
void BPF_STRUCT_OPS(lanes_enable, struct task_struct *p)
{
	struct task_ctx *tctx = lookup_task_ctx(p);

	if (!tctx)
		return;
	note_entry();
	tctx->cpu = LANES_NO_CPU;
	tctx->runnable_at_ns = 0;
	tctx->exec_seen_ns = p->se.sum_exec_runtime;
	if (nr_rules)
		rules_apply(p, tctx);
}

void BPF_STRUCT_OPS(lanes_disable, struct task_struct *p)
{
	struct task_ctx *tctx = lookup_task_ctx(p);
	struct lane *lane = tctx ? try_lookup_lane(tctx->cpu) : NULL;

	if (!tctx)
		return;
	queue_leave(tctx);
	if (lane)
		leave_slot(p, lane);
	/* It will not wake in our class, where it would take that back. */
	if (tctx->lends_to)
		inherit_take_back(p, tctx);
}

/* Its nice value or policy has changed: the next charge sees that by itself. */
void BPF_STRUCT_OPS(lanes_set_weight, struct task_struct *p, u32 weight)
{
	struct task_ctx *tctx = lookup_task_ctx(p);

	if (tctx && nr_rules)
		tctx->flags |= LANES_TASK_RENAMED;
}

/*
 * A higher class takes the CPU: what the kernel holds for it comes back to enqueue,
 * so that others may run it. Newer kernels have on_switch, or rescue_lane().
 */
void BPF_STRUCT_OPS(lanes_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	count(LANES_STAT_reenqueued);
	reenqueue_in_release();
}

SEC("?tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	if (next->prio >= MAX_RT_PRIO || prev->prio < MAX_RT_PRIO)
		return 0;
	count(LANES_STAT_reenqueued);
	reenqueue_here();
	return 0;
}

void BPF_STRUCT_OPS(lanes_cpu_online, s32 cpu)
{
	struct lane *lane = lookup_lane(cpu);

	if (!lane)
		return;
	lane->is_online = true;
	lane->is_taken = false;
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
	lane->idle_since_ns = 0;
	stat_inc(lane, LANES_STAT_hotplugs);
	lane_set_remove(&stealable, cpu);
	lane_set_remove(&rt_lanes, cpu);
	balance_drain(cpu);
}

static s32 open_main_queues(s32 cpu, const struct lane *lane)
{
	u32 queue;
	s32 err;

	bpf_for(queue, 0, nr_queues) {
		err = create_dsq(lane_queue(main_kind(queue), cpu), lane->node);
		if (err)
			return err;
	}
	return 0;
}

static s32 open_lane(s32 cpu, const struct cpumask *online)
{
	struct lane *lane = lookup_lane(cpu);
	s32 err;

	if (!lane)
		return -ENOENT;
	lane->is_online = bpf_cpumask_test_cpu(cpu, online);
	err = create_dsq(lane_queue(QUEUE_RT, cpu), lane->node);
	if (!err)
		err = open_main_queues(cpu, lane);
	if (err)
		return err;
	discipline_open(lane, cpu);
	return tick_open(cpu);
}

s32 BPF_STRUCT_OPS_SLEEPABLE(lanes_init)
{
	const struct cpumask *online = get_online_cpumask();
	s32 cpu, ret = 0;

	bpf_for(cpu, 0, nr_cpus) {
		ret = open_lane(cpu, online);
		if (ret) {
			sched_error("cpu %d: create the lane's queues: %d", cpu, ret);
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
	.running	= (void *)lanes_running,
	.stopping	= (void *)lanes_stopping,
	.init_task	= (void *)lanes_init_task,
	.exit_task	= (void *)lanes_exit_task,
	.enable		= (void *)lanes_enable,
	.disable	= (void *)lanes_disable,
	.set_weight	= (void *)lanes_set_weight,
	.cpu_release	= (void *)lanes_cpu_release,
	.cpu_online	= (void *)lanes_cpu_online,
	.cpu_offline	= (void *)lanes_cpu_offline,
	.dump		= (void *)lanes_dump,
	.dump_cpu	= (void *)lanes_dump_cpu,
	.dump_task	= (void *)lanes_dump_task,
	.init		= (void *)lanes_init,
	.exit		= (void *)lanes_exit,
	.exit_dump_len	= LANES_EXIT_DUMP_LEN,
	.name		= LANES_OPS_PREFIX,
};
