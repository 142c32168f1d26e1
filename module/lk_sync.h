/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LK's mutex, semaphore and event, upon its wait queues: section "Wait Queues",
 * Purpose. All take the lock themselves.
 */
#ifndef __LK_SYNC_H
#define __LK_SYNC_H

#include "lk_threads.h"

/**
 * struct lk_mutex - one at a time
 * @count: who has it and who waits for it
 * @queue: these
 */
struct lk_mutex {
	int count;
	struct lk_wait_queue queue;
};

/**
 * struct lk_semaphore - as many at a time as were posted
 * @count: posts that nobody has waited for; below 0, how many wait
 * @queue: these
 */
struct lk_semaphore {
	int count;
	struct lk_wait_queue queue;
};

/**
 * struct lk_event - something that has happened
 * @is_signaled: it has
 * @is_auto: it is over as soon as one was told
 * @queue: who waits for it
 */
struct lk_event {
	bool is_signaled;
	bool is_auto;
	struct lk_wait_queue queue;
};

void lk_mutex_init(struct lk_mutex *mutex);
enum lk_status lk_mutex_acquire_timeout(struct lk_mutex *mutex,
					lk_time_t timeout_ms);
void lk_mutex_release(struct lk_mutex *mutex);
void lk_mutex_destroy(struct lk_mutex *mutex);

void lk_sem_init(struct lk_semaphore *sem, int count);
enum lk_status lk_sem_timedwait(struct lk_semaphore *sem, lk_time_t timeout_ms);
void lk_sem_post(struct lk_semaphore *sem);

void lk_event_init(struct lk_event *event, bool is_auto);
enum lk_status lk_event_wait_timeout(struct lk_event *event,
				     lk_time_t timeout_ms);
void lk_event_signal(struct lk_event *event);
void lk_event_unsignal(struct lk_event *event);

#endif /* __LK_SYNC_H */
