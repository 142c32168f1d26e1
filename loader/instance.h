/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A running scheduler as others find it: what it pins below LANES_PIN_DIR.
 * scx_lanes publishes it; lanesctl and --monitor open it.
 */
#ifndef __LANES_INSTANCE_H
#define __LANES_INSTANCE_H

#include "lanes_sched.h"

struct bpf_object;

/**
 * struct instance - one that is running, as opened by another process
 * @lanes, @nr_lanes: its lanes
 * @tasks, @nr_tasks: its rows of tasks
 * @knobs: its knobs, to be read and written
 * @rt_set_fd, @task_read_fd: programs to be called
 * @trace_fd: its trace ring
 * @ops: what the kernel calls it
 * @seq: the kernel's number of its start
 */
struct instance {
	const struct lane *lanes;
	const struct task_ctx *tasks;
	struct lanes_knobs *knobs;
	unsigned int nr_lanes;
	unsigned int nr_tasks;
	int rt_set_fd;
	int task_read_fd;
	int trace_fd;
	char ops[128];
	char seq[32];
};

/**
 * instance_publish - pin the parts of a loaded object; what was there goes
 * Return: 0 or a negative errno.
 */
int instance_publish(struct bpf_object *obj);

/* Unpin all that is there, be it of a scheduler that was killed. */
void instance_withdraw(void);

/* Return: whether the running one could be opened; if not, a message says why. */
bool instance_open(struct instance *instance);

/* Return: whether it is this discipline that runs. */
bool instance_is_of(const struct instance *instance, enum lanes_discipline discipline);

/* Return: whether the same scheduler is still running. */
bool instance_is_running(const struct instance *instance);

void instance_close(struct instance *instance);

/**
 * instance_call - run one of its programs
 * @call: what it reads and writes
 *
 * Return: whether it ran; if not, a message says why.
 */
bool instance_call(int prog_fd, void *call, __u32 len);

/* The same for one that is found by its name below LANES_PIN_CTL. */
bool instance_call_pinned(const char *name, void *call, __u32 len);

/**
 * map_array - see a BPF array as memory: reading it then needs no system call
 * @value_size: the size its elements must have, at least
 * @nr: set to how many there are
 *
 * Return: the first element; NULL with errno set on failure.
 */
void *map_array(int fd, size_t value_size, bool is_writable, unsigned int *nr);

void unmap_array(const void *array, size_t value_size, unsigned int nr);

#endif /* __LANES_INSTANCE_H */
