// SPDX-License-Identifier: GPL-2.0
// description: the running instance and a monitor print tables that agree with what ran
// cpus: 2
// kernel: any
#include "harness.h"
#include "lanes_sched.h"

#include <stdlib.h>

/* Return: what a monitor prints within three seconds. */
static const char *monitor(void)
{
	static char text[8192];
	const char *program = getenv("SCX_LANES");
	char command[128];
	size_t len;
	FILE *f;

	snprintf(command, sizeof(command), "timeout -s INT 3 %s --monitor 1 2>&1",
		 program ? program : "build/scx_lanes");
	f = popen(command, "r");
	len = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	text[len] = '\0';
	if (f)
		pclose(f);
	return text;
}

KTAP_TEST(prints_statistics, "tables name the running hog; the total counts the switches")
{
	unsigned long long switches, printed = 0;
	struct hog hog;
	const char *text;

	if (!KTAP_EXPECT(lanes_start("--stats 1 --verbose")))
		return;
	hog = hog_start(1, 0);
	sleep_ms(2500);
	text = lanes_output();
	KTAP_EXPECT(strstr(text, "cpu  running"));
	KTAP_EXPECT(strstr(text, "switches"));
	KTAP_EXPECT(strstr(text, "prints_statisti"));
	KTAP_EXPECT(strstr(text, "wakeup p50"));
	KTAP_EXPECT(strstr(monitor(), "prints_statisti"));
	hog_end(&hog);
	switches = lanes_counter(LANES_STAT_switches);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	text = strstr(lanes_output(), "ran ");
	if (text)
		sscanf(text, "ran %*f s: %llu switches", &printed);
	ktap_diag("%llu switches counted, %llu printed a little later", switches, printed);
	KTAP_EXPECT(printed >= switches && printed < switches + 2000);
}

KTAP_TEST(monitor_needs_an_instance, "without an instance the monitor says so")
{
	KTAP_EXPECT(strstr(monitor(), "no instance of scx_lanes is running"));
}

SCHED_MAIN()
