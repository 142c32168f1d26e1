// SPDX-License-Identifier: GPL-2.0
/* The numbers that can be changed while the scheduler runs. */
#include "knobs.h"
#include "lanes_sched.h"

enum {
#define LANES_KNOB(name, unit, min, max, fallback, meaning) KNOB_##name,
#define LANES_CHOICE(name, fallback, meaning, words) KNOB_##name,
#include "lanes_knobs.def"
	NR_KNOBS,
};

const struct setting knobs[] = {
#define LANES_KNOB(id, unit_, min_, max_, fallback_, meaning_)		\
	[KNOB_##id] = {							\
		.name = #id, .unit = unit_, .meaning = meaning_,	\
		.min = min_, .max = max_, .fallback = fallback_,	\
		.offset = offsetof(struct lanes_knobs, id),		\
	},
#define LANES_CHOICE(id, fallback_, meaning_, words_)			\
	[KNOB_##id] = {							\
		.name = #id, .unit = "word", .meaning = meaning_,	\
		.fallback = fallback_, .words = words_,			\
		.offset = offsetof(struct lanes_knobs, id),		\
	},
#include "lanes_knobs.def"
	[KNOB_slice_us].letter = 's',
};

const size_t nr_knobs = NR_KNOBS;
