#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a job costs a quarter in a pool's thread of what it costs in a new one, and a fiftieth in a batch
# cpus: 2
# time: virtual
# kernel: any
. "${0%/*}/lanes_ko.inc"

THREADS=${VECTORS%vectors}threads

# Each pass on its own line: kind,count,total_ns,setup_ns,ns_each,...
passes()
{
	for _ in 1 2 3 4 5; do
		"$THREADS" pool "$@" --csv | sed 1d
	done
}

# least KIND: the nanoseconds of its least disturbed pass
least()
{
	awk -F , -v kind="$1" '$1 == kind && (!least || $5 < least) { least = $5 }
		END { print least + 0 }' "$out"
}

out=$(mktemp)
ktap_defer "rm $out $out.*"
load_lanes
# Cold code, and what else goes on after boot.
ktap_expect "a first pass" "$THREADS" pool >/dev/null
passes -n 300 >"$out"
ktap_expect "all jobs done, five times four" [ "$(grep -c '^[a-z-]*,300,' "$out")" = 20 ]
create=$(least create)
batch=$(least create-batch)
reuse=$(least reuse)
reuse_batch=$(least reuse-batch)
ktap_diag "ns a job: new thread $create, made in a batch $batch, pool's thread $reuse, pool's batch $reuse_batch"
ktap_expect "figures" [ "$reuse_batch" -gt 0 ]
ktap_expect "a quarter at most" [ $((4 * reuse)) -le "$create" ]
ktap_expect "a fiftieth at most in a batch" [ $((50 * reuse_batch)) -le "$create" ]
# The control: it is not making many at a time that helps.
ktap_expect "creation in a batch to gain less than reuse" [ "$batch" -gt "$reuse" ]

ktap_expect "a page and JSON" "$THREADS" pool -n 20 --html "$out.html" --json >"$out.json"
ktap_expect "a histogram of each kind" [ "$(grep -c '<svg' "$out.html")" = 4 ]
ktap_expect "a page that needs nothing else" [ "$(grep -c -e http -e src= "$out.html")" = 0 ]
ktap_expect "and in JSON" [ "$(grep -c latency_log2_ns "$out.json")" = 4 ]
