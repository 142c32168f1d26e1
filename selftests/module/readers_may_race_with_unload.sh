#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: readers that come and go while the module is unloaded see a whole table or none
# cpus: 4
. "${0%/*}/lanes_ko.inc"

# A table ends with its totals; "file" is empty when there was none to open.
read_on()
{
	nr_read=0
	while [ ! -e "$stop" ]; do
		file=$(cat $MATRIX 2>/dev/null)
		case $file in
		'') ;;
		*"
all "*) nr_read=$((nr_read + 1)) ;;
		*) echo "half a table" >>"$complaints" ;;
		esac
	done
	echo "$nr_read" >>"$counts"
}

stop_readers()
{
	touch "$stop"
	wait
	rm -rf "$dir"
}

dir=$(mktemp -d)
stop=$dir/stop
complaints=$dir/complaints
counts=$dir/counts
ktap_defer stop_readers
for _ in 1 2; do
	read_on &
done

for round in 1 2 3 4 5 6; do
	load_lanes
	ktap_expect "the table in round $round" grep -q '^all ' $MATRIX
	ktap_wait_for 10 "the module to unload between two readers" \
		rmmod lanes 2>/dev/null
done

touch "$stop"
wait
ktap_diag "whole tables read: $(tr '\n' ' ' <"$counts")"
ktap_expect "tables to be read" grep -q '[1-9]' "$counts"
ktap_expect "no half table" [ ! -e "$complaints" ]
