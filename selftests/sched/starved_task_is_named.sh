#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a task that had waited too long is named, in at most one line a second
# cpus: 2
# kernel: any
. "${0%/*}/instance.inc"

start_greedy()
{
	start taskset -c 1 sh -c 'renice -n -20 -p $$; while :; do :; done'
	greedy=$pid
}

# Detaching waits until each task has run, and EEVDF lets the victim wait longer than anyone would
stop_both()
{
	end "$greedy"
	stop_lanes
}

start_greedy
start taskset -c 1 sh -c 'renice -n 19 -p $$; while :; do :; done'
victim=$pid

start_lanes --max-wait-ms 50
sleep 4
ktap_diag "$(grep "had waited" "$said" | tail -n 1)"
ktap_expect "the victim's name" grep -q "($victim) had waited .* ms on CPU 1" "$said"
ktap_expect "at most a line a second" [ "$(grep -c "had waited" "$said")" -le 6 ]
stop_both

start_greedy
start_lanes --max-wait-ms 50 --without guard
sleep 2
ktap_expect "nobody to be named without the guard" [ "$(grep -c "had waited" "$said")" = 0 ]
stop_both
