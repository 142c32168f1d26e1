// SPDX-License-Identifier: GPL-2.0
// description: a pinned task runs on its CPU only, though another has nothing to do
// cpus: 2
#include "harness.h"

#define NR_HOGS 4

KTAP_TEST(keeps_pinned_task_on_cpu, "four hogs pinned to CPU 1 are never seen on CPU 0")
{
	struct hog hogs[NR_HOGS];
	int i;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(1, 0);
	sleep_ms(100);
	for (i = 0; i < NR_HOGS; i++)
		*hogs[i].seen_cpus = 0;
	sleep_ms(2000);
	for (i = 0; i < NR_HOGS; i++) {
		KTAP_EXPECT_EQ(*hogs[i].seen_cpus, 1UL << 1);
		hog_end(&hogs[i]);
	}
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
