// SPDX-License-Identifier: GPL-2.0
// description: with 200 hogs, a real-time one and busy kernel workers nobody waits longer than --max-wait-ms
// cpus: 2
// time: virtual
// kernel: any
#include "harness.h"
#include "lanes_sched.h"

#define NR_HOGS		200
#define SHORT_MS	5000
#define LONG_MS		60000
#define CONTROL_MS	6000
#define MAX_WAIT_MS	1000
#define SLICE_MS	3
#define TICK_MS		4

static struct hog hogs[NR_HOGS];

static void start_load(void)
{
	struct hog rt = hog_start(1, 0);
	int i;

	KTAP_EXPECT(rt_set(rt.pid, "--prio 50"));
	hogs[0] = rt;
	hogs[1] = hog_start(1, 19);
	for (i = 2; i < NR_HOGS; i++)
		hogs[i] = hog_start(ANY_CPU, 0);
}

/* Each write makes a kernel worker on every CPU run once. */
static void keep_kworkers_busy(int ms)
{
	unsigned long long end_ns = now_ns() + ms * 1000000ULL;

	while (now_ns() < end_ns) {
		KTAP_EXPECT(write_text("/proc/sys/vm/stat_refresh", "1"));
		sleep_ms(10);
	}
}

static int longest_wait_ms(void)
{
	const volatile struct task_ctx *rows;
	unsigned long long ns, longest_ns = 0;
	unsigned int i, nr, pid = 0;

	rows = lanes_tasks(&nr);
	for (i = 1; i < nr; i++) {
		ns = rows[i].stats[LANES_TASK_wait_max_ns];
		if (!rows[i].pid || ns <= longest_ns)
			continue;
		longest_ns = ns;
		pid = rows[i].pid;
	}
	ktap_diag("pid %u has waited longest: %llu ms; %llu starved", pid, longest_ns / 1000000,
		  lanes_counter(LANES_STAT_starved));
	return longest_ns / 1000000;
}

static int longest_wait_under_load(const char *options, int ms)
{
	int i, longest_ms;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	start_load();
	keep_kworkers_busy(ms);
	/* Only a wait that has ended is counted. */
	hog_end(&hogs[0]);
	sleep_ms(500);
	longest_ms = longest_wait_ms();
	KTAP_EXPECT(lanes_is_attached());
	for (i = 1; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return longest_ms;
}

KTAP_TEST(nobody_starves_for_a_minute, "the longest wait is --max-wait-ms, a slice and a tick")
{
	int ms = longest_wait_under_load("", test_is_long() ? LONG_MS : SHORT_MS);

	KTAP_EXPECT(ms >= 0 && ms <= MAX_WAIT_MS + SLICE_MS + TICK_MS);
}

KTAP_TEST(control_without_guard, "without guard and cap somebody waits for seconds")
{
	KTAP_EXPECT(longest_wait_under_load("--without guard,cap", CONTROL_MS) > 2 * MAX_WAIT_MS);
}

SCHED_MAIN()
