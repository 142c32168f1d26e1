// SPDX-License-Identifier: GPL-2.0
/*
 * What the scheduler shows of itself, as text: the files "runqueues", "top" and
 * "tasks" that the loader pins, to be read with cat (Red Bear S1.3: its scheme paths
 * sys/sched/...), and its part of the dump that the kernel makes when it ends a
 * scheduler, or on SysRq-D.
 */
#include "lanes.bpf.h"

/* "top" leaves out who has not run for so long. */
#define TOP_NS	(1000 * NS_PER_MS)

/* One line a lane. */
SEC("iter/bpf_map_elem")
int show_runqueues(struct bpf_iter__bpf_map_elem *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct lane *lane = ctx->value;
	u32 *cpu = ctx->key;

	if (!ctx->meta->seq_num)
		BPF_SEQ_PRINTF(seq, "cpu online running rt depth movable rt_depth floor key switches steals\n");
	if (!lane || !cpu)
		return 0;
	BPF_SEQ_PRINTF(seq, "%u %u %u %u %u %u %u %llu %llu %llu %llu\n", *cpu,
		       lane->is_online, lane->curr_pid, lane->curr_rt, lane_depth(lane),
		       lane_movable(lane), (u32)lane->rt_queued, lane->floor, lane->curr_key,
		       lane->stats[LANES_STAT_switches], lane->stats[LANES_STAT_steals]);
	return 0;
}

/* What is in a name is the task's own: nothing of it may end the line or move the cursor. */
static void clean_name(const struct task_struct *p, char name[LANES_COMM_LEN])
{
	u8 c, before = 0;
	int i;

	bpf_probe_read_kernel_str(name, LANES_COMM_LEN, p->comm);
	for (i = 0; i < LANES_COMM_LEN && name[i]; i++, before = c) {
		c = name[i];
		/* The last ones are UTF-8's form of what 8-bit terminals obey. */
		if (c < ' ' || c == 0x7f || (before == 0xc2 && c < 0xa0))
			name[i] = '?';
	}
}

static void show_task(struct seq_file *seq, struct task_struct *p,
		      const struct task_ctx *tctx)
{
	char name[LANES_COMM_LEN] = "";

	clean_name(p, name);
	BPF_SEQ_PRINTF(seq, "%u %u %d %u %u %llu %llu %llu %llu %llu %llu %s\n", p->pid, p->tgid,
		       tctx->last_cpu, tctx->rt_prio, tctx->lent_prio, tctx->key,
		       tctx->stats[LANES_TASK_run_ns], tctx->stats[LANES_TASK_wait_ns],
		       tctx->stats[LANES_TASK_runs], tctx->stats[LANES_TASK_migrations],
		       tctx->stats[LANES_TASK_preemptions], name);
}

static int show_if(struct bpf_iter__task *ctx, u64 since_ns)
{
	struct task_struct *p = ctx->task;
	struct task_ctx *tctx;

	if (!ctx->meta->seq_num)
		BPF_SEQ_PRINTF(ctx->meta->seq, "tid tgid cpu rt lent key run_ns wait_ns runs migrations preemptions comm\n");
	if (!p)
		return 0;
	tctx = try_lookup_task_ctx(p);
	if (tctx && tctx->last_run_ns >= since_ns)
		show_task(ctx->meta->seq, p, tctx);
	return 0;
}

SEC("iter/task")
int show_tasks(struct bpf_iter__task *ctx)
{
	return show_if(ctx, 0);
}

/* Those who have run within the last second. */
SEC("iter/task")
int show_top(struct bpf_iter__task *ctx)
{
	u64 now = now_ns();

	return show_if(ctx, now > TOP_NS ? now - TOP_NS : 0);
}

static void view_dump(void)
{
	dump_line("lanes: %d CPUs, slice %u us, max wait %u ms", nr_cpus, knobs.slice_us,
		  knobs.max_wait_ms);
}

static void view_dump_lane(s32 cpu, bool is_idle)
{
	struct lane *lane = try_lookup_lane(cpu);

	if (!lane || (is_idle && !lane_depth(lane) && !lane->rt_queued))
		return;
	dump_line("lane: depth=%u rt_depth=%u running=%u rt=%u slot=%u key=%llu floor=%llu",
		  lane_depth(lane), (u32)lane->rt_queued, lane->curr_pid, lane->curr_rt,
		  lane->slot_pid, lane->curr_key, lane->floor);
}

static void view_dump_task(struct task_struct *p)
{
	struct task_ctx *tctx = try_lookup_task_ctx(p);

	if (tctx)
		dump_line("lane: cpu=%d queued_in=%x key=%llu rt=%u lent=%u flags=%x",
			  tctx->cpu, tctx->queued_in, tctx->key, tctx->rt_prio,
			  tctx->lent_prio, tctx->flags);
}
