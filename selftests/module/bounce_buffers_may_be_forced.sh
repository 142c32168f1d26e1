#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: forced to, all memory bounces, near or far, and each time is an event
# cpus: 2
# time: virtual
# guest: --qemu "-M q35 -device edu,addr=03.0,dma_mask=0xffffffff" --append "swiotlb=4096,force"
# kernel: any
. "${0%/*}/bounce.inc"

TRACING=/sys/kernel/tracing

# Near memory too: by the plain experiment, which knows nothing of bouncing
streaming_bounces()
{
	moves -m 32 streaming && [ "$(answered physical)" -le $((0xffffffff)) ] && is_in_pool
}

each_is_an_event()
{
	echo >$TRACING/trace
	echo 1 >$TRACING/events/swiotlb/swiotlb_bounced/enable
	bounces -m 32 -c 50 -t 0 -d to
	echo 0 >$TRACING/events/swiotlb/swiotlb_bounced/enable
	nr=$(grep -c "swiotlb_bounced: .*$edu" $TRACING/trace)
	ktap_diag "$nr events of 50 mappings"
	[ "$nr" = 50 ]
}

load_lanes_for_bounces
for direction in to from both; do
	ktap_expect "bounces $direction the device" bounces -m 32 -d $direction
done
ktap_expect "near memory to bounce" streaming_bounces
if [ -d $TRACING/events/swiotlb ]; then
	ktap_expect "an event each" each_is_an_event
else
	ktap_diag "kernel $(uname -r) has no event swiotlb_bounced: not counted"
fi
ktap_expect "a full pool to be told of" fills_and_empties -m 32
