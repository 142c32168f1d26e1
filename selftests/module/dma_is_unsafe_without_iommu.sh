#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: with nothing between device and memory the device writes what it should not
# cpus: 2
# time: virtual
# guest: --memory 5G --qemu "-M q35 -device edu,addr=03.0,dma_mask=0xffffffff" --append "swiotlb=4096"
# kernel: any
. "${0%/*}/dma_safety.inc"

load_lanes_for_dma allow_unsafe=1
ktap_expect "edu to be behind nothing" domain_is direct
ktap_expect "the matrix" safety never-mapped read-only domain-unmapped stale-warm stale-cold
ktap_expect "no domain without an IOMMU" refuses "not supported" domain
