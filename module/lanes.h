/* SPDX-License-Identifier: GPL-2.0 */
/* What main.c starts and stops: one pair of functions for each part. */
#ifndef __LANES_H
#define __LANES_H

struct lanes_matrix;

void lanes_debugfs_create(struct lanes_matrix *m);
void lanes_debugfs_remove(void);

#endif /* __LANES_H */
