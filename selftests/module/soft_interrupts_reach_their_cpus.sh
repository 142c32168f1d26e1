#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: 16 software interrupts are spread 4 to a CPU, and each runs once, in hard-irq context, where its message says
# cpus: 4
. "${0%/*}/lanes_ko.inc"

# Words of a row: vector, irq, CPU, its vector, rung, handled, merged, last CPU
each_ran_once_at_its_place()
{
	awk '/^ / { nr++; nr_on[$3]++; is_bad += $5 != 1 || $6 != 1 || $8 != $3 }
		END { for (cpu = 0; cpu < 4; cpu++) is_bad += nr_on[cpu] != 4
		      exit is_bad || nr != 16 }' "$out"
}

# As many vectors as leave two on each CPU are held by somebody else meanwhile.
hold_all_but_eight()
{
	usable=$(matrix_usable)
	mkfifo "$out.hold"
	"$VECTORS" matrix alloc $((usable - 8)) wait <"$out.hold" >"$out.held" &
	exec 4>"$out.hold"
	ktap_wait_for 10 "eight vectors to be left" has_usable 8
}

has_usable()
{
	[ "$(matrix_usable)" -eq "$1" ]
}

cannot_have()
{
	! "$VECTORS" ring -n "$1" >"$out" 2>&1 && grep -q 'No space left' "$out"
}

out=$(mktemp)
ktap_defer "rm -f $out $out.*"
load_lanes
ktap_expect "sixteen rings to be handled" "$VECTORS" ring -n 16 >"$out"
sed 's/^/# /' "$out"
ktap_expect "each once, on the CPU in its message, four to a CPU" each_ran_once_at_its_place
ktap_expect "none outside of hard-irq context" grep -q ' 0 outside hard irq' "$out"
ktap_expect "nothing allocated afterwards" [ "$(matrix_column all allocated)" -eq 0 ]

hold_all_but_eight
ktap_expect "nine to be one too many" cannot_have 9
ktap_expect "nothing of them left behind" has_usable 8
ktap_expect "eight to fit" "$VECTORS" ring -n 8 >"$out"
ktap_expect "nothing of them left behind" has_usable 8
exec 4>&-
wait
ktap_expect "all given back" [ "$(matrix_column all allocated)" -eq 0 ]
