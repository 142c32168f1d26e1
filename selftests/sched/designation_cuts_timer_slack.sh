#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a designated task has 1 ns of timer slack; what it had is restored, after kill -9 too
# cpus: 2
. "${0%/*}/instance.inc"

start sleep 1000
first=$pid
start sleep 1000
second=$pid
ktap_wait_for 5 "two tasks" grep -q sleep "/proc/$second/comm"
echo 12345 >"/proc/$first/timerslack_ns"
usual=$(slack "$second")

start_lanes
"$LANESCTL" rt set "$first" "$second" --policy rr --prio 33 --quantum-us 1000
ktap_expect "both to be listed" \
	is_designated "$first rr 33 1000, $second rr 33 1000"
ktap_wait_for 5 "the slack to be cut" has_slack "$first" 1
ktap_wait_for 5 "the other's too" has_slack "$second" 1

"$LANESCTL" rt set "$first" --prio 7
ktap_expect "the new designation" is_designated "$first fifo 7 0, $second rr 33 1000"
"$LANESCTL" rt clear "$first"
ktap_expect "one to be left" is_designated "$second rr 33 1000"
ktap_wait_for 5 "its slack to be restored" has_slack "$first" 12345
ktap_expect "the other's still to be cut" has_slack "$second" 1
stop_lanes
ktap_expect "it to be restored at the end" has_slack "$second" "$usual"

start_lanes
"$LANESCTL" rt set "$first" --prio 5
ktap_wait_for 5 "the slack to be cut" has_slack "$first" 1
kill_lanes
ktap_expect "nobody to restore it" has_slack "$first" 1
start_lanes
ktap_expect "the next start to restore it" has_slack "$first" 12345
stop_lanes
