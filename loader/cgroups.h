/* SPDX-License-Identifier: GPL-2.0 */
/* What cgroups ask of a scheduler and do not get from this one. */
#ifndef __LANES_CGROUPS_H
#define __LANES_CGROUPS_H

/* Say in one line, if cgroups have weights or limits, that these do not count. */
void cgroups_warn(void);

#endif /* __LANES_CGROUPS_H */
