// SPDX-License-Identifier: GPL-2.0
// description: with --steal messenger lanes write only to themselves, move several tasks at once, and share evenly
// cpus: 4
// kernel: any
#include "lanes_sched.h"
#include "spread.h"

#include <stdlib.h>
#include <unistd.h>

#define NR_BURST	32
#define NR_BURSTS	4

/* A child that, for each byte, works for a while. */
static pid_t start_worker(int fd)
{
	pid_t pid = fork_child();
	char byte;

	if (pid)
		return pid;
	while (read(fd, &byte, 1) == 1)
		use_cpu_ms(20);
	_exit(0);
}

/* Wake many at once where they slept: on CPU 0, all of them. */
static void make_bursts(int nr_bursts)
{
	int i, j, fds[2];
	pid_t pid[NR_BURST];

	KTAP_EXPECT_EQ(pipe(fds), 0);
	for (i = 0; i < NR_BURST; i++)
		pid[i] = start_worker(fds[0]);
	for (j = 0; j < nr_bursts; j++) {
		for (i = 0; i < NR_BURST; i++)
			pin_task(pid[i], 0, 0);
		sleep_ms(20);
		for (i = 0; i < NR_BURST; i++)
			pin_task(pid[i], 0, nr_online_cpus() - 1);
		for (i = 0; i < NR_BURST; i++)
			KTAP_EXPECT_EQ(write(fds[1], "", 1), 1);
		sleep_ms(NR_BURST * 20 / 2);
	}
	for (i = 0; i < NR_BURST; i++)
		end_child(pid[i]);
	close(fds[0]);
	close(fds[1]);
}

KTAP_TEST(shares_evenly, "twice as many hogs as CPUs share them evenly")
{
	double error = spread_from_one_cpu("--steal messenger");

	/* In real time, of a virtual machine that does not always run. */
	KTAP_EXPECT(error >= 0 && error <= 12);
}

KTAP_TEST(messenger_moves_batches, "a request is answered with more than one task; nobody writes to another lane")
{
	unsigned long long sent, messages;

	if (!KTAP_EXPECT(lanes_start("--steal messenger --without idle --keep-local 1024")))
		return;
	make_bursts(NR_BURSTS);
	sent = lanes_counter(LANES_STAT_sent);
	messages = lanes_counter(LANES_STAT_messages);
	ktap_diag("%llu tasks sent in %llu messages; %llu steals, %llu remote writes", sent, messages,
		  lanes_counter(LANES_STAT_steals), lanes_counter(LANES_STAT_remote_writes));
	KTAP_EXPECT(messages > 0 && sent > messages);
	/* Idle CPUs do not send a task round. */
	KTAP_EXPECT(sent < 4 * NR_BURSTS * NR_BURST);
	KTAP_EXPECT_EQ(lanes_counter(LANES_STAT_steals), 0);
	KTAP_EXPECT_EQ(lanes_counter(LANES_STAT_remote_writes), 0);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(control_direct, "with --steal direct they write to one another")
{
	if (!KTAP_EXPECT(lanes_start("--steal direct --without idle --keep-local 1024")))
		return;
	make_bursts(2);
	ktap_diag("%llu steals, %llu remote writes", lanes_counter(LANES_STAT_steals),
		  lanes_counter(LANES_STAT_remote_writes));
	KTAP_EXPECT_EQ(lanes_counter(LANES_STAT_messages), 0);
	KTAP_EXPECT(lanes_counter(LANES_STAT_steals) > 0);
	KTAP_EXPECT(lanes_counter(LANES_STAT_remote_writes) > 0);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
