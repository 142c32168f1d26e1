// SPDX-License-Identifier: GPL-2.0
/* What tasks are called. */
#include <stdio.h>
#include <string.h>

#include "name.h"

/* Return: the bytes of the character at @text, 0 if it is none or not to be shown. */
static int character_len(const char *text)
{
	static const unsigned int least[] = { 0, 0x20, 0xa0, 0x800, 0x10000 };
	const unsigned char *c = (const unsigned char *)text;
	int i, len = *c < 0x80 ? 1 : *c >> 5 == 6 ? 2 : *c >> 4 == 14 ? 3 : *c >> 3 == 30 ? 4 : 0;
	unsigned int value = len == 1 ? *c : *c & (0x7f >> len);

	for (i = 1; i < len; i++) {
		if (c[i] >> 6 != 2)
			return 0;
		value = value << 6 | (c[i] & 0x3f);
	}
	/* DEL, and halves of characters of UTF-16 */
	if (value == 0x7f || value >> 11 == 0xd800 >> 11 || value > 0x10ffff)
		return 0;
	return value < least[len] ? 0 : len;
}

static void clean(char *text, const char *kept)
{
	int len;

	for (; *text; text += len ?: 1) {
		len = character_len(text);
		if (!len && !strchr(kept, *text))
			*text = '?';
	}
}

void name_clean(char *name)
{
	clean(name, "");
}

void text_clean(char *text)
{
	clean(text, "\n\t");
}

const char *name_of_task(unsigned int tid, char buf[16])
{
	char path[32];
	size_t len;
	FILE *f;

	snprintf(buf, 16, tid ? "%u" : "-", tid);
	snprintf(path, sizeof(path), "/proc/%u/comm", tid);
	f = tid ? fopen(path, "r") : NULL;
	if (!f)
		return buf;
	len = fread(buf, 1, 15, f);
	fclose(f);
	if (!len)
		return buf;
	if (buf[len - 1] == '\n')
		len--;
	buf[len] = '\0';
	name_clean(buf);
	return buf;
}
