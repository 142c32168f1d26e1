#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: passed through, the Intel IOMMU keeps the device only out of a domain of our own
# cpus: 2
# time: virtual
# guest: --qemu "-M q35 -device intel-iommu,intremap=on -device edu,addr=03.0" --append "intel_iommu=on iommu=pt"
# kernel: any
. "${0%/*}/dma_safety.inc"

all_experiments passthrough 4
ktap_expect "the matrix" safety never-mapped read-only domain-unmapped stale-warm stale-cold
