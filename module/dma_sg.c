// SPDX-License-Identifier: GPL-2.0
/*
 * Scatter-gather: pages that are not beside each other, mapped at once. Without
 * an IOMMU the device sees as many pieces; an IOMMU can let it see one.
 *
 * Of two pages beside each other only the first is used, so no two that are used
 * are neighbours.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "dma.h"

static size_t bytes_in(const struct lanes_dma *d, unsigned int index)
{
	return min_t(size_t, d->arg->nr_bytes - index * PAGE_SIZE, PAGE_SIZE);
}

static void free_table(struct sg_table *table)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(table, sg, i) {
		if (sg_page(sg))
			lanes_dma_free(page_address(sg_page(sg)), 2 * PAGE_SIZE);
	}
	sg_free_table(table);
	kfree(table);
}

static int sg_prepare(struct lanes_dma *d)
{
	unsigned int nr_pages = DIV_ROUND_UP(d->arg->nr_bytes, PAGE_SIZE), i;
	struct sg_table *table = kzalloc(sizeof(*table), GFP_KERNEL);
	struct scatterlist *sg;

	if (!table)
		return -ENOMEM;
	if (sg_alloc_table(table, nr_pages, GFP_KERNEL)) {
		kfree(table);
		return -ENOMEM;
	}
	for_each_sgtable_sg(table, sg, i) {
		void *pages = lanes_dma_alloc(d, 2 * PAGE_SIZE);

		if (!pages) {
			free_table(table);
			return -ENOMEM;
		}
		sg_set_page(sg, virt_to_page(pages), bytes_in(d, i), 0);
	}
	d->mine = table;
	return 0;
}

static int sg_map(struct lanes_dma *d)
{
	struct sg_table *table = d->mine;
	u64 begin = lanes_dma_begin();
	int err;

	err = dma_map_sgtable(d->dev, table, d->direction, 0);
	lanes_dma_note(d, LANES_DMA_MAP, begin);
	if (err)
		return err;
	d->arg->out_segments = table->nents;
	d->arg->out_physical = sg_phys(table->sgl);
	d->arg->out_address = sg_dma_address(table->sgl);
	return 0;
}

static void to_cpu(struct lanes_dma *d)
{
	u64 begin = lanes_dma_begin();

	dma_sync_sgtable_for_cpu(d->dev, d->mine, d->direction);
	lanes_dma_note(d, LANES_DMA_SYNC, begin);
}

static void to_device(struct lanes_dma *d)
{
	u64 begin = lanes_dma_begin();

	dma_sync_sgtable_for_device(d->dev, d->mine, d->direction);
	lanes_dma_note(d, LANES_DMA_SYNC, begin);
}

/* As the device sees them: @transfer is told each piece and where it begins. */
static int for_each_piece(struct lanes_dma *d,
			  int (*transfer)(struct lanes_dma *d,
					  dma_addr_t address, size_t at,
					  size_t nr_bytes))
{
	struct sg_table *table = d->mine;
	struct scatterlist *sg;
	size_t at = 0;
	unsigned int i;
	int err = 0;

	for_each_sgtable_dma_sg(table, sg, i) {
		err = transfer(d, sg_dma_address(sg), at, sg_dma_len(sg));
		if (err)
			break;
		at += sg_dma_len(sg);
	}
	return err;
}

static void fill(struct lanes_dma *d)
{
	struct sg_table *table = d->mine;
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(table, sg, i)
		lanes_dma_fill(sg_virt(sg), i * PAGE_SIZE, sg->length, d->seed);
}

static void clear(struct lanes_dma *d)
{
	struct sg_table *table = d->mine;
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(table, sg, i)
		memset(sg_virt(sg), 0, sg->length);
}

static u32 nr_wrong(struct lanes_dma *d)
{
	struct sg_table *table = d->mine;
	struct scatterlist *sg;
	unsigned int i;
	u32 nr = 0;

	for_each_sgtable_sg(table, sg, i)
		nr += lanes_dma_nr_wrong(sg_virt(sg), i * PAGE_SIZE, sg->length,
					 d->seed);
	return nr;
}

static int sg_use(struct lanes_dma *d)
{
	int err = 0;

	to_cpu(d);
	if (d->direction != DMA_FROM_DEVICE) {
		fill(d);
		to_device(d);
		err = for_each_piece(d, lanes_dma_device_reads);
		to_cpu(d);
	}
	if (err || d->direction == DMA_TO_DEVICE)
		return err;
	clear(d);
	to_device(d);
	err = for_each_piece(d, lanes_dma_device_writes);
	to_cpu(d);
	d->arg->out_wrong += nr_wrong(d);
	return err;
}

static void sg_unmap(struct lanes_dma *d)
{
	u64 begin = lanes_dma_begin();

	dma_unmap_sgtable(d->dev, d->mine, d->direction, 0);
	lanes_dma_note(d, LANES_DMA_UNMAP, begin);
}

static void sg_finish(struct lanes_dma *d)
{
	free_table(d->mine);
}

const struct lanes_dma_ops lanes_dma_sg = {
	.name = "sg",
	.what = "scattered pages mapped at once, which an IOMMU can put together",
	.own_memory = true,
	.prepare = sg_prepare,
	.map = sg_map,
	.use = sg_use,
	.unmap = sg_unmap,
	.finish = sg_finish,
};
