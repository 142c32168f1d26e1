// SPDX-License-Identifier: GPL-2.0
// description: a second scheduler is refused by name and the first one stays
// cpus: 2
#include "harness.h"

#include <stdlib.h>

KTAP_TEST(refuses_second_scheduler, "exit 1, the attached one named and left alone")
{
	const char *program = getenv("SCX_LANES");
	char command[256];

	if (!KTAP_EXPECT(lanes_start("")))
		return;
	snprintf(command, sizeof(command),
		 "%s 2>&1 | grep -q \"scheduler 'lanes_vruntime' is attached\"",
		 program ? program : "build/scx_lanes");
	KTAP_EXPECT_EQ(system(command), 0);
	KTAP_EXPECT(lanes_is_attached());
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
