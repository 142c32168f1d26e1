// SPDX-License-Identifier: GPL-2.0
/* The table of disciplines, as users see it. */
#include <stdio.h>
#include <string.h>

#include "disciplines.h"
#include "setting.h"

const struct discipline disciplines[LANES_NR_DISCIPLINES] = {
#define LANES_DISCIPLINE(name_, origin_, meaning_, options_, slice_us_, nr_queues_, domain_) \
	[LANES_DISCIPLINE_##name_] = {						\
		.name = #name_, .origin = origin_, .meaning = meaning_,		\
		.options = options_, .slice_us = slice_us_,			\
		.nr_queues = nr_queues_, .domain = LANES_DOMAIN_##domain_,	\
	},
#include "lanes_disciplines.def"
};

const char *const discipline_words = &(
#define LANES_DISCIPLINE(name, ...) "|" #name
#include "lanes_disciplines.def"
)[1];

bool discipline_has_option(const struct discipline *discipline, const char *option)
{
	char name[SETTING_LEN + 2];

	snprintf(name, sizeof(name), " %s ", option);
	return strstr(discipline->options, name);
}

bool option_is_of_disciplines(const char *option)
{
	size_t i;

	for (i = 0; i < LANES_NR_DISCIPLINES; i++)
		if (discipline_has_option(&disciplines[i], option))
			return true;
	return false;
}

/* Those of its own, and its slice. */
static void print_options(const struct discipline *discipline)
{
	const char *option = discipline->options + strspn(discipline->options, " ");

	printf(" (--slice-us %u", discipline->slice_us);
	while (*option) {
		size_t len = strcspn(option, " ");

		printf(", --%.*s", (int)len, option);
		option += len;
		option += strspn(option, " ");
	}
	puts(")");
}

void disciplines_print(void)
{
	size_t i;

	for (i = 0; i < LANES_NR_DISCIPLINES; i++) {
		printf("  %-12s %s: %s", disciplines[i].name, disciplines[i].origin,
		       disciplines[i].meaning);
		print_options(&disciplines[i]);
	}
}
