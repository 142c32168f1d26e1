/* SPDX-License-Identifier: GPL-2.0 */
/* What the verbs of lanes-vectors share. */
#ifndef __VECTORS_H
#define __VECTORS_H

#include "../client/client.h"

/* Each is main() of a verb: its name is argv[0]; returns an exit status. */
int verb_walk(int argc, char **argv);
int verb_map(int argc, char **argv);
int verb_matrix(int argc, char **argv);
int verb_ring(int argc, char **argv);
int verb_listen(int argc, char **argv);
int verb_messenger(int argc, char **argv);

struct lanes_vector_stat *source_stats(int fd, uint32_t *out_nr_vectors);

/* What has been added since; a device counts on from one user to the next. */
struct lanes_vector_stat *source_stats_since(int fd, const struct lanes_vector_stat *before,
					     uint32_t *out_nr_vectors);

const char *mode_name(uint32_t mode);

#endif /* __VECTORS_H */
