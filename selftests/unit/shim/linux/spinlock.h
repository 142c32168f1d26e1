/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One thread, so a lock has nobody to wait for: what is checked is that it is
 * taken once, given back, held where that is asserted, and not held across
 * anything that may sleep.
 */
#ifndef __SHIM_LINUX_SPINLOCK_H
#define __SHIM_LINUX_SPINLOCK_H

#include <assert.h>
#include <stdbool.h>

typedef struct {
	bool is_held;
} raw_spinlock_t;

static unsigned int shim_nr_locks_held;

static inline void shim_might_sleep(void)
{
	assert(!shim_nr_locks_held);
}

static inline void raw_spin_lock_init(raw_spinlock_t *lock)
{
	lock->is_held = false;
}

static inline raw_spinlock_t *shim_lock(raw_spinlock_t *lock)
{
	assert(!lock->is_held);
	lock->is_held = true;
	shim_nr_locks_held++;
	return lock;
}

static inline void shim_unlock(raw_spinlock_t **lock)
{
	(*lock)->is_held = false;
	shim_nr_locks_held--;
}

#define lockdep_assert_held(lock) assert((lock)->is_held)

/* guard(raw_spinlock_irqsave)(&lock), the one kind in use. */
#define guard(kind) \
	__attribute__((cleanup(shim_unlock), unused)) \
	raw_spinlock_t *shim_guard = shim_lock

#endif /* __SHIM_LINUX_SPINLOCK_H */
