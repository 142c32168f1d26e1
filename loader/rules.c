// SPDX-License-Identifier: GPL-2.0
/*
 * Rules by which tasks become real-time without being named.
 *
 * A rule is a list of words separated by commas: conditions, which all have to
 * hold, and what becomes of a task for which they do.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "log.h"
#include "rules.h"
#include "setting.h"

#define CGROUP_ROOT "/sys/fs/cgroup"

static bool take_comm(struct lanes_rule *rule, const char *where, const char *text)
{
	size_t len = strlen(text);
	bool is_prefix = len && text[len - 1] == '*';

	len -= is_prefix;
	if (!len || len >= LANES_COMM_LEN || memchr(text, '*', len)) {
		log_error("%s: comm: '%s' is no name of 1 to %d letters, or the beginning of one and *",
			  where, text, LANES_COMM_LEN - 1);
		return false;
	}
	rule->matches |= is_prefix ? LANES_RULE_COMM_PREFIX : LANES_RULE_COMM;
	rule->comm_len = len;
	memcpy(rule->comm, text, len);
	return true;
}

static bool take_cgroup(struct lanes_rule *rule, const char *where, const char *text)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof(path), CGROUP_ROOT "/%s", text + strspn(text, "/"));
	if (stat(path, &st)) {
		log_error("%s: cgroup: %s: %s", where, path, strerror(errno));
		return false;
	}
	rule->matches |= LANES_RULE_CGROUP;
	rule->cgroup_id = st.st_ino;
	return true;
}

static const struct word {
	const char *begin;
	bool (*take)(struct lanes_rule *rule, const char *where, const char *text);
	struct setting setting;
	__u32 matches;
} words[] = {
	{ .begin = "comm=", .take = take_comm },
	{ .begin = "cgroup=", .take = take_cgroup },
	{ .begin = "nice<=", .matches = LANES_RULE_NICE,
	  .setting = { .name = "nice", .min = -20, .max = 19,
		       .offset = offsetof(struct lanes_rule, nice_max) } },
	{ .begin = "uclamp-min>=", .matches = LANES_RULE_UCLAMP,
	  .setting = { .name = "uclamp-min", .max = 1024,
		       .offset = offsetof(struct lanes_rule, uclamp_min) } },
	{ .begin = "policy=",
	  .setting = { .name = "policy", .words = RT_POLICIES, .min = LANES_RT_FIFO,
		       .offset = offsetof(struct lanes_rule, policy) } },
	{ .begin = "prio=",
	  .setting = { .name = "prio", .min = 1, .max = LANES_RT_PRIO_MAX,
		       .offset = offsetof(struct lanes_rule, prio) } },
	{ .begin = "quantum-us=",
	  .setting = { .name = "quantum-us", .min = RT_QUANTUM_US_MIN,
		       .max = RT_QUANTUM_US_MAX,
		       .offset = offsetof(struct lanes_rule, quantum_us) } },
};

static const struct word *find_word(const char *text)
{
	const struct word *word;

	for (word = words; word < words + sizeof(words) / sizeof(words[0]); word++)
		if (!strncmp(text, word->begin, strlen(word->begin)))
			return word;
	return NULL;
}

static bool take_word(struct lanes_rule *rule, const char *where, const char *text)
{
	const struct word *word = find_word(text);
	char what[512];

	if (!word) {
		log_error("%s: '%s' is none of comm= cgroup= nice<= uclamp-min>= policy= prio= quantum-us=",
			  where, text);
		return false;
	}
	text += strlen(word->begin);
	if (word->take)
		return word->take(rule, where, text);
	rule->matches |= word->matches;
	snprintf(what, sizeof(what), "%s: %s", where, word->setting.name);
	return setting_parse(&word->setting, what, text,
			     (__u32 *)((char *)rule + word->setting.offset));
}

static bool is_complete(struct lanes_rule *rule, const char *where)
{
	if (!rule->matches) {
		log_error("%s: no condition: comm=, cgroup=, nice<= or uclamp-min>=", where);
		return false;
	}
	if (!rule->prio) {
		log_error("%s: no priority: prio=1 to prio=%d", where, LANES_RT_PRIO_MAX);
		return false;
	}
	if (rule->quantum_us && rule->policy != LANES_RT_RR) {
		log_error("%s: quantum-us: only with policy=rr", where);
		return false;
	}
	return true;
}

bool rules_add(struct rules *rules, const char *where, const char *text)
{
	struct lanes_rule rule = { .policy = LANES_RT_FIFO };
	char copy[4096], *rest = copy, *word;

	if (rules->nr == LANES_RULES_MAX) {
		log_error("%s: more than %d rules", where, LANES_RULES_MAX);
		return false;
	}
	if (strlen(text) >= sizeof(copy)) {
		log_error("%s: longer than %zu letters", where, sizeof(copy) - 1);
		return false;
	}
	strcpy(copy, text);
	while ((word = strsep(&rest, ",")))
		if (!take_word(&rule, where, word))
			return false;
	if (!is_complete(&rule, where))
		return false;
	rules->rule[rules->nr++] = rule;
	return true;
}

/* Return: @line without the blanks at both ends. */
static char *trim(char *line)
{
	char *end = line + strlen(line);

	while (end > line && isspace(end[-1]))
		*--end = '\0';
	return line + strspn(line, " \t");
}

bool rules_add_file(struct rules *rules, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[4096], where[256], *text;
	unsigned int nr = 0;
	bool is_good = true;

	if (!f) {
		log_error("--rt-rules: %s: %s", path, strerror(errno));
		return false;
	}
	while (is_good && fgets(line, sizeof(line), f)) {
		text = trim(line);
		snprintf(where, sizeof(where), "%s:%u", path, ++nr);
		is_good = !*text || *text == '#' || rules_add(rules, where, text);
	}
	if (is_good && ferror(f)) {
		log_error("--rt-rules: %s: %s", path, strerror(errno));
		is_good = false;
	}
	fclose(f);
	return is_good;
}

bool rules_need_names(const struct rules *rules)
{
	__u32 i;

	for (i = 0; i < rules->nr; i++)
		if (rules->rule[i].matches & (LANES_RULE_COMM | LANES_RULE_COMM_PREFIX))
			return true;
	return false;
}
