#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: with remapping and x2APIC, where destinations are logical, they agree too
# cpus: 4
# guest: --qemu "-M q35 -device intel-iommu,intremap=on,eim=on -device edu,addr=03.0 -drive if=none,id=n0,driver=null-co,size=1G,read-zeroes=on -device nvme,serial=x,drive=n0,addr=04.0,max_ioqpairs=4,msix_qsize=5 -device igb,addr=06.0 -device e1000e,addr=07.0 -device virtio-rng-pci,addr=08.0" --append intel_iommu=on
# kernel: any
. "${0%/*}/walk.inc"

dmesg | grep -q 'x2apic enabled\|Enabled IRQ remapping in x2apic mode' ||
	ktap_fail "the guest is not in x2apic mode"
walk_and_compare intel-ir
