// SPDX-License-Identifier: GPL-2.0
/*
 * The trace ring: what happened, one record an event, up to the level asked for.
 *
 * The level is fixed before load, so that the verifier drops whatever is above it:
 * a scheduler loaded without tracing has no instruction of this.
 */
#include "lanes.bpf.h"

/* 0: nothing; 1: rare events; 2: decisions; 3: every switch. */
const volatile u32 trace_level;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} trace_ring SEC(".maps");

/* What the loader is to know or do, whatever the level. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} notices SEC(".maps");

static void __trace(enum lanes_trace_kind kind, u32 tid, u32 arg, u64 key)
{
	struct lanes_trace *record = bpf_ringbuf_reserve(&trace_ring, sizeof(*record), 0);

	if (!record)
		return;
	record->at_ns = bpf_ktime_get_ns();
	record->kind = kind;
	record->cpu = bpf_get_smp_processor_id();
	record->tid = tid;
	record->arg = arg;
	record->key = key;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

static inline void trace(u32 level, enum lanes_trace_kind kind, u32 tid, u32 arg, u64 key)
{
	if (level <= trace_level)
		__trace(kind, tid, arg, key);
}

static void notify(enum lanes_notice_kind kind, struct task_struct *p, s32 cpu, u32 waited_ms)
{
	struct lanes_notice *notice = bpf_ringbuf_reserve(&notices, sizeof(*notice), 0);

	if (!notice)
		return;
	notice->kind = kind;
	notice->tid = p->pid;
	notice->cpu = cpu;
	notice->waited_ms = waited_ms;
	bpf_probe_read_kernel_str(notice->comm, sizeof(notice->comm), p->comm);
	bpf_ringbuf_submit(notice, 0);
}
