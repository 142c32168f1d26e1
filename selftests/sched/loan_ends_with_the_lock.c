// SPDX-License-Identifier: GPL-2.0
// description: who gives a lock back to a real-time task is what it was before, and shares its CPU again
// cpus: 2
// time: virtual
#include "lock.h"

#define SECTION_MS	20
#define MEASURE_MS	500

struct scene {
	lock_t lock;
	volatile int is_held;
	volatile int is_over;
};

/* It holds the lock while it works, and works on without it. */
static pid_t start_holder(struct scene *scene)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	pin_task(0, 0, 0);
	lock_take(&scene->lock);
	scene->is_held = 1;
	use_cpu_ms(SECTION_MS);
	lock_release(&scene->lock);
	scene->is_over = 1;
	for (;;)
		;
}

static pid_t start_waiter(struct scene *scene)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	pin_task(0, 1, 1);
	while (!scene->is_held)
		sleep_ms(1);
	lock_take(&scene->lock);
	lock_release(&scene->lock);
	pause();
	return 0;
}

KTAP_TEST(loan_ends_with_the_lock, "a hog beside the holder has its half from then on")
{
	struct scene *scene = shared_memory(sizeof(*scene));
	unsigned long long ran_ns;
	pid_t holder, waiter;
	struct hog hog;
	int waited;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	waiter = start_waiter(scene);
	KTAP_EXPECT(rt_set(waiter, "--prio 50"));
	hog = hog_start(0, 0);
	holder = start_holder(scene);
	for (waited = 0; !scene->is_over && waited < 5000; waited++)
		sleep_ms(1);
	KTAP_EXPECT(scene->is_over);
	ran_ns = hog_cpu_ns(&hog);
	sleep_ms(MEASURE_MS);
	ran_ns = hog_cpu_ns(&hog) - ran_ns;
	ktap_diag("the hog runs %.1f ms of %d", ran_ns / 1e6, MEASURE_MS);
	KTAP_EXPECT(ran_ns / 1e6 > 0.4 * MEASURE_MS);
	end_child(holder);
	hog_end(&hog);
	end_child(waiter);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
