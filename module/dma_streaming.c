// SPDX-License-Identifier: GPL-2.0
/*
 * Streaming mappings: memory of the CPU's that is lent to the device and taken
 * back. While it is mapped it is handed over by a sync, each time.
 */
#include <linux/string.h>

#include "dma.h"

/**
 * lanes_dma_map_single - map the run's buffer
 * @d: the run
 * @direction: for what
 *
 * Context: may sleep.
 * Return: 0 or -EIO.
 */
int lanes_dma_map_single(struct lanes_dma *d, enum dma_data_direction direction)
{
	u64 begin = lanes_dma_begin();

	d->address = dma_map_single(d->dev, d->buffer, d->arg->nr_bytes, direction);
	lanes_dma_note(d, LANES_DMA_MAP, begin);
	if (dma_mapping_error(d->dev, d->address))
		return -EIO;
	d->arg->out_address = d->address;
	d->arg->out_segments = 1;
	return 0;
}

/**
 * lanes_dma_unmap_single - undo lanes_dma_map_single()
 * @d: the run
 * @direction: as it was mapped
 *
 * Context: any.
 */
void lanes_dma_unmap_single(struct lanes_dma *d, enum dma_data_direction direction)
{
	u64 begin = lanes_dma_begin();

	dma_unmap_single(d->dev, d->address, d->arg->nr_bytes, direction);
	lanes_dma_note(d, LANES_DMA_UNMAP, begin);
}

/**
 * lanes_dma_to_cpu - hand the mapped buffer to the CPU
 * @d: the run
 *
 * Context: any.
 */
void lanes_dma_to_cpu(struct lanes_dma *d)
{
	u64 begin = lanes_dma_begin();

	dma_sync_single_for_cpu(d->dev, d->address, d->arg->nr_bytes,
				d->direction);
	lanes_dma_note(d, LANES_DMA_SYNC, begin);
}

/**
 * lanes_dma_to_device - hand the mapped buffer to the device
 * @d: the run
 *
 * Context: any.
 */
void lanes_dma_to_device(struct lanes_dma *d)
{
	u64 begin = lanes_dma_begin();

	dma_sync_single_for_device(d->dev, d->address, d->arg->nr_bytes,
				   d->direction);
	lanes_dma_note(d, LANES_DMA_SYNC, begin);
}

static int streaming_map(struct lanes_dma *d)
{
	return lanes_dma_map_single(d, d->direction);
}

static int streaming_use(struct lanes_dma *d)
{
	size_t nr_bytes = d->arg->nr_bytes;
	int err = 0;

	lanes_dma_to_cpu(d);
	if (d->direction != DMA_FROM_DEVICE) {
		lanes_dma_fill(d->buffer, 0, nr_bytes, d->seed);
		lanes_dma_to_device(d);
		err = lanes_dma_device_reads(d, d->address, 0, nr_bytes);
		lanes_dma_to_cpu(d);
	}
	if (err || d->direction == DMA_TO_DEVICE)
		return err;
	memset(d->buffer, 0, nr_bytes);
	lanes_dma_to_device(d);
	err = lanes_dma_device_writes(d, d->address, 0, nr_bytes);
	lanes_dma_to_cpu(d);
	d->arg->out_wrong += lanes_dma_nr_wrong(d->buffer, 0, nr_bytes, d->seed);
	return err;
}

static void streaming_unmap(struct lanes_dma *d)
{
	lanes_dma_unmap_single(d, d->direction);
}

const struct lanes_dma_ops lanes_dma_streaming = {
	.name = "streaming",
	.what = "memory lent to the device and handed to and fro: map, sync, unmap",
	.map = streaming_map,
	.use = streaming_use,
	.unmap = streaming_unmap,
};
