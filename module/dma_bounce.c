// SPDX-License-Identifier: GPL-2.0
/*
 * Bounce buffers (SWIOTLB): memory that the device cannot address is mapped by
 * mapping another piece, out of a pool, and copying. So the device and the CPU
 * see different memory, until a sync copies, and that is how it is shown: what one
 * of them writes, the other one must not see before, and must see after.
 *
 * Where the memory mapped can be addressed, nothing bounces; then the same
 * transfers are made, and nothing is expected of the time before the sync.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "dma.h"

/* Mappings that "bounce-full" tries at most. */
#define MAX_MAPPINGS 65536

/*
 * Whether the kernel can map it, and need not complain of us: it is in the device's reach,
 * or a bounce buffer is. Where those are cannot be asked; they are made below 4 GB, and
 * what does not reach that far is taken not to reach them.
 */
static bool can_be_mapped(const struct lanes_dma *d)
{
	u64 mask = dma_get_mask(d->dev);

	return d->arg->out_domain >= LANES_DMA_STRICT ||
	       virt_to_phys(d->buffer) + d->arg->nr_bytes - 1 <= mask ||
	       (mask >= DMA_BIT_MASK(32) && dma_max_mapping_size(d->dev) != SIZE_MAX);
}

static void bounce_finish(struct lanes_dma *d)
{
	free_pages_exact(d->buffer, d->arg->nr_bytes);
	d->buffer = NULL;
}

/* The kernel gives what is highest first. */
static int bounce_prepare(struct lanes_dma *d)
{
	d->buffer = alloc_pages_exact(d->arg->nr_bytes, GFP_KERNEL | __GFP_ZERO);
	if (!d->buffer)
		return -ENOMEM;
	d->arg->out_physical = virt_to_phys(d->buffer);
	if (can_be_mapped(d))
		return 0;
	bounce_finish(d);
	return -EOPNOTSUPP;
}

static bool is_bounced(const struct lanes_dma *d)
{
	return (d->arg->out_domain == LANES_DMA_DIRECT ||
		d->arg->out_domain == LANES_DMA_PASSTHROUGH) &&
	       d->address != virt_to_phys(d->buffer);
}

static int bounce_map(struct lanes_dma *d)
{
	int err;

	lanes_dma_fill(d->buffer, 0, d->arg->nr_bytes, d->seed);
	err = lanes_dma_map_single(d, d->direction);
	d->arg->out_bounced += !err && is_bounced(d);
	return err;
}

/* What is written after the mapping: the device sees the old until the sync. */
static int device_sees_after_sync(struct lanes_dma *d)
{
	size_t nr_bytes = d->arg->nr_bytes;
	u32 old = d->seed++;
	int err;

	lanes_dma_fill(d->buffer, 0, nr_bytes, d->seed);
	if (is_bounced(d)) {
		swap(d->seed, old);
		err = lanes_dma_device_reads(d, d->address, 0, nr_bytes);
		swap(d->seed, old);
		if (err)
			return err;
	}
	lanes_dma_to_device(d);
	return lanes_dma_device_reads(d, d->address, 0, nr_bytes);
}

/* What the device writes: the CPU has what it had until the sync. */
static int cpu_sees_after_sync(struct lanes_dma *d)
{
	size_t nr_bytes = d->arg->nr_bytes;
	u32 old = d->seed++;
	int err;

	err = lanes_dma_device_writes(d, d->address, 0, nr_bytes);
	if (err)
		return err;
	if (is_bounced(d))
		d->arg->out_wrong += lanes_dma_nr_wrong(d->buffer, 0, nr_bytes,
							old);
	lanes_dma_to_cpu(d);
	d->arg->out_wrong += lanes_dma_nr_wrong(d->buffer, 0, nr_bytes, d->seed);
	return 0;
}

static int bounce_use(struct lanes_dma *d)
{
	int err = 0;

	if (d->direction != DMA_FROM_DEVICE)
		err = device_sees_after_sync(d);
	if (!err && d->direction != DMA_TO_DEVICE)
		err = cpu_sees_after_sync(d);
	return err;
}

static void bounce_unmap(struct lanes_dma *d)
{
	lanes_dma_unmap_single(d, d->direction);
}

/* The same memory is mapped again and again, each time to another bounce buffer. */
static int full_map(struct lanes_dma *d)
{
	dma_addr_t *addresses = d->mine;
	u32 nr = 0;

	while (nr < MAX_MAPPINGS && !lanes_dma_map_single(d, DMA_TO_DEVICE)) {
		addresses[nr++] = d->address;
		d->arg->out_bounced += is_bounced(d);
	}
	d->arg->out_segments = nr;
	d->arg->out_invalid += nr == MAX_MAPPINGS;
	return 0;
}

static void full_unmap(struct lanes_dma *d)
{
	dma_addr_t *addresses = d->mine;
	u32 i;

	for (i = 0; i < d->arg->out_segments; i++) {
		d->address = addresses[i];
		lanes_dma_unmap_single(d, DMA_TO_DEVICE);
	}
	d->arg->out_restored = !lanes_dma_probe(d);
}

static int full_prepare(struct lanes_dma *d)
{
	int err;

	d->mine = kvcalloc(MAX_MAPPINGS, sizeof(dma_addr_t), GFP_KERNEL);
	if (!d->mine)
		return -ENOMEM;
	err = bounce_prepare(d);
	if (err)
		kvfree(d->mine);
	return err;
}

static void full_finish(struct lanes_dma *d)
{
	bounce_finish(d);
	kvfree(d->mine);
}

const struct lanes_dma_ops lanes_dma_bounce = {
	.name = "bounce",
	.what = "memory that the device may not reach: what a sync copies, and when",
	.own_memory = true,
	.prepare = bounce_prepare,
	.map = bounce_map,
	.use = bounce_use,
	.unmap = bounce_unmap,
	.finish = bounce_finish,
};

const struct lanes_dma_ops lanes_dma_bounce_full = {
	.name = "bounce-full",
	.what = "map until the pool of bounce buffers is full, then give all back",
	.own_memory = true,
	.prepare = full_prepare,
	.map = full_map,
	.unmap = full_unmap,
	.finish = full_finish,
};
