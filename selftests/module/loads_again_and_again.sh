#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the module comes and goes many times, with devices bound and interrupts under way, and is not unloaded in use
# cpus: 4
# guest: --qemu "-M q35 -device edu,addr=03.0 -drive if=none,id=n0,driver=null-co,size=1G,read-zeroes=on -device nvme,serial=x,drive=n0,addr=04.0,max_ioqpairs=4,msix_qsize=5 -device igb,addr=06.0 -device e1000e,addr=07.0 -device virtio-rng-pci,addr=08.0" --append kmemleak=on
. "${0%/*}/lanes_ko.inc"

both_are_ringing()
{
	[ "$(nr_interrupts lanes-msi)" -gt 0 ] && [ "$(nr_interrupts "$nic")" -gt 0 ]
}

# Killed while it rings: its last interrupts are under way when rmmod begins.
ring_and_unload()
{
	"$VECTORS" ring -n 8 -t 4 -c 1000000 --no-wait >/dev/null 2>&1 &
	soft=$!
	"$VECTORS" ring -d "$nic" -t 2 -c 1000000 --no-wait >/dev/null 2>&1 &
	real=$!
	ktap_wait_for 60 "interrupts of both" both_are_ringing
	! rmmod lanes 2>/dev/null || return 1
	kill -9 $soft $real
	deadline=$(($(ktap_uptime) + 30))
	until rmmod lanes 2>/dev/null; do
		[ "$(ktap_uptime)" -lt $deadline ] || return 1
		sleep 0.01
	done
	wait
}

nr_rounds=$(short_or_long 8 500)
load_lanes
nic=$(function_of 8086:10d3)
bind_lanes "$nic"
rmmod lanes
ktap_diag "before: $(grep -e MemFree -e Slab /proc/meminfo | tr -s ' \n' ' ')"
forget_older_leaks
for round in $(seq 1 "$nr_rounds"); do
	ktap_expect "the module to load in round $round" insmod "$LANES_KO"
	ktap_expect "its devices bound" [ "$(grep -c '^0000:' $DEBUGFS/lanes/devices)" = 2 ]
	ktap_expect "it to be kept while it is used, and to unload then" ring_and_unload
done
ktap_diag "after $nr_rounds rounds: $(grep -e MemFree -e Slab /proc/meminfo | tr -s ' \n' ' ')"
expect_no_leak
