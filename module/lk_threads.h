/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LK's threads and wait queues, over kthreads: "LK Threading and Scheduler
 * System", sections Thread Management API, Wait Queues, Thread Local Storage and
 * Error Handling. Names are those of the document with lk_ in front; numbers of
 * errors are LK's.
 */
#ifndef __LK_THREADS_H
#define __LK_THREADS_H

#include <linux/cleanup.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct task_struct;

/* Error Handling, Common Error Codes */
enum lk_status {
	LK_NO_ERROR = 0,
	LK_ERR_INVALID_ARGS = -8,
	LK_ERR_OBJECT_DESTROYED = -11,
	LK_ERR_NOT_BLOCKED = -12,
	LK_ERR_TIMED_OUT = -13,
	LK_ERR_THREAD_DETACHED = -34,
};

/* Priority System */
#define LK_LOWEST_PRIORITY	0
#define LK_IDLE_PRIORITY	0
#define LK_LOW_PRIORITY		8
#define LK_DEFAULT_PRIORITY	16
#define LK_HIGH_PRIORITY	24
#define LK_DPC_PRIORITY		30
#define LK_HIGHEST_PRIORITY	31

/* Thread States */
enum lk_thread_state {
	LK_THREAD_SUSPENDED,
	LK_THREAD_READY,
	LK_THREAD_RUNNING,
	LK_THREAD_BLOCKED,
	LK_THREAD_SLEEPING,
	LK_THREAD_DEATH,
};

/* Thread Local Storage, Predefined TLS Slots */
enum lk_tls_entry {
	LK_TLS_ENTRY_CONSOLE,
	LK_TLS_ENTRY_UTHREAD,
	LK_TLS_ENTRY_LKUSER,
	LK_MAX_TLS_ENTRY,
};

/* Milliseconds. */
typedef u32 lk_time_t;
#define LK_INFINITE_TIME U32_MAX

#define LK_DEFAULT_STACK_SIZE 0

/**
 * struct lk_wait_queue - where threads block; protected by lk_thread_lock()
 * @magic: says that it is one
 * @count: waiters
 * @waiters: these, the first one to come first
 */
struct lk_wait_queue {
	u32 magic;
	int count;
	struct list_head waiters;
};

struct lk_waiter;
typedef int (*lk_thread_start_routine)(void *arg);

/**
 * struct lk_thread - LK's thread_t; protected by lk_thread_lock()
 * @magic: says that it is one
 * @node: in the list of threads
 * @task: the kthread that it is
 * @state: what LK would call its state. READY and RUNNING are told apart by who
 *	woke it and whether it went on, not by whether a CPU runs it
 * @name: of it
 * @entry: what it runs
 * @arg: that one's argument
 * @retcode: what it ended with
 * @priority: 1 to 31, 31 is the most urgent
 * @pinned_cpu: the one it may run on, or -1
 * @is_real_time: it has LK's flag
 * @is_detached: nobody joins it
 * @is_allocated: the struct goes with it
 * @joiners: where others wait for its end
 * @waiter: what it blocks by, or NULL
 * @tls: thread local storage
 */
struct lk_thread {
	u32 magic;
	struct list_head node;
	struct task_struct *task;
	enum lk_thread_state state;
	char name[16];
	lk_thread_start_routine entry;
	void *arg;
	int retcode;
	int priority;
	int pinned_cpu;
	bool is_real_time;
	bool is_detached;
	bool is_allocated;
	struct lk_wait_queue joiners;
	struct lk_waiter *waiter;
	uintptr_t tls[LK_MAX_TLS_ENTRY];
};

struct lk_thread *lk_thread_create(const char *name,
				   lk_thread_start_routine entry, void *arg,
				   int priority, size_t stack_size);
struct lk_thread *lk_thread_create_etc(struct lk_thread *t, const char *name,
				       lk_thread_start_routine entry, void *arg,
				       int priority, void *stack,
				       size_t stack_size);
struct lk_thread *lk_get_current_thread(void);
enum lk_status lk_thread_resume(struct lk_thread *t);
void lk_thread_exit(int retcode);
void lk_thread_sleep(lk_time_t delay_ms);
enum lk_status lk_thread_join(struct lk_thread *t, int *retcode,
			      lk_time_t timeout_ms);
enum lk_status lk_thread_detach(struct lk_thread *t);
void lk_thread_set_name(const char *name);
void lk_thread_set_priority(int priority);
enum lk_status lk_thread_set_real_time(struct lk_thread *t);
enum lk_status lk_thread_set_pinned_cpu(struct lk_thread *t, int cpu);
void lk_thread_yield(void);
void lk_thread_preempt(void);

void lk_thread_lock(void);
void lk_thread_unlock(void);
DEFINE_LOCK_GUARD_0(lk_lock, lk_thread_lock(), lk_thread_unlock())

/* With lk_thread_lock() held; these may give it up for a time. */
enum lk_status lk_thread_block(void);
enum lk_status lk_thread_unblock(struct lk_thread *t, bool reschedule);
enum lk_status lk_thread_unblock_from_wait_queue(struct lk_thread *t,
						 enum lk_status status);
void lk_wait_queue_init(struct lk_wait_queue *queue);
enum lk_status lk_wait_queue_block(struct lk_wait_queue *queue,
				   lk_time_t timeout_ms);
int lk_wait_queue_wake_one(struct lk_wait_queue *queue, bool reschedule,
			   enum lk_status status);
int lk_wait_queue_wake_all(struct lk_wait_queue *queue, bool reschedule,
			   enum lk_status status);
void lk_wait_queue_destroy(struct lk_wait_queue *queue, bool reschedule);

uintptr_t lk_tls_get(unsigned int entry);
uintptr_t lk_tls_set(unsigned int entry, uintptr_t value);

#endif /* __LK_THREADS_H */
