#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: memory that the device cannot address bounces: copied by syncs only, and the pool is empty after
# cpus: 2
# time: virtual
# guest: --memory 5G --qemu "-M q35 -device edu,addr=03.0,dma_mask=0xffffffff" --append "swiotlb=4096"
# kernel: any
. "${0%/*}/bounce.inc"

# Memory that 32 bits do not reach
bounces_from_above()
{
	bounces -m 32 "$@" && [ "$(answered physical)" -gt $((0xffffffff)) ]
}

# Memory that it can address is the control: it is not copied.
does_not_bounce()
{
	moves -m 32 streaming && [ "$(answered physical)" = "$(answered address)" ]
}

load_lanes_for_bounces
for direction in to from both; do
	ktap_expect "bounces $direction the device" bounces_from_above -d $direction
done
ktap_expect "no bounce of what is near enough" does_not_bounce
ktap_expect "a piece of a page" bounces_from_above -b 1000
ktap_expect "cost of a bounce" bounces_from_above -c 1000
ktap_diag "map $(mean_ns map) ns, unmap $(mean_ns unmap) ns"
ktap_expect "no bounce where the pool is out of reach too" refuses "not supported" -m 28 bounce
ktap_expect "no bounce where the pool is out of reach too" refuses "not supported" -m 28 bounce-full
ktap_expect "a full pool to be told of" fills_and_empties -m 32
