#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the KUnit suites of the module pass in this kernel
# cpus: 2
# time: virtual
# kernel: 6.12 6.12-debug
. "${0%/*}/lanes_ko.inc"

# As many cases passed as the plan has, which is not none.
all_passed()
{
	results=$DEBUGFS/kunit/$1/results
	nr_planned=$(sed -n 's/^    1\.\.//p' "$results")
	nr_passed=$(grep -c '^    ok ' "$results")
	ktap_diag "$1: $nr_passed of $nr_planned cases passed"
	[ "$nr_planned" -gt 0 ] && [ "$nr_passed" -eq "$nr_planned" ] &&
		! grep -q '# SKIP' "$results" && grep -q "^ok 1 $1$" "$results"
}

load_lanes
[ -d $DEBUGFS/kunit ] || ktap_skip "kernel $(uname -r) has no KUnit (CONFIG_KUNIT, CONFIG_KUNIT_DEBUGFS)"
for suite in lanes_matrix lanes_msi_caps lanes_msi_msg lanes_lk_threads; do
	ktap_expect "suite $suite to have run" [ -e "$DEBUGFS/kunit/$suite/results" ]
	grep -B 4 '^ *not ok' "$DEBUGFS/kunit/$suite/results" | sed 's/^/# /'
	ktap_expect "every case of $suite to pass" all_passed "$suite"
done
