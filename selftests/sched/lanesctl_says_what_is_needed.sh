#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: without rights, an instance, or a trace, lanesctl says so in one line, exit 1
# cpus: 2
# kernel: any
. "${0%/*}/instance.inc"

says 1 "no instance of scx_lanes is running" "$LANESCTL" status
says 1 "no instance of scx_lanes is running" "$LANESCTL" set slice-us=500
says 1 "no instance of scx_lanes is running" "$LANESCTL" rt set $$ --prio 5
start_lanes --slice-us 3000
says 1 "needs root" setpriv --reuid 65534 "$LANESCTL" status
says 1 "needs root" setpriv --reuid 65534 "$LANESCTL" set slice-us=500
says 1 "needs root" setpriv --reuid 65534 "$LANESCTL" rt set $$ --prio 5
ktap_expect "nothing to be changed" [ "$(knob slice-us)" = 3000 ]
ktap_expect "nobody to be designated" is_designated ""
ktap_expect "the pins to be root's" [ "$(stat -c %a $PINS)" = 700 ]
says 1 "start scx_lanes with --trace" "$LANESCTL" trace
stop_lanes
