#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: without sched_ext or without rights, one line says so and what to do
# cpus: 2
. "${0%/*}/../ktap.sh"

program=${SCX_LANES:-build/scx_lanes}

# says STATUS TEXT COMMAND...
says()
{
	want_status=$1
	want=$2
	shift 2
	said=$("$@" 2>&1)
	status=$?
	[ "$status" = "$want_status" ] || ktap_fail "$*: exit $status, not $want_status: $said"
	case $said in
	*"$want"*) ;;
	*) ktap_fail "$*: '$said' does not say '$want'" ;;
	esac
}

# The kernel looks as if built without it: /sys/kernel has nothing of it.
ktap_defer umount /sys/kernel
ktap_expect "/sys/kernel to be hidden" mount -t tmpfs none /sys/kernel
says 3 "no sched_ext (CONFIG_SCHED_CLASS_EXT); to see it run: tools/lab run" "$program"
mkdir /sys/kernel/sched_ext
says 3 "no type information (CONFIG_DEBUG_INFO_BTF)" "$program"
says 1 "needs root" setpriv --reuid 65534 "$program"
