// SPDX-License-Identifier: GPL-2.0
// description: who gives back one of two locks keeps the urgency lent by those who wait for the other
// cpus: 1
// time: virtual
#include "lanes_sched.h"
#include "lock.h"

/**
 * struct scene - one that holds two locks
 * @lock: what it holds
 * @nr_held: how many
 * @go: how many it is to give back
 * @has: which waiters have got theirs
 */
struct scene {
	lock_t lock[2];
	volatile int nr_held;
	volatile int go;
	volatile int has[3];
};

static pid_t start_owner(struct scene *scene)
{
	pid_t pid = fork_child();
	int i;

	if (pid)
		return pid;
	for (i = 0; i < 2; i++, scene->nr_held++)
		lock_take(&scene->lock[i]);
	for (i = 0; i < 2; i++) {
		while (scene->go <= i)
			sleep_ms(1);
		lock_release(&scene->lock[i]);
	}
	pause();
	return 0;
}

/* It waits for a lock and keeps it. */
static pid_t start_waiter(struct scene *scene, int i, lock_t *lock, const char *designation)
{
	pid_t pid = fork_child();

	if (pid) {
		KTAP_EXPECT(rt_set(pid, designation));
		sleep_ms(20);
		return pid;
	}
	sleep_ms(20);
	lock_take(lock);
	scene->has[i] = 1;
	pause();
	return 0;
}

static void run_scene(const char *options, int *lent)
{
	struct scene *scene = shared_memory(sizeof(*scene));
	const volatile struct task_ctx *ctx;
	pid_t owner, waiter[3];
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return;
	owner = start_owner(scene);
	while (scene->nr_held < 2)
		sleep_ms(1);
	ctx = lanes_task(owner);
	waiter[0] = start_waiter(scene, 0, &scene->lock[0], "--prio 80");
	waiter[1] = start_waiter(scene, 1, &scene->lock[1], "--prio 20");
	waiter[2] = start_waiter(scene, 2, &scene->lock[1], "--prio 30");
	sleep_ms(50);
	lent[0] = ctx->lent_prio;
	for (i = 1; i <= 2; i++) {
		scene->go = i;
		sleep_ms(50);
		lent[i] = ctx->lent_prio;
	}
	/*
	 * Of equal nice values the kernel gives the second lock to the one that came
	 * first. The other goes on waiting, for that one from here on.
	 */
	lent[3] = lanes_task(waiter[1])->lent_prio;
	KTAP_EXPECT(scene->has[0] && scene->has[1] && !scene->has[2]);
	ktap_diag("scx_lanes %s: lent to the owner: %d, after one lock %d, after both %d; to the next one %d",
		  options, lent[0], lent[1], lent[2], lent[3]);
	for (i = 0; i < 3; i++)
		end_child(waiter[i]);
	end_child(owner);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(lock_owner_keeps_other_loans, "80 while both are wanted, then 30, then 0; the next owner gets 30")
{
	int lent[4] = {};

	run_scene("", lent);
	KTAP_EXPECT_EQ(lent[0], 80);
	KTAP_EXPECT_EQ(lent[1], 30);
	KTAP_EXPECT_EQ(lent[2], 0);
	KTAP_EXPECT_EQ(lent[3], 30);
}

KTAP_TEST(control_without_inherit, "without inheritance nothing is lent")
{
	int lent[4] = {};

	run_scene("--without inherit", lent);
	KTAP_EXPECT_EQ(lent[0] + lent[1] + lent[2] + lent[3], 0);
}

SCHED_MAIN()
