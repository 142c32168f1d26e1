// SPDX-License-Identifier: GPL-2.0
// description: what is wrong with a PI lock is said as without us: EDEADLK, EPERM, EAGAIN, ESRCH
// cpus: 1
// time: virtual
// kernel: any
#include "lock.h"

/* A child that takes @mine, then, once @other is held too, @other. */
static pid_t start_crosser(lock_t *mine, lock_t *other, volatile int *err)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	lock_take(mine);
	while (!*other)
		sleep_ms(1);
	sleep_ms(20);
	*err = lock_take(other);
	lock_release(mine);
	pause();
	return 0;
}

KTAP_TEST(own_lock_again, "to take what one holds is EDEADLK")
{
	lock_t *lock = shared_memory(sizeof(*lock));

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	KTAP_EXPECT_EQ(lock_take(lock), 0);
	KTAP_EXPECT_EQ(lock_take(lock), EDEADLK);
	KTAP_EXPECT_EQ(lock_release(lock), 0);
}

KTAP_TEST(circle, "of two tasks that wait for each other one is told EDEADLK")
{
	lock_t *lock = shared_memory(2 * sizeof(*lock));
	volatile int *err = shared_memory(2 * sizeof(*err));
	pid_t pid[2];

	err[0] = err[1] = -1;
	pid[0] = start_crosser(&lock[0], &lock[1], &err[0]);
	pid[1] = start_crosser(&lock[1], &lock[0], &err[1]);
	sleep_ms(300);
	KTAP_EXPECT_EQ(err[0] + err[1], EDEADLK);
	KTAP_EXPECT(!err[0] || !err[1]);
	end_child(pid[0]);
	end_child(pid[1]);
}

KTAP_TEST(anothers_lock, "another's lock: EPERM to give back, EAGAIN to try, ESRCH when its holder is gone")
{
	lock_t *lock = shared_memory(sizeof(*lock));
	pid_t pid = fork_child();

	if (!pid) {
		lock_take(lock);
		pause();
	}
	while (!*lock)
		sleep_ms(1);
	KTAP_EXPECT_EQ(lock_call(lock, FUTEX_UNLOCK_PI), EPERM);
	KTAP_EXPECT_EQ(lock_call(lock, FUTEX_TRYLOCK_PI), EAGAIN);
	end_child(pid);
	KTAP_EXPECT_EQ(lock_call(lock, FUTEX_LOCK_PI), ESRCH);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
