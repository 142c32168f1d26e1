// SPDX-License-Identifier: GPL-2.0
// description: lanes.ko is used where it is, is kept while it is used, and is not needed
// cpus: 2
#include "storm.h"

#define USED		"lanes.ko: interrupt load is taken into account"
#define NOT_THERE	"no lanes.ko: placement does not see interrupts"
#define NOT_ASKED	"lanes.ko is not asked: placement does not see interrupts"

static bool says(const char *what)
{
	return strstr(lanes_output(), what) || (ktap_diag("%s", lanes_output()), false);
}

static bool status_says(const char *what)
{
	return strstr(lanesctl("status"), what);
}

KTAP_TEST(runs_without, "without the module it runs, and says so")
{
	unload_lanes();
	if (!KTAP_EXPECT(lanes_start("")))
		return;
	KTAP_EXPECT(says(NOT_THERE));
	KTAP_EXPECT(status_says("not seen"));
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(is_kept_while_used, "the module cannot be unloaded while it is used, and soon afterwards it can")
{
	unsigned long long ended_ns;

	if (!load_lanes(""))
		return;
	/* Without it nothing of the rest could be. */
	KTAP_EXPECT(!access("/sys/kernel/btf/lanes", R_OK));
	if (!KTAP_EXPECT(lanes_start("")))
		return;
	KTAP_EXPECT(says(USED));
	KTAP_EXPECT(status_says("seen (lanes.ko)"));
	KTAP_EXPECT(read_number("/sys/module/lanes/refcnt") > 0);
	KTAP_EXPECT(!shell("rmmod lanes 2>/dev/null"));
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	ended_ns = now_ns();
	KTAP_EXPECT(unload_lanes_within(2000));
	ktap_diag("unloaded %.0f ms after the scheduler's end", (now_ns() - ended_ns) / 1e6);
}

KTAP_TEST(late_one_is_found, "one that is loaded later is found when the scheduler is loaded anew")
{
	unload_lanes();
	if (!KTAP_EXPECT(lanes_start("")))
		return;
	if (!load_lanes("")) {
		lanes_stop();
		return;
	}
	sleep_ms(500);
	KTAP_EXPECT(status_says("not seen"));
	KTAP_EXPECT_EQ(read_number("/sys/module/lanes/refcnt"), 0);
	lanesctl_within(20, "switch dwrr");
	KTAP_EXPECT(status_says("seen (lanes.ko)"));
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	KTAP_EXPECT(says(USED));
	KTAP_EXPECT(unload_lanes_within(2000));
}

KTAP_TEST(is_not_asked, "with --without irq-load it is not asked")
{
	if (!load_lanes("") || !KTAP_EXPECT(lanes_start("--without irq-load")))
		return;
	KTAP_EXPECT(says(NOT_ASKED));
	KTAP_EXPECT(status_says("not seen"));
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	KTAP_EXPECT(unload_lanes_within(2000));
}

SCHED_MAIN()
