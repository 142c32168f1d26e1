// SPDX-License-Identifier: GPL-2.0
// description: lanesctl switch: another discipline takes over; statistics, designations and knobs stay
// cpus: 2
// time: virtual
// kernel: any
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lanes_sched.h"

#define NR_HOGS		2

static const char *const names[] = { "dwrr", "eevdf", "vruntime" };

/* A real-time task that leaves the CPU to others. */
static pid_t start_sleeper(void)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	for (;; sleep_ms(10))
		use_cpu_ms(1);
}

static bool switch_to(const char *name)
{
	char words[64];
	const char *said;

	snprintf(words, sizeof(words), "switch %s", name);
	said = lanesctl_within(60, words);
	if (*said)
		ktap_diag("lanesctl %s: %s", words, said);
	/* The rows of the one before are gone. */
	lanes_forget();
	return !*said;
}

static bool runs(const char *name)
{
	return !strcmp(read_line("/sys/kernel/sched_ext/root/ops") + strlen(LANES_OPS_PREFIX),
		       name);
}

/* What has been counted so far of the machine, and of the first hog. */
struct counted {
	unsigned long long switches;
	unsigned long long hog_ns;
};

static struct counted look(const struct hog *hog)
{
	return (struct counted){
		.switches = lanes_counter(LANES_STAT_switches),
		.hog_ns = lanes_task(hog->pid)->stats[LANES_TASK_run_ns],
	};
}

KTAP_TEST(nothing_is_forgotten, "tasks, statistics and designations stay, three times in a row")
{
	struct hog hogs[NR_HOGS];
	struct counted before, after;
	pid_t sleeper;
	size_t i;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(i % 2, 15);
	sleep_ms(500);
	sleeper = start_sleeper();
	sleep_ms(100);
	KTAP_EXPECT(rt_set(sleeper, "--prio 7 --policy rr --quantum-us 4000"));
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		before = look(&hogs[0]);
		KTAP_EXPECT(switch_to(names[i]));
		KTAP_EXPECT(runs(names[i]));
		after = look(&hogs[0]);
		KTAP_EXPECT(after.switches >= before.switches);
		KTAP_EXPECT(after.hog_ns >= before.hog_ns);
		KTAP_EXPECT_EQ(lanes_task(sleeper)->rt_prio, 7);
		KTAP_EXPECT_EQ(lanes_task(sleeper)->rr_ns, 4000000);
		KTAP_EXPECT(hogs_run(hogs, NR_HOGS));
	}
	end_child(sleeper);
	for (i = 0; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	KTAP_EXPECT(strstr(lanes_output(), "'lanes_eevdf' has taken over from 'lanes_dwrr'"));
}

KTAP_TEST(slice_follows, "a slice that was not asked for is the new discipline's; others stay")
{
	if (!KTAP_EXPECT(lanes_start("")))
		return;
	KTAP_EXPECT(switch_to("dwrr"));
	KTAP_EXPECT(strstr(lanesctl("get slice-us"), "12190"));
	lanesctl("set slice-us=2500 max-wait-ms=777");
	KTAP_EXPECT(switch_to("eevdf"));
	KTAP_EXPECT(strstr(lanesctl("get slice-us"), "2500"));
	KTAP_EXPECT(strstr(lanesctl("get max-wait-ms"), "777"));
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(queues_follow, "so are queues and real-time rules: what was asked of lk is for lk only")
{
	double share[3];
	struct hog hogs[3];
	int i;

	if (!KTAP_EXPECT(lanes_start("--discipline lk --rt discipline")))
		return;
	for (i = 0; i < 3; i++)
		hogs[i] = hog_start(0, 0);
	KTAP_EXPECT_EQ(lanes_lane(0)->nr_siblings, 2);
	KTAP_EXPECT(switch_to("vruntime"));
	KTAP_EXPECT_EQ(lanes_lane(0)->nr_siblings, 1);
	measure_shares(hogs, 3, 1000, share);
	for (i = 0; i < 3; i++)
		KTAP_EXPECT(share[i] > 30 && share[i] < 37);
	KTAP_EXPECT(rt_set(hogs[0].pid, "--prio 5"));
	measure_shares(hogs, 3, 2000, share);
	KTAP_EXPECT(share[0] > 90);
	KTAP_EXPECT(switch_to("lk"));
	KTAP_EXPECT_EQ(lanes_lane(0)->nr_siblings, 2);
	for (i = 0; i < 3; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(late_changes_stay, "what is changed while the next discipline is being loaded stays too")
{
	pid_t switcher;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	KTAP_EXPECT_STREQ(lanesctl("cpu 1 disable"), "");
	switcher = fork_child();
	if (!switcher) {
		lanesctl_within(60, "switch eevdf");
		_exit(0);
	}
	sleep_ms(500);
	KTAP_EXPECT(runs("vruntime"));
	KTAP_EXPECT_STREQ(lanesctl("set max-wait-ms=555"), "");
	KTAP_EXPECT_EQ(waitpid(switcher, NULL, 0), switcher);
	lanes_forget();
	KTAP_EXPECT(runs("eevdf"));
	KTAP_EXPECT(strstr(lanesctl("get max-wait-ms"), "555"));
	KTAP_EXPECT_EQ(lanes_lane(1)->is_disabled, 1);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(refuses_unknown, "a discipline that there is not: refused, nothing changes")
{
	if (!KTAP_EXPECT(lanes_start("--discipline dwrr")))
		return;
	KTAP_EXPECT(strstr(lanesctl("switch fair"), "switch: 'fair' is none of vruntime|"));
	KTAP_EXPECT(runs("dwrr"));
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(control_stop_and_start, "stopped and started again instead, it counts from 0")
{
	struct counted before, after;
	struct hog hog;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	hog = hog_start(1, 0);
	sleep_ms(2000);
	before = look(&hog);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	KTAP_EXPECT(lanes_start("--discipline dwrr"));
	after = look(&hog);
	KTAP_EXPECT(after.hog_ns < before.hog_ns);
	hog_end(&hog);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
