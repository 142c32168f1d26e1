// SPDX-License-Identifier: GPL-2.0
// description: each branch for an older kernel schedules as the newer one does
// cpus: 2
// time: virtual
#include "harness.h"

/* While it attaches, the kernel picks; what came of that is settled after so long. */
#define SETTLE_MS	700

/* Each takes another way into the kernel; where that is old there is only the last one. */
static const char * const branches[] = {
	"--without insert-v2", "--without insert-args", "--without move-v2",
	"--without peek", "--without now", "--without set-slice", "--without reenq",
	"--without task-cpu",
	"--without insert-v2,insert-args,move-v2,peek,now,set-slice,reenq,task-cpu",
};

KTAP_TEST(older_kernel_branches_work, "nice 0 and 5 share 75/25 with each of them")
{
	struct hog hogs[2];
	double share[2];
	unsigned int i, nr = sizeof(branches) / sizeof(branches[0]);

	hogs[0] = hog_start(1, 0);
	hogs[1] = hog_start(1, 5);
	for (i = kernel_version() < 6.13 ? nr - 1 : 0; i < nr; i++) {
		ktap_diag("%s", branches[i]);
		if (!KTAP_EXPECT(lanes_start(branches[i])))
			break;
		sleep_ms(SETTLE_MS);
		measure_shares(hogs, 2, 1000, share);
		KTAP_EXPECT_NEAR(share[0], 75.4, 5);
		KTAP_EXPECT_EQ(lanes_stop(), 0);
	}
	hog_end(&hogs[0]);
	hog_end(&hogs[1]);
}

SCHED_MAIN()
