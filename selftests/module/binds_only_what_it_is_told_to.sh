#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: functions are bound by driver_override only, edu by its id, and a wire only where it can be silenced
# cpus: 4
# guest: --qemu "-M q35 -device edu,addr=03.0 -drive if=none,id=n0,driver=null-co,size=1G,read-zeroes=on -device nvme,serial=x,drive=n0,addr=04.0,max_ioqpairs=4,msix_qsize=5 -device igb,addr=06.0 -device e1000e,addr=07.0 -device virtio-rng-pci,addr=08.0"
# kernel: any
. "${0%/*}/lanes_ko.inc"

nr_bound()
{
	find $PCI/drivers/lanes -name '0000:*' | wc -l
}

# An unknown function has no way to make its wire let go.
refuses_the_wire()
{
	! echo force_legacy 2>/dev/null >"$PCI/devices/$1/quirks" &&
		grep -q "^$1 unknown none$" $DEBUGFS/lanes/devices &&
		! "$VECTORS" listen -s 1 "$1" 2>"$out" && grep -q 'No such device' "$out"
}

cannot_ring()
{
	! "$VECTORS" ring -d "$1" >/dev/null 2>"$out" && grep -q 'not supported' "$out"
}

out=$(mktemp)
ktap_defer "rm $out"
load_lanes
edu=$(function_of 1234:11e8)
igb=$(function_of 8086:10c9)
ktap_expect "nothing but edu" [ "$(nr_bound)" = 1 ]
ktap_expect "edu" [ "$(driver_of "$edu")" = lanes ]
ktap_expect "nobody to hear of a function that is not bound" \
	sh -c "! '$VECTORS' listen -s 1 $igb 2>/dev/null"
ktap_expect "the 82576 when it is told to" bind_lanes "$igb"
ktap_expect "two functions then" [ "$(nr_bound)" = 2 ]
ktap_expect "no ringing of a device it does not know" cannot_ring "$igb"
ktap_expect "no wire for a device it does not know" refuses_the_wire "$igb"
echo none >"$PCI/devices/$igb/quirks"
ktap_expect "vectors for it again" grep -q "^$igb unknown msix$" $DEBUGFS/lanes/devices
echo "$edu" >$PCI/drivers/lanes/unbind
ktap_expect "edu to be let go" [ "$(nr_bound)" = 1 ]
