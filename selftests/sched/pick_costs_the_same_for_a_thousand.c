// SPDX-License-Identifier: GPL-2.0
// description: under lk and haiku enqueue and pick cost the same with 1 and 1000 ready tasks
// cpus: 2
// time: virtual
// kernel: any
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness.h"

#define NR_READY	1000
#define NR_TRIPS	2000

struct trips {
	volatile unsigned long long ns;
};

/* Return: what a round trip of two tasks on CPU 1 takes, ns. */
static unsigned long long trip_ns(const char *level)
{
	struct trips *trips = shared_memory(sizeof(*trips));
	int there[2], back[2], waited;
	pid_t one, other;
	char c = 'x';

	if (pipe(there) || pipe(back))
		return 0;
	other = fork_child();
	if (!other) {
		pin_task(0, 1, 1);
		while (read(there[0], &c, 1) == 1 && write(back[1], &c, 1) == 1)
			;
		_exit(0);
	}
	one = fork_child();
	if (!one) {
		unsigned long long began = 0;
		int i;

		pin_task(0, 1, 1);
		sleep_ms(500);
		/* The first quarter warms up. */
		for (i = 0; i < NR_TRIPS + NR_TRIPS / 4; i++) {
			if (i == NR_TRIPS / 4)
				began = now_ns();
			if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
				_exit(1);
		}
		trips->ns = (now_ns() - began) / NR_TRIPS;
		_exit(0);
	}
	KTAP_EXPECT(level_set(one, level));
	KTAP_EXPECT(level_set(other, level));
	for (waited = 0; !trips->ns && waited < 20000; waited += 50)
		sleep_ms(50);
	end_child(one);
	end_child(other);
	close(there[0]);
	close(there[1]);
	close(back[0]);
	close(back[1]);
	return trips->ns;
}

/* What walks through all of them. */
static unsigned long long walk_ns(void)
{
	unsigned long long began = now_ns();
	int fd = open("/sys/fs/bpf/lanes/tasks", O_RDONLY);
	char text[4096];

	while (fd >= 0 && read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
	return now_ns() - began;
}

/* Each is where it belongs once it has its nice value. Return: whether they all are. */
static bool have_settled(const struct hog *hogs, int nr)
{
	int i, waited = 0;

	for (i = 0; i < nr; i++)
		for (; getpriority(PRIO_PROCESS, hogs[i].pid) != 19; waited += 10) {
			if (waited > 20000)
				return false;
			sleep_ms(10);
		}
	return true;
}

static void compare(const char *options, const char *level)
{
	static struct hog hogs[NR_READY];
	unsigned long long few, many, short_walk;
	int i;

	if (!KTAP_EXPECT(lanes_start(options)))
		return;
	hogs[0] = hog_start(1, 19);
	few = trip_ns(level);
	short_walk = walk_ns();
	for (i = 1; i < NR_READY; i++)
		hogs[i] = hog_start(1, 19);
	KTAP_EXPECT(have_settled(hogs, NR_READY));
	many = trip_ns(level);
	ktap_diag("round trip %llu ns with one ready, %llu with %d", few, many, NR_READY);
	if (!KTAP_EXPECT(few > 0 && many > 0))
		ktap_diag("attached: %d: %s", lanes_is_attached(), lanes_output());
	KTAP_EXPECT_NEAR(many, few, few / 5.0);
	/* The control: what is not the same for any number is seen to be more. */
	KTAP_EXPECT(walk_ns() > 2 * short_walk);
	/* All at once, and not under lk: each has to wait for its turn to die. */
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	for (i = 0; i < NR_READY; i++)
		kill(hogs[i].pid, SIGKILL);
	for (i = 0; i < NR_READY; i++)
		hog_end(&hogs[i]);
}

KTAP_TEST(lk_is_flat, "lk: within 20 %")
{
	compare("--discipline lk --max-wait-ms 10000", "24");
}

KTAP_TEST(haiku_is_flat, "haiku: within 20 %")
{
	compare("--discipline haiku --max-wait-ms 10000", "101");
}

SCHED_MAIN()
