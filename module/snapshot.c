// SPDX-License-Identifier: GPL-2.0
/*
 * All threads' scheduling data at a time, by a mapping or by a copy.
 *
 * A descriptor may have an area that is mapped read-only: the module writes all
 * threads into it, when asked or periodically, and readers need no system call.
 * It begins with a sequence number that is odd while it is written; there is one
 * writer at a time, and readers neither lock nor are known. LANES_LIST_TASKS
 * writes the same data into memory of its own and copies that, for comparison.
 *
 * Threads are walked under RCU. Each one's data are what they are when it is
 * passed, without its run queue's lock: a sum may lag behind by what a running
 * thread has run since it was last accounted.
 *
 * The area belongs to the descriptor and goes when that is closed; a mapping
 * holds the file, so the descriptor outlives it.
 */
#include <linux/cleanup.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "lanes.h"

#define MIN_PERIOD_MS 10
#define MAX_PERIOD_MS 60000

/**
 * struct lanes_shared - the area of a descriptor
 * @lock: held by who writes
 * @area: what is mapped
 * @bytes: its size, whole pages
 * @period: its periodic writing
 * @period_ms: how often, or 0
 */
struct lanes_shared {
	struct mutex lock;
	struct lanes_snapshot *area;
	size_t bytes;
	struct delayed_work period;
	unsigned int period_ms;
};

static_assert(sizeof(struct lanes_task) == 96);
static_assert(offsetof(struct lanes_snapshot, tasks) == 40);

static void describe_task(struct task_struct *t, struct lanes_task *out)
{
	out->tid = t->pid;
	out->tgid = t->tgid;
	out->policy = t->policy;
	out->prio = t->prio;
	out->nice = task_nice(t);
	out->rt_priority = t->rt_priority;
	out->cpu = task_cpu(t);
	out->state = task_state_to_char(t);
	strscpy_pad(out->comm, t->comm);
	out->run_ns = t->se.sum_exec_runtime;
	out->utime_ns = t->utime;
	out->stime_ns = t->stime;
	out->start_ns = t->start_boottime;
	out->nr_voluntary = t->nvcsw;
	out->nr_involuntary = t->nivcsw;
}

/* Returns how many there are; the first @room of them are described. */
static unsigned int describe_tasks(struct lanes_task *tasks, unsigned int room)
{
	struct task_struct *process, *t;
	unsigned int nr = 0;

	guard(rcu)();
	for_each_process_thread(process, t) {
		if (nr < room)
			describe_task(t, &tasks[nr]);
		nr++;
	}
	return nr;
}

static unsigned int write_snapshot(struct lanes_shared *shared)
{
	struct lanes_snapshot *area = shared->area;
	u64 begin_ns = ktime_get_ns();

	guard(mutex)(&shared->lock);
	WRITE_ONCE(area->sequence, area->sequence + 1);
	/* With the reader's acquire: who sees what follows sees it odd */
	smp_wmb();
	area->nr_tasks = describe_tasks(area->tasks, area->max_tasks);
	area->taken_ns = begin_ns;
	area->write_ns = ktime_get_ns() - begin_ns;
	area->nr_writes++;
	/* With the reader's acquire: who sees it even sees all of the above */
	smp_store_release(&area->sequence, area->sequence + 1);
	return area->nr_tasks;
}

static void queue_next(struct lanes_shared *shared)
{
	queue_delayed_work(system_unbound_wq, &shared->period,
			   msecs_to_jiffies(shared->period_ms));
}

static void write_periodically(struct work_struct *work)
{
	struct lanes_shared *shared =
		container_of(work, struct lanes_shared, period.work);

	write_snapshot(shared);
	queue_next(shared);
}

static void shared_free(struct lanes_shared *shared)
{
	vfree(shared->area);
	mutex_destroy(&shared->lock);
	kfree(shared);
}

static struct lanes_shared *shared_create(unsigned int max_tasks)
{
	struct lanes_shared *shared = kzalloc(sizeof(*shared), GFP_KERNEL);

	if (!shared)
		return NULL;
	mutex_init(&shared->lock);
	INIT_DELAYED_WORK(&shared->period, write_periodically);
	shared->bytes = PAGE_ALIGN(struct_size(shared->area, tasks, max_tasks));
	shared->area = vmalloc_user(shared->bytes);
	if (!shared->area) {
		shared_free(shared);
		return NULL;
	}
	shared->area->max_tasks = max_tasks;
	shared->area->task_bytes = sizeof(struct lanes_task);
	return shared;
}

int lanes_snapshot_create_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_snapshot_create *arg = data;
	struct lanes_shared *shared;

	if (!arg->max_tasks || arg->max_tasks > LANES_MAX_TASKS ||
	    (arg->period_ms && (arg->period_ms < MIN_PERIOD_MS ||
				arg->period_ms > MAX_PERIOD_MS)))
		return -EINVAL;
	guard(mutex)(&file->lock);
	if (file->shared)
		return -EBUSY;
	shared = shared_create(arg->max_tasks);
	if (!shared)
		return -ENOMEM;
	arg->out_bytes = shared->bytes;
	shared->period_ms = arg->period_ms;
	write_snapshot(shared);
	/* With the acquire in shared_of(): it is complete */
	smp_store_release(&file->shared, shared);
	if (shared->period_ms)
		queue_next(shared);
	return 0;
}

/*
 * Once there it stays until the file is released, which no caller outlives. Not
 * under the file's lock: mmap() comes with the lock on memory held, which
 * commands take inside of it.
 */
static struct lanes_shared *shared_of(struct lanes_file *file)
{
	/* With the release in lanes_snapshot_create_ioctl() */
	return smp_load_acquire(&file->shared);
}

int lanes_snapshot_write_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_snapshot_write *arg = data;
	struct lanes_shared *shared = shared_of(file);

	if (!shared)
		return -ENOENT;
	arg->out_nr_tasks = write_snapshot(shared);
	return 0;
}

int lanes_list_tasks_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_list_tasks *arg = data;
	void __user *to = u64_to_user_ptr(arg->tasks);
	unsigned int room = arg->nr_tasks;

	if (room > LANES_MAX_TASKS)
		return -EINVAL;
	struct lanes_task *tasks __free(kvfree) =
		kvmalloc_array(room, sizeof(*tasks), GFP_KERNEL);
	if (!tasks)
		return -ENOMEM;
	arg->nr_tasks = describe_tasks(tasks, room);
	if (copy_to_user(to, tasks, min(room, arg->nr_tasks) * sizeof(*tasks)))
		return -EFAULT;
	return 0;
}

/**
 * lanes_snapshot_mmap - let user space see the descriptor's area
 * @file: the descriptor
 * @vma: where, which must not be writable, and cannot become so
 *
 * Context: may sleep.
 * Return: 0; -ENOENT, there is none; -EACCES, for more than reading; -EINVAL,
 * beyond its end.
 */
int lanes_snapshot_mmap(struct lanes_file *file, struct vm_area_struct *vma)
{
	struct lanes_shared *shared = shared_of(file);

	if (!shared)
		return -ENOENT;
	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EACCES;
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	return remap_vmalloc_range(vma, shared->area, vma->vm_pgoff);
}

/**
 * lanes_snapshot_release - take away the descriptor's area, which nobody maps
 * @file: the descriptor, which nobody uses any more
 *
 * Context: may sleep.
 */
void lanes_snapshot_release(struct lanes_file *file)
{
	if (!file->shared)
		return;
	cancel_delayed_work_sync(&file->shared->period);
	shared_free(file->shared);
}
