#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the snapshot has the threads that /proc has, at a hundredth of the cost and less
# cpus: 2
# time: virtual
# kernel: any
. "${0%/*}/lanes_ko.inc"

THREADS=${VECTORS%vectors}threads

# ns_of WAY: of the last --csv
ns_of()
{
	awk -F , -v way="$1" '$1 == way { print $5 }' "$out"
}

agrees_with_stat()
{
	for tid in $(cd /proc && ls -d [0-9]*); do
		# After the name: prio, nice and rt_priority
		stat=$(sed 's/.*) //' "/proc/$tid/stat" 2>/dev/null) || continue
		echo "$tid $stat" | awk '{ print $1, $17 + 100, $18, $39 }'
	done >"$out.proc"
	"$THREADS" snapshot --csv |
		awk -F , 'NR > 1 && $1 == $2 { print $1, $5, $6, $7 }' >"$out.ours"
	grep -Fxvf "$out.ours" "$out.proc" >"$out.differs"
	ktap_diag "$(wc -l <"$out.proc") processes of /proc, $(wc -l <"$out.differs") not the same in the snapshot"
	# Who has come or gone meanwhile.
	[ "$(wc -l <"$out.proc")" -gt 20 ] && [ "$(wc -l <"$out.differs")" -le 3 ]
}

out=$(mktemp)
ktap_defer "rm $out $out.*"
load_lanes
ktap_expect "all ways to agree" "$THREADS" compare -n 10 >"$out"
sed 's/^/# /' "$out"
ktap_expect "a count of threads" grep -q '^[0-9]* threads, the same by every way$' "$out"
ktap_expect "figures" "$THREADS" compare -n 10 --csv >"$out"
proc=$(ns_of proc)
written=$(ns_of mapped+write)
copied=$(ns_of copy)
ktap_expect "a snapshot written and read at a hundredth" [ $((100 * written)) -le "$proc" ]
ktap_expect "the copy to cost more" [ "$copied" -gt "$written" ]
ktap_expect "prio, nice and rt priority as in /proc" agrees_with_stat
