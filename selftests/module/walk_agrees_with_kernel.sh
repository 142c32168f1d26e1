#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: device, kernel and module agree on every message, also while a disk is read
# cpus: 4
# guest: --qemu "-M q35 -device edu,addr=03.0 -drive if=none,id=n0,driver=null-co,size=1G,read-zeroes=on -device nvme,serial=x,drive=n0,addr=04.0,max_ioqpairs=4,msix_qsize=5 -device igb,addr=06.0 -device e1000e,addr=07.0 -device virtio-rng-pci,addr=08.0"
. "${0%/*}/walk.inc"

walk_and_compare compat
ktap_expect "no tables without allow_unsafe" rmmod lanes
load_lanes
ktap_expect "a walk without tables" "$VECTORS" walk >"$walk"
! "$VECTORS" walk --tables >/dev/null 2>&1 || ktap_fail "tables were read without allow_unsafe"
