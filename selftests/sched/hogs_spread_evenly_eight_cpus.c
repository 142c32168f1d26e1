// SPDX-License-Identifier: GPL-2.0
// description: twice as many hogs as CPUs, forced onto one CPU and set free, share eight CPUs evenly
// cpus: 8
// time: virtual
// kernel: any
#include "spread_claims.h"

SCHED_MAIN()
