#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: virtio-iommu keeps the device out of what is not mapped
# cpus: 2
# time: virtual
# guest: --qemu "-M q35 -device virtio-iommu-pci,addr=02.0 -device edu,addr=03.0"
# kernel: any
. "${0%/*}/dma_safety.inc"

load_virtio_iommu || ktap_skip "kernel $(uname -r) has no virtio-iommu (CONFIG_VIRTIO_IOMMU)"
all_experiments lazy 1
ktap_expect "the matrix" safety never-mapped read-only domain-unmapped
