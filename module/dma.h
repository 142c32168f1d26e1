/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Experiments with DMA: what they have in common. An experiment is a struct
 * lanes_dma_ops in the table of dma.c.
 */
#ifndef __LANES_DMA_H
#define __LANES_DMA_H

#include <linux/dma-mapping.h>
#include <linux/ktime.h>
#include <linux/types.h>
#include <uapi/lanes.h>

#include "edu.h"

struct iommu_domain;
struct lanes_device;
struct lanes_dma;

/**
 * struct lanes_dma_ops - an experiment
 * @name: as the client's user types it
 * @what: what it does, in some words
 * @needs: LANES_DMA_NEEDS_*
 * @own_memory: what is mapped is not @buffer of the run
 * @prepare: what is done once, before; undoes its own on error
 * @map: make memory known to the device; undoes its own on error
 * @use: let the device read and write it; NULL: only mapping can be tried
 * @unmap: undo map
 * @finish: undo prepare
 *
 * All but map and unmap may be NULL. They may sleep.
 */
struct lanes_dma_ops {
	const char *name;
	const char *what;
	u32 needs;
	bool own_memory;
	int (*prepare)(struct lanes_dma *d);
	int (*map)(struct lanes_dma *d);
	int (*use)(struct lanes_dma *d);
	void (*unmap)(struct lanes_dma *d);
	void (*finish)(struct lanes_dma *d);
};

/**
 * struct lanes_dma - an experiment that is being run
 * @ops: which one
 * @device: the function, which is lent
 * @dev: the device that memory is mapped for
 * @has_engine: it can be told to do DMA, by @edu
 * @edu: the engine
 * @arg: what was asked for, and the answer
 * @direction: arg->direction in the kernel's terms
 * @buffer: memory of arg->nr_bytes, physically contiguous
 * @address: where it is for the device, while it is mapped
 * @ferry: memory of LANES_EDU_BYTES by which bytes get into the engine's buffer
 *	and out of it, to be compared
 * @ferry_address: where it is for the device
 * @seed: what the next pattern is made from
 * @mine: the experiment's own
 * @timings: by enum lanes_dma_step
 */
struct lanes_dma {
	const struct lanes_dma_ops *ops;
	struct lanes_device *device;
	struct device *dev;
	bool has_engine;
	struct lanes_edu edu;
	struct lanes_dma_run *arg;
	enum dma_data_direction direction;
	void *buffer;
	dma_addr_t address;
	void *ferry;
	dma_addr_t ferry_address;
	u32 seed;
	void *mine;
	struct lanes_dma_timing timings[LANES_NR_DMA_STEPS];
};

extern const struct lanes_dma_ops lanes_dma_coherent;
extern const struct lanes_dma_ops lanes_dma_streaming;
extern const struct lanes_dma_ops lanes_dma_sg;
extern const struct lanes_dma_ops lanes_dma_domain;
extern const struct lanes_dma_ops lanes_dma_domain_batched;
extern const struct lanes_dma_ops lanes_dma_domain_deferred;
extern const struct lanes_dma_ops lanes_dma_bounce;
extern const struct lanes_dma_ops lanes_dma_bounce_full;
extern const struct lanes_dma_ops lanes_dma_never_mapped;
extern const struct lanes_dma_ops lanes_dma_read_only;
extern const struct lanes_dma_ops lanes_dma_domain_unmapped;
extern const struct lanes_dma_ops lanes_dma_stale_warm;
extern const struct lanes_dma_ops lanes_dma_stale_cold;

/* When a step begins; its end is when it is noted. */
static inline u64 lanes_dma_begin(void)
{
	return ktime_get_ns();
}

void lanes_dma_note(struct lanes_dma *d, enum lanes_dma_step step, u64 begin_ns);

void *lanes_dma_alloc(struct lanes_dma *d, size_t nr_bytes);
void lanes_dma_free(void *memory, size_t nr_bytes);

void lanes_dma_fill(void *memory, size_t at, size_t nr_bytes, u32 seed);
u32 lanes_dma_nr_wrong(const void *memory, size_t at, size_t nr_bytes, u32 seed);

int lanes_dma_device_reads(struct lanes_dma *d, dma_addr_t address, size_t at,
			   size_t nr_bytes);
int lanes_dma_device_writes(struct lanes_dma *d, dma_addr_t address, size_t at,
			    size_t nr_bytes);
int lanes_dma_load_engine(struct lanes_dma *d, size_t at, size_t nr_bytes);
int lanes_dma_exchange(struct lanes_dma *d);
int lanes_dma_probe(struct lanes_dma *d);

/* In dma_streaming.c: the run's buffer as a streaming mapping. */
int lanes_dma_map_single(struct lanes_dma *d, enum dma_data_direction direction);
void lanes_dma_unmap_single(struct lanes_dma *d, enum dma_data_direction direction);
void lanes_dma_to_cpu(struct lanes_dma *d);
void lanes_dma_to_device(struct lanes_dma *d);

/* In dma_domain.c: a domain of one's own instead of the device's. */
int lanes_own_domain_enter(struct lanes_dma *d);
void lanes_own_domain_leave(struct lanes_dma *d);
int lanes_own_domain_map(struct lanes_dma *d);
void lanes_own_domain_unmap(struct lanes_dma *d);

#endif /* __LANES_DMA_H */
