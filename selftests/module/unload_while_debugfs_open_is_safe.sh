#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: an open debugfs file keeps the module, and the module goes after it is closed
# cpus: 2
. "${0%/*}/lanes_ko.inc"

cannot_unload()
{
	! rmmod lanes 2>/dev/null && is_loaded
}

load_lanes
ktap_defer "exec 3<&-"
exec 3<$MATRIX
read -r line <&3
ktap_expect "the first line" [ "${line#\# a snapshot}" != "$line" ]
ktap_expect "the module to stay while its file is open" cannot_unload
ktap_expect "the rest of the file" grep -q '^all ' <&3
exec 3<&-
ktap_wait_for 5 "the module to unload when it is closed" rmmod lanes
