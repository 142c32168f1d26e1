// SPDX-License-Identifier: GPL-2.0
// description: lanesctl switch: the machine is without us for 100 ms at most
// cpus: 2
// time: virtual
#include "harness.h"

#define GAP_MAX_NS	100000000ULL

/* Looks a thousand times a second whether the machine is ours. */
static pid_t start_watch(volatile unsigned long long *gap_ns)
{
	pid_t pid = fork_child();
	unsigned long long seen_ns = now_ns();

	if (pid)
		return pid;
	harness_be_realtime(true);
	for (;; sleep_ms(1)) {
		if (now_ns() - seen_ns > *gap_ns)
			*gap_ns = now_ns() - seen_ns;
		if (lanes_is_attached())
			seen_ns = now_ns();
	}
}

KTAP_TEST(gap_is_short, "to dwrr, and on to eevdf: 100 ms at most; stopped and started it is more")
{
	static const char *const words[] = { "switch dwrr", "switch eevdf" };
	volatile unsigned long long *gap_ns = shared_memory(sizeof(*gap_ns));
	pid_t watch;
	int i;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	watch = start_watch(gap_ns);
	for (i = 0; i < 2; i++) {
		sleep_ms(20);
		*gap_ns = 0;
		KTAP_EXPECT_STREQ(lanesctl_within(60, words[i]), "");
		ktap_diag("%s: without us for %.1f ms", words[i], *gap_ns / 1e6);
		KTAP_EXPECT(*gap_ns > 0 && *gap_ns <= GAP_MAX_NS);
	}
	*gap_ns = 0;
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	KTAP_EXPECT(lanes_start("--discipline dwrr"));
	sleep_ms(20);
	ktap_diag("stopped and started: without us for %.1f ms", *gap_ns / 1e6);
	KTAP_EXPECT(*gap_ns > GAP_MAX_NS);
	end_child(watch);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
