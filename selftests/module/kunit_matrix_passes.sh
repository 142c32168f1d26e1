#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the KUnit suite of the matrix passes in this kernel
# cpus: 2
. "${0%/*}/lanes_ko.inc"

RESULTS=$DEBUGFS/kunit/lanes_matrix/results

# As many cases passed as the plan has, which is not none.
all_passed()
{
	nr_planned=$(sed -n 's/^    1\.\.//p' $RESULTS)
	nr_passed=$(grep -c '^    ok ' $RESULTS)
	ktap_diag "lanes_matrix: $nr_passed of $nr_planned cases passed"
	[ "$nr_planned" -gt 0 ] && [ "$nr_passed" -eq "$nr_planned" ] &&
		! grep -q '# SKIP' $RESULTS && grep -q '^ok 1 lanes_matrix$' $RESULTS
}

load_lanes
[ -d $DEBUGFS/kunit ] || ktap_skip "kernel $(uname -r) has no KUnit (CONFIG_KUNIT, CONFIG_KUNIT_DEBUGFS)"
ktap_expect "the suite to have run" [ -e $RESULTS ]
grep -B 4 '^ *not ok' $RESULTS | sed 's/^/# /'
ktap_expect "every case to pass" all_passed
