/* SPDX-License-Identifier: GPL-2.0 */
/* Events that the scheduler tells its loader about. */
#ifndef __LANES_NOTICES_H
#define __LANES_NOTICES_H

struct notices;

/**
 * notices_open - begin to listen
 * @ring_fd: the ring they come through
 *
 * Return: NULL, with a message printed, on failure.
 */
struct notices *notices_open(int ring_fd);

/* Act on all that come within @ms; a signal ends the wait. */
void notices_wait(struct notices *notices, int ms);

void notices_close(struct notices *notices);

#endif /* __LANES_NOTICES_H */
