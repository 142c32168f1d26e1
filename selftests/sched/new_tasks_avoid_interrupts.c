// SPDX-License-Identifier: GPL-2.0
// description: a CPU that spends 30 % of its time in interrupts gets fewer new tasks
// cpus: 4
// time: virtual
// kernel: any
#define _GNU_SOURCE
#include "storm.h"

#include <sched.h>
#include <sys/wait.h>

#include "lanes_sched.h"

/* Of 1 ms each, so many apart. */
#define PERIOD_US	3333

#define NR_ROUNDS	30
#define NR_HOGS		40

/* It has the CPU's idle time begin last, which makes it the first to be taken. */
struct toucher {
	pid_t pid;
	int ask[2];
	int answer[2];
};

static void touch(struct toucher *toucher)
{
	char c = 0;

	if (write(toucher->ask[1], &c, 1) != 1 || read(toucher->answer[0], &c, 1) != 1)
		ktap_diag("toucher: %s", strerror(errno));
	sleep_ms(2);
}

static struct toucher toucher_start(int cpu)
{
	struct toucher toucher;
	char c;

	if (pipe(toucher.ask) || pipe(toucher.answer))
		ktap_diag("pipe: %s", strerror(errno));
	toucher.pid = fork_child();
	if (toucher.pid)
		return toucher;
	pin_task(0, cpu, cpu);
	while (read(toucher.ask[0], &c, 1) == 1) {
		use_cpu_ms(1);
		if (write(toucher.answer[1], &c, 1) != 1)
			break;
	}
	_exit(0);
}

/* Return: where a new task first ran. */
static int fork_and_ask(void)
{
	pid_t pid = fork_child();
	int status;

	if (!pid)
		_exit(sched_getcpu());
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool wait_for_share(int cpu)
{
	int waited_ms;

	for (waited_ms = 0; waited_ms < 4000; waited_ms += 50) {
		if (lanes_lane(cpu)->irq_share >= 280)
			return true;
		sleep_ms(50);
	}
	return false;
}

static bool begin(struct storm *storm, const char *options, bool sees)
{
	if (!storm_open(storm, "handler_us=1000"))
		return false;
	storm_begin(storm, PERIOD_US);
	if (!KTAP_EXPECT(lanes_start(options))) {
		storm_close(storm);
		unload_lanes_within(2000);
		return false;
	}
	if (sees)
		KTAP_EXPECT(wait_for_share(storm->cpu));
	ktap_diag("CPU %d: %u permille of its time in interrupts, as the scheduler sees it",
		  storm->cpu, lanes_lane(storm->cpu)->irq_share);
	KTAP_EXPECT(sees ? lanes_lane(storm->cpu)->irq_share <= 400 :
		    !lanes_lane(storm->cpu)->irq_share);
	return true;
}

static void end(struct storm *storm)
{
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	storm_close(storm);
	KTAP_EXPECT(unload_lanes_within(2000));
}

/* Return: how many of NR_ROUNDS new tasks began on the CPU, which went idle last. */
static int nr_on_idle(int cpu)
{
	struct toucher toucher = toucher_start(cpu);
	int i, nr = 0;

	for (i = 0; i < NR_ROUNDS; i++) {
		touch(&toucher);
		nr += fork_and_ask() == cpu;
	}
	end_child(toucher.pid);
	ktap_diag("%d of %d new tasks began there while all were idle", nr, NR_ROUNDS);
	return nr;
}

/* Return: how many of NR_HOGS are placed there when all CPUs have some. */
static int nr_on_busy(int cpu)
{
	struct hog hogs[NR_HOGS];
	int i, nr = 0;

	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(ANY_CPU, 0);
	sleep_ms(200);
	for (i = 0; i < NR_HOGS; i++) {
		nr += *hogs[i].seen_cpus == 1UL << cpu;
		KTAP_EXPECT(*hogs[i].seen_cpus);
		hog_end(&hogs[i]);
	}
	ktap_diag("%d of %d hogs are there, %.1f on each other CPU", nr, NR_HOGS,
		  (NR_HOGS - nr) / 3.);
	return nr;
}

KTAP_TEST(gets_fewer, "new tasks take other idle CPUs; of 40 hogs it gets what is left of it")
{
	struct storm storm;
	int nr;

	if (!begin(&storm, "--without steal --balance off", true))
		return;
	KTAP_EXPECT(nr_on_idle(storm.cpu) <= NR_ROUNDS / 10);
	nr = nr_on_busy(storm.cpu);
	KTAP_EXPECT(nr >= 5 && nr <= 8);
	end(&storm);
}

KTAP_TEST(control, "if lanes.ko is not asked, it gets as many as any other CPU")
{
	struct storm storm;
	int nr;

	if (!begin(&storm, "--without steal,irq-load --balance off", false))
		return;
	/* Busy CPUs are equal. Of idle ones any may come first: 1 to 29 of 30 were seen. */
	nr = nr_on_busy(storm.cpu);
	KTAP_EXPECT(nr >= 9 && nr <= 11);
	end(&storm);
}

SCHED_MAIN()
