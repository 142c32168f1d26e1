#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: weights and limits of cgroups are not enforced: one line says so, if there are any
# cpus: 2
# kernel: any
. "${0%/*}/instance.inc"

root=/sys/fs/cgroup

# told: how many lines are about cgroups
told()
{
	grep -c cgroups: "$said"
}

grep -q cpu $root/cgroup.controllers || ktap_skip "no cpu controller at $root"
echo +cpu >$root/cgroup.subtree_control
ktap_defer "echo -cpu >$root/cgroup.subtree_control"
mkdir -p $root/lanes.outer/lanes.inner
ktap_defer rmdir $root/lanes.outer
ktap_defer rmdir $root/lanes.outer/lanes.inner
start_lanes
ktap_expect "nothing to be told" [ "$(told)" = 0 ]
stop_lanes
echo +cpu >$root/lanes.outer/cgroup.subtree_control
for setting in "cpu.weight 50 100" "cpu.max 50000 max" "cpu.idle 1 0"; do
	# shellcheck disable=SC2086 # three words
	set -- $setting
	echo "$2" >"$root/lanes.outer/lanes.inner/$1"
	start_lanes
	ktap_expect "one line about $1" [ "$(told)" = 1 ]
	ktap_expect "it to name the cgroup" grep -q "1 set them, such as .*/lanes.inner" "$said"
	stop_lanes
	echo "$3" >"$root/lanes.outer/lanes.inner/$1"
done
