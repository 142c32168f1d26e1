/* SPDX-License-Identifier: GPL-2.0 */
/* What scx_lanes and lanesctl end with; in their --help and man pages too. */
#ifndef __LANES_EXIT_STATUS_H
#define __LANES_EXIT_STATUS_H

enum exit_status {
	EXIT_AS_ASKED,
	EXIT_FAILED,
	EXIT_USAGE,
	EXIT_KERNEL_LACKS,
	EXIT_EJECTED,
};

#endif /* __LANES_EXIT_STATUS_H */
