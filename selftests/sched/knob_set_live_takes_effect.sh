#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a slice set by lanesctl counts at once: two hogs take turns as often as it says
# cpus: 2
# kernel: any
. "${0%/*}/instance.inc"

# Switches on CPU 1 within a second, from the pinned view.
switches()
{
	awk '$1 == 1 { print $10 }' $PINS/runqueues
}

switch_rate()
{
	before=$(switches)
	sleep 1
	echo $(($(switches) - before))
}

start_lanes --slice-us 50000
start taskset -c 1 sh -c 'while :; do :; done'
start taskset -c 1 sh -c 'while :; do :; done'
sleep 0.5
slow=$(switch_rate)
ktap_expect "the slice of the start" [ "$(knob slice_us)" = 50000 ]
ktap_expect "no word" [ -z "$("$LANESCTL" set slice_us=4000 rr-quantum-ms=7 place=round-robin 2>&1)" ]
sleep 0.1
fast=$(switch_rate)
ktap_diag "$slow switches a second with 50 ms, $fast with 4 ms"
ktap_expect "more switches" [ "$fast" -gt $((slow * 2)) ]
ktap_expect "each knob to be as set" \
	[ "$(knob slice-us) $(knob rr-quantum-ms) $(knob place)" = "4000 7 round-robin" ]
ktap_expect "the others to be as before" [ "$(knob max-wait-ms)" = 1000 ]
stop_lanes
