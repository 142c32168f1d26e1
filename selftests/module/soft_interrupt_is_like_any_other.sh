#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a software interrupt is counted in /proc/interrupts and moved by smp_affinity
# cpus: 4
. "${0%/*}/lanes_ko.inc"

# counted_on CPU: what /proc/interrupts has of it there
counted_on()
{
	awk -v irq="$irq:" -v column=$(($1 + 2)) '$1 == irq { print $column }' /proc/interrupts
}

is_rising_on()
{
	before=$(counted_on "$1")
	sleep 0.2
	[ "$(counted_on "$1")" -gt "$before" ]
}

moved_to()
{
	[ "$(cat "/proc/irq/$irq/effective_affinity_list")" = "$1" ]
}

stop_ringing()
{
	! kill "$ringer" 2>/dev/null || wait "$ringer" 2>/dev/null || true
}

has_irq()
{
	irq=$(interrupts_of lanes-msi)
	[ -n "$irq" ]
}

load_lanes
"$VECTORS" ring -c 1000000 >/dev/null 2>&1 &
ringer=$!
ktap_defer stop_ringing
ktap_wait_for 5 "its line in /proc/interrupts" has_irq
grep lanes-msi /proc/interrupts | sed 's/^/# /'
for cpu in 3 1 2 0 3; do
	echo $((1 << cpu)) >"/proc/irq/$irq/smp_affinity"
	ktap_expect "it on CPU $cpu at once" moved_to $cpu
	ktap_wait_for 5 "it to be counted there" is_rising_on $cpu
done
echo f >"/proc/irq/$irq/smp_affinity"
ktap_expect "it to stay where it may" moved_to 3
ktap_expect "an offline CPU to be left" cpu_online 3 0
ktap_defer cpu_online 3 1
for cpu in 0 1 2 left; do
	moved_to $cpu && break
done
ktap_expect "it on another CPU" [ "$cpu" != left ]
ktap_wait_for 5 "it to be counted there" is_rising_on "$cpu"
[ ! -e $DEBUGFS/irq/irqs/"$irq" ] || grep -e '^ *domain' -e chip: $DEBUGFS/irq/irqs/"$irq" | sed 's/^/# /'
