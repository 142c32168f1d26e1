// SPDX-License-Identifier: GPL-2.0
// description: with discipline haiku a new task goes to the CPU that went idle last
// cpus: 4
// time: virtual
// kernel: any
#define _GNU_SOURCE
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/types.h>

#include "harness.h"
#include "lanes_sched.h"

#define NR_ROUNDS	10

/* What the children tell. */
struct told {
	volatile int cpu;
	volatile int nr_rounds;
	volatile int nr_right;
};

struct poked {
	pid_t pid;
	int fd[2];
};

/* Runs for a moment on its CPU whenever it is told to. */
static void poked_start(struct poked *poked, int cpu)
{
	char c;

	if (pipe(poked->fd))
		_exit(1);
	poked->pid = fork_child();
	if (poked->pid)
		return;
	pin_task(0, cpu, cpu);
	while (read(poked->fd[0], &c, 1) == 1)
		use_cpu_ms(1);
	_exit(0);
}

static void poke(struct poked *poked)
{
	if (write(poked->fd[1], "x", 1) != 1)
		_exit(1);
	sleep_ms(30);
}

/* CPU 2 or 3, 0 if one of them is not idle. */
static int last_idled(void)
{
	unsigned long long since2_ns = lanes_lane(2)->idle_since_ns;
	unsigned long long since3_ns = lanes_lane(3)->idle_since_ns;

	if (!since2_ns || !since3_ns)
		return 0;
	return since2_ns > since3_ns ? 2 : 3;
}

static int cpu_of_newborn(struct told *told)
{
	pid_t pid;

	told->cpu = -1;
	pid = fork();
	if (!pid) {
		told->cpu = sched_getcpu();
		_exit(0);
	}
	sleep_ms(30);
	end_child(pid);
	return told->cpu;
}

/* On CPU 1, with children that may run on 1, 2 and 3. CPU 2 and 3 go idle in turns. */
static void give_birth(struct told *told)
{
	struct poked poked[2];
	int i;

	pin_task(0, 1, 1);
	poked_start(&poked[0], 2);
	poked_start(&poked[1], 3);
	sleep_ms(200);
	for (i = 0; i < 2 * NR_ROUNDS; i++) {
		int last = i & 1;

		poke(&poked[!last]);
		poke(&poked[last]);
		pin_task(0, 1, 3);
		/* Kernel threads go idle too; and the parent may have moved. */
		if (sched_getcpu() == 1 && last_idled() == 2 + last) {
			told->nr_rounds++;
			told->nr_right += cpu_of_newborn(told) == 2 + last;
		}
		pin_task(0, 1, 1);
	}
	end_child(poked[0].pid);
	end_child(poked[1].pid);
	_exit(0);
}

/* Return: percent of the births that were where they should be. */
static double right_births(const char *options)
{
	struct told *told = shared_memory(sizeof(*told));
	int waited, status;
	pid_t pid;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	pid = fork_child();
	if (!pid)
		give_birth(told);
	for (waited = 0; waited < 20000; waited += 50) {
		sleep_ms(50);
		if (waitpid(pid, &status, WNOHANG) == pid)
			break;
	}
	if (waited >= 20000)
		end_child(pid);
	ktap_diag("%d of %d", told->nr_right, told->nr_rounds);
	KTAP_EXPECT(told->nr_rounds >= NR_ROUNDS / 2);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return told->nr_rounds ? 100.0 * told->nr_right / told->nr_rounds : -1;
}

KTAP_TEST(last_idled_first, "nearly always it is the CPU that went idle last")
{
	KTAP_EXPECT(right_births("--discipline haiku") >= 80);
}

KTAP_TEST(control_without_idle, "not so where nobody looks for idle CPUs")
{
	KTAP_EXPECT(right_births("--discipline haiku --without idle") <= 60);
}

SCHED_MAIN()
