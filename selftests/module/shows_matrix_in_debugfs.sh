#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: debugfs shows each possible CPU's vectors, and they add up
# cpus: 4
. "${0%/*}/lanes_ko.inc"

nr_possible_cpus()
{
	last=$(cat /sys/devices/system/cpu/possible)
	echo $((${last##*-} + 1))
}

# Columns from the third on are states: 256 vectors a CPU, and a row of totals.
adds_up()
{
	awk -v nr_cpus="$(nr_possible_cpus)" '
		/^#/ || $1 == "cpu" { next }
		{ nr_row = 0; for (i = 3; i <= NF; i++) nr_row += $i }
		$1 == "all" {
			for (i = 3; i <= NF; i++) is_bad += $i != total[i]
			is_bad += nr_row != 256 * nr_cpus || $2 != nr_online
			has_totals = 1
			next
		}
		{
			for (i = 3; i <= NF; i++) total[i] += $i
			is_bad += nr_row != 256 || $1 != nr_rows++
			nr_online += $2 == "yes"
		}
		END { exit !(has_totals && !is_bad && nr_rows == nr_cpus) }' $MATRIX
}

cannot_be_written()
{
	! echo 0 2>/dev/null >$MATRIX
}

load_lanes
sed 's/^/# /' $MATRIX
ktap_expect "it to say that it is a snapshot" grep -q '^# a snapshot' $MATRIX
ktap_expect "it to add up" adds_up
ktap_expect "nothing allocated" [ "$(matrix_column all allocated)" -eq 0 ]
ktap_expect "exceptions, system call and IPIs kept back" \
	[ "$(matrix_column 0 system)" -ge $((0x20 + 1 + 256 - 0xec)) ]
ktap_expect "it to be readable only" [ "$(stat -c %a $MATRIX)" = 444 ]
ktap_expect "writing to fail" cannot_be_written
