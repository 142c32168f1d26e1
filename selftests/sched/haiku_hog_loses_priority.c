// SPDX-License-Identifier: GPL-2.0
// description: with discipline haiku a hog of priority 20 goes 20 ... 5, 4, 3, 2, 1, 4, 3, 2, 1
// cpus: 2
// kernel: any
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/types.h>

#include "harness.h"
#include "lanes_sched.h"

#define NR_LEVELS_MAX	64

struct levels {
	__u32 tid;
	int nr;
	int left[NR_LEVELS_MAX];
};

static int note_level(void *ctx, void *data, size_t len)
{
	struct levels *levels = ctx;
	const struct lanes_trace *record = data;

	if (len < sizeof(*record) || record->kind != LANES_TRACE_LEVEL ||
	    record->tid != levels->tid)
		return 0;
	/* Its first quantum since it was put there. */
	if (record->key == 1 && record->arg >= 16)
		levels->nr = 0;
	if (levels->nr < NR_LEVELS_MAX)
		levels->left[levels->nr++] = record->arg;
	return 0;
}

static void record_levels(const char *options, const char *level, struct levels *levels)
{
	struct ring_buffer *ring;
	struct hog hog;
	int waited, fd;

	levels->nr = 0;
	if (!KTAP_EXPECT(lanes_start(options)))
		return;
	fd = bpf_obj_get(LANES_PIN_CTL "/trace");
	ring = fd < 0 ? NULL : ring_buffer__new(fd, note_level, levels, NULL);
	hog = hog_start(1, 0);
	levels->tid = hog.pid;
	sleep_ms(100);
	KTAP_EXPECT(level_set(hog.pid, level));
	for (waited = 0; KTAP_EXPECT(ring) && waited < 1000; waited += 10) {
		ring_buffer__consume(ring);
		sleep_ms(10);
	}
	hog_end(&hog);
	ring_buffer__free(ring);
	close(fd);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

KTAP_TEST(descends_and_cycles, "19 down to 5, then 4, 3, 2, 1, 4, 3, 2, 1")
{
	static const int want[] = {
		19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5,
		4, 3, 2, 1, 4, 3, 2, 1, 4, 3, 2, 1,
	};
	struct levels levels = {};
	unsigned int i;

	record_levels("--discipline haiku --trace 2", "20", &levels);
	if (!KTAP_EXPECT(levels.nr > (int)(sizeof(want) / sizeof(*want))))
		return;
	for (i = 0; i < sizeof(want) / sizeof(*want); i++)
		KTAP_EXPECT_EQ(levels.left[i], want[i]);
}

KTAP_TEST(control_other_rule, "by today's rule it goes another way: 18, 16, 14, 12")
{
	static const int want[] = { 18, 16, 14, 12, 10 };
	struct levels levels = {};
	unsigned int i;

	record_levels("--discipline haiku --rule today --trace 2", "20", &levels);
	if (!KTAP_EXPECT(levels.nr > (int)(sizeof(want) / sizeof(*want))))
		return;
	for (i = 0; i < sizeof(want) / sizeof(*want); i++)
		KTAP_EXPECT_EQ(levels.left[i], want[i]);
}

KTAP_TEST(realtime_loses_nothing, "a hog of priority 100 has no less after a second")
{
	struct levels levels = {};
	int i, nr_high = 0;

	record_levels("--discipline haiku --trace 2", "100", &levels);
	for (i = 0; i < levels.nr; i++) {
		if (levels.left[i] < 16)
			continue;
		nr_high++;
		KTAP_EXPECT_EQ(levels.left[i], 100);
	}
	KTAP_EXPECT(nr_high > 10);
}

SCHED_MAIN()
