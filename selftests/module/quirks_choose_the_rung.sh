#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: quirks decide between MSI-X, MSI and the wire, and every vector that is left delivers
# cpus: 4
# guest: --qemu "-M q35 -device edu,addr=03.0 -drive if=none,id=n0,driver=null-co,size=1G,read-zeroes=on -device nvme,serial=x,drive=n0,addr=04.0,max_ioqpairs=4,msix_qsize=5 -device igb,addr=06.0 -device e1000e,addr=07.0 -device virtio-rng-pci,addr=08.0"
# kernel: any
. "${0%/*}/lanes_ko.inc"

# try FUNCTION QUIRKS MODE NR_VECTORS
try()
{
	: >"$out"
	echo "$2" >"$PCI/devices/$1/quirks" || return 1
	[ "$(cat "$PCI/devices/$1/quirks")" = "$2" ] || return 1
	mode_is "$@" && "$VECTORS" ring -d "$1" -c 10 >"$out" && each_delivers "$4" || return 1
	ktap_diag "$1 $2: $3, $4 vectors, $(tail -n 1 "$out")"
}

mode_is()
{
	grep -q "^$1 .* $3$" $DEBUGFS/lanes/devices &&
		"$VECTORS" walk | grep -q "^$1 .* lanes *$3,"
}

# At least as often as it was rung: QEMU's 82574L repeats itself now and then.
each_delivers()
{
	awk -v nr_vectors="$1" '/^ / { nr++; is_bad += $5 != 10 || $6 < 10 }
		END { exit is_bad || nr != nr_vectors }' "$out"
}

# A function that is bound with the parameters has their quirks.
parameters_count()
{
	rmmod lanes && load_lanes force_legacy=1 &&
		[ "$(cat "$PCI/devices/$edu/quirks")" = force_legacy ] &&
		grep -q "^$edu edu intx$" $DEBUGFS/lanes/devices &&
		"$VECTORS" ring -d "$edu" -c 10 >"$out"
}

# Several are acknowledged at once.
loses_none()
{
	for round in $(seq 1 20); do
		"$VECTORS" ring -d "$1" -c 500 --no-wait >"$out" || return 1
	done
	ktap_diag "$(tail -n 1 "$out")"
}

# It has nothing but MSI-X, and does what it can: nothing.
has_nothing_left()
{
	echo no_msix | dd of="$PCI/devices/$1/quirks" 2>&1 | grep -q 'No space left' &&
		[ "$(cat "$PCI/devices/$1/quirks")" = no_msix ] &&
		echo none >"$PCI/devices/$1/quirks"
}

refuses_quirks()
{
	! echo "$2" 2>/dev/null >"$PCI/devices/$1/quirks" &&
		[ "$(cat "$PCI/devices/$1/quirks")" = none ]
}

# A device counts on from one user to the next; each is told of its own.
counts_its_own()
{
	"$VECTORS" ring -d "$1" -c 10 >/dev/null && "$VECTORS" ring -d "$1" -c 10 >"$out" &&
		grep -q "^10 rung, 10 handled" "$out" && "$VECTORS" listen --ring -c 5 "$1" >"$out"
}

# What it has already is refused too.
is_taken()
{
	! echo none 2>/dev/null >"$PCI/devices/$1/quirks"
}

# Held by a listener that hears nothing.
is_busy_when_taken()
{
	"$VECTORS" listen -s 120 "$1" >/dev/null &
	listener=$!
	ktap_defer "kill $listener 2>/dev/null || :"
	ktap_wait_for 30 "the listener to have it" is_taken "$1"
	refuses_quirks "$1" no_msi && ! "$VECTORS" ring -d "$1" >/dev/null 2>&1 && kill "$listener"
}

out=$(mktemp)
ktap_defer "rm $out"
load_lanes
edu=$(function_of 1234:11e8)
nic=$(function_of 8086:10d3)
ktap_expect "lanes to take the 82574L when it is told to" bind_lanes "$nic"
ktap_expect "msix on all CPUs" try "$nic" none msix 4
ktap_expect "msi" try "$nic" no_msix msi 1
ktap_expect "msix again" try "$nic" no_msi msix 4
ktap_expect "the wire" try "$nic" no_msi,no_msix intx 1
ktap_expect "the wire" try "$nic" force_legacy intx 1
ktap_expect "msi" try "$edu" none msi 1
ktap_expect "msi" try "$edu" no_msix msi 1
ktap_expect "the wire" try "$edu" no_msi intx 1
ktap_expect "the wire" try "$edu" no_msi,no_msix intx 1
ktap_expect "the wire" try "$edu" force_legacy intx 1
ktap_expect "no ring of many to be lost by the wire" loses_none "$edu"
ktap_expect "none" try "$edu" none msi 1
rng=$(function_of 1af4:1044) || rng=$(function_of 1af4:1005)
ktap_expect "lanes to take the virtio-rng when it is told to" bind_lanes "$rng"
ktap_expect "no interrupts without MSI-X, and to be told of it" has_nothing_left "$rng"
ktap_expect "a device that rang before to ring" counts_its_own "$edu"
ktap_expect "an unknown quirk to be refused" refuses_quirks "$edu" no_such
ktap_expect "a device in use to be left alone" is_busy_when_taken "$edu"
wait
ktap_expect "the parameters to count" parameters_count
