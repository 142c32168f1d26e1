#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: threads and wait queues of the LK interface do what LK's document says, to the tick
# cpus: 2
# time: virtual
# kernel: any
. "${0%/*}/lanes_ko.inc"

out=$(mktemp)
ktap_defer "rm $out"
load_lanes
"${VECTORS%vectors}threads" lk >"$out"
status=$?
sed 's/^/# /' "$out"
ktap_expect "every scenario to pass" [ $status = 0 ]
for row in D10 D11 D12 D13 D14 D23; do
	ktap_expect "a scenario of row $row" grep -q "^ok .* $row " "$out"
done
ktap_expect "all of them" grep -q '^33 scenarios, 0 failed$' "$out"
