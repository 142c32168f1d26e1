// SPDX-License-Identifier: GPL-2.0
/*
 * LK's mutex, semaphore and event. Who is woken has got what it waited for: the
 * waker has counted for it, so nobody can come in between.
 */
#include "lk_sync.h"

/**
 * lk_mutex_init - nobody has it
 * @mutex: to be used from now on
 *
 * Context: any.
 */
void lk_mutex_init(struct lk_mutex *mutex)
{
	mutex->count = 0;
	lk_wait_queue_init(&mutex->queue);
}

/**
 * lk_mutex_acquire_timeout - have it alone
 * @mutex: it
 * @timeout_ms: as for lk_wait_queue_block()
 *
 * Context: any task.
 * Return: LK_NO_ERROR, the caller has it; what lk_wait_queue_block() says.
 */
enum lk_status lk_mutex_acquire_timeout(struct lk_mutex *mutex,
					lk_time_t timeout_ms)
{
	enum lk_status status;

	guard(lk_lock)();
	if (++mutex->count == 1)
		return LK_NO_ERROR;
	status = lk_wait_queue_block(&mutex->queue, timeout_ms);
	/* A destroyed one may be gone. */
	if (status == LK_ERR_TIMED_OUT)
		mutex->count--;
	return status;
}

/**
 * lk_mutex_release - let the next one have it
 * @mutex: which the caller has
 *
 * Context: any task.
 */
void lk_mutex_release(struct lk_mutex *mutex)
{
	guard(lk_lock)();
	if (--mutex->count)
		lk_wait_queue_wake_one(&mutex->queue, true, LK_NO_ERROR);
}

/**
 * lk_mutex_destroy - who waits for it is told LK_ERR_OBJECT_DESTROYED
 * @mutex: not to be used again, unless initialised
 *
 * Context: any task.
 */
void lk_mutex_destroy(struct lk_mutex *mutex)
{
	guard(lk_lock)();
	lk_wait_queue_destroy(&mutex->queue, true);
}

/**
 * lk_sem_init - as if posted a number of times
 * @sem: to be used from now on
 * @count: that number
 *
 * Context: any.
 */
void lk_sem_init(struct lk_semaphore *sem, int count)
{
	sem->count = count;
	lk_wait_queue_init(&sem->queue);
}

/**
 * lk_sem_timedwait - take a post
 * @sem: of it
 * @timeout_ms: as for lk_wait_queue_block()
 *
 * Context: any task.
 * Return: LK_NO_ERROR, or what lk_wait_queue_block() says.
 */
enum lk_status lk_sem_timedwait(struct lk_semaphore *sem, lk_time_t timeout_ms)
{
	enum lk_status status;

	guard(lk_lock)();
	if (--sem->count >= 0)
		return LK_NO_ERROR;
	status = lk_wait_queue_block(&sem->queue, timeout_ms);
	if (status == LK_ERR_TIMED_OUT)
		sem->count++;
	return status;
}

/**
 * lk_sem_post - let one go on
 * @sem: of those who wait, or are going to
 *
 * Context: any task.
 */
void lk_sem_post(struct lk_semaphore *sem)
{
	guard(lk_lock)();
	if (++sem->count <= 0)
		lk_wait_queue_wake_one(&sem->queue, true, LK_NO_ERROR);
}

/**
 * lk_event_init - it has not happened
 * @event: to be used from now on
 * @is_auto: one is told each time, not all
 *
 * Context: any.
 */
void lk_event_init(struct lk_event *event, bool is_auto)
{
	event->is_signaled = false;
	event->is_auto = is_auto;
	lk_wait_queue_init(&event->queue);
}

/**
 * lk_event_wait_timeout - until it happens, if it has not
 * @event: it
 * @timeout_ms: as for lk_wait_queue_block()
 *
 * Context: any task.
 * Return: LK_NO_ERROR, or what lk_wait_queue_block() says.
 */
enum lk_status lk_event_wait_timeout(struct lk_event *event,
				     lk_time_t timeout_ms)
{
	guard(lk_lock)();
	if (!event->is_signaled)
		return lk_wait_queue_block(&event->queue, timeout_ms);
	event->is_signaled = !event->is_auto;
	return LK_NO_ERROR;
}

/**
 * lk_event_signal - it happens
 * @event: it
 *
 * Context: any task.
 */
void lk_event_signal(struct lk_event *event)
{
	guard(lk_lock)();
	if (event->is_signaled)
		return;
	if (event->is_auto) {
		/* Who is woken may signal it, or end it: nothing is written then. */
		if (!lk_wait_queue_wake_one(&event->queue, true, LK_NO_ERROR))
			event->is_signaled = true;
	} else {
		event->is_signaled = true;
		lk_wait_queue_wake_all(&event->queue, true, LK_NO_ERROR);
	}
}

/**
 * lk_event_unsignal - as if it had not happened
 * @event: it
 *
 * Context: any task.
 */
void lk_event_unsignal(struct lk_event *event)
{
	guard(lk_lock)();
	event->is_signaled = false;
}
