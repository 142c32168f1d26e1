/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A source of interrupts: what an open /dev/lanes rings and listens to. Shared
 * by source.c and the two kinds: msi_domain.c, which has no device, and
 * msi_device.c, which has a real one.
 */
#ifndef __LANES_SOURCE_H
#define __LANES_SOURCE_H

#include <linux/atomic.h>
#include <linux/interrupt.h>
#include <linux/kref.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <uapi/lanes.h>

struct eventfd_ctx;
struct lanes_file;
struct lanes_source;

/**
 * struct lanes_source_ops - what kinds of sources do differently
 * @ring: raise an interrupt; returns 1 when it was pending already, 0, or an
 *	errno. May be called from several tasks at once; may not sleep
 * @is_ours: called by the handler: whether the device raised it, which is then
 *	acknowledged. NULL where nobody else can
 * @silence: let the device raise none any more; it is rung no more, and has its
 *	interrupts still. NULL where that is no concern
 * @where: fill in @cpu and @vector of a stat
 * @release: the last reference is gone, and so are the interrupts
 */
struct lanes_source_ops {
	int (*ring)(struct lanes_source *source, unsigned int index);
	bool (*is_ours)(struct lanes_source *source, unsigned int index);
	void (*silence)(struct lanes_source *source);
	void (*where)(struct lanes_source *source, unsigned int index,
		      struct lanes_vector_stat *stat);
	void (*release)(struct lanes_source *source);
};

/**
 * struct lanes_source_vector - one of a source's interrupts
 * @source: which source's
 * @index: its number there
 * @irq: Linux's number of it, or 0 as long as it is not requested
 * @last_cpu: where the handler ran last
 * @nr_rung: rings; raised before the device is told
 * @nr_merged: rings that found it pending
 * @nr_handled: runs of the handler
 * @nr_seen: value of @nr_rung that the last handler found
 * @nr_wrong_context: runs that were not in hard-irq context
 * @lock: protects @eventfd
 * @eventfd: to be signalled, or NULL
 * @waiting: who waits for @nr_seen
 */
struct lanes_source_vector {
	struct lanes_source *source;
	unsigned int index;
	unsigned int irq;
	unsigned int last_cpu;
	atomic64_t nr_rung;
	atomic64_t nr_merged;
	atomic64_t nr_handled;
	atomic64_t nr_seen;
	atomic64_t nr_wrong_context;
	spinlock_t lock;
	struct eventfd_ctx *eventfd;
	wait_queue_head_t waiting;
};

/**
 * struct lanes_source - a source of interrupts
 * @ops: its kind
 * @owner: the kind's own
 * @refs: the kind has one if it likes; so has the file, and each ring
 * @gone: read-held while the device is used, write-held to set @is_gone
 * @is_gone: the device is not to be used any more
 * @is_taken: a file has it
 * @mode: enum lanes_msi_mode
 * @nr_vectors: entries of @vectors
 * @vectors: its interrupts
 */
struct lanes_source {
	const struct lanes_source_ops *ops;
	void *owner;
	struct kref refs;
	struct rw_semaphore gone;
	bool is_gone;
	atomic_t is_taken;
	unsigned int mode;
	unsigned int nr_vectors;
	struct lanes_source_vector vectors[] __counted_by(nr_vectors);
};

struct lanes_source *lanes_source_create(const struct lanes_source_ops *ops,
					 void *owner, unsigned int nr_vectors);
void lanes_source_put(struct lanes_source *source);
int lanes_source_request(struct lanes_source *source, unsigned int index,
			 unsigned int irq, unsigned long irq_flags,
			 const char *name);
void lanes_source_retire(struct lanes_source *source);
int lanes_source_attach(struct lanes_file *file, struct lanes_source *source);
void lanes_source_detach(struct lanes_file *file);

#endif /* __LANES_SOURCE_H */
