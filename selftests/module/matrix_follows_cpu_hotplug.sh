#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: an offline CPU's vectors are not usable, and are again when it is back
# cpus: 4
. "${0%/*}/lanes_ko.inc"

CPU=/sys/devices/system/cpu/cpu1/online

set_cpu_online()
{
	echo "$1" >$CPU
}

is_row_online()
{
	[ "$(matrix_column 1 online)" = "$1" ]
}

[ -w $CPU ] || ktap_skip "CPU 1 is not there or cannot be taken offline"
[ "$(cat $CPU)" = 1 ] || ktap_skip "CPU 1 is offline already"

load_lanes
usable=$(matrix_usable)
available=$(matrix_column 1 available)
ktap_expect "CPU 1 online in the matrix" is_row_online yes

ktap_defer set_cpu_online 1
for round in 1 2 3; do
	ktap_expect "CPU 1 to go offline in round $round" set_cpu_online 0
	ktap_expect "it offline in the matrix" is_row_online no
	ktap_expect "its vectors not usable" \
		[ "$(matrix_usable)" -eq $((usable - available)) ]
	ktap_expect "its vectors kept" \
		[ "$(matrix_column 1 available)" -eq "$available" ]

	ktap_expect "CPU 1 to come back" set_cpu_online 1
	ktap_expect "it online in the matrix" is_row_online yes
	ktap_expect "its vectors usable" [ "$(matrix_usable)" -eq "$usable" ]
done

# A CPU that is offline when the module comes is offline in its matrix.
ktap_expect "the module to unload" rmmod lanes
ktap_expect "CPU 1 to go offline" set_cpu_online 0
load_lanes
ktap_expect "it offline in the new matrix" is_row_online no
