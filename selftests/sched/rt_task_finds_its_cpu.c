// SPDX-License-Identifier: GPL-2.0
// description: what waits for another CPU hides no RT task, and a CPU of a native one is not taken for idle
// cpus: 2
// time: virtual
#define _GNU_SOURCE
#include "harness.h"

#include <sched.h>
#include <unistd.h>

#define NR_NAPS		50
#define NAP_MS		10

static struct hog start_rt_hog(int cpu, const char *options)
{
	struct hog hog = hog_start(cpu, 0);

	KTAP_EXPECT(rt_set(hog.pid, options));
	return hog;
}

KTAP_TEST(bound_ones_hide_nobody, "two bound to CPU 0 are more urgent: the next one of CPU 1 runs there")
{
	struct hog bound[2], first, next[2];
	double share[2];

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	bound[0] = start_rt_hog(0, "--prio 90");
	bound[1] = start_rt_hog(0, "--prio 80");
	first = start_rt_hog(1, "--prio 60");
	next[0] = start_rt_hog(1, "--prio 50");
	next[1] = hog_start(1, 0);
	sleep_ms(100);
	hog_end(&first);
	sleep_ms(50);
	measure_shares(next, 2, 1000, share);
	KTAP_EXPECT(share[0] > 90);
	hog_end(&bound[0]);
	hog_end(&bound[1]);
	hog_end(&next[0]);
	hog_end(&next[1]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

/* Naps, and writes down how late it was at most. */
static pid_t start_sleeper(unsigned long long *late_ns, unsigned long long *nr_naps)
{
	pid_t pid = fork_child();
	unsigned long long began, took;

	if (pid)
		return pid;
	for (;;) {
		began = now_ns();
		sleep_ms(NAP_MS);
		took = now_ns() - began - NAP_MS * 1000000ULL;
		if (took > *late_ns)
			*late_ns = took;
		++*nr_naps;
	}
}

KTAP_TEST(native_ones_are_not_idle, "it interrupts an ordinary task instead of waiting for a SCHED_FIFO one")
{
	struct sched_param param = { .sched_priority = 10 };
	unsigned long long *seen = shared_memory(2 * sizeof(*seen));
	struct hog native, ordinary;
	pid_t sleeper;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	ordinary = hog_start(0, 0);
	sleeper = start_sleeper(&seen[0], &seen[1]);
	pin_task(sleeper, 0, 0);
	KTAP_EXPECT(rt_set(sleeper, "--prio 50"));
	native = hog_start(1, 0);
	KTAP_EXPECT_EQ(sched_setscheduler(native.pid, SCHED_FIFO, &param), 0);
	/* Nobody waits there: nothing tells that the CPU is not ours. */
	sleep_ms(300);
	pin_task(sleeper, 0, 1);
	seen[0] = seen[1] = 0;
	sleep_ms(NR_NAPS * (NAP_MS + 1));
	ktap_diag("%llu naps, at most %llu us late", seen[1], seen[0] / 1000);
	KTAP_EXPECT(seen[1] >= NR_NAPS - 1);
	/* A kernel thread of that CPU may go first, for a slice. */
	KTAP_EXPECT(seen[0] < 5000000);
	end_child(sleeper);
	hog_end(&native);
	hog_end(&ordinary);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
