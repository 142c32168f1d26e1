// SPDX-License-Identifier: GPL-2.0
// description: CPUs come and go under load without ending the scheduler or losing a task
// cpus: 2
// log 6.12: WARNING: .*kernel/sched/deadline.c
/*
 * 6.12 keeps the books of its fair deadline server wrongly when a CPU goes off
 * under sched_ext: dl_server_stop() in sched_cpu_dying() warns now and then. No
 * BPF scheduler comes near that code.
 */
#include "harness.h"
#include "lanes_sched.h"

#include <stdlib.h>

#define NR_HOGS		6
#define NR_SHORT	10
#define NR_LONG		200
#define CPU1_ONLINE	"/sys/devices/system/cpu/cpu1/online"
#define ENABLE_SEQ	"/sys/kernel/sched_ext/enable_seq"

static void bring_back(void)
{
	write_text(CPU1_ONLINE, "1");
}

KTAP_TEST(survives_cpu_hotplug, "CPU 1 goes off and on again and again: still attached, all tasks run, no memory is lost")
{
	int i, j, seq, nr_cycles = test_is_long() ? NR_LONG : NR_SHORT;
	long rss_kb = 0, memlock_kb = 0;
	struct hog hogs[NR_HOGS];

	atexit(bring_back);
	if (!KTAP_EXPECT(lanes_start("")))
		return;
	seq = atoi(read_line(ENABLE_SEQ));
	/* Half of them bound to the CPU that goes. */
	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(i % 2 ? 1 : ANY_CPU, 0);
	for (i = 0; i < nr_cycles; i++) {
		/* The kernel has freed them when it took the CPU away. */
		for (j = 1; j < NR_HOGS; j += 2)
			hog_pin(&hogs[j], 1);
		KTAP_EXPECT(write_text(CPU1_ONLINE, "0"));
		sleep_ms(50);
		KTAP_EXPECT(write_text(CPU1_ONLINE, "1"));
		sleep_ms(50);
		if (i == 2) {
			rss_kb = lanes_rss_kb();
			memlock_kb = lanes_memlock_kb();
		}
	}
	if (!KTAP_EXPECT(lanes_is_attached())) {
		ktap_diag("%s", lanes_output());
		return;
	}
	ktap_diag("memory: %ld kB, then %ld; of maps and programs: %ld kB, then %ld", rss_kb,
		  lanes_rss_kb(), memlock_kb, lanes_memlock_kb());
	KTAP_EXPECT(rss_kb > 0 && lanes_rss_kb() <= rss_kb + 128);
	KTAP_EXPECT(memlock_kb > 0 && lanes_memlock_kb() <= memlock_kb);
	KTAP_EXPECT_EQ(atoi(read_line(ENABLE_SEQ)), seq);
	KTAP_EXPECT_EQ(lanes_counter(LANES_STAT_hotplugs), 2 * nr_cycles);
	KTAP_EXPECT(hogs_run(hogs, NR_HOGS));
	for (i = 0; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
