// SPDX-License-Identifier: GPL-2.0
/*
 * lanesctl switch: another discipline for the instance that runs. We say which; scx_lanes
 * loads it, lets it take over, and says that it is done, or has given up.
 */
#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "disciplines.h"
#include "kernel.h"
#include "log.h"
#include "setting.h"
#include "verbs.h"

/* Mostly the verifier's time: 10 s where every instruction is emulated and all CPUs busy. */
#define WAIT_MS		120000
#define SHOW_MS		1000
#define STEP_MS		20

/* Longer without the old one and the new one: scx_lanes is gone. */
#define ABSENT_MS	5000

/* Only for somebody who looks on. */
static void show_progress(const char *ops, int waited_ms)
{
	if (isatty(STDERR_FILENO) && waited_ms && waited_ms % SHOW_MS == 0)
		fprintf(stderr, "switch: '%s' is being loaded, %d s\n", ops, waited_ms / 1000);
}

/* Return: whether scx_lanes has answered; the instance that was is gone if it has. */
static bool wait_for_answer(const struct request *request, const char *ops)
{
	const volatile __u32 *switch_to = &request->instance.knobs->switch_to;
	int waited_ms, absent_ms = 0;

	for (waited_ms = 0; waited_ms < WAIT_MS && *switch_to; waited_ms += STEP_MS) {
		if (*request->stop || absent_ms >= ABSENT_MS)
			return false;
		show_progress(ops, waited_ms);
		sleep_ms(STEP_MS);
		if (instance_is_running(&request->instance) || kernel_runs(ops))
			absent_ms = 0;
		else
			absent_ms += STEP_MS;
	}
	return !*switch_to;
}

enum exit_status verb_switch(struct request *request)
{
	const struct setting names = { .words = discipline_words };
	char ops[LANES_OPS_NAME_LEN];
	__u32 wanted;

	if (!setting_parse(&names, "switch", request->words[0], &wanted))
		return EXIT_USAGE;
	if (!instance_open(&request->instance))
		return EXIT_FAILED;
	snprintf(ops, sizeof(ops), LANES_OPS_PREFIX "%s", disciplines[wanted].name);
	if (kernel_runs(ops))
		return EXIT_AS_ASKED;
	request->instance.knobs->switch_to = wanted + 1;
	if (!wait_for_answer(request, ops))
		log_error("switch: scx_lanes does not answer");
	else if (!kernel_runs(ops))
		log_error("switch: scx_lanes could not; its messages say why");
	else
		return EXIT_AS_ASKED;
	return EXIT_FAILED;
}
