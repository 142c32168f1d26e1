// SPDX-License-Identifier: GPL-2.0
// description: who waits for a device wakes on the CPU of its vector, if their own is busy
// cpus: 4
// time: virtual
#define _GNU_SOURCE
#include "storm.h"

#include <sched.h>
#include <sys/eventfd.h>

#define NR_ROUNDS	16

/* What the task that waits for the device tells. */
struct listener {
	volatile int round;
	volatile int nr_near;
	volatile int nr_woken;
};

/* Before each wait it comes from the CPU that the hog keeps. */
static void listen_for(const struct storm *storm, int eventfd, int busy_cpu,
		       struct listener *listener)
{
	uint64_t count;

	for (;;) {
		pin_task(0, busy_cpu, busy_cpu);
		pin_task(0, 0, nr_online_cpus() - 1);
		listener->round++;
		if (read(eventfd, &count, sizeof(count)) != sizeof(count))
			_exit(1);
		listener->nr_near += sched_getcpu() == storm->cpu;
		listener->nr_woken++;
	}
}

static bool wait_until(volatile int *number, int value)
{
	int waited_ms;

	for (waited_ms = 0; *number < value && waited_ms < 2000; waited_ms += 5)
		sleep_ms(5);
	return *number >= value;
}

static bool ring_all(const struct storm *storm, struct listener *listener)
{
	int i;

	for (i = 1; i <= NR_ROUNDS; i++) {
		if (!wait_until(&listener->round, i))
			return false;
		/* Until it sleeps: the hog may have its turn before. */
		sleep_ms(10);
		if (storm_ring(storm) || !wait_until(&listener->nr_woken, i))
			return false;
	}
	return true;
}

/* Return: how many of NR_ROUNDS wakeups led to the vector's CPU. */
static int nr_woken_near(const char *options)
{
	struct listener *listener = shared_memory(sizeof(*listener));
	struct lanes_eventfd arg = { .fd = eventfd(0, 0) };
	struct storm storm;
	struct hog hog;
	pid_t pid;
	int busy_cpu;

	if (!storm_open(&storm, ""))
		return -1;
	busy_cpu = (storm.cpu + 1) % nr_online_cpus();
	KTAP_EXPECT_EQ(call(storm.fd, LANES_EVENTFD, &arg), 0);
	if (!KTAP_EXPECT(lanes_start(options))) {
		storm_close(&storm);
		unload_lanes_within(2000);
		return -1;
	}
	/* It listens from its second look on. */
	sleep_ms(500);
	hog = hog_start(busy_cpu, 0);
	pid = fork_child();
	if (!pid)
		listen_for(&storm, arg.fd, busy_cpu, listener);
	KTAP_EXPECT(ring_all(&storm, listener));
	ktap_diag("%d of %d wakeups led to CPU %d", listener->nr_near, NR_ROUNDS, storm.cpu);
	end_child(pid);
	hog_end(&hog);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	storm_close(&storm);
	KTAP_EXPECT(unload_lanes_within(2000));
	return listener->nr_near;
}

KTAP_TEST(near_the_vector, "a device's wakeup leads to the CPU that its interrupt goes to")
{
	int nr = nr_woken_near("--without steal --balance off");

	KTAP_EXPECT(nr < 0 || nr >= NR_ROUNDS * 3 / 4);
}

KTAP_TEST(control, "if lanes.ko is not asked, to any idle one")
{
	KTAP_EXPECT(nr_woken_near("--without steal,irq-load --balance off") <= NR_ROUNDS / 2);
}

SCHED_MAIN()
