#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: an allocation of the matrix is seen in tracefs, and costs what one of the kernel's own matrix costs
# cpus: 4
# guest: --qemu "-M q35 -device edu,addr=03.0 -drive if=none,id=n0,driver=null-co,size=1G,read-zeroes=on -device nvme,serial=x,drive=n0,addr=04.0,max_ioqpairs=4,msix_qsize=5 -device igb,addr=06.0 -device e1000e,addr=07.0 -device virtio-rng-pci,addr=08.0"
. "${0%/*}/lanes_ko.inc"

TRACING=/sys/kernel/tracing

# What function_graph says of a function: "  2)   1.234 us    |  name();"
calls_ns()
{
	awk -v name="$1" 'index($0, name "();") || index($0, name " [") {
		for (i = 2; i <= NF; i++) if ($i == "us") print int($(i - 1) * 1000) }' "$trace" | median
}

graph_on()
{
	echo >$TRACING/trace
	for function; do
		echo "$function"
	done >$TRACING/set_ftrace_filter && echo function_graph >$TRACING/current_tracer
}

median()
{
	sort -n | awk '{ value[NR] = $1 } END { print NR, value[int((NR + 1) / 2)] }'
}

trace_on()
{
	echo >$TRACING/trace
	for event; do
		echo 1 >"$TRACING/events/$event/enable" || return 1
	done
}

trace_off()
{
	echo 0 >$TRACING/events/enable
	cat $TRACING/trace >"$trace"
}

trace=$(mktemp)
ktap_defer "rm $trace"
grep -q " $TRACING " /proc/mounts || mount -t tracefs tracefs $TRACING
[ -d $TRACING/events/irq_matrix ] || ktap_skip "no event irq_matrix in kernel $(uname -r)"
load_lanes
edu=$(function_of 1234:11e8)
ktap_defer "echo >$TRACING/set_ftrace_filter"
ktap_defer "echo nop >$TRACING/current_tracer"
ktap_defer trace_off

ktap_expect "our events" trace_on lanes
ktap_expect "100 vectors" "$VECTORS" matrix alloc 100 >/dev/null
trace_off
ktap_expect "each allocation to be an event" \
	[ "$(grep -c 'lanes_matrix_move: .* from=available to=allocated' "$trace")" = 100 ]
ktap_expect "each one given back" \
	[ "$(grep -c 'lanes_matrix_move: .* from=allocated to=available' "$trace")" = 100 ]

ktap_expect "the kernel's events" trace_on irq_matrix
for _ in $(seq 50); do
	echo none >"$PCI/devices/$edu/quirks"
done
trace_off
ktap_expect "the kernel's allocations as events" \
	[ "$(grep -c 'irq_matrix_alloc_managed:' "$trace")" -ge 50 ]

ktap_expect "the functions to be traced" graph_on lanes_matrix_alloc irq_matrix_alloc_managed
"$VECTORS" ring -n 50 >/dev/null
for _ in $(seq 50); do
	echo none >"$PCI/devices/$edu/quirks"
done
trace_off
ours=$(calls_ns lanes_matrix_alloc)
kernels=$(calls_ns irq_matrix_alloc_managed)
ktap_diag "ns an allocation, median of n: ours ${ours#* } (n=${ours% *}), the kernel's ${kernels#* } (n=${kernels% *})"
ktap_diag "$("$VECTORS" matrix stress 20000)"
ktap_expect "samples of both" [ "${ours% *}" -ge 50 -a "${kernels% *}" -ge 50 ]
ktap_expect "not ten times the kernel's" [ "${ours#* }" -le $((10 * ${kernels#* })) ]
