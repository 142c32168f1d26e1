#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a single message takes an interrupt each way, a batch takes few, and /proc/interrupts agrees
# cpus: 4
# kernel: any
. "${0%/*}/lanes_ko.inc"

# A number of the last --json
value_of()
{
	sed -n "s/^ *\"$1\": *\([0-9]*\),\?\$/\1/p" "$out"
}

# Others call functions too, so CAL may have more; a poll from idle has none.
cal_is_near()
{
	difference=$(($(value_of "$1") - $(value_of "$2")))
	[ ${difference#-} -le $(($(value_of "$2") / 4 + 50)) ]
}

out=$(mktemp)
ktap_defer "rm $out"
load_lanes
ktap_expect "single messages" "$VECTORS" messenger -r 2000 --json >"$out"
ktap_diag "single: $(grep -v rtt "$out" | tr -d ' \n{}[]')"
ktap_expect "2000 answers" [ "$(value_of messages)" = 2000 ]
ktap_expect "a call each there" [ "$(value_of ipis)" = 2000 ]
ktap_expect "a call each back" [ "$(value_of reply_ipis)" = 2000 ]
ktap_expect "/proc/interrupts to agree" cal_is_near cal_there ipis

ktap_expect "batches" "$VECTORS" messenger -r 200 -b 64 --json >"$out"
ktap_diag "batches: $(grep -v rtt "$out" | tr -d ' \n{}[]')"
ktap_expect "12800 answers" [ "$(value_of messages)" = 12800 ]
ktap_expect "four messages a call at least" [ "$(value_of ipis)" -le 3200 ]
ktap_expect "/proc/interrupts to agree" cal_is_near cal_there ipis
"$VECTORS" messenger -r 200 -b 64 | sed 's/^/# /'
