/* SPDX-License-Identifier: GPL-2.0 */
/* What tasks are called. */
#ifndef __LANES_NAME_H
#define __LANES_NAME_H

/**
 * name_clean - make a name fit to be shown
 *
 * Names are their tasks' to choose, and may be cut in the middle of a character: what is
 * no UTF-8, or would control a terminal, becomes a '?'.
 */
void name_clean(char *name);

/* The same for a text that has names in it, and lines. */
void text_clean(char *text);

/* Return: @buf with the name of a task, or its id if it has ended, or "-" for none. */
const char *name_of_task(unsigned int tid, char buf[16]);

#endif /* __LANES_NAME_H */
