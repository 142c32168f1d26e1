// SPDX-License-Identifier: GPL-2.0
/*
 * Coherent memory: allocated for the device and the CPU at once, and never
 * handed over. Under an IOMMU it need not be contiguous, and is not where the
 * kernel maps all memory: it has no address for virt_to_phys().
 */
#include "dma.h"

static int coherent_map(struct lanes_dma *d)
{
	u64 begin = lanes_dma_begin();

	d->buffer = dma_alloc_coherent(d->dev, d->arg->nr_bytes, &d->address,
				       GFP_KERNEL);
	lanes_dma_note(d, LANES_DMA_MAP, begin);
	if (!d->buffer)
		return -ENOMEM;
	d->arg->out_address = d->address;
	d->arg->out_segments = 1;
	return 0;
}

static void coherent_unmap(struct lanes_dma *d)
{
	u64 begin = lanes_dma_begin();

	dma_free_coherent(d->dev, d->arg->nr_bytes, d->buffer, d->address);
	lanes_dma_note(d, LANES_DMA_UNMAP, begin);
	d->buffer = NULL;
}

const struct lanes_dma_ops lanes_dma_coherent = {
	.name = "coherent",
	.what = "memory that CPU and device share: allocate, use, free",
	.own_memory = true,
	.map = coherent_map,
	.use = lanes_dma_exchange,
	.unmap = coherent_unmap,
};
