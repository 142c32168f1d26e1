// SPDX-License-Identifier: GPL-2.0
// description: haiku's mode changes a hundred times under load, and its quanta with it
// cpus: 2
// kernel: any
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/types.h>

#include "harness.h"
#include "lanes_sched.h"

#define NR_HOGS		4
#define NR_SWITCHES	100

static volatile struct lanes_knobs *map_knobs(void)
{
	int fd = bpf_obj_get(LANES_PIN_CTL "/knobs");
	void *mem = mmap(NULL, sizeof(struct lanes_knobs), PROT_READ | PROT_WRITE, MAP_SHARED,
			 fd, 0);

	close(fd);
	return mem == MAP_FAILED ? NULL : mem;
}

/* Two hogs on CPU 1 for a while. Return: how often they took turns within 1.5 s. */
static unsigned long long count_turns(const char *mode)
{
	unsigned long long before;
	struct hog hogs[2];

	KTAP_EXPECT(!*lanesctl(mode));
	hogs[0] = hog_start(1, 0);
	hogs[1] = hog_start(1, 0);
	sleep_ms(300);
	before = lanes_counter(LANES_STAT_switches);
	sleep_ms(1500);
	before = lanes_counter(LANES_STAT_switches) - before;
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
	return before;
}

KTAP_TEST(quanta_follow_the_mode, "to save power two hogs take turns a good deal less often")
{
	unsigned long long fast, slow;

	if (!KTAP_EXPECT(lanes_start("--discipline haiku")))
		return;
	fast = count_turns("mode low-latency");
	slow = count_turns("mode power-saving");
	ktap_diag("low latency %llu turns, power saving %llu", fast, slow);
	KTAP_EXPECT(slow > 0 && 2 * fast > 3 * slow);
	/* The control: in the same mode they are about as many. */
	fast = count_turns("mode power-saving");
	ktap_diag("power saving again %llu", fast);
	KTAP_EXPECT(3 * fast < 4 * slow && 3 * slow < 4 * fast);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

static void sleep_and_work(void)
{
	for (;;) {
		sleep_ms(2);
		use_cpu_ms(1);
	}
}

KTAP_TEST(hundred_switches, "a hundred changes of mode under load, and everybody still runs")
{
	volatile struct lanes_knobs *knobs;
	struct hog hogs[NR_HOGS];
	pid_t sleeper;
	int i;

	if (!KTAP_EXPECT(lanes_start("--discipline haiku")))
		return;
	knobs = map_knobs();
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(ANY_CPU, 5 * i - 5);
	sleeper = fork_child();
	if (!sleeper)
		sleep_and_work();
	for (i = 0; KTAP_EXPECT(knobs) && i < NR_SWITCHES; i++) {
		knobs->mode = i & 1 ? LANES_MODE_LOW_LATENCY : LANES_MODE_POWER_SAVING;
		sleep_ms(20);
	}
	KTAP_EXPECT(lanes_is_attached());
	KTAP_EXPECT(hogs_run(hogs, NR_HOGS));
	for (i = 0; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
	end_child(sleeper);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
