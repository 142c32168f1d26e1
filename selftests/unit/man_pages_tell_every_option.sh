#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: --help and the man page of each program name the same options, verbs and parts
. "${0%/*}/../ktap.sh"

pages=${0%/*}/../../Documentation/man

# same PROGRAM WHAT: the two lists on stdin, separated by "--", are equal
same()
{
	awk -v program="$1" -v what="$2" '
	$0 == "--" { is_second = 1; next }
	!is_second { helped[$0]++; next }
	{ documented[$0]++ }
	END {
		for (word in helped)
			if (!(word in documented)) { print "# " program ": " what " " word ": not in the man page"; bad = 1 }
		for (word in documented)
			if (!(word in helped)) { print "# " program ": " what " " word ": not in --help"; bad = 1 }
		if (!length(helped)) { print "# " program ": --help has no " what; bad = 1 }
		exit bad
	}' || ktap_fail "$1: --help and the man page differ in their ${2}s"
}

# Options begin a line in both.
options_of_help()
{
	"$1" --help | sed -n 's/^  \(-., \|    \)\(--[a-z][a-z-]*\).*/\2/p'
}

options_of_page()
{
	sed -n 's/^\(-., \|-. [^,]*, \)\{0,1\}\(--[a-z][a-z-]*\).*/\2/p' "$1"
}

# The words that begin the indented lines below a heading.
words_of_help()
{
	"$1" --help | awk -v heading="$2" '/^[A-Z]/ { is_in = index($0, heading) == 1 } is_in' |
		sed -n 's/^  \([a-z][a-z0-9-]*\( set\| clear\| list\)\{0,1\}\) .*/\1/p'
}

for program in scx_lanes lanesctl lanes-dma lanes-threads; do
	page=$pages/$program.8.rst
	ktap_expect "a man page" [ -s "$page" ]
	{
		options_of_help "build/$program"
		echo --
		options_of_page "$page"
	} | same "$program" option
done

{
	words_of_help build/scx_lanes Mechanisms
	words_of_help build/scx_lanes "Kernel features"
	echo --
	sed -n 's/^``\([a-z0-9-]*\)``$/\1/p' "$pages/scx_lanes.8.rst"
} | same scx_lanes part

for program in lanesctl lanes-dma lanes-threads; do
	{
		words_of_help build/$program Verbs
		echo --
		sed -n '/^VERBS/,/^OPTIONS/s/^\*\*\([a-z ]*\)\*\*.*/\1/p' "$pages/$program.8.rst"
	} | same $program verb
done
