// SPDX-License-Identifier: GPL-2.0
// description: a second scheduler is refused by name and the first one stays
// cpus: 2
// kernel: any
#include "harness.h"

#include <stdlib.h>
#include <sys/wait.h>

KTAP_TEST(refuses_second_scheduler, "exit 1, the attached one named and left alone")
{
	const char *program = getenv("SCX_LANES");
	char command[256], want[256], said[512] = "";
	FILE *f;

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	snprintf(command, sizeof(command), "%s 2>&1", program ? program : "build/scx_lanes");
	snprintf(want, sizeof(want), "scheduler '%s' is attached",
		 read_line("/sys/kernel/sched_ext/root/ops"));
	f = popen(command, "r");
	if (KTAP_EXPECT(f && fgets(said, sizeof(said), f)))
		KTAP_EXPECT(strstr(said, want));
	KTAP_EXPECT_EQ(f ? WEXITSTATUS(pclose(f)) : -1, 1);
	KTAP_EXPECT(lanes_is_attached());
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
