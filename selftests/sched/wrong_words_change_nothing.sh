#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: one wrong knob, value or TID among good ones: one line, exit 2, nothing is changed
# cpus: 2
# kernel: any
. "${0%/*}/instance.inc"

# A TID that no task has: the highest there can be, downwards.
free_tid()
{
	tid=$(cat /proc/sys/kernel/pid_max)
	while tid=$((tid - 1)) && [ -e "/proc/$tid" ]; do :; done
	echo "$tid"
}

start_lanes --slice-us 3000
start sleep 1000
task=$pid
start chrt -f 5 sleep 1000
native=$pid
ktap_wait_for 5 "a native FIFO task" sh -c "chrt -p $native | grep -q FIFO"

says 2 "slice-us: 99 is below 100" "$LANESCTL" set max-wait-ms=500 slice-us=99
says 2 "'speed' is no knob" "$LANESCTL" set max-wait-ms=500 speed=1
says 2 "'max-wait-ms' is not KNOB=VALUE" "$LANESCTL" set slice-us=500 max-wait-ms
says 2 "place: 'far' is none of" "$LANESCTL" set max-wait-ms=500 place=far
says 2 "'speed' is no knob" "$LANESCTL" get slice-us speed
ktap_expect "knobs as before" [ "$(knob max-wait-ms) $(knob slice-us)" = "1000 3000" ]

says 2 "no such task" "$LANESCTL" rt set "$task" "$(free_tid)" --prio 5
says 2 "'me' is not a number" "$LANESCTL" rt set "$task" me --prio 5
says 2 "TID $native: is not scheduled by scx_lanes" "$LANESCTL" rt set "$task" "$native" --prio 5
says 2 "needs --prio" "$LANESCTL" rt set "$task"
says 2 "--prio: 100 is above 99" "$LANESCTL" rt set "$task" --prio 100
says 2 "--quantum-us: only with --policy rr" "$LANESCTL" rt set "$task" --prio 5 --quantum-us 500
says 2 "no such task" "$LANESCTL" task "$(free_tid)"
ktap_expect "nobody to be designated" is_designated ""
"$LANESCTL" rt set "$task" --prio 5
says 2 "no such task" "$LANESCTL" rt clear "$task" "$(free_tid)"
ktap_expect "the task to be designated still" is_designated "$task fifo 5 0"
stop_lanes
