// SPDX-License-Identifier: GPL-2.0
// description: LK's preempt test: equal threads end together, real-time ones one after another
// cpus: 2
// time: virtual
// kernel: any
#include <stdlib.h>
#include <unistd.h>

#include "harness.h"
#include "runs.h"

#define NR_THREADS	5
#define WORK_MS		200
#define QUANTUM_MS	50

struct race {
	unsigned long long end_ns[NR_THREADS];
};

static void run(struct race *race, int i, int start_fd)
{
	char go;

	pin_task(0, 1, 1);
	if (read(start_fd, &go, 1) != 1)
		_exit(1);
	use_cpu_ms(WORK_MS);
	race->end_ns[i] = now_ns();
	_exit(0);
}

/* Let them all work. Return: how far apart the ends are, ms, in their order. */
static bool race_ends(const char *level, double gap_ms[NR_THREADS - 1])
{
	struct race *race = shared_memory(sizeof(*race));
	pid_t pid[NR_THREADS];
	int i, waited, fd[2];
	bool is_ready = !pipe(fd);

	for (i = 0; i < NR_THREADS; i++) {
		pid[i] = fork_child();
		if (!pid[i])
			run(race, i, fd[0]);
		is_ready &= level_set(pid[i], level);
	}
	sleep_ms(100);
	is_ready &= write(fd[1], "12345", NR_THREADS) == NR_THREADS;
	for (waited = 0; waited < 10000; waited += 50) {
		bool is_done = true;

		sleep_ms(50);
		for (i = 0; i < NR_THREADS; i++)
			is_done &= race->end_ns[i] != 0;
		if (is_done)
			break;
	}
	for (i = 0; i < NR_THREADS; i++) {
		end_child(pid[i]);
		is_ready &= race->end_ns[i] != 0;
	}
	qsort(race->end_ns, NR_THREADS, sizeof(*race->end_ns), compare_ns);
	for (i = 0; i < NR_THREADS - 1; i++) {
		gap_ms[i] = (race->end_ns[i + 1] - race->end_ns[i]) / 1e6;
		ktap_diag("%.0f ms later", gap_ms[i]);
	}
	close(fd[0]);
	close(fd[1]);
	return is_ready;
}

static void expect_together(const char *level)
{
	double gap_ms[NR_THREADS - 1] = {}, sum = 0;
	int i;

	KTAP_EXPECT(race_ends(level, gap_ms));
	for (i = 0; i < NR_THREADS - 1; i++)
		sum += gap_ms[i];
	KTAP_EXPECT(sum < NR_THREADS * QUANTUM_MS);
}

static void expect_in_turn(const char *level)
{
	double gap_ms[NR_THREADS - 1] = {};
	int i;

	KTAP_EXPECT(race_ends(level, gap_ms));
	for (i = 0; i < NR_THREADS - 1; i++)
		KTAP_EXPECT(gap_ms[i] > 0.8 * WORK_MS);
}

/* Each of the two would fail the other's expectations. */
KTAP_TEST(equals_and_realtime, "five equals end within five quanta, five with the flag in turn")
{
	if (!KTAP_EXPECT(lanes_start("--discipline lk --max-wait-ms 10000")))
		return;
	expect_together("16");
	/* LK's own test has the flag at level LOW: no limit to levels above the default. */
	expect_in_turn("8 --real-time");
	expect_in_turn("24 --real-time");
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(designations_are_the_flag, "with --rt discipline a FIFO designation is the flag")
{
	struct hog hogs[2];
	double share[2];

	if (!KTAP_EXPECT(lanes_start("--discipline lk --rt discipline")))
		return;
	hogs[0] = hog_start(1, 0);
	hogs[1] = hog_start(1, 0);
	sleep_ms(300);
	measure_shares(hogs, 2, 2000, share);
	KTAP_EXPECT_NEAR(share[0], 50, 10);
	KTAP_EXPECT(rt_set(hogs[0].pid, "--prio 50 --policy fifo"));
	sleep_ms(300);
	measure_shares(hogs, 2, 2000, share);
	KTAP_EXPECT(share[0] > 95);
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
