// SPDX-License-Identifier: GPL-2.0
/*
 * A domain of our own: the device's addresses are ours to give. Each page is
 * mapped by itself at an address out of one range, so that it can be unmapped by
 * itself: what some IOMMU drivers do to a part of a mapping, others do not.
 *
 * What the IOMMU remembers of a mapping outlives it until it is told to forget.
 * Three experiments differ in when it is:
 *
 *	domain		with each page
 *	domain-batched	once for all pages of a round
 *	domain-deferred	once for many rounds; their addresses are not used again
 *			before that
 *
 * While the domain is there the device knows only what is in it, so the ferry is
 * a page of it too. Afterwards the device's own domain has to be back, and to work.
 */
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/iova.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "dma.h"

#define MAX_DEFERRED 64

/**
 * struct lanes_own_domain - the device is in it
 * @domain: the domain
 * @before: the one that the device was in
 * @addresses: those that are not given yet
 * @last_pfn: the last that the device has
 * @nr_pages: pages in a mapping
 * @first_pfn: where the current mapping begins
 * @ferry: our page for the ferry
 * @ferry_pfn: where it is
 * @old_ferry: the run's before
 * @old_ferry_address: and where that was
 * @gather: what the IOMMU has not forgotten yet
 * @deferred: where mappings began that are unmapped, and not forgotten
 * @nr_deferred: how many these are
 */
struct lanes_own_domain {
	struct iommu_domain *domain;
	struct iommu_domain *before;
	struct iova_domain addresses;
	unsigned long last_pfn;
	unsigned int nr_pages;
	unsigned long first_pfn;
	void *ferry;
	unsigned long ferry_pfn;
	void *old_ferry;
	dma_addr_t old_ferry_address;
	struct iommu_iotlb_gather gather;
	unsigned long deferred[MAX_DEFERRED];
	unsigned int nr_deferred;
};

static dma_addr_t address_of(unsigned long first_pfn, unsigned int page)
{
	return (dma_addr_t)(first_pfn + page) << PAGE_SHIFT;
}

static int prot_of(enum dma_data_direction direction)
{
	switch (direction) {
	case DMA_TO_DEVICE:
		return IOMMU_READ;
	case DMA_FROM_DEVICE:
		return IOMMU_WRITE;
	default:
		return IOMMU_READ | IOMMU_WRITE;
	}
}

static void drop_addresses(struct lanes_own_domain *own)
{
	put_iova_domain(&own->addresses);
	iova_cache_put();
}

/* What is written there is an interrupt, or belongs to the firmware. */
static int reserve_regions(struct lanes_dma *d, struct lanes_own_domain *own)
{
	struct iommu_resv_region *region;
	LIST_HEAD(regions);
	int err = 0;

	iommu_get_resv_regions(d->dev, &regions);
	list_for_each_entry(region, &regions, list) {
		if (!reserve_iova(&own->addresses, PHYS_PFN(region->start),
				  PHYS_PFN(region->start + region->length - 1)))
			err = -ENOMEM;
	}
	iommu_put_resv_regions(d->dev, &regions);
	return err;
}

/* Those that the device can name and the IOMMU can translate. */
static int init_addresses(struct lanes_dma *d, struct lanes_own_domain *own)
{
	const struct iommu_domain_geometry *geometry = &own->domain->geometry;
	int err;

	err = iova_cache_get();
	if (err)
		return err;
	own->last_pfn = PHYS_PFN(min_t(u64, dma_get_mask(d->dev),
				       geometry->aperture_end));
	init_iova_domain(&own->addresses, PAGE_SIZE,
			 max(1UL, PHYS_PFN(geometry->aperture_start)));
	err = reserve_regions(d, own);
	if (err)
		drop_addresses(own);
	return err;
}

/*
 * Without the caches of alloc_iova_fast(): where their memory cannot be had, the kernel
 * (6.12) frees what it has not allocated. Return: where they begin, 0 if none are left.
 */
static unsigned long take_addresses(struct lanes_own_domain *own, unsigned int nr_pages)
{
	struct iova *iova = alloc_iova(&own->addresses, nr_pages, own->last_pfn, true);

	return iova ? iova->pfn_lo : 0;
}

static int ferry_enter(struct lanes_dma *d, struct lanes_own_domain *own)
{
	int err;

	own->old_ferry = d->ferry;
	own->old_ferry_address = d->ferry_address;
	if (!d->has_engine)
		return 0;
	own->ferry = (void *)get_zeroed_page(GFP_KERNEL);
	if (!own->ferry)
		return -ENOMEM;
	own->ferry_pfn = take_addresses(own, 1);
	err = own->ferry_pfn ? iommu_map(own->domain, address_of(own->ferry_pfn, 0),
					 virt_to_phys(own->ferry), PAGE_SIZE,
					 IOMMU_READ | IOMMU_WRITE, GFP_KERNEL) :
			       -ENOSPC;
	if (err) {
		free_page((unsigned long)own->ferry);
		return err;
	}
	d->ferry = own->ferry;
	d->ferry_address = address_of(own->ferry_pfn, 0);
	return 0;
}

static void ferry_leave(struct lanes_dma *d, struct lanes_own_domain *own)
{
	d->ferry = own->old_ferry;
	d->ferry_address = own->old_ferry_address;
	if (!own->ferry)
		return;
	iommu_unmap(own->domain, address_of(own->ferry_pfn, 0), PAGE_SIZE);
	free_page((unsigned long)own->ferry);
}

static int enter(struct lanes_dma *d, struct lanes_own_domain *own)
{
	int err;

	own->domain = iommu_paging_domain_alloc(d->dev);
	if (IS_ERR(own->domain))
		return PTR_ERR(own->domain);
	err = iommu_attach_device(own->domain, d->dev);
	if (err)
		goto free_domain;
	/* virtio-iommu (6.12) knows only now what it can translate. */
	err = init_addresses(d, own);
	if (err)
		goto detach;
	err = ferry_enter(d, own);
	if (!err)
		return 0;
	drop_addresses(own);
detach:
	iommu_detach_device(own->domain, d->dev);
free_domain:
	iommu_domain_free(own->domain);
	return err;
}

/**
 * lanes_own_domain_enter - take the device out of its domain into a new one
 * @d: the run; the domain is its own, and it has another ferry until the device is back
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, -ENOSPC, or why the device could not be taken.
 */
int lanes_own_domain_enter(struct lanes_dma *d)
{
	struct lanes_own_domain *own = kzalloc(sizeof(*own), GFP_KERNEL);
	int err;

	if (!own)
		return -ENOMEM;
	own->before = iommu_get_domain_for_dev(d->dev);
	own->nr_pages = DIV_ROUND_UP(d->arg->nr_bytes, PAGE_SIZE);
	iommu_iotlb_gather_init(&own->gather);
	err = enter(d, own);
	if (err) {
		kfree(own);
		return err;
	}
	d->mine = own;
	return 0;
}

/**
 * lanes_own_domain_leave - let the device into its own domain again
 * @d: the run; its answer says whether that is the same, and works
 *
 * Context: may sleep, with nothing mapped.
 */
void lanes_own_domain_leave(struct lanes_dma *d)
{
	struct lanes_own_domain *own = d->mine;

	ferry_leave(d, own);
	iommu_detach_device(own->domain, d->dev);
	d->arg->out_restored = iommu_get_domain_for_dev(d->dev) == own->before &&
			       !lanes_dma_probe(d);
	drop_addresses(own);
	iommu_domain_free(own->domain);
	kfree(own);
}

static int map_pages(struct lanes_dma *d, struct lanes_own_domain *own)
{
	phys_addr_t physical = virt_to_phys(d->buffer);
	unsigned int i;
	int err = 0;

	for (i = 0; i < own->nr_pages && !err; i++) {
		u64 begin = lanes_dma_begin();

		err = iommu_map(own->domain, address_of(own->first_pfn, i),
				physical + i * PAGE_SIZE, PAGE_SIZE,
				prot_of(d->direction), GFP_KERNEL);
		lanes_dma_note(d, LANES_DMA_MAP, begin);
	}
	if (!err)
		return 0;
	while (--i)
		iommu_unmap(own->domain, address_of(own->first_pfn, i - 1),
			    PAGE_SIZE);
	return err;
}

/* Pages whose translation is not @to; with @to NULL, those that have any. */
static u32 nr_astray(struct lanes_own_domain *own, void *to)
{
	unsigned int i;
	u32 nr = 0;

	for (i = 0; i < own->nr_pages; i++)
		nr += iommu_iova_to_phys(own->domain,
					 address_of(own->first_pfn, i)) !=
		      (to ? virt_to_phys(to) + i * PAGE_SIZE : 0);
	return nr;
}

/**
 * lanes_own_domain_map - map the run's buffer, page by page
 * @d: the run; translations that are not as they should be are in its answer
 *
 * Context: may sleep.
 * Return: 0; -ENOSPC, no address is left; or what iommu_map() says.
 */
int lanes_own_domain_map(struct lanes_dma *d)
{
	struct lanes_own_domain *own = d->mine;
	u64 begin = lanes_dma_begin();
	int err;

	own->first_pfn = take_addresses(own, own->nr_pages);
	lanes_dma_note(d, LANES_DMA_IOVA, begin);
	if (!own->first_pfn)
		return -ENOSPC;
	err = map_pages(d, own);
	if (err) {
		free_iova(&own->addresses, own->first_pfn);
		return err;
	}
	d->address = address_of(own->first_pfn, 0);
	d->arg->out_address = d->address;
	d->arg->out_segments = 1;
	d->arg->out_wrong += nr_astray(own, d->buffer);
	return 0;
}

static void unmap_fast(struct lanes_dma *d, struct lanes_own_domain *own)
{
	unsigned int i;

	for (i = 0; i < own->nr_pages; i++) {
		dma_addr_t address = address_of(own->first_pfn, i);
		u64 begin = lanes_dma_begin();

		iommu_unmap_fast(own->domain, address, PAGE_SIZE, &own->gather);
		lanes_dma_note(d, LANES_DMA_UNMAP, begin);
	}
	d->arg->out_wrong += nr_astray(own, NULL);
}

/**
 * lanes_own_domain_unmap - unmap it again; the IOMMU forgets each page at once
 * @d: the run
 *
 * Context: may sleep.
 */
void lanes_own_domain_unmap(struct lanes_dma *d)
{
	struct lanes_own_domain *own = d->mine;
	unsigned int i;

	for (i = 0; i < own->nr_pages; i++) {
		u64 begin = lanes_dma_begin();

		iommu_unmap(own->domain, address_of(own->first_pfn, i), PAGE_SIZE);
		lanes_dma_note(d, LANES_DMA_UNMAP, begin);
	}
	d->arg->out_wrong += nr_astray(own, NULL);
	free_iova(&own->addresses, own->first_pfn);
}

static void batched_unmap(struct lanes_dma *d)
{
	struct lanes_own_domain *own = d->mine;
	u64 begin;

	unmap_fast(d, own);
	begin = lanes_dma_begin();
	iommu_iotlb_sync(own->domain, &own->gather);
	lanes_dma_note(d, LANES_DMA_FLUSH, begin);
	free_iova(&own->addresses, own->first_pfn);
}

/*
 * "queued" says that all will be forgotten at once, and so it is. The sync of one
 * page is for the page tables that became free: only it gives them back.
 */
static void flush_deferred(struct lanes_dma *d, struct lanes_own_domain *own)
{
	u64 begin = lanes_dma_begin();

	if (!own->nr_deferred)
		return;
	iommu_flush_iotlb_all(own->domain);
	iommu_iotlb_gather_add_range(&own->gather,
				     address_of(own->deferred[0], 0), PAGE_SIZE);
	iommu_iotlb_sync(own->domain, &own->gather);
	lanes_dma_note(d, LANES_DMA_FLUSH, begin);
	while (own->nr_deferred)
		free_iova(&own->addresses, own->deferred[--own->nr_deferred]);
}

static void deferred_unmap(struct lanes_dma *d)
{
	struct lanes_own_domain *own = d->mine;

	own->gather.queued = true;
	unmap_fast(d, own);
	own->deferred[own->nr_deferred++] = own->first_pfn;
	if (own->nr_deferred == MAX_DEFERRED)
		flush_deferred(d, own);
}

static void deferred_finish(struct lanes_dma *d)
{
	flush_deferred(d, d->mine);
	lanes_own_domain_leave(d);
}

const struct lanes_dma_ops lanes_dma_domain = {
	.name = "domain",
	.what = "addresses of our own, the IOMMU told to forget each page at once",
	.needs = LANES_DMA_NEEDS_IOMMU,
	.prepare = lanes_own_domain_enter,
	.map = lanes_own_domain_map,
	.use = lanes_dma_exchange,
	.unmap = lanes_own_domain_unmap,
	.finish = lanes_own_domain_leave,
};

const struct lanes_dma_ops lanes_dma_domain_batched = {
	.name = "domain-batched",
	.what = "the same, all pages of a round at once",
	.needs = LANES_DMA_NEEDS_IOMMU,
	.prepare = lanes_own_domain_enter,
	.map = lanes_own_domain_map,
	.use = lanes_dma_exchange,
	.unmap = batched_unmap,
	.finish = lanes_own_domain_leave,
};

const struct lanes_dma_ops lanes_dma_domain_deferred = {
	.name = "domain-deferred",
	.what = "the same, the pages of 64 rounds at once",
	.needs = LANES_DMA_NEEDS_IOMMU,
	.prepare = lanes_own_domain_enter,
	.map = lanes_own_domain_map,
	.use = lanes_dma_exchange,
	.unmap = deferred_unmap,
	.finish = deferred_finish,
};
