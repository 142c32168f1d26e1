// SPDX-License-Identifier: GPL-2.0
// description: twice as many hogs as CPUs, forced onto one CPU and set free, share four CPUs evenly
// cpus: 4
// time: virtual
#include "spread_claims.h"

SCHED_MAIN()
