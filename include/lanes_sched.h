/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the BPF scheduler and its loader share: limits, the knobs, the published
 * state of a lane and of a task, requests, events, the exit record. Compiled by
 * both sides, so fixed-size types only.
 */
#ifndef __LANES_SCHED_H
#define __LANES_SCHED_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* /sys/kernel/sched_ext/root/ops shows this and the discipline while it is attached. */
#define LANES_OPS_PREFIX	"lanes_"
#define LANES_OPS_NAME_LEN	32

/*
 * What a running instance pins below a BPF file system: views to be read with
 * cat ("runqueues", "top", "tasks"), and below "ctl" what lanesctl uses.
 */
#define LANES_PIN_DIR		"/sys/fs/bpf/lanes"
#define LANES_PIN_CTL		LANES_PIN_DIR "/ctl"

#define LANES_MAX_NODES		64

/* The set of lanes with work is a bitmap of this many bits. */
#define LANES_MAX_CPUS		1024
#define LANES_EXIT_DUMP_LEN	32768

/* The kernel accepts no longer watchdog time. */
#define LANES_WATCHDOG_SECS_MAX	30

enum lanes_stat {
#define LANES_STAT(name, unit, meaning) LANES_STAT_##name,
#include "lanes_stats.def"
	LANES_NR_STATS,
};

enum lanes_task_stat {
#define LANES_TASK_STAT(name, unit, meaning) LANES_TASK_##name,
#include "lanes_stats.def"
	LANES_NR_TASK_STATS,
};

/* Where a new task goes (--place). */
enum lanes_place {
	LANES_PLACE_LEAST_LOADED,
	LANES_PLACE_ROUND_ROBIN,
	LANES_PLACE_NUMA,
};

/* Which idle CPU a task goes to (--idle). */
enum lanes_idle {
	LANES_IDLE_PERFORMANCE,
	LANES_IDLE_POWERSAVE,
};

/* When a lane gives tasks away (--balance). */
enum lanes_balance {
	LANES_BALANCE_PLAN,
	LANES_BALANCE_DELIVERED,
	LANES_BALANCE_OFF,
};

/* Which rule orders the main queues (--discipline); chosen before load. */
enum lanes_discipline {
#define LANES_DISCIPLINE(name, ...) LANES_DISCIPLINE_##name,
#include "lanes_disciplines.def"
	LANES_NR_DISCIPLINES,
};

/* Whose tasks share a main queue; chosen before load. */
enum lanes_domain {
	LANES_DOMAIN_CPU,
	LANES_DOMAIN_CORE,
	LANES_DOMAIN_MACHINE,
};

/* What the discipline "haiku" works for (--mode). */
enum lanes_mode {
	LANES_MODE_LOW_LATENCY,
	LANES_MODE_POWER_SAVING,
};

/* Which CPUs a wakeup asks to pick anew, with the discipline "lk" (--kick). */
enum lanes_kick {
	LANES_KICK_ONE,
	LANES_KICK_ALL,
};

/* Main queues that a discipline may have in each lane, at most; a power of two. */
#define LANES_MAX_QUEUES	64

/* How much nice values count with "eevdf" (--weights); chosen before load. */
enum lanes_weights {
	LANES_WEIGHTS_LINUX,
	LANES_WEIGHTS_MOSS,
};

/* How a CPU comes to another lane's tasks (--steal); chosen before load. */
enum lanes_steal {
	LANES_STEAL_DIRECT,
	LANES_STEAL_MESSENGER,
};

/**
 * struct lanes_knobs - the numbers that can be changed while it runs
 *
 * One 32-bit number for each line of lanes_knobs.def. Whoever writes them adds
 * one to @generation afterwards. @switch_to: a discipline that the loader is to let
 * take over, plus one; it sets 0 when that is done, or has failed. @sees_interrupts,
 * @trace_level: how it was loaded, for those who look at it.
 */
struct lanes_knobs {
#define LANES_KNOB(name, unit, min, max, fallback, meaning) __u32 name;
#define LANES_CHOICE(name, fallback, meaning, words) __u32 name;
#include "lanes_knobs.def"
	__u32 generation;
	__u32 switch_to;
	__u32 sees_interrupts;
	__u32 trace_level;
};

/*
 * Parts of the scheduler that can be left out (--without), to see what each is
 * good for; the tests use them as their negative controls.
 */
enum lanes_part {
	LANES_PART_PREV		= 1 << 0,
	LANES_PART_REBASE	= 1 << 1,
	LANES_PART_LIFT		= 1 << 2,
	LANES_PART_KTHREAD	= 1 << 3,
	LANES_PART_STEAL	= 1 << 4,
	LANES_PART_PREEMPT	= 1 << 5,
	LANES_PART_IDLE		= 1 << 6,
	LANES_PART_RESCUE	= 1 << 7,
	LANES_PART_GUARD	= 1 << 8,
	LANES_PART_SLOT		= 1 << 9,
	LANES_PART_INHERIT	= 1 << 10,
	LANES_PART_CAP		= 1 << 11,
	LANES_PART_PUSH		= 1 << 12,
	LANES_PART_TIMER	= 1 << 13,
	LANES_PART_AFFINE	= 1 << 14,
	LANES_PART_TICKLESS	= 1 << 15,
	LANES_PART_ELIGIBLE	= 1 << 16,
	LANES_PART_IRQ_LOAD	= 1 << 17,
};

/*
 * Kernel features newer than 6.12, or not on every machine, that can be left unused
 * (--without), which forces the branch that a kernel without them would take.
 */
enum lanes_feature {
	LANES_FEATURE_INSERT_V2		= 1 << 0,
	LANES_FEATURE_INSERT_ARGS	= 1 << 1,
	LANES_FEATURE_MOVE_V2		= 1 << 2,
	LANES_FEATURE_PEEK		= 1 << 3,
	LANES_FEATURE_NOW		= 1 << 4,
	LANES_FEATURE_SET_SLICE		= 1 << 5,
	LANES_FEATURE_REENQ		= 1 << 6,
	LANES_FEATURE_TASK_CPU		= 1 << 7,
};

/*
 * Latencies are counted in buckets that grow by a quarter of a power of two,
 * see bpf/math/histogram.h: 132 of them reach 17 s.
 */
#define LANES_HIST_BUCKETS	132

/**
 * struct lanes_dwrr - the ring of levels of one lane
 * @balance: of each level, in units of weight
 * @last: the level that was picked last
 * @picked: the level that is to be taken from, as just picked
 * @max_steps: most looks at a level that one pick has taken
 * @nr_placed: places given in the queues; atomic
 */
struct lanes_dwrr {
	__u32 balance[40];
	__u32 last;
	__u32 picked;
	__u32 max_steps;
	__u32 pad;
	__u64 nr_placed;
};

/**
 * struct lanes_eevdf - the virtual clock of one lane
 * @clock: how much each of its tasks has had at least if it had its share
 * @queued_weight: weights of those that wait in its queues; atomic
 * @ahead_ns: running time that is in @clock but not yet charged to who runs
 * @curr_weight: of who runs
 */
struct lanes_eevdf {
	__u64 clock;
	__u64 queued_weight;
	__u64 ahead_ns;
	__u32 curr_weight;
	__u32 pad;
};

/**
 * struct lanes_eevdf_task - a task's request, on the clock of its lane
 * @eligible: what it has had
 * @deadline: when its request is due
 * @weight: when it was last placed
 * @counted: what it counts for in its lane's @queued_weight
 */
struct lanes_eevdf_task {
	__u64 eligible;
	__u64 deadline;
	__u32 weight;
	__u32 counted;
};

/* How a task came to run, which is what the latencies are told apart by. */
enum lanes_pass {
	LANES_PASS_DIRECT,
	LANES_PASS_MAIN,
	LANES_PASS_RT,
	LANES_PASS_STEAL,
	LANES_NR_PASSES,
};

/* RT priorities; 0 is not real-time. */
#define LANES_RT_PRIO_MAX	99

/* struct lane's @todo: what its CPU is to do before its next pick. */
#define LANES_TODO_MAIL		(1U << 0)
#define LANES_TODO_INHERIT	(1U << 1)
#define LANES_TODO_RESCUE	(1U << 2)

/**
 * struct lane - the published state of one CPU
 * @floor: virtual time before which no queued task may lie, ns of nice 0;
 *	only grows
 * @curr_key: what the discipline compares others with the running task by
 * @curr_level: with vruntime its level, see bpf/math/weight.h
 * @since_ns: when the running task was picked
 * @curr_slice_ns: how long it may run from then on
 * @queued: tasks in the main queue, and above bit 32 those of them that may run
 *	on more than one CPU; changed atomically by whoever changes the queue
 * @rt_queued: the same for the RT queue
 * @curr_pid: the running task, 0 for none of ours
 * @curr_row: its row in the map of tasks, and still so a moment after it stopped
 * @curr_rt: its RT priority, lent ones included; 0 for an ordinary task
 * @next_key: key of the task that will run when the running one has stopped, as far
 *	as that is known: of the one in the slot, or of the head that was picked
 * @slot_pid: the one task of the main pass that went to the local queue, to be
 *	next without being picked; 0 once it runs
 * @todo: LANES_TODO_*, set atomically by others
 * @is_preempting: a wakeup has asked the running task to stop and it has not yet
 * @nr_interrupts, @interrupts_since_ns: how many ordinary wakeups have done so, and since
 *	when; strict disciplines have no limit, and the count no beginning
 * @is_spent: RT tasks run here although their budget is used up, because
 *	nobody else wants to
 * @is_timer_armed: the slice timer is set
 * @is_tickless: the running task has no slice; whoever queues one must say so
 * @is_online: takes part in placement
 * @is_moving: the pick is made, and counted in the queue until it runs
 * @is_stealing: what it starts next is another lane's task
 * @mailbox: CPU that asks for tasks plus one; 0 for none; atomic
 * @pi_owner: lock owner that @todo's INHERIT is about
 * @rt_used_ns: RT running time in the current period
 * @rt_period_ns: when that period began
 * @rt_share: permille of the time that RT tasks take, smoothed
 * @irq_share: permille of the time that interrupts take, as lanes.ko says; 0 without it
 * @away_share: permille that is not there for ordinary tasks, for @rt_share and
 *	@irq_share
 * @nr_vectors: interrupts of devices that come here, as lanes.ko says
 * @rt_ran_ns: how long RT tasks have run here
 * @rt_ran_seen_ns: what of that is in @rt_share
 * @idle_since_ns: when this CPU ran out of tasks of ours; 0 while it has one
 * @rt_seq_head, @rt_seq_tail: places given in the RT queue
 * @progress_seen, @progress_at_ns: tasks started or kept at the balancer's last look,
 *	and when that last changed; its alone
 * @scans_seen: picks at its last look
 * @core, @llc, @package, @node: topology, set by the loader before load; equal
 *	numbers share; @core is the number of the core's first CPU
 * @is_nohz: the kernel stops its tick here for a task that is alone
 * @is_taken: a higher class keeps the CPU, as far as the balancer can tell: nothing
 *	was started while tasks waited; until something is, or it looks for a task while
 *	nobody waits
 * @max_depth: most tasks that were in the main queue at once
 * @is_realtime: with "lk", what runs is not to be disturbed by ordinary wakeups
 * @is_disabled: is not to be given tasks that may run elsewhere
 * @nr_siblings: CPUs that share main queues with this one, itself included; set by
 *	the loader before load
 * @level_heads, @level_tails: with disciplines of levels, places given at either end;
 *	atomic
 * @load: with "haiku", the fraction of time that tasks took here, of 1000
 * @load_active_ns, @load_since_ns: what it will be measured from next
 * @nr_in: tasks in each main queue, where the discipline has several; atomic
 * @dwrr, @eevdf: what that discipline keeps of a lane
 * @longest_wait: of the queues that the guard has looked at last, jiffies
 * @guard_at: when to look again
 * @last_rescue_pid: the last task that had waited too long here
 * @nr_local_waits: the balancer's looks at a task that the kernel holds for this CPU, while
 *	the CPU has run none of ours
 * @stats: counters, &enum lanes_stat
 * @wake_hist: wakeups by the time from becoming runnable to running, per pass
 * @queue_hist: the same for tasks that had to wait again after having run
 *
 * State is written by the lane's own CPU; what the text calls atomic, by others
 * too. Readers see what was true a moment ago.
 */
struct lane {
	__u64 floor;
	__u64 curr_key;
	__u64 since_ns;
	__u64 curr_slice_ns;
	__u64 queued;
	__u64 rt_queued;
	__u32 curr_pid;
	__u32 curr_row;
	__u32 curr_rt;
	__u32 todo;
	__u64 next_key;

	__u32 slot_pid;
	__u32 is_moving;
	__u32 curr_level;

	__u32 nr_interrupts;
	__u32 is_preempting;
	__u32 is_spent;
	__u32 is_timer_armed;
	__u32 is_tickless;
	__u32 is_online;
	__u32 mailbox;
	__u32 pi_owner;
	__u32 is_stealing;
	__u64 interrupts_since_ns;
	__u64 rt_used_ns;
	__u64 rt_ran_ns;
	__u64 rt_ran_seen_ns;
	__u64 rt_period_ns;
	__u64 idle_since_ns;
	__u32 rt_share;
	__u32 irq_share;
	__u32 away_share;
	__u32 nr_vectors;
	__u64 longest_wait;
	__u64 guard_at;
	__u32 last_rescue_pid;
	__u32 nr_local_waits;

	__u64 rt_seq_head;
	__u64 rt_seq_tail;
	__u64 progress_seen;
	__u64 progress_at_ns;
	__u64 scans_seen;
	__s32 core;
	__s32 llc;
	__s32 package;
	__s32 node;
	__u32 is_nohz;
	__u32 is_taken;
	__u64 max_depth;
	__u32 is_realtime;
	__u32 is_disabled;
	__u32 nr_siblings;
	__u32 load;
	__u64 level_heads;
	__u64 level_tails;
	__u64 load_active_ns;
	__u64 load_since_ns;
	__u32 nr_in[LANES_MAX_QUEUES];
	union {
		struct lanes_dwrr dwrr;
		struct lanes_eevdf eevdf;
	};

	__u64 stats[LANES_NR_STATS];
	__u64 wake_hist[LANES_NR_PASSES][LANES_HIST_BUCKETS];
	__u64 queue_hist[LANES_NR_PASSES][LANES_HIST_BUCKETS];
} __attribute__((aligned(64)));

static inline __u32 lane_depth(const struct lane *lane)
{
	return (__u32)lane->queued;
}

static inline __u32 lane_movable(const struct lane *lane)
{
	return lane->queued >> 32;
}

/* RT policies of a designated task. */
enum lanes_rt_policy {
	LANES_RT_NONE,
	LANES_RT_FIFO,
	LANES_RT_RR,
};

/* struct task_ctx's @flags. */
#define LANES_TASK_AHEAD	(1U << 0)	/* its turn came before its key's */
#define LANES_TASK_YIELDED	(1U << 1)	/* has given way before its slice was over */
#define LANES_TASK_MOVE		(1U << 2)	/* is to be placed anew */
#define LANES_TASK_WOKEN	(1U << 3)	/* what it waits for began with a wakeup */
#define LANES_TASK_BY_RULE	(1U << 4)	/* designated by a rule */
#define LANES_TASK_INHERITED	(1U << 5)	/* its children are designated too */
#define LANES_TASK_RR_OVER	(1U << 6)	/* has used its quantum */
#define LANES_TASK_RENAMED	(1U << 7)	/* the rules are to be looked at again */
#define LANES_TASK_RESCUED	(1U << 8)	/* has a slice for having waited too long */
#define LANES_TASK_TURN_OVER	(1U << 9)	/* its equals go first, with "haiku" */

#define LANES_NO_CPU		(-1)

#define LANES_LENT_NOTHING	255

/**
 * struct task_ctx - what the scheduler remembers and publishes of one task
 * @key: what the discipline orders its queue by; with "vruntime" the virtual runtime
 *	on the clock of lane @cpu
 * @exec_seen_ns: sum_exec_runtime up to which the task was charged
 * @runnable_at_ns: since when it waits, 0 while it runs
 * @slice_ns: the slice it has asked for by sched_setattr(2), 0 for none
 * @queued_in: CPU whose queue it is counted in plus one, with LANES_IN_*; 0 for none
 * @flags: LANES_TASK_*
 * @pid, @tgid: who it is; @pid is 0 where no task is
 * @cpu: whose clock @key is on; LANES_NO_CPU before the first enqueue
 * @last_cpu: where it ran last
 * @last_run_ns: when it was last put on a CPU
 * @se_slice_ns: the kernel's value that @slice_ns was made from
 * @rt_policy: &enum lanes_rt_policy
 * @rt_prio: 1 … 99 where designated
 * @lent_prio: RT priority lent by those it keeps waiting, 0 for none
 * @lent_level: nice level lent by them, or what the discipline has instead; the lower
 *	the more; LANES_LENT_NOTHING for none
 * @pass: &enum lanes_pass it is to run by
 * @row: where this is in the map of tasks, 0 for elsewhere
 * @burst_ns: how long it runs between a wakeup and its next sleep, on average
 * @woken_exec_ns: sum_exec_runtime when it last woke up
 * @lends_to: owner of the lock it waits for, to whom it has lent; 0 for none
 * @rr_ns: its quantum, 0 for the common one
 * @rr_left_ns: how much of the quantum is left
 * @eevdf: what that discipline keeps of a task
 * @level_asked: level asked for, in the numbers of "lk" or "haiku"; 0: by nice
 * @level: the level it is at, with these; with "vruntime" its weight's
 * @is_realtime: it has LK's real-time flag
 * @penalty, @additional: with "haiku", what it has lost, see bpf/math/haiku.h
 * @parent_penalty: the same of its parent, before it runs
 * @quantum_ns: with "lk" what is left of its quantum, with "haiku" its length; 0: a new
 *	one begins
 * @used_ns: with "haiku", how much of that it has used
 * @rest_ns: what it has not used of its last slice; with "haiku" of its last quantum,
 *	added to the next one
 * @slept_at_ns: with "haiku", when it last went to sleep
 * @load: with "haiku", the fraction of time it needs, of 1000
 * @load_active_ns: what that will be measured from next
 * @slept_run_ns: with "haiku", how much its CPU had worked when it went to sleep
 * @stats: counters, &enum lanes_task_stat
 *
 * Only touched with the task's rq lock held, or by the waker before that;
 * a request may change the rt_ fields at any time.
 */
struct task_ctx {
	__u64 key;
	__u64 exec_seen_ns;
	__u64 runnable_at_ns;
	__u64 slice_ns;
	__u32 queued_in;
	__u32 flags;
	__u32 pid;
	__u32 tgid;
	__s32 cpu;
	__s32 last_cpu;
	__u8 rt_policy;
	__u8 rt_prio;
	__u8 lent_prio;
	__u8 lent_level;
	__u8 pass;
	__u8 pad[3];
	__u32 lends_to;
	__u32 row;

	__u64 burst_ns;
	__u64 woken_exec_ns;
	__u64 last_run_ns;
	__u64 se_slice_ns;
	__u64 rr_ns;
	__u64 rr_left_ns;
	union {
		struct lanes_eevdf_task eevdf;
	};
	__u8 level_asked;
	__u8 level;
	__u8 is_realtime;
	__u8 parent_penalty;
	__u16 penalty;
	__u16 additional;
	__u64 quantum_ns;
	__u64 used_ns;
	__u64 rest_ns;
	__u64 slept_at_ns;
	__u64 slept_run_ns;
	__u64 load_active_ns;
	__u32 load;
	__u32 pad2;
	__u64 stats[LANES_NR_TASK_STATS];
} __attribute__((aligned(64)));

/*
 * struct task_ctx's @queued_in: besides the CPU, how counted and which queue: the RT
 * queue, or above that bit the number of the main queue.
 */
#define LANES_IN_MOVABLE	(1U << 16)
#define LANES_IN_RT		(1U << 17)
#define LANES_IN_KIND_SHIFT	17
#define LANES_IN_CPU_MASK	0xffffU

/**
 * struct lanes_rt_request - designate a task, or take that back
 * @tid: the thread, in the initial pid namespace
 * @policy: &enum lanes_rt_policy; NONE takes it back
 * @prio: 1 … 99
 * @quantum_us: for RR; 0 for the knob's
 * @is_inherited: whether children born from now on are designated too
 * @out_err: 0 or a negative errno: ESRCH no such thread, EINVAL a value is out
 *	of range, EPERM not a task of ours
 */
struct lanes_rt_request {
	__u32 tid;
	__u32 policy;
	__u32 prio;
	__u32 quantum_us;
	__u32 is_inherited;
	__s32 out_err;
};

#define LANES_RT_REQUESTS_MAX	64

/* What the program "rt_set" is called with: @nr requests in one call. */
struct lanes_rt_call {
	__u32 nr;
	__u32 pad;
	struct lanes_rt_request requests[LANES_RT_REQUESTS_MAX];
};

/* What the program "task_read" is called with: which thread; its context comes back. */
struct lanes_task_call {
	__u32 tid;
	__s32 out_err;
	struct task_ctx out_ctx;
};

/**
 * struct lanes_level_call - what the program "level_set" is called with
 * @tid: the thread, in the initial pid namespace
 * @level: in the numbers of the discipline; 0: by its nice value
 * @is_realtime: LK's flag
 * @out_err: as in &struct lanes_rt_request
 */
struct lanes_level_call {
	__u32 tid;
	__u32 level;
	__u32 is_realtime;
	__s32 out_err;
};

/* What the program "cpu_set" is called with: a CPU to be disabled, or enabled again. */
struct lanes_cpu_call {
	__u32 cpu;
	__u32 is_disabled;
	__s32 out_err;
	__u32 pad;
};

#define LANES_COMM_LEN		16
#define LANES_RULES_MAX		32

/* struct lanes_rule's @matches: which of its conditions count. */
#define LANES_RULE_COMM		(1U << 0)
#define LANES_RULE_COMM_PREFIX	(1U << 1)
#define LANES_RULE_CGROUP	(1U << 2)
#define LANES_RULE_NICE		(1U << 3)
#define LANES_RULE_UCLAMP	(1U << 4)

/**
 * struct lanes_rule - which tasks are designated without being named
 * @matches: LANES_RULE_*; all that are set must hold; 0 ends the list
 * @comm, @comm_len: name; with COMM_PREFIX only its first @comm_len bytes
 * @cgroup_id: a cgroup the task is in, or in a descendant of
 * @nice_max: nice value at most
 * @uclamp_min: uclamp.min at least, 0 … 1024
 * @policy, @prio, @quantum_us: as in &struct lanes_rt_request
 */
struct lanes_rule {
	__u32 matches;
	__u32 comm_len;
	char comm[LANES_COMM_LEN];
	__u64 cgroup_id;
	__s32 nice_max;
	__u32 uclamp_min;
	__u32 policy;
	__u32 prio;
	__u32 quantum_us;
	__u32 pad;
};

/* What is told to the loader as it happens, whatever the trace level. */
enum lanes_notice_kind {
	LANES_NOTICE_RT_SET,
	LANES_NOTICE_RT_CLEAR,
	LANES_NOTICE_STARVED,
};

/**
 * struct lanes_notice - one such event
 * @kind: &enum lanes_notice_kind
 * @tid: the task it is about
 * @cpu: where
 * @waited_ms: with STARVED, how long
 * @comm: its name
 */
struct lanes_notice {
	__u32 kind;
	__u32 tid;
	__s32 cpu;
	__u32 waited_ms;
	char comm[LANES_COMM_LEN];
};

/* What the trace ring records, from which level on (--trace LEVEL). */
enum lanes_trace_kind {
	LANES_TRACE_RESCUE,
	LANES_TRACE_RT_SPENT,
	LANES_TRACE_BALANCE,
	LANES_TRACE_STEAL,
	LANES_TRACE_PREEMPT,
	LANES_TRACE_LEND,
	LANES_TRACE_RUN,
	LANES_TRACE_STOP,
	LANES_TRACE_QUEUE,
	LANES_TRACE_IDLE,
	LANES_TRACE_CLOCK,
	LANES_TRACE_LAG,
	LANES_TRACE_LEVEL,
};

#define LANES_TRACE_LEVEL_MAX	3

/**
 * struct lanes_trace - one record of the trace ring
 * @at_ns: when, CLOCK_MONOTONIC
 * @kind: &enum lanes_trace_kind
 * @cpu: the lane
 * @tid: the task, 0 where none
 * @key: its key, or RT priority in the RT pass; CLOCK: the lane's virtual clock when
 *	@tid started; LAG: how far @tid was behind it
 * @arg: RUN: &enum lanes_pass; STOP: whether it still wanted to run; BALANCE and
 *	STEAL: the other CPU; LEND: the owner's tid; CLOCK: eligible tasks that wait;
 *	LEVEL: what is left of its priority
 */
struct lanes_trace {
	__u64 at_ns;
	__u32 kind;
	__s32 cpu;
	__u32 tid;
	__u32 arg;
	__u64 key;
};

/**
 * struct lanes_exit - why the scheduler ended, filled in by ops.exit
 * @kind: the kernel's enum scx_exit_kind, 0 while running
 * @code: the kernel's exit code; carries the restart request
 */
struct lanes_exit {
	__u32 kind;
	__u32 pad;
	__s64 code;
	char reason[128];
	char msg[1024];
	char dump[LANES_EXIT_DUMP_LEN];
};

_Static_assert(sizeof(struct lane) % 64 == 0, "lanes must not share a cache line");
_Static_assert(sizeof(struct task_ctx) % 64 == 0, "nor must tasks");
_Static_assert(sizeof(struct lanes_exit) == 16 + 128 + 1024 + LANES_EXIT_DUMP_LEN,
	       "both compilers must agree on the exit record");

#endif /* __LANES_SCHED_H */
