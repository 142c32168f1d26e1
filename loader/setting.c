// SPDX-License-Identifier: GPL-2.0
/* A value that a user gives by its name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "setting.h"

const char *setting_name(const struct setting *setting, char buf[SETTING_LEN])
{
	char *c;

	snprintf(buf, SETTING_LEN, "%s", setting->name);
	for (c = buf; *c; c++)
		if (*c == '_')
			*c = '-';
	return buf;
}

const char *setting_text(const struct setting *setting, __u32 value, char buf[SETTING_LEN])
{
	const char *word = setting->words;

	if (!word) {
		snprintf(buf, SETTING_LEN, "%u", value);
		return buf;
	}
	for (value -= setting->min; value && word; value--) {
		word = strchr(word, '|');
		word = word ? word + 1 : NULL;
	}
	snprintf(buf, SETTING_LEN, "%.*s", word ? (int)strcspn(word, "|") : 1, word ?: "?");
	return buf;
}

bool setting_has_fallback(const struct setting *setting)
{
	return (setting->words || setting->max) && setting->fallback >= setting->min;
}

static bool parse_word(const struct setting *setting, const char *what, const char *text,
		       __u32 *value)
{
	const char *word = setting->words;
	size_t len;

	for (*value = setting->min; ; ++*value, word += len + 1) {
		len = strcspn(word, "|");
		if (strlen(text) == len && !strncmp(word, text, len))
			return true;
		if (!word[len])
			break;
	}
	log_error("%s: '%s' is none of %s", what, text, setting->words);
	return false;
}

static bool parse_number(const struct setting *setting, const char *what, const char *text,
			 __u32 *value)
{
	long number;
	char *end;

	number = strtol(text, &end, 10);
	if (end == text || *end || strchr(" \t\n+", text[0])) {
		log_error("%s: '%s' is not a number", what, text);
		return false;
	}
	if (number > setting->max) {
		log_error("%s: %s is above %ld", what, text, setting->max);
		return false;
	}
	if (number < setting->min) {
		log_error("%s: %s is below %ld", what, text, setting->min);
		return false;
	}
	*value = number;
	return true;
}

bool setting_parse(const struct setting *setting, const char *what, const char *text,
		   __u32 *value)
{
	if (setting->words)
		return parse_word(setting, what, text, value);
	return parse_number(setting, what, text, value);
}
