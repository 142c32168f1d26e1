/* SPDX-License-Identifier: GPL-2.0 */
/* The numbers that can be changed while the scheduler runs, as settings. */
#ifndef __LANES_KNOBS_H
#define __LANES_KNOBS_H

#include "setting.h"

/* Each line of lanes_knobs.def; offsets are those of struct lanes_knobs. */
extern const struct setting knobs[];
extern const size_t nr_knobs;

#endif /* __LANES_KNOBS_H */
