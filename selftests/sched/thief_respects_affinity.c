// SPDX-License-Identifier: GPL-2.0
// description: a thief passes by the tasks that may not run on its CPU and takes the one that may
// cpus: 2
#include "harness.h"

#define NR_HOGS 4

KTAP_TEST(thief_respects_affinity, "of four hogs on CPU 1 the only movable one has CPU 0 to itself")
{
	struct hog hogs[NR_HOGS];
	double got;
	int i;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(1, 0);
	sleep_ms(200);
	hog_unpin(&hogs[NR_HOGS - 1]);
	for (i = 0; i < NR_HOGS; i++) {
		*hogs[i].seen_cpus = 0;
		hogs[i].start_ns = hog_cpu_ns(&hogs[i]);
	}
	sleep_ms(2000);
	got = (hog_cpu_ns(&hogs[NR_HOGS - 1]) - hogs[NR_HOGS - 1].start_ns) / 2e7;
	ktap_diag("the movable one: %.1f %% of a CPU", got);
	KTAP_EXPECT(got > 75);
	for (i = 0; i < NR_HOGS; i++) {
		KTAP_EXPECT(i == NR_HOGS - 1 || *hogs[i].seen_cpus == 1UL << 1);
		KTAP_EXPECT(hog_cpu_ns(&hogs[i]) > hogs[i].start_ns);
		hog_end(&hogs[i]);
	}
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
