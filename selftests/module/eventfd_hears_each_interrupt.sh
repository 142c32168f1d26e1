#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: an eventfd hears all of 100000 interrupts of a device, and a listener that dies leaves nothing
# cpus: 4
# guest: --qemu "-M q35 -device edu,addr=03.0 -drive if=none,id=n0,driver=null-co,size=1G,read-zeroes=on -device nvme,serial=x,drive=n0,addr=04.0,max_ioqpairs=4,msix_qsize=5 -device igb,addr=06.0 -device e1000e,addr=07.0 -device virtio-rng-pci,addr=08.0" --append kmemleak=on
# kernel: any
. "${0%/*}/lanes_ko.inc"

NR=100000

# The row of the only vector: heard, handled and rung
heard_exactly()
{
	awk -v nr=$NR '/^ / { is_good = $4 == nr && $5 == nr && $6 == nr } END { exit !is_good }' "$out"
}

is_unused()
{
	[ "$(cat /sys/module/lanes/refcnt)" = 0 ]
}

# More than came before
is_heard()
{
	[ "$(nr_interrupts "$edu")" -gt "$nr_before" ]
}

# Something listens and rings, and is in the middle of it.
start_listener()
{
	nr_before=$(nr_interrupts "$edu")
	"$VECTORS" listen --ring -c 1000000 "$edu" >/dev/null 2>"$out" &
	ktap_wait_for 60 "interrupts" is_heard
}

# Killed in the middle of its interrupts, it must let go of device and module.
dies_and_leaves_nothing()
{
	start_listener
	kill -9 $! && ! wait $! 2>/dev/null
	ktap_wait_for 5 "the module to be unused" is_unused
}

unbinds_under_a_listener()
{
	start_listener
	echo "$edu" >$PCI/drivers/lanes/unbind
	! wait $! && grep -q 'No such device' "$out" &&
		echo "$edu" >$PCI/drivers/lanes/bind
}

out=$(mktemp)
ktap_defer "rm $out"
load_lanes
forget_older_leaks
edu=$(function_of 1234:11e8)
ktap_expect "the listener to end well" "$VECTORS" listen --ring -s 120 -c $NR "$edu" >"$out"
sed 's/^/# /' "$out"
ktap_expect "$NR heard, handled and rung" heard_exactly
for round in $(seq 1 "$(short_or_long 5 100)"); do
	ktap_expect "nothing left in round $round" dies_and_leaves_nothing
done
ktap_expect "a device that goes to be told of" unbinds_under_a_listener
nic=$(function_of 8086:10d3)
bind_lanes "$nic"
ktap_expect "four vectors to be heard" "$VECTORS" listen --ring -c 1000 "$nic" >"$out"
sed 's/^/# /' "$out"
expect_no_leak
