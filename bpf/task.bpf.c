// SPDX-License-Identifier: GPL-2.0
/*
 * Where the context of a task is.
 *
 * Contexts are rows of an array, so that a reader can map them. Which row is a
 * task's is kept in its task storage; but reading that costs 45 instructions, and
 * four callbacks a switch want the context. So the rows found lately are also in
 * "slots", by pid: a slot holds a row and, above it, a tag by which to see
 * whether it is this task's. The tag is made from the address of the task: a pid
 * may be used again while its last owner still dies.
 *
 * Rows that are not in use are handed out again. When all are taken, a task has
 * its context in its task storage: it is scheduled like the others, only the
 * reader of the array does not see it. Row 0 adds up the tasks that have ended.
 */
#include "lanes.bpf.h"

#define ROW_BITS	20
#define NO_ROW		0
#define ENDED_ROW	0

struct task_home {
	u32 row;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_home);
} homes SEC(".maps");

/* For those who found no row. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_ctx);
} spilled SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 4096);
	__type(key, u32);
	__type(value, struct task_ctx);
} tasks SEC(".maps");

/* As many as there are rows, rounded up to a power of two. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096);
	__type(key, u32);
	__type(value, u64);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 4096);
	__type(value, u32);
} free_rows SEC(".maps");

const volatile u32 nr_task_rows = 4096;
const volatile u32 slot_mask = 4095;

/* The first row that was never used. */
u32 next_row = ENDED_ROW + 1;

static u64 tag_anchor;

/* The verifier makes numbers of addresses only by their difference. */
static u64 task_tag(const struct task_struct *p)
{
	return ((u64)p - (u64)&tag_anchor) >> 6 << ROW_BITS;
}

static u64 *slot_of(const struct task_struct *p)
{
	u32 i = p->pid & slot_mask;

	return bpf_map_lookup_elem(&slots, &i);
}

/* The way round when the slot is another task's. */
SUBPROG u32 find_task_row(struct task_struct *p TRUSTED)
{
	struct task_home *home = bpf_task_storage_get(&homes, p, NULL, 0);
	u64 *slot = slot_of(p);
	struct task_ctx *tctx;
	u32 row;

	if (!home || home->row == NO_ROW)
		return NO_ROW;
	row = home->row;
	if (slot)
		*slot = task_tag(p) | row;
	tctx = bpf_map_lookup_elem(&tasks, &row);
	/* exec(2) by a thread that does not lead its process gives it another pid. */
	if (tctx)
		tctx->pid = p->pid;
	return row;
}

/* Return: what the slot of a task says, NO_ROW if it is another task's. */
static inline u32 cached_task_row(const struct task_struct *p)
{
	u64 *slot = slot_of(p);
	u64 found = slot ? *slot ^ task_tag(p) : ~0ULL;

	return found >> ROW_BITS ? NO_ROW : found;
}

/**
 * try_lookup_task_ctx - the context of a task
 * @p: the task
 *
 * Return: NULL for a task that we were never given.
 */
static inline struct task_ctx *try_lookup_task_ctx(struct task_struct *p)
{
	u32 row = cached_task_row(p) ?: find_task_row(p);
	struct task_ctx *tctx;

	if (row != NO_ROW) {
		tctx = bpf_map_lookup_elem(&tasks, &row);
		if (tctx && tctx->pid == (u32)p->pid)
			return tctx;
		row = find_task_row(p);
		if (row != NO_ROW)
			return bpf_map_lookup_elem(&tasks, &row);
	}
	return bpf_task_storage_get(&spilled, p, NULL, 0);
}

static __noinline struct task_ctx *lookup_far(struct task_struct *p)
{
	struct task_ctx *tctx = try_lookup_task_ctx(p);

	if (!tctx)
		sched_error("task %d: no task_ctx", p->pid);
	return tctx;
}

/* Row 0, for "none", bears the pid of the idle tasks, which nobody looks up. */
HOT struct task_ctx *lookup_task_ctx(struct task_struct *p)
{
	u32 row = cached_task_row(p);
	struct task_ctx *tctx = bpf_map_lookup_elem(&tasks, &row);

	if (tctx && tctx->pid == (u32)p->pid)
		return tctx;
	return lookup_far(p);
}

/* The same, for the task that a lane runs or has just stopped: a quarter of the way. */
HOT struct task_ctx *lookup_curr_ctx(struct task_struct *p, struct lane *lane)
{
	u32 row = lane->curr_row;
	struct task_ctx *tctx = bpf_map_lookup_elem(&tasks, &row);

	if (tctx && tctx->pid == (u32)p->pid)
		return tctx;
	return lookup_task_ctx(p);
}

static u32 take_row(void)
{
	u32 row;

	if (!bpf_map_pop_elem(&free_rows, &row))
		return row;
	if (next_row >= nr_task_rows)
		return NO_ROW;
	row = __sync_fetch_and_add(&next_row, 1);
	return row < nr_task_rows ? row : NO_ROW;
}

/**
 * task_open - make a context for a task
 *
 * Context: ops.init_task; may sleep. Return: the context, zeroed; NULL without
 * memory.
 */
static struct task_ctx *task_open(struct task_struct *p)
{
	struct task_home *home = bpf_task_storage_get(&homes, p, NULL,
						      BPF_LOCAL_STORAGE_GET_F_CREATE);
	struct task_ctx *tctx;
	u32 row;

	if (!home)
		return NULL;
	row = take_row();
	home->row = row;
	if (row == NO_ROW)
		return bpf_task_storage_get(&spilled, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	tctx = bpf_map_lookup_elem(&tasks, &row);
	if (tctx)
		tctx->row = row;
	return tctx;
}

/* So that sums over the lanes stay sums over the tasks. */
static void add_to_ended(const struct task_ctx *tctx)
{
	u32 row = ENDED_ROW, i;
	struct task_ctx *ended = bpf_map_lookup_elem(&tasks, &row);

	if (!ended)
		return;
	for (i = 0; i < LANES_NR_TASK_STATS; i++)
		if (i != LANES_TASK_wait_max_ns)
			__sync_fetch_and_add(&ended->stats[i], tctx->stats[i]);
}

/* task_close - give back the context of a task that has ended, or leaves us */
static void task_close(struct task_struct *p, struct task_ctx *tctx)
{
	struct task_home *home = bpf_task_storage_get(&homes, p, NULL, 0);
	u64 *slot = slot_of(p);
	u32 row;

	add_to_ended(tctx);
	if (!home || home->row == NO_ROW)
		return;
	row = home->row;
	home->row = NO_ROW;
	/* Its pid may be somebody else's by now. */
	if (slot && (*slot & ((1U << ROW_BITS) - 1)) == row)
		*slot = 0;
	__builtin_memset(tctx, 0, sizeof(*tctx));
	bpf_map_push_elem(&free_rows, &row, BPF_ANY);
}
