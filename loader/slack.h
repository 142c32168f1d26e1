/* SPDX-License-Identifier: GPL-2.0 */
/* The timer slack of real-time tasks: 1 ns, and afterwards what it was. */
#ifndef __LANES_SLACK_H
#define __LANES_SLACK_H

/* Restore what a killed instance has left. Comes before instance_publish(). */
void slack_restore_left(void);

/* Begin a new record, pinned for the case that this process is killed. */
void slack_open(void);

void slack_cut(unsigned int tid);
void slack_restore(unsigned int tid);

/* Restore that of all tasks, and end the record. */
void slack_close(void);

#endif /* __LANES_SLACK_H */
