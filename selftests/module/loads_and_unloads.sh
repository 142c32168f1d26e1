#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the module loads, unloads without a trace, and loads again
# cpus: 2
. "${0%/*}/lanes_ko.inc"

# The kernel shows the BTF of a module only where it has its own.
has_btf()
{
	[ ! -e /sys/kernel/btf/vmlinux ] || [ -e /sys/kernel/btf/lanes ]
}

has_left_nothing()
{
	! is_loaded && [ ! -e $DEBUGFS/lanes ] && [ ! -e /sys/kernel/btf/lanes ] &&
		! grep -q lanes /sys/devices/system/cpu/hotplug/states
}

for round in 1 2 3; do
	load_lanes
	ktap_expect "the module in round $round" is_loaded
	ktap_expect "its BTF" has_btf
	ktap_expect "its hotplug state" \
		grep -q lanes:matrix /sys/devices/system/cpu/hotplug/states
	ktap_expect "it to unload" rmmod lanes
	ktap_expect "nothing left of it" has_left_nothing
done
