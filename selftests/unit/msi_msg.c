// SPDX-License-Identifier: GPL-2.0
/* The module's composer and decoder of messages on the host, see unit/matrix.c. */
#include "../../module/msi_msg.c"
#include "../../module/msi_msg_test.c"

int main(void)
{
	return kunit_run_all();
}
