// SPDX-License-Identifier: GPL-2.0
/* burn: wants to run all the time, for scenarios whose program is not ours. */
#include "bench.h"

int main(void)
{
	hog(NULL);
}
