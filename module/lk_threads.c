// SPDX-License-Identifier: GPL-2.0
/*
 * LK's threads and wait queues, over kthreads, so that their semantics can be
 * tried: who is woken by what, with which code, and when.
 *
 * As in LK one lock protects all threads and all wait queues. Who blocks puts a
 * waiter, which is on its stack, into the queue and sleeps until it was taken out:
 * by who wakes it, or by itself when its time is over. So that a task that is no
 * LK thread may wait too, a waiter knows its task, and its thread if it has one.
 *
 * Which thread runs is Linux's decision. A level becomes a nice value, by the rule
 * of the scheduler's discipline lk (31 is -20, 16 is 0, 1 is 19), and LK's
 * real-time flag, which means to run without a quantum, SCHED_FIFO at the
 * priority level + 1.
 *
 * An LK thread holds this module until the kthread has left it. A joined one is
 * freed by who joins it, when its kthread has ended; a detached one frees itself,
 * the kthread's stack being freed by the kernel afterwards: what LK has its delayed
 * free for.
 *
 * Where LK panics (no magic, a state that cannot be), these say
 * LK_ERR_INVALID_ARGS, or do nothing where there is nothing to say. A kthread's
 * stack has guard pages where the kernel has CONFIG_VMAP_STACK, and cannot be the
 * caller's.
 */
#include <linux/cleanup.h>
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <uapi/linux/sched/types.h>

#include "lk_threads.h"

/* LK's own: 'thrd' and 'wait' */
#define THREAD_MAGIC 0x74687264
#define WAIT_QUEUE_MAGIC 0x77616974

/**
 * struct lk_waiter - a task that blocks
 * @node: in a wait queue, or in no list
 * @queue: that one, or NULL
 * @task: who it is
 * @thread: the same as an LK thread, or NULL
 * @is_waiting: it has not been woken
 * @status: what it was woken with
 */
struct lk_waiter {
	struct list_head node;
	struct lk_wait_queue *queue;
	struct task_struct *task;
	struct lk_thread *thread;
	bool is_waiting;
	enum lk_status status;
};

static DEFINE_SPINLOCK(big_lock);
static LIST_HEAD(threads);

/**
 * lk_thread_lock - LK's THREAD_LOCK: nothing changes until lk_thread_unlock()
 *
 * Context: a task that may be preempted; not to be nested.
 */
void lk_thread_lock(void)
{
	spin_lock(&big_lock);
}

/**
 * lk_thread_unlock - LK's THREAD_UNLOCK
 *
 * Context: the task that holds the lock.
 */
void lk_thread_unlock(void)
{
	spin_unlock(&big_lock);
}

static bool is_thread(const struct lk_thread *t)
{
	return t && t->magic == THREAD_MAGIC;
}

static struct lk_thread *current_thread_locked(void)
{
	struct lk_thread *t;

	lockdep_assert_held(&big_lock);
	list_for_each_entry(t, &threads, node) {
		if (t->task == current)
			return t;
	}
	return NULL;
}

/**
 * lk_get_current_thread - the LK thread that this is
 *
 * Context: any task, without the lock.
 * Return: the thread; NULL in a task that is none.
 */
struct lk_thread *lk_get_current_thread(void)
{
	guard(lk_lock)();
	return current_thread_locked();
}

/* Wait Queues */

static bool is_wait_queue(const struct lk_wait_queue *queue)
{
	return queue && queue->magic == WAIT_QUEUE_MAGIC;
}

/**
 * lk_wait_queue_init - section "Wait Queues"
 * @queue: to be used from now on
 *
 * Context: any.
 */
void lk_wait_queue_init(struct lk_wait_queue *queue)
{
	queue->magic = WAIT_QUEUE_MAGIC;
	queue->count = 0;
	INIT_LIST_HEAD(&queue->waiters);
}

static void take_out(struct lk_waiter *waiter, enum lk_status status)
{
	if (waiter->queue) {
		list_del(&waiter->node);
		waiter->queue->count--;
	}
	waiter->is_waiting = false;
	waiter->status = status;
	if (waiter->thread) {
		waiter->thread->waiter = NULL;
		waiter->thread->state = LK_THREAD_READY;
	}
}

/* It needs the lock to go on, so its waiter and its task are there until then. */
static void wake(struct lk_waiter *waiter, enum lk_status status)
{
	take_out(waiter, status);
	wake_up_process(waiter->task);
}

/* Let Linux choose anew; somebody more urgent may have been woken. */
static void reschedule_unlocked(void)
{
	lk_thread_unlock();
	schedule();
	lk_thread_lock();
}

static void sleep_until(ktime_t *deadline)
{
	set_current_state(TASK_IDLE);
	lk_thread_unlock();
	schedule_hrtimeout(deadline, HRTIMER_MODE_ABS);
	lk_thread_lock();
}

static enum lk_status wait(struct lk_waiter *waiter, lk_time_t timeout_ms)
{
	ktime_t deadline = ktime_add_ms(ktime_get(), timeout_ms);
	bool is_infinite = timeout_ms == LK_INFINITE_TIME;
	struct lk_thread *t = waiter->thread;

	waiter->task = current;
	waiter->is_waiting = true;
	if (t) {
		t->waiter = waiter;
		t->state = LK_THREAD_BLOCKED;
	}
	while (waiter->is_waiting) {
		if (!is_infinite && ktime_compare(ktime_get(), deadline) >= 0)
			take_out(waiter, LK_ERR_TIMED_OUT);
		else
			sleep_until(is_infinite ? NULL : &deadline);
	}
	__set_current_state(TASK_RUNNING);
	if (t)
		t->state = LK_THREAD_RUNNING;
	return waiter->status;
}

/**
 * lk_wait_queue_block - wait to be woken; section "Timeout Support"
 * @queue: where
 * @timeout_ms: 0 for not at all, LK_INFINITE_TIME for ever, or milliseconds
 *
 * @queue may be gone when this returns anything but LK_ERR_TIMED_OUT.
 *
 * Context: any task, with the lock, which is given up meanwhile.
 * Return: what it was woken with; LK_ERR_TIMED_OUT, LK_ERR_OBJECT_DESTROYED;
 * LK_ERR_INVALID_ARGS, that is no wait queue.
 */
enum lk_status lk_wait_queue_block(struct lk_wait_queue *queue,
				   lk_time_t timeout_ms)
{
	struct lk_waiter waiter = {
		.queue = queue,
		.thread = current_thread_locked(),
	};

	if (!is_wait_queue(queue))
		return LK_ERR_INVALID_ARGS;
	if (!timeout_ms)
		return LK_ERR_TIMED_OUT;
	list_add_tail(&waiter.node, &queue->waiters);
	queue->count++;
	return wait(&waiter, timeout_ms);
}

static int wake_up_to(struct lk_wait_queue *queue, int most, bool reschedule,
		      enum lk_status status)
{
	struct lk_waiter *waiter, *next;
	int nr = 0;

	lockdep_assert_held(&big_lock);
	if (!is_wait_queue(queue))
		return 0;
	list_for_each_entry_safe(waiter, next, &queue->waiters, node) {
		if (nr == most)
			break;
		wake(waiter, status);
		nr++;
	}
	if (nr && reschedule)
		reschedule_unlocked();
	return nr;
}

/**
 * lk_wait_queue_wake_one - wake who has waited longest
 * @queue: where
 * @reschedule: let the woken one run now, if it is more urgent
 * @status: what its lk_wait_queue_block() returns
 *
 * Context: any task, with the lock, which is given up if @reschedule.
 * Return: how many were woken, 0 or 1.
 */
int lk_wait_queue_wake_one(struct lk_wait_queue *queue, bool reschedule,
			   enum lk_status status)
{
	return wake_up_to(queue, 1, reschedule, status);
}

/**
 * lk_wait_queue_wake_all - wake all who wait now
 * @queue: where
 * @reschedule: let them run now, if they are more urgent
 * @status: what their lk_wait_queue_block() returns
 *
 * Context: any task, with the lock, which is given up if @reschedule.
 * Return: how many were woken.
 */
int lk_wait_queue_wake_all(struct lk_wait_queue *queue, bool reschedule,
			   enum lk_status status)
{
	return wake_up_to(queue, INT_MAX, reschedule, status);
}

/**
 * lk_wait_queue_destroy - wake all with LK_ERR_OBJECT_DESTROYED; it is no queue
 *	any more
 * @queue: not to be used again, unless initialised
 * @reschedule: let them run now, if they are more urgent
 *
 * Context: any task, with the lock, which is given up if @reschedule.
 */
void lk_wait_queue_destroy(struct lk_wait_queue *queue, bool reschedule)
{
	int nr = wake_up_to(queue, INT_MAX, false, LK_ERR_OBJECT_DESTROYED);

	if (is_wait_queue(queue))
		queue->magic = 0;
	if (nr && reschedule)
		reschedule_unlocked();
}

/* Thread Management API */

static int clamp_priority(int priority)
{
	return clamp(priority, LK_IDLE_PRIORITY + 1, LK_HIGHEST_PRIORITY);
}

static int nice_of(int level)
{
	if (level >= LK_DEFAULT_PRIORITY)
		return -20 * (level - LK_DEFAULT_PRIORITY) /
		       (LK_HIGHEST_PRIORITY - LK_DEFAULT_PRIORITY);
	return 19 * (LK_DEFAULT_PRIORITY - level) /
	       (LK_DEFAULT_PRIORITY - LK_IDLE_PRIORITY - 1);
}

/* Tells Linux; @t is suspended or current, or its caller keeps it. */
static void apply_priority(const struct lk_thread *t)
{
	struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = SCHED_NORMAL,
		.sched_nice = nice_of(t->priority),
	};

	if (t->is_real_time) {
		attr.sched_policy = SCHED_FIFO;
		attr.sched_nice = 0;
		attr.sched_priority = t->priority + 1;
	}
	/* Fails for a bad struct, or where the task is another class's. */
	WARN_ON_ONCE(sched_setattr_nocheck(t->task, &attr));
}

/* It becomes the first joiner's: nobody else is to find it, nor to wait for it. */
static void tell_joiners(struct lk_thread *t)
{
	if (!lk_wait_queue_wake_one(&t->joiners, false, LK_NO_ERROR))
		return;
	t->magic = 0;
	lk_wait_queue_wake_all(&t->joiners, false, LK_ERR_INVALID_ARGS);
}

/* Whoever joins it then frees it, unless it is detached: then we do. */
static void __noreturn end_thread(struct lk_thread *t, int retcode)
{
	bool is_allocated = t->is_allocated;
	bool is_detached;

	lk_thread_lock();
	is_detached = t->is_detached;
	t->retcode = retcode;
	t->state = LK_THREAD_DEATH;
	list_del(&t->node);
	if (is_detached)
		t->magic = 0;
	else
		tell_joiners(t);
	lk_thread_unlock();
	if (is_detached) {
		/* Never the last one: we run. */
		put_task_struct(current);
		if (is_allocated)
			kfree(t);
	}
	module_put_and_kthread_exit(0);
}

/* The CPU may have gone since: then Linux chooses, as it does at hotplug. */
static int apply_pinned_cpu(const struct lk_thread *t)
{
	return set_cpus_allowed_ptr(t->task, t->pinned_cpu < 0 ?
				    cpu_possible_mask :
				    cpumask_of(t->pinned_cpu));
}

/*
 * In Linux 7.3, not in 6.12, a kthread that starts sets its affinity itself
 * (kthread_affine_node()), whatever it was given before; so it is given again.
 */
static int thread_main(void *data)
{
	struct lk_thread *t = data;

	if (t->pinned_cpu >= 0)
		apply_pinned_cpu(t);
	scoped_guard(lk_lock)
		t->state = LK_THREAD_RUNNING;
	end_thread(t, t->entry(t->arg));
}

/* LK's threads inherit their parent's storage. */
static void init_thread(struct lk_thread *t, const char *name,
			lk_thread_start_routine entry, void *arg, int priority)
{
	struct lk_thread *parent;

	memset(t, 0, sizeof(*t));
	t->state = LK_THREAD_SUSPENDED;
	strscpy(t->name, name);
	t->entry = entry;
	t->arg = arg;
	t->priority = clamp_priority(priority);
	t->pinned_cpu = -1;
	lk_wait_queue_init(&t->joiners);
	guard(lk_lock)();
	parent = current_thread_locked();
	if (parent)
		memcpy(t->tls, parent->tls, sizeof(t->tls));
}

/**
 * lk_thread_create_etc - make a thread, in the caller's memory
 * @t: room for it, or NULL: it is allocated, and freed when it was joined or ends
 *	detached
 * @name: of it; of Linux's task too
 * @entry: what it runs
 * @arg: for @entry
 * @priority: 1 to 31; beyond these the nearest of them
 * @stack: NULL: the kernel's stacks are its own
 * @stack_size: at most the kernel's, THREAD_SIZE bytes
 *
 * It is suspended until lk_thread_resume(), which it needs before it can be joined
 * and so freed.
 *
 * Context: may sleep.
 * Return: the thread; NULL without memory, or for what is not possible.
 */
struct lk_thread *lk_thread_create_etc(struct lk_thread *t, const char *name,
				       lk_thread_start_routine entry, void *arg,
				       int priority, void *stack,
				       size_t stack_size)
{
	struct lk_thread *allocated = NULL;
	struct task_struct *task;

	if (!name || !entry || stack || stack_size > THREAD_SIZE)
		return NULL;
	if (!t) {
		allocated = kzalloc(sizeof(*t), GFP_KERNEL);
		if (!allocated)
			return NULL;
		t = allocated;
	}
	init_thread(t, name, entry, arg, priority);
	t->is_allocated = allocated;
	task = kthread_create(thread_main, t, "%s", name);
	if (IS_ERR(task)) {
		kfree(allocated);
		return NULL;
	}
	t->task = get_task_struct(task);
	apply_priority(t);
	__module_get(THIS_MODULE);
	guard(lk_lock)();
	t->magic = THREAD_MAGIC;
	list_add(&t->node, &threads);
	return t;
}

/**
 * lk_thread_create - make a thread
 * @name: as for lk_thread_create_etc(), as are the others
 * @entry: what it runs
 * @arg: for @entry
 * @priority: 1 to 31
 * @stack_size: at most the kernel's
 *
 * Context: may sleep.
 * Return: the thread, or NULL.
 */
struct lk_thread *lk_thread_create(const char *name,
				   lk_thread_start_routine entry, void *arg,
				   int priority, size_t stack_size)
{
	return lk_thread_create_etc(NULL, name, entry, arg, priority, NULL,
				    stack_size);
}

/**
 * lk_thread_resume - start a suspended thread
 * @t: the thread; one that is not suspended stays as it is
 *
 * Context: any task.
 * Return: LK_NO_ERROR; LK_ERR_INVALID_ARGS, there is no such thread.
 */
enum lk_status lk_thread_resume(struct lk_thread *t)
{
	guard(lk_lock)();
	if (!is_thread(t))
		return LK_ERR_INVALID_ARGS;
	if (t->state == LK_THREAD_SUSPENDED) {
		t->state = LK_THREAD_READY;
		wake_up_process(t->task);
	}
	return LK_NO_ERROR;
}

/**
 * lk_thread_exit - end the current thread; returns only in a task that is none
 * @retcode: for who joins it
 *
 * Context: any task, without the lock.
 */
void lk_thread_exit(int retcode)
{
	struct lk_thread *t = lk_get_current_thread();

	if (t)
		end_thread(t, retcode);
}

/**
 * lk_thread_sleep - let others run for a time
 * @delay_ms: milliseconds, at least
 *
 * Context: any task, without the lock.
 */
void lk_thread_sleep(lk_time_t delay_ms)
{
	ktime_t deadline = ktime_add_ms(ktime_get(), delay_ms);
	struct lk_thread *t;

	guard(lk_lock)();
	t = current_thread_locked();
	if (t)
		t->state = LK_THREAD_SLEEPING;
	while (ktime_compare(ktime_get(), deadline) < 0)
		sleep_until(&deadline);
	if (t)
		t->state = LK_THREAD_RUNNING;
}

static void free_thread(struct lk_thread *t)
{
	/* Returns when the kthread has ended, its last instruction here too. */
	kthread_stop_put(t->task);
	if (t->is_allocated)
		kfree(t);
}

/**
 * lk_thread_join - wait for the end of a thread, and free it
 * @t: the thread, which is gone when this succeeds
 * @retcode: what it ended with, or NULL
 * @timeout_ms: as for lk_wait_queue_block()
 *
 * Of several who wait for one thread the first one to come gets it.
 *
 * Context: any task, without the lock.
 * Return: LK_NO_ERROR; LK_ERR_TIMED_OUT; LK_ERR_THREAD_DETACHED, it was or has been
 * meanwhile; LK_ERR_INVALID_ARGS, there is no such thread, or it is another joiner's.
 */
enum lk_status lk_thread_join(struct lk_thread *t, int *retcode,
			      lk_time_t timeout_ms)
{
	enum lk_status status = LK_NO_ERROR;

	scoped_guard(lk_lock) {
		if (!is_thread(t))
			return LK_ERR_INVALID_ARGS;
		if (t->is_detached)
			return LK_ERR_THREAD_DETACHED;
		if (t->state != LK_THREAD_DEATH)
			status = lk_wait_queue_block(&t->joiners, timeout_ms);
		if (status != LK_NO_ERROR)
			return status;
		if (retcode)
			*retcode = t->retcode;
		t->magic = 0;
	}
	free_thread(t);
	return LK_NO_ERROR;
}

/**
 * lk_thread_detach - nobody is going to join it
 * @t: the thread; it is freed when it ends, or now if it has
 *
 * Who waits in lk_thread_join() is woken with LK_ERR_THREAD_DETACHED.
 *
 * Context: any task, without the lock.
 * Return: LK_NO_ERROR; LK_ERR_INVALID_ARGS, there is no such thread.
 */
enum lk_status lk_thread_detach(struct lk_thread *t)
{
	scoped_guard(lk_lock) {
		if (!is_thread(t))
			return LK_ERR_INVALID_ARGS;
		lk_wait_queue_wake_all(&t->joiners, false,
				       LK_ERR_THREAD_DETACHED);
		if (t->state != LK_THREAD_DEATH) {
			t->is_detached = true;
			return LK_NO_ERROR;
		}
		t->magic = 0;
	}
	free_thread(t);
	return LK_NO_ERROR;
}

/**
 * lk_thread_set_name - rename the current thread; Linux's task keeps its name
 * @name: cut to 15 characters
 *
 * Context: any task; nothing happens in one that is no LK thread.
 */
void lk_thread_set_name(const char *name)
{
	struct lk_thread *t;

	guard(lk_lock)();
	t = current_thread_locked();
	if (t)
		strscpy(t->name, name);
}

/**
 * lk_thread_set_priority - make the current thread more or less urgent
 * @priority: 1 to 31; beyond these the nearest of them
 *
 * Context: may sleep; nothing happens in a task that is no LK thread.
 */
void lk_thread_set_priority(int priority)
{
	struct lk_thread *t = lk_get_current_thread();

	if (!t)
		return;
	scoped_guard(lk_lock)
		t->priority = clamp_priority(priority);
	apply_priority(t);
}

/**
 * lk_thread_set_real_time - let it run without a quantum; section "Real-time
 *	Threads"
 * @t: the thread, which has not ended, and does not before this returns
 *
 * Context: may sleep, without the lock.
 * Return: LK_NO_ERROR; LK_ERR_INVALID_ARGS, there is no such thread.
 */
enum lk_status lk_thread_set_real_time(struct lk_thread *t)
{
	scoped_guard(lk_lock) {
		if (!is_thread(t))
			return LK_ERR_INVALID_ARGS;
		t->is_real_time = true;
	}
	apply_priority(t);
	return LK_NO_ERROR;
}

/**
 * lk_thread_set_pinned_cpu - let it run on one CPU; section "CPU Affinity"
 * @t: the thread, which has not ended, and does not before this returns
 * @cpu: its number, or -1 for any
 *
 * Context: may sleep, without the lock.
 * Return: LK_NO_ERROR; LK_ERR_INVALID_ARGS, there is no such thread, or no such CPU
 * online.
 */
enum lk_status lk_thread_set_pinned_cpu(struct lk_thread *t, int cpu)
{
	scoped_guard(lk_lock) {
		if (!is_thread(t) || cpu < -1 || cpu >= (int)nr_cpu_ids)
			return LK_ERR_INVALID_ARGS;
		t->pinned_cpu = cpu;
	}
	return apply_pinned_cpu(t) ? LK_ERR_INVALID_ARGS : LK_NO_ERROR;
}

/**
 * lk_thread_yield - let another thread run, if one of its level is ready
 *
 * Context: any task, without the lock.
 */
void lk_thread_yield(void)
{
	yield();
}

/**
 * lk_thread_preempt - let a more urgent thread run, if one is ready
 *
 * Context: any task, without the lock.
 */
void lk_thread_preempt(void)
{
	schedule();
}

/**
 * lk_thread_block - block the current thread until lk_thread_unblock()
 *
 * Context: an LK thread, with the lock, which is given up meanwhile.
 * Return: what it was woken with; LK_ERR_INVALID_ARGS, this is no LK thread.
 */
enum lk_status lk_thread_block(void)
{
	struct lk_waiter waiter = { .thread = current_thread_locked() };

	if (!waiter.thread)
		return LK_ERR_INVALID_ARGS;
	return wait(&waiter, LK_INFINITE_TIME);
}

/**
 * lk_thread_unblock - wake a thread that blocks
 * @t: the thread
 * @reschedule: let it run now, if it is more urgent
 *
 * Context: any task, with the lock, which is given up if @reschedule.
 * Return: LK_NO_ERROR; LK_ERR_NOT_BLOCKED; LK_ERR_INVALID_ARGS.
 */
enum lk_status lk_thread_unblock(struct lk_thread *t, bool reschedule)
{
	enum lk_status status = lk_thread_unblock_from_wait_queue(t, LK_NO_ERROR);

	if (status == LK_NO_ERROR && reschedule)
		reschedule_unlocked();
	return status;
}

/**
 * lk_thread_unblock_from_wait_queue - wake a thread, wherever it blocks
 * @t: the thread
 * @status: what its lk_wait_queue_block() returns
 *
 * Context: any task, with the lock.
 * Return: LK_NO_ERROR; LK_ERR_NOT_BLOCKED; LK_ERR_INVALID_ARGS, there is no such
 * thread.
 */
enum lk_status lk_thread_unblock_from_wait_queue(struct lk_thread *t,
						 enum lk_status status)
{
	lockdep_assert_held(&big_lock);
	if (!is_thread(t))
		return LK_ERR_INVALID_ARGS;
	if (!t->waiter)
		return LK_ERR_NOT_BLOCKED;
	wake(t->waiter, status);
	return LK_NO_ERROR;
}

/* Thread Local Storage */

/**
 * lk_tls_get - what the current thread has in a slot; section "TLS API"
 * @entry: enum lk_tls_entry
 *
 * Context: an LK thread, without the lock.
 * Return: the value; 0 in a slot or a task that has none.
 */
uintptr_t lk_tls_get(unsigned int entry)
{
	struct lk_thread *t = lk_get_current_thread();

	return t && entry < LK_MAX_TLS_ENTRY ? t->tls[entry] : 0;
}

/**
 * lk_tls_set - put something into a slot of the current thread
 * @entry: enum lk_tls_entry
 * @value: what; threads that this one creates from now on inherit it
 *
 * Context: an LK thread, without the lock.
 * Return: what was there.
 */
uintptr_t lk_tls_set(unsigned int entry, uintptr_t value)
{
	struct lk_thread *t = lk_get_current_thread();

	if (!t || entry >= LK_MAX_TLS_ENTRY)
		return 0;
	swap(t->tls[entry], value);
	return value;
}
