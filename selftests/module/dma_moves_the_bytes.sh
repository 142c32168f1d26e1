#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: what edu reads and writes by coherent, streaming and scattered memory is what was there
# cpus: 4
# guest: --qemu "-M q35 -device edu,addr=03.0 -drive if=none,id=n0,driver=null-co,size=1G,read-zeroes=on -device nvme,serial=x,drive=n0,addr=04.0,max_ioqpairs=4,msix_qsize=5 -device igb,addr=06.0 -device e1000e,addr=07.0 -device virtio-rng-pci,addr=08.0"
. "${0%/*}/dma.inc"

has_segments()
{
	[ "$(answered segments)" = "$1" ]
}

# Each way of telling has each step once: map and unmap, drawn, in lines, in JSON.
is_told_in_full()
{
	"$DMA" run --csv -c 100 -t 0 --html "$page" streaming >"$answer" || return 1
	[ "$(grep -c '^streaming,.*,\(map\|unmap\),100,' "$answer")" = 2 ] &&
		[ "$(grep -c '^<svg' "$page")" = 2 ] && [ "$(grep -c '^</svg>' "$page")" = 2 ] &&
		columns_are_drawn && run_dma -c 100 -t 0 streaming &&
		[ "$(grep -c '"log2_ns"' "$answer")" = 2 ]
}

# What the columns stand for are the 100 maps and 100 unmaps.
columns_are_drawn()
{
	[ "$(sed -n 's,^<rect.*<title>\([0-9]*\) of .*,\1,p' "$page" |
		awk '{ nr += $1 } END { print nr }')" = 200 ]
}

# A run is under way and has the device. This one would not be allowed, so it does
# not take the device from one that is about to begin.
is_running()
{
	refuses "busy" never-mapped "$edu"
}

# Unbinding waits for the round, and the run says why it ended early.
ends_when_unbound()
{
	"$DMA" run -t 1000 -c 1000 streaming "$edu" >/dev/null 2>"$running" &
	ktap_wait_for 10 "the run to have the device" is_running
	unbind "$edu"
	! wait $! && grep -q 'No such device' "$running" &&
		echo "$edu" >$PCI/drivers/lanes/bind && moves streaming "$edu"
}

ends_when_interrupted()
{
	"$DMA" run -t 1000 -c 1000 streaming "$edu" >/dev/null 2>&1 &
	ktap_wait_for 10 "the run to have the device" is_running
	kill $!
	! wait $! && moves streaming "$edu"
}

load_lanes_for_dma
running=$(mktemp)
page=$(mktemp)
ktap_defer "rm $running $page"
ktap_expect "coherent memory" moves coherent
for direction in to from both; do
	ktap_expect "streaming $direction" moves -d $direction streaming
done
ktap_expect "five bytes" moves -b 5 streaming
ktap_expect "more than the engine holds" moves -b 5000 -d from coherent
ktap_expect "four scattered pages" moves -b 16384 sg
ktap_expect "four segments" has_segments 4
ktap_expect "an unmapped piece of a page" moves -b 8193 -d from sg
ktap_expect "all that was timed to be told" is_told_in_full

nic=$(function_of 8086:10d3)
ktap_expect "lanes to take the 82574L" bind_lanes "$nic"
ktap_expect "others to be refused" refuses "not permitted" streaming "$nic"
ktap_expect "what is unsafe to be refused" refuses "not permitted" never-mapped "$edu"
ktap_expect "wider addresses to be refused" refuses "not permitted" -m 32 streaming "$edu"
ktap_expect "a function that is not bound" refuses "No such file" streaming 00:04.0
ktap_expect "the device to go when it is asked for" ends_when_unbound
ktap_expect "a signal to end a run" ends_when_interrupted

return_function "$nic"
rmmod lanes
load_lanes allow_unsafe=1
bind_lanes "$nic"
ktap_expect "mapping for others to be timed" run_dma -c 1000 streaming "$nic"
ktap_diag "$nic: map $(mean_ns map) ns, unmap $(mean_ns unmap) ns"
ktap_expect "a thousand rounds" [ "$(answered rounds)" = 1000 ]
ktap_expect "no transfers there" refuses "not supported" -t 1 streaming "$nic"
