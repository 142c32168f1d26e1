/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is claimed of hogs on a machine of any size; each size is a test of its own.
 */
#ifndef __LANES_SPREAD_CLAIMS_H
#define __LANES_SPREAD_CLAIMS_H

#include "spread.h"

KTAP_TEST(set_free, "each gets its share within 5 % in the second that begins 300 ms later")
{
	double error = spread_from_one_cpu("");

	KTAP_EXPECT(error >= 0 && error <= 5);
}

KTAP_TEST(born_free, "so does each that was born free")
{
	double error = spread_from_birth("");

	KTAP_EXPECT(error >= 0 && error <= 5);
}

KTAP_TEST(control_nobody_moves, "without stealing, placement and balancing they do not")
{
	KTAP_EXPECT(spread_from_one_cpu("--without steal,idle --balance off") > 20);
}

#endif /* __LANES_SPREAD_CLAIMS_H */
