/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PI futexes shared by the children of a test: the kernel knows who holds one.
 *
 * The kernel is asked directly, for its own errnos.
 */
#ifndef __LANES_LOCK_H
#define __LANES_LOCK_H

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

/* The word that says who holds it: 0 nobody. */
typedef volatile unsigned int lock_t;

static inline int lock_call(lock_t *lock, int op)
{
	return syscall(SYS_futex, lock, op, 0, NULL, NULL, 0) ? errno : 0;
}

/* Return: 0 or an errno. */
static inline int lock_take(lock_t *lock)
{
	unsigned int nobody = 0, me = syscall(SYS_gettid);

	if (__atomic_compare_exchange_n(lock, &nobody, me, false, __ATOMIC_SEQ_CST,
					__ATOMIC_SEQ_CST))
		return 0;
	return lock_call(lock, FUTEX_LOCK_PI);
}

static inline int lock_release(lock_t *lock)
{
	unsigned int me = syscall(SYS_gettid);

	if (__atomic_compare_exchange_n(lock, &me, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return 0;
	return lock_call(lock, FUTEX_UNLOCK_PI);
}

#endif /* __LANES_LOCK_H */
