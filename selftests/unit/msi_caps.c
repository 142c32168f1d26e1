// SPDX-License-Identifier: GPL-2.0
/* The module's reader of MSI capabilities on the host, see unit/matrix.c. */
#include "../../module/msi_caps.c"
#include "../../module/msi_caps_test.c"

int main(void)
{
	return kunit_run_all();
}
