#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a task is real-time by its name, nice value or cgroup; one that no rule fits is not
# cpus: 2
# kernel: any
#
# The last rule would take kernel threads, which are not meant unless named. A rule is looked at when a task is born, calls exec(2), or after it was renamed
# is queued again.
. "${0%/*}/instance.inc"

root=/sys/fs/cgroup
dir=$(mktemp -d)
ktap_defer rm -rf "$dir"
cat >"$dir/rules" <<-END
	# of several that fit the first one counts
	comm=lanes-test*,policy=rr,prio=60,quantum-us=2000
	comm=sleep,nice<=-11,prio=10
	cgroup=/lanes.rules,prio=20
	nice<=-19,prio=30
END
mkfifo "$dir/fifo"
cp "$(command -v bash)" "$dir/lanes-test-exec"
mkdir $root/lanes.rules || ktap_skip "no unified cgroup hierarchy at $root"
ktap_defer rmdir $root/lanes.rules

start_lanes --rt-rules "$dir/rules"
start "$dir/lanes-test-exec" -c "exec 3<>$dir/fifo; read -r line <&3"
executed=$pid
start bash -c "echo lanes-test-name >/proc/\$\$/comm; exec 3<>$dir/fifo; while :; do read -rt 0.2 line <&3; done"
renamed=$pid
start sh -c "renice -n -11 -p \$\$; exec sleep 1000"
nice=$pid
start sh -c "renice -n -10 -p \$\$; exec sleep 1000"
start sh -c "echo \$\$ >$root/lanes.rules/cgroup.procs; exec sleep 1000"
grouped=$pid
ktap_wait_for 30 "four tasks" is_designated \
	"$executed rr 60 2000, $renamed rr 60 2000, $nice fifo 10 0, $grouped fifo 20 0"
stop_lanes
