#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a lazy Intel IOMMU lets the device into what was just unmapped, and into nothing else
# cpus: 2
# time: virtual
# guest: --qemu "-M q35 -device intel-iommu,intremap=on -device edu,addr=03.0" --append "intel_iommu=on iommu.strict=0"
# kernel: any
. "${0%/*}/dma_safety.inc"

all_experiments lazy 1
ktap_expect "the matrix" safety never-mapped read-only domain-unmapped stale-warm stale-cold
