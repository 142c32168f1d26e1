#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the map of the machine's vectors is the one that the kernel has in debugfs
# cpus: 4
# kernel: 6.12 6.12-debug
. "${0%/*}/lanes_ko.inc"

KERNEL_MAP=$DEBUGFS/irq/domains/VECTOR

# Lines of ours that are in none of the kernel's, which has for each CPU the
# counts and the list of those in use: "  1   200     0     0    2  32-33".
missing_from_kernel()
{
	awk 'FNR == NR { if ($1 ~ /^[0-9]+$/ && NF == 6) has[$1] = $6; next }
		/^[0-9]/ {
			n = split(has[$1], parts, ","); found = 0
			for (i = 1; i <= n; i++) {
				m = split(parts[i], ends, "-")
				if ($2 >= ends[1] + 0 && $2 <= ends[m] + 0) found = 1
			}
			if (!found) print "cpu", $1, "vector", $2, "irq", $3
		}' $KERNEL_MAP $DEBUGFS/lanes/machine
}

# The column "allocated" of the kernel, against lines of ours, on all CPUs
kernel_allocated()
{
	awk '/^Total allocated/ { print $3 }' $KERNEL_MAP
}

load_lanes
sed 's/^/# /' $DEBUGFS/lanes/machine
"$VECTORS" map | sed 's/^/# /'
ktap_expect "a page of it" sh -c "'$VECTORS' map --html | grep -q 'class=i'"
[ -e $KERNEL_MAP ] || ktap_skip "kernel $(uname -r) has no $KERNEL_MAP (CONFIG_GENERIC_IRQ_DEBUGFS)"
sed 's/^/# /' $KERNEL_MAP
missing=$(missing_from_kernel)
ktap_expect "each of ours to be the kernel's (${missing:-all are})" [ -z "$missing" ]
ours=$(grep -c '^[0-9]' $DEBUGFS/lanes/machine)
ktap_diag "$ours requested interrupts here, $(kernel_allocated) vectors allocated there"
ktap_expect "as many as the kernel has" [ "$ours" -eq "$(kernel_allocated)" ]
ktap_expect "some" [ "$ours" -gt 0 ]
