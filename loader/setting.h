/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A value that a user gives by its name, as an option or as a knob: its limits,
 * its default and what it means. Shared by scx_lanes and lanesctl.
 */
#ifndef __LANES_SETTING_H
#define __LANES_SETTING_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * struct setting - one such value, an unsigned int unless @take is set
 * @name: with '_' or '-' between its words; shown with '-'
 * @unit: of its number; NULL for a flag, which counts how often it was given
 * @meaning: a phrase for --help
 * @min, @max: limits of its number
 * @fallback: its default; none if below @min
 * @words: "one|of|these" instead of a number; the first one's value is @min
 * @letter: short option, 0 for none
 * @offset: where the value goes in the structure filled in
 * @take: parses the text instead; says on stderr what is wrong with it
 */
struct setting {
	const char *name;
	const char *unit;
	const char *meaning;
	long min;
	long max;
	long fallback;
	const char *words;
	char letter;
	size_t offset;
	bool (*take)(void *to, const char *text);
};

/* Enough for every name, number and word. */
#define SETTING_LEN 32

/* Return: @buf with the name as users see it. */
const char *setting_name(const struct setting *setting, char buf[SETTING_LEN]);

/* Return: @buf with @value as users see it. */
const char *setting_text(const struct setting *setting, __u32 value, char buf[SETTING_LEN]);

/* Return: whether it has a default. */
bool setting_has_fallback(const struct setting *setting);

/**
 * setting_parse - read the value from text
 * @what: how a message calls it, such as "--slice-us"
 *
 * Return: whether it is good; if not, one line on stderr says why.
 */
bool setting_parse(const struct setting *setting, const char *what, const char *text,
		   __u32 *value);

#endif /* __LANES_SETTING_H */
