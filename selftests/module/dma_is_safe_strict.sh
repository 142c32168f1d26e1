#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a strict Intel IOMMU keeps the device out of what is unmapped, at once
# cpus: 2
# time: virtual
# guest: --qemu "-M q35 -device intel-iommu,intremap=on -device edu,addr=03.0" --append "intel_iommu=on iommu.strict=1"
. "${0%/*}/dma_safety.inc"

all_experiments strict 1
ktap_expect "the matrix" safety never-mapped read-only domain-unmapped stale-warm stale-cold
for direction in to from both; do
	ktap_expect "what is unmapped to be safe, mapped $direction" run_dma -d $direction domain-unmapped
done
