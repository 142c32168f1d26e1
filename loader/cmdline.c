// SPDX-License-Identifier: GPL-2.0
/* A command line made of settings, parsed by getopt_long(3). */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmdline.h"
#include "log.h"

/* What getopt returns for the first option; the others follow. */
#define FIRST_KEY 256

/* Return: the @i-th setting of all groups, NULL after the last. */
static const struct setting *nth_setting(const struct cmdline_group *group, size_t i, void **to)
{
	for (; group->nr; i -= group->nr, group++) {
		if (i >= group->nr)
			continue;
		if (to)
			*to = group->to;
		return &group->settings[i];
	}
	return NULL;
}

static bool takes_value(const struct setting *setting)
{
	return setting->unit;
}

static void print_option(const struct setting *setting)
{
	char name[SETTING_LEN], left[2 * SETTING_LEN], fallback[SETTING_LEN];
	char *c = left;

	c += snprintf(left, sizeof(left), "--%s ", setting_name(setting, name));
	snprintf(c, sizeof(left) - (c - left), "%s", setting->unit ?: "");
	for (; *c; c++)
		*c = toupper(*c);
	if (setting->letter)
		printf("  -%c, %-22s %s", setting->letter, left, setting->meaning);
	else
		printf("      %-22s %s", left, setting->meaning);
	if (setting->words)
		printf(": %s", setting->words);
	if (setting_has_fallback(setting))
		printf(" (default %s)", setting_text(setting, setting->fallback, fallback));
	putchar('\n');
}

void cmdline_print_help(const struct cmdline_group *groups)
{
	size_t i;

	for (; groups->nr; groups++) {
		printf("\n%s\n", groups->heading);
		for (i = 0; i < groups->nr; i++)
			print_option(&groups->settings[i]);
	}
}

static void store(void *to, const struct setting *setting, __u32 value)
{
	*(__u32 *)((char *)to + setting->offset) = value;
}

static bool take(void *to, const struct setting *setting, const char *text)
{
	char name[SETTING_LEN], what[SETTING_LEN + 2];
	__u32 value;

	if (setting->take)
		return setting->take(to, text);
	if (!takes_value(setting)) {
		++*(__u32 *)((char *)to + setting->offset);
		return true;
	}
	snprintf(what, sizeof(what), "--%s", setting_name(setting, name));
	if (!setting_parse(setting, what, text, &value))
		return false;
	store(to, setting, value);
	return true;
}

/**
 * struct table - the settings as getopt wants them
 */
struct table {
	char names[CMDLINE_MAX][SETTING_LEN];
	struct option longs[CMDLINE_MAX + 1];
	char shorts[2 * CMDLINE_MAX + 2];
};

static void make_table(struct table *table, const struct cmdline_group *groups)
{
	const struct setting *setting;
	char *shorts = table->shorts;
	size_t i;

	*shorts++ = ':';
	for (i = 0; (setting = nth_setting(groups, i, NULL)); i++) {
		table->longs[i].name = setting_name(setting, table->names[i]);
		table->longs[i].has_arg = takes_value(setting) ? required_argument : no_argument;
		table->longs[i].val = FIRST_KEY + i;
		if (!setting->letter)
			continue;
		*shorts++ = setting->letter;
		if (takes_value(setting))
			*shorts++ = ':';
	}
}

static size_t index_of_key(const struct cmdline_group *groups, int key)
{
	const struct setting *setting;
	size_t i;

	if (key >= FIRST_KEY)
		return key - FIRST_KEY;
	for (i = 0; (setting = nth_setting(groups, i, NULL)); i++)
		if (setting->letter == key)
			return i;
	return i;
}

/* getopt tells of a letter in optopt, of a word (@word) in nothing. */
static void report_unknown(const struct cmdline_group *groups, const char *word)
{
	if (optopt && nth_setting(groups, index_of_key(groups, optopt), NULL))
		log_error("%s: takes no value", word);
	else if (optopt)
		log_error("-%c: unknown option; --help lists them", optopt);
	else
		log_error("%s: unknown option; --help lists them", word);
}

static void set_defaults(const struct cmdline_group *groups)
{
	const struct setting *setting;
	void *to;
	size_t i;

	for (i = 0; (setting = nth_setting(groups, i, &to)); i++)
		if (setting_has_fallback(setting))
			store(to, setting, setting->fallback);
}

bool cmdline_parse(const struct cmdline_group *groups, int argc, char **argv, __u64 *given)
{
	struct table table = {};
	const struct setting *setting;
	size_t i;
	void *to;
	int key;

	set_defaults(groups);
	make_table(&table, groups);
	opterr = 0;
	while ((key = getopt_long(argc, argv, table.shorts, table.longs, NULL)) >= 0) {
		if (key == '?') {
			report_unknown(groups, argv[optind - 1]);
			return false;
		}
		if (key == ':') {
			log_error("%s: needs a value", argv[optind - 1]);
			return false;
		}
		i = index_of_key(groups, key);
		setting = nth_setting(groups, i, &to);
		if (!take(to, setting, optarg))
			return false;
		if (given)
			*given |= 1ULL << i;
	}
	return true;
}
