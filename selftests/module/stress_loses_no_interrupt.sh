#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: no interrupt is lost or comes twice while CPUs go, interrupts move and all are rung
# cpus: 4
. "${0%/*}/lanes_ko.inc"

NR_VECTORS=8

# At full speed, but behind the kernel threads that take a CPU away.
start_ringing()
{
	# shellcheck disable=SC2016 # the inner shell's
	sh -c 'renice -n 19 -p $$ >/dev/null; exec "$@"' - "$VECTORS" ring -n $NR_VECTORS -t $NR_VECTORS -c "$1" >"$out" 2>&1 &
	ringer=$!
}

is_ringing()
{
	[ "$(interrupts_of lanes-msi | wc -l)" -eq $NR_VECTORS ]
}

# Any of the CPUs may be offline by now: what cannot be done is not done.
move_all()
{
	for irq in $irqs; do
		mask=$(((irq * 7 + move * 5) % 15 + 1))
		printf '%x' $mask 2>/dev/null >"/proc/irq/$irq/smp_affinity" && nr_moves=$((nr_moves + 1))
	done 2>/dev/null
}

bus_column()
{
	awk -v column="$1" 'NR > 2 { nr += $column } END { print nr }' $DEBUGFS/lanes/bus
}

# Each cycle takes a CPU away and back, with the interrupts moved at both times.
cycle_cpu()
{
	cpu=$((cycle % 3 + 1))
	cpu_online $cpu 0 || return 1
	move=$cycle
	move_all
	cpu_online $cpu 1 || return 1
	move=$((cycle + 3))
	move_all
}

stop_all()
{
	! kill $ringer 2>/dev/null || wait $ringer 2>/dev/null
	for cpu in 1 2 3; do
		cpu_online $cpu 1
	done
}

out=$(mktemp)
nr_cycles=$(short_or_long 10 200)
nr_moves=0
ktap_defer "rm $out"
load_lanes
ktap_defer stop_all
start_ringing 1000000
ktap_wait_for 60 "the interrupts" is_ringing
irqs=$(interrupts_of lanes-msi)
cycle=0
begin=$(ktap_uptime)
while [ $cycle -lt "$nr_cycles" ]; do
	cycle=$((cycle + 1))
	ktap_expect "cycle $cycle" cycle_cpu
	kill -0 $ringer 2>/dev/null || break
done
moved=$(bus_column 4)
kill $ringer
wait $ringer
ktap_diag "$cycle offline/online cycles in $(($(ktap_uptime) - begin)) s, $nr_moves changes of affinity, $moved of them found it pending, $(bus_column 6) spurious"
sed 's/^/# /' "$out"
ktap_expect "the ringers to have been at it all the time" [ $cycle -eq "$nr_cycles" ]
ktap_expect "none lost, none spurious, none outside of hard irqs" \
	grep -q ' 0 lost, 0 spurious, 0 outside hard irq' "$out"
ktap_expect "changes of affinity" [ $nr_moves -ge $((nr_cycles * 8)) ]
ktap_expect "no vector without an interrupt" [ "$(bus_column 6)" -eq 0 ]
ktap_expect "nothing allocated afterwards" [ "$(matrix_column all allocated)" -eq 0 ]
