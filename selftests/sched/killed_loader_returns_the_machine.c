// SPDX-License-Identifier: GPL-2.0
// description: kill -9 of scx_lanes returns the machine to the kernel's scheduler, nothing lost
// cpus: 2
#include "harness.h"

#define NR_HOGS 4

KTAP_TEST(killed_loader_returns_the_machine, "after kill -9 the state is 'disabled' and all tasks run")
{
	struct hog hogs[NR_HOGS];
	int i, waited;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(i % 2 ? 1 : ANY_CPU, 0);
	sleep_ms(500);
	lanes_kill();
	for (waited = 0; waited < 5000; waited += 10) {
		if (!strcmp(read_line("/sys/kernel/sched_ext/state"), "disabled"))
			break;
		sleep_ms(10);
	}
	KTAP_EXPECT_STREQ(read_line("/sys/kernel/sched_ext/state"), "disabled");
	KTAP_EXPECT(hogs_run(hogs, NR_HOGS));
	for (i = 0; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
}

KTAP_TEST(starts_again_after_kill, "what the killed one left behind does not stop the next")
{
	if (!KTAP_EXPECT(lanes_start("")))
		return;
	KTAP_EXPECT(lanes_counter(0) > 0);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
