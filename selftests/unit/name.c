// SPDX-License-Identifier: GPL-2.0
/* Names of tasks, made fit for a terminal and for JSON. */
#include <string.h>

#include "../../loader/name.c"
#include "ktap.h"

static const char *cleaned(const char *name)
{
	static char buf[64];

	snprintf(buf, sizeof(buf), "%s", name);
	name_clean(buf);
	return buf;
}

KTAP_TEST(text_stays, "what is text stays as it is")
{
	static const char *const names[] = {
		"", "bash", "kworker/0:1-ev~", "a b", "\xc3\xa9t\xc3\xa9", "\xe6\xbc\xa2", "\xf0\x9f\x90\xa7",
		"\xc2\xa0", "\xef\xbf\xbd", "\xf4\x8f\xbf\xbf",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		KTAP_EXPECT_STREQ(cleaned(names[i]), names[i]);
}

KTAP_TEST(controls_go, "nothing that a terminal would obey is left")
{
	KTAP_EXPECT_STREQ(cleaned("\033[31mx"), "?[31mx");
	KTAP_EXPECT_STREQ(cleaned("a\nb\rc\td\x7f"), "a?b?c?d?");
	KTAP_EXPECT_STREQ(cleaned("\xc2\x9bx"), "??x");
}

KTAP_TEST(lines_stay_in_a_text, "lines and columns of a text stay, the names in it are cleaned")
{
	char text[] = "CPU 0\n\ta\033[1m\rb\xff\n";

	text_clean(text);
	KTAP_EXPECT_STREQ(text, "CPU 0\n\ta?[1m?b?\n");
}

KTAP_TEST(no_utf8_goes, "cut, overlong, surrogate and too large characters are none")
{
	KTAP_EXPECT_STREQ(cleaned("\xff"), "?");
	KTAP_EXPECT_STREQ(cleaned("fourteen byte\xc3"), "fourteen byte?");
	KTAP_EXPECT_STREQ(cleaned("\xe6\xbcx"), "??x");
	KTAP_EXPECT_STREQ(cleaned("\xc0\xafx"), "??x");
	KTAP_EXPECT_STREQ(cleaned("\xe0\x80\xafx"), "???x");
	KTAP_EXPECT_STREQ(cleaned("\xed\xa0\x80x"), "???x");
	KTAP_EXPECT_STREQ(cleaned("\xf4\x90\x80\x80x"), "????x");
	KTAP_EXPECT_STREQ(cleaned("\x80x\xf8"), "?x?");
}

KTAP_MAIN()
