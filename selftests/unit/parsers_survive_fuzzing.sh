#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a million inputs to each of the module's parsers break no promise of theirs
. "${0%/*}/../ktap.sh"

NR_INPUTS=1000000
FUZZERS=${0%/*}/../../build/selftests/fuzz

# Always the same inputs; LANES_FUZZ_SEED=0 lets libFuzzer choose.
fuzz()
{
	"$FUZZERS/$1" -runs=$NR_INPUTS -seed="${LANES_FUZZ_SEED:-1}" -max_len="$2" -len_control=0 \
		-artifact_prefix="$scratch/" "$scratch" >"$scratch.log" 2>&1 ||
		{ sed 's/^/# /' "$scratch.log"; return 1; }
	ktap_diag "$1: $(grep '^Done' "$scratch.log"), $(grep -o 'cov: [0-9]*' "$scratch.log" | tail -n 1)"
}

[ -e "$FUZZERS/msi_caps" ] || ktap_skip "no fuzzers: clang has no libFuzzer (libclang-rt-19-dev)"
scratch=$(mktemp -d)
ktap_defer "rm -rf $scratch $scratch.log"
ktap_expect "configuration space to be read" fuzz msi_caps 256
rm -f "$scratch"/*
ktap_expect "messages to be read" fuzz msi_msg 28
