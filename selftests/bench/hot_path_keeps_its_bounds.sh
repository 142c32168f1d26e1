#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: scx_lanes is within the bounds of make bench-quick, and one slower by 500 instructions is not
. "${0%/*}/../ktap.sh"

out=build/bench/quick
slower=build/slower/scx_lanes

tools/bench/slower 500 "${slower%/*}" || ktap_fail "the slower scheduler could not be built"
tools/bench/run --quick --scheduler $slower || ktap_fail "not within tools/bench/bounds"
echo "# slower by 500 instructions in enqueue, which must be beyond:"
tools/bench/gate --scheduler $slower $out/results.json
[ $? = 1 ] || ktap_fail "the slower one was not noticed, or not measured"
