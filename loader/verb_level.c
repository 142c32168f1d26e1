// SPDX-License-Identifier: GPL-2.0
/* lanesctl level, cpu and mode: what the disciplines of levels can be told. */
#include <stdlib.h>
#include <string.h>

#include "evict.h"
#include "knobs.h"
#include "log.h"
#include "setting.h"
#include "verbs.h"

#define LK_LEVEL_MAX	31
#define HAIKU_LEVEL_MAX	120

/* Return: the highest level of the running discipline, 0 if it has none. */
static long level_max(const struct instance *instance)
{
	if (instance_is_of(instance, LANES_DISCIPLINE_lk))
		return LK_LEVEL_MAX;
	return instance_is_of(instance, LANES_DISCIPLINE_haiku) ? HAIKU_LEVEL_MAX : 0;
}

static bool parse_level(const struct request *request, const char *text, __u32 *level)
{
	struct setting setting = { .name = "LEVEL", .min = 1, .max = level_max(&request->instance) };

	*level = 0;
	if (!setting.max) {
		log_error("level: '%s' has no levels", request->instance.ops);
		return false;
	}
	return !strcmp(text, "nice") || setting_parse(&setting, "LEVEL", text, level);
}

enum exit_status verb_level(struct request *request)
{
	struct lanes_level_call call = { .is_realtime = request->is_realtime };

	if (!parse_tid(request->words[0], &call.tid))
		return EXIT_USAGE;
	if (!instance_open(&request->instance))
		return EXIT_FAILED;
	if (!parse_level(request, request->words[1], &call.level))
		return EXIT_USAGE;
	if (!instance_call_pinned("level_set", &call, sizeof(call)))
		return EXIT_FAILED;
	if (!call.out_err)
		return EXIT_AS_ASKED;
	log_error("TID %u: %s", call.tid, strerror(-call.out_err));
	return EXIT_FAILED;
}

enum exit_status verb_cpu(struct request *request)
{
	static const struct setting states = { .name = "cpu", .words = "enable|disable" };
	struct setting cpus = { .name = "CPU" };
	struct lanes_cpu_call call = {};

	if (!setting_parse(&states, "cpu", request->words[1], &call.is_disabled))
		return EXIT_USAGE;
	if (!instance_open(&request->instance))
		return EXIT_FAILED;
	cpus.max = request->instance.nr_lanes - 1;
	if (!setting_parse(&cpus, "CPU", request->words[0], &call.cpu))
		return EXIT_USAGE;
	if (!instance_call_pinned("cpu_set", &call, sizeof(call)) || call.out_err)
		return EXIT_FAILED;
	/* Not waited for: a more urgent task may have that CPU for long. */
	if (call.is_disabled)
		evict_interrupt(call.cpu);
	return EXIT_AS_ASKED;
}

enum exit_status verb_mode(struct request *request)
{
	static const struct setting modes = { .name = "mode", .words = "low-latency|power-saving" };
	struct lanes_knobs *knobs_now;
	__u32 mode;

	if (!setting_parse(&modes, "mode", request->words[0], &mode))
		return EXIT_USAGE;
	if (!instance_open(&request->instance))
		return EXIT_FAILED;
	knobs_now = request->instance.knobs;
	__atomic_store_n(&knobs_now->mode, mode, __ATOMIC_RELAXED);
	__atomic_store_n(&knobs_now->idle, mode == LANES_MODE_POWER_SAVING ?
			 LANES_IDLE_POWERSAVE : LANES_IDLE_PERFORMANCE, __ATOMIC_RELAXED);
	__atomic_add_fetch(&knobs_now->generation, 1, __ATOMIC_RELEASE);
	return EXIT_AS_ASKED;
}
