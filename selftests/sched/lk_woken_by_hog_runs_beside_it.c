// SPDX-License-Identifier: GPL-2.0
// description: lk: who is woken by a hog that never sleeps runs beside it
// cpus: 2
// time: virtual
#include <unistd.h>

#include "harness.h"
#include "lanes_sched.h"

#define MEASURE_MS	1000

/* Return: how long a task waits for a CPU from now on, on average, ms. */
static double mean_wait_ms(pid_t pid)
{
	const volatile struct task_ctx *ctx = lanes_task(pid);
	unsigned long long nr, wait_ns;

	if (!KTAP_EXPECT(ctx))
		return -1;
	nr = ctx->stats[LANES_TASK_runs];
	wait_ns = ctx->stats[LANES_TASK_wait_ns];
	sleep_ms(MEASURE_MS);
	nr = ctx->stats[LANES_TASK_runs] - nr;
	wait_ns = ctx->stats[LANES_TASK_wait_ns] - wait_ns;
	ktap_diag("%llu runs after %.3f ms of waiting", nr, wait_ns / 1e6);
	KTAP_EXPECT(nr >= 10);
	return wait_ns / 1e6 / (nr ?: 1);
}

/* It wakes a reader every 20 ms, and never sleeps. */
static pid_t start_writer(int fd)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	for (;;) {
		use_cpu_ms(20);
		if (write(fd, "", 1) != 1)
			_exit(1);
	}
}

static pid_t start_reader(int fd)
{
	pid_t pid = fork_child();
	char c;

	if (pid)
		return pid;
	while (read(fd, &c, 1) == 1)
		;
	_exit(0);
}

KTAP_TEST(woken_by_a_hog, "a real-time hog's reader runs beside it at once")
{
	pid_t writer, reader;
	int fds[2];

	if (!KTAP_EXPECT(lanes_start("--discipline lk")) || !KTAP_EXPECT(!pipe(fds)))
		return;
	reader = start_reader(fds[0]);
	writer = start_writer(fds[1]);
	KTAP_EXPECT(level_set(writer, "20 --real-time"));
	sleep_ms(200);
	KTAP_EXPECT(mean_wait_ms(reader) < 2);
	end_child(writer);
	end_child(reader);
	close(fds[0]);
	close(fds[1]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
