// SPDX-License-Identifier: GPL-2.0
/*
 * What the scheduler shows of itself: its part of the dump that the kernel
 * makes when it ends a scheduler (or on SysRq-D), and the queue depths, which
 * nobody counts until a reader asks.
 */
#include "lanes.bpf.h"

static void view_dump(void)
{
	dump_line("lanes: %d CPUs, slice %llu us", nr_cpus, slice_ns / 1000);
}

static void view_dump_lane(s32 cpu, bool is_idle)
{
	struct lane *lane = try_lookup_lane(cpu);

	if (!lane || (is_idle && !lane->is_contended))
		return;
	dump_line("lane: depth=%d running=%u key=%llu floor=%llu",
		  dsq_nr_queued(lane_dsq(cpu)), lane->curr_pid, lane->curr_key,
		  lane->floor);
}

static void view_dump_task(struct task_struct *p)
{
	struct task_ctx *tctx = try_lookup_task_ctx(p);

	if (tctx)
		dump_line("lane: cpu=%d vruntime=%llu", tctx->cpu, tctx->vruntime);
}

/* Run by a reader before it looks at the lanes. */
SEC("syscall")
int lanes_sample(void *ctx)
{
	s32 cpu;

	bpf_for(cpu, 0, nr_cpus) {
		struct lane *lane = try_lookup_lane(cpu);

		if (lane)
			lane->depth = dsq_nr_queued(lane_dsq(cpu));
	}
	return 0;
}
