// SPDX-License-Identifier: GPL-2.0
/*
 * What it cost: running is charged, waiting is measured, and both are counted for
 * the task and for the CPU.
 *
 * A lane's counters are written by its CPU alone, a task's with its rq lock held.
 */
#include "lanes.bpf.h"

static void account_ran(struct task_ctx *tctx, struct lane *lane, u64 ran_ns)
{
	tctx->stats[LANES_TASK_run_ns] += ran_ns;
	lane->stats[LANES_STAT_run_ns] += ran_ns;
}

static void account_wakeup(struct task_ctx *tctx, u64 now)
{
	tctx->runnable_at_ns = now;
	tctx->woken_exec_ns = tctx->exec_seen_ns;
	tctx->flags = (tctx->flags & ~LANES_TASK_AHEAD) | LANES_TASK_WOKEN;
	tctx->stats[LANES_TASK_wakeups]++;
}

static void record_latency(struct task_ctx *tctx, struct lane *lane, u64 waited_ns)
{
	u32 bucket = hist_bucket(waited_ns, LANES_HIST_BUCKETS);
	u32 pass = tctx->pass;

	/* For the verifier: the bounds must be seen on the values that are used. */
	barrier_var(bucket);
	barrier_var(pass);
	if (bucket >= LANES_HIST_BUCKETS || pass >= LANES_NR_PASSES)
		return;
	if (tctx->flags & LANES_TASK_WOKEN)
		lane->wake_hist[pass][bucket]++;
	else
		lane->queue_hist[pass][bucket]++;
}

static void account_waited(struct task_ctx *tctx, struct lane *lane, u64 now)
{
	s64 waited_ns = now - tctx->runnable_at_ns;

	/* Clocks of different CPUs may disagree by a little. */
	if (waited_ns < 0)
		waited_ns = 0;
	record_latency(tctx, lane, waited_ns);
	tctx->runnable_at_ns = 0;
	tctx->flags &= ~LANES_TASK_WOKEN;
	tctx->stats[LANES_TASK_wait_ns] += waited_ns;
	lane->stats[LANES_STAT_wait_ns] += waited_ns;
	if ((u64)waited_ns > tctx->stats[LANES_TASK_wait_max_ns])
		tctx->stats[LANES_TASK_wait_max_ns] = waited_ns;
}

/* account_started - a task was put on the CPU */
static void account_started(struct task_ctx *tctx, struct lane *lane, s32 cpu, u64 now)
{
	if (lane->idle_since_ns) {
		lane->stats[LANES_STAT_idle_ns] += now - lane->idle_since_ns;
		lane->idle_since_ns = 0;
	}
	if (tctx->runnable_at_ns)
		account_waited(tctx, lane, now);
	if (tctx->last_cpu != cpu) {
		if (tctx->last_cpu != LANES_NO_CPU) {
			tctx->stats[LANES_TASK_migrations]++;
			stat_inc(lane, LANES_STAT_migrations);
		}
		tctx->last_cpu = cpu;
	}
	tctx->last_run_ns = now;
	tctx->stats[LANES_TASK_runs]++;
	stat_inc(lane, LANES_STAT_switches);
}

/* account_stopped - a task was taken off the CPU; @runnable: against its will */
static void account_stopped(struct task_ctx *tctx, struct lane *lane, bool runnable)
{
	if (!runnable) {
		tctx->burst_ns = (3 * tctx->burst_ns + tctx->exec_seen_ns -
				  tctx->woken_exec_ns) / 4;
		tctx->stats[LANES_TASK_voluntary]++;
		stat_inc(lane, LANES_STAT_voluntary);
		return;
	}
	if (tctx->flags & LANES_TASK_YIELDED) {
		tctx->stats[LANES_TASK_yields]++;
		stat_inc(lane, LANES_STAT_yields);
	} else {
		tctx->stats[LANES_TASK_preemptions]++;
	}
}
