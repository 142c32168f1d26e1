#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: what mapping costs is what the kernel's own benchmark says in the same boot, and batching pays
# cpus: 2
# time: virtual
# guest: --qemu "-M q35 -device intel-iommu,intremap=on -device edu,addr=03.0" --append "intel_iommu=on iommu.strict=1"
. "${0%/*}/dma.inc"

BENCHMARK=$PCI/drivers/dma_map_benchmark

costs()
{
	"$DMA" costs "$edu" >"$answer" && sed 's/^/# /' "$answer"
}

# Undoing a page of a batch costs less than two thirds of one by itself. (The rest is
# finding it; what the IOMMU does to forget is not counted in virtual time.)
batching_pays()
{
	awk '/^undoing/ { is_good = 2 * $5 > 3 * $10 } END { exit !is_good }' "$answer"
}

bind_benchmark()
{
	ktap_defer "return_function $edu"
	unbind "$edu"
	echo dma_map_benchmark >"$PCI/devices/$edu/driver_override"
	echo "$edu" >$PCI/drivers_probe
	[ "$(driver_of "$edu")" = dma_map_benchmark ]
}

# of_benchmark NAME: map_ns or unmap_ns
of_benchmark()
{
	sed -n "s/^ *\"$1\": *\([0-9]*\).*/\1/p" "$answer"
}

# Within 0.8 and 1.25 of each other; the kernel's is in steps of 100 ns.
agree()
{
	ktap_diag "$1: ours $2 ns, the kernel's $3 ns"
	[ $((100 * $2)) -ge $((80 * $3)) ] && [ $((100 * $2)) -le $((125 * $3)) ]
}

load_lanes_for_dma
ktap_expect "the costs" costs
ktap_expect "batching to pay" batching_pays
[ -d $BENCHMARK ] || {
	ktap_diag "kernel $(uname -r) has no dma_map_benchmark (CONFIG_DMA_MAP_BENCHMARK): not compared"
	exit 0
}
case $(uname -r) in
*-debug)
	ktap_diag "kernel $(uname -r) costs what its checks cost: not compared"
	exit 0
	;;
esac
ktap_expect "streaming" run_dma -c 20000 -t 0 -b 4096 streaming "$edu"
map_ns=$(mean_ns map)
unmap_ns=$(mean_ns unmap)
ktap_expect "the kernel's benchmark to take edu" bind_benchmark
"$DMA" benchmark -m 28 --json >"$answer" || ktap_fail "the benchmark failed"
ktap_expect "mapping to cost the same" agree map "$map_ns" "$(of_benchmark map_ns)"
ktap_expect "unmapping to cost the same" agree unmap "$unmap_ns" "$(of_benchmark unmap_ns)"
