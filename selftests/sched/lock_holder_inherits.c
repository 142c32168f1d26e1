// SPDX-License-Identifier: GPL-2.0
// description: who holds a lock that an urgent task waits for runs as urgently itself
// cpus: 1
// time: virtual
#include "lock.h"

#include <sys/resource.h>

#define NR_LOCKS_MAX	3
#define SECTION_MS	30
#define HOG_MS		1000
#define SLICE_MS	3

enum waiter { BY_NICE, BY_RT };

/**
 * struct scene - a low holder, hogs, and a waiter at the end of a chain of locks
 * @lock: the first is held by the task that works; each of the others by one
 *	that waits for the lock before it
 * @is_held: how many of them are
 * @go: the waiter may begin to wait
 * @wanted_ns, @got_ns: when it began, and when it had the lock
 */
struct scene {
	lock_t lock[NR_LOCKS_MAX];
	volatile int is_held;
	volatile int go;
	volatile unsigned long long wanted_ns;
	volatile unsigned long long got_ns;
};

/*
 * It wants to keep the lock for @SECTION_MS of CPU time, beside hogs that leave it
 * little.
 */
static pid_t start_link(struct scene *scene, int i)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	setpriority(PRIO_PROCESS, 0, 19);
	lock_take(&scene->lock[i]);
	scene->is_held++;
	if (i) {
		lock_take(&scene->lock[i - 1]);
		lock_release(&scene->lock[i - 1]);
	} else {
		while (!scene->go)
			sleep_ms(1);
		use_cpu_ms(SECTION_MS);
	}
	lock_release(&scene->lock[i]);
	pause();
	return 0;
}

static pid_t start_waiter(struct scene *scene, int i, enum waiter kind)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	if (kind == BY_NICE)
		setpriority(PRIO_PROCESS, 0, -20);
	while (!scene->go)
		sleep_ms(1);
	scene->wanted_ns = now_ns();
	lock_take(&scene->lock[i]);
	scene->got_ns = now_ns();
	lock_release(&scene->lock[i]);
	pause();
	return 0;
}

static void wait_until(volatile int *word, int value, int ms)
{
	for (; *word < value && ms > 0; ms--)
		sleep_ms(1);
	KTAP_EXPECT(*word >= value);
}

static void wait_for_lock(const struct scene *scene)
{
	int ms;

	for (ms = 0; !scene->got_ns && ms < HOG_MS; ms++)
		sleep_ms(1);
}

/* Return: how long the waiter waits for the last of so many locks, ms. */
static double waited_ms(const char *options, int nr_locks, enum waiter kind)
{
	struct scene *scene = shared_memory(sizeof(*scene));
	pid_t links[NR_LOCKS_MAX], waiter;
	struct hog hogs[2];
	double ms;
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	waiter = start_waiter(scene, nr_locks - 1, kind);
	if (kind == BY_RT)
		KTAP_EXPECT(rt_set(waiter, "--prio 50"));
	for (i = 0; i < nr_locks; i++) {
		links[i] = start_link(scene, i);
		wait_until(&scene->is_held, i + 1, 1000);
	}
	for (i = 0; i < 2; i++)
		hogs[i] = hog_start(0, 0);
	scene->go = 1;
	wait_for_lock(scene);
	for (i = 0; i < 2; i++)
		hog_end(&hogs[i]);
	while (!scene->got_ns)
		sleep_ms(1);
	ms = (scene->got_ns - scene->wanted_ns) / 1e6;
	ktap_diag("scx_lanes %s: %d locks, waiter by %s: %.1f ms", options, nr_locks,
		  kind == BY_RT ? "designation" : "nice", ms);
	end_child(waiter);
	for (i = 0; i < nr_locks; i++)
		end_child(links[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return ms;
}

KTAP_TEST(rt_waiter, "a real-time waiter gets it within the holder's section and two slices")
{
	KTAP_EXPECT(waited_ms("", 1, BY_RT) <= SECTION_MS + 2 * SLICE_MS);
}

KTAP_TEST(heavy_waiter, "one of nice -20 gets it soon: the holder is as heavy as it is")
{
	/* The hogs still get their share, and at first their credit. */
	KTAP_EXPECT(waited_ms("", 1, BY_NICE) <= 1.1 * SECTION_MS + 4 * SLICE_MS);
}

KTAP_TEST(chain_of_three, "through a chain of three locks it takes no longer")
{
	KTAP_EXPECT(waited_ms("", 3, BY_RT) <= SECTION_MS + 2 * SLICE_MS);
}

KTAP_TEST(control_rt_waiter, "without inheritance it takes as long as the hogs live")
{
	KTAP_EXPECT(waited_ms("--without inherit", 1, BY_RT) >= HOG_MS);
}

KTAP_TEST(control_heavy_waiter, "without inheritance it does so for one of nice -20")
{
	KTAP_EXPECT(waited_ms("--without inherit", 1, BY_NICE) >= HOG_MS);
}

KTAP_TEST(control_chain_of_three, "without inheritance it does so through a chain")
{
	KTAP_EXPECT(waited_ms("--without inherit", 3, BY_RT) >= HOG_MS);
}

SCHED_MAIN()
