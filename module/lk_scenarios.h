/* SPDX-License-Identifier: GPL-2.0 */
/* What /dev/lanes and KUnit run of lk_scenarios.c. */
#ifndef __LK_SCENARIOS_H
#define __LK_SCENARIOS_H

#include <uapi/lanes.h>

struct lk_trial;

/**
 * struct lk_scenario - something that LK's interface promises
 * @name: a claim
 * @row: the rows of the mission's checklist that it is about
 * @run: tries it; what it finds is noted in the trial
 */
struct lk_scenario {
	const char *name;
	const char *row;
	void (*run)(struct lk_trial *trial);
};

#define LK_NR_SCENARIOS 33
extern const struct lk_scenario lk_scenarios[LK_NR_SCENARIOS];

void lk_scenario_try(const struct lk_scenario *scenario,
		     struct lanes_lk_run *out);

#endif /* __LK_SCENARIOS_H */
