// SPDX-License-Identifier: GPL-2.0
/*
 * Does the IOMMU keep the device out? Each round is a sample: the device is told
 * to write where it should not, and afterwards the memory is unchanged or
 * overwritten. What the device is told is always the address of a page that this
 * experiment owns, so where nothing keeps it out, nothing else is harmed.
 *
 *	never-mapped	 a page whose physical address was never mapped
 *	read-only	 a page that is mapped for reading
 *	domain-unmapped	 a page that was mapped in a domain of our own, and was
 *			 written, and is mapped no more
 *	stale-warm	 a page that is unmapped between the command and the transfer,
 *			 just before it, with the IOMMU remembering the mapping
 *	stale-cold	 the same long before, so that a lazy IOMMU has forgotten too
 *
 * The window of the stale ones is the device's delay between command and transfer.
 * A sample counts if the device was still at it when the page was unmapped; for
 * stale-warm it must also have ended before a lazy IOMMU forgets (after 10 ms), and
 * for stale-cold not before.
 */
#include <linux/delay.h>
#include <linux/iommu.h>
#include <linux/ktime.h>
#include <linux/string.h>

#include "dma.h"

#define WARM_UNMAP_NS	((LANES_EDU_DELAY_MS - 3) * NSEC_PER_MSEC)
#define COLD_UNMAP_NS	((LANES_EDU_DELAY_MS - 80) * NSEC_PER_MSEC)
#define LAZY_FORGETS_NS	(8 * NSEC_PER_MSEC)
#define LAZY_FORGOT_NS	(30 * NSEC_PER_MSEC)

/* What is not written is all of this, which is in no pattern. */
#define UNTOUCHED	0x5a

static size_t sample_bytes(const struct lanes_dma *d)
{
	return min_t(size_t, d->arg->nr_bytes, LANES_EDU_BYTES);
}

/* Half of one and half of the other is neither. */
static void judge(struct lanes_dma *d)
{
	size_t nr_bytes = sample_bytes(d);

	if (!memchr_inv(d->buffer, UNTOUCHED, nr_bytes))
		d->arg->out_unchanged++;
	else if (!lanes_dma_nr_wrong(d->buffer, 0, nr_bytes, d->seed))
		d->arg->out_overwritten++;
	else
		d->arg->out_wrong++;
}

/* Load the engine, and leave the page as it should stay. */
static int make_ready(struct lanes_dma *d)
{
	memset(d->buffer, UNTOUCHED, d->arg->nr_bytes);
	return lanes_dma_load_engine(d, 0, sample_bytes(d));
}

static int try_to_write(struct lanes_dma *d)
{
	int err = make_ready(d);

	if (!err)
		err = lanes_edu_start_write(&d->edu, d->address, sample_bytes(d));
	if (!err)
		err = lanes_edu_wait(&d->edu);
	if (!err)
		judge(d);
	return err;
}

static int never_map(struct lanes_dma *d)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(d->dev);

	d->address = virt_to_phys(d->buffer);
	d->arg->out_address = d->address;
	if (d->arg->out_domain >= LANES_DMA_STRICT &&
	    iommu_iova_to_phys(domain, d->address))
		return -EBUSY;
	return 0;
}

static void never_unmap(struct lanes_dma *d)
{
}

/* A page that bounces is not the one that the device would write. */
static int map_for(struct lanes_dma *d, enum dma_data_direction direction)
{
	int err = lanes_dma_map_single(d, direction);

	if (err || d->arg->out_domain >= LANES_DMA_STRICT ||
	    d->address == virt_to_phys(d->buffer))
		return err;
	lanes_dma_unmap_single(d, direction);
	return -EOPNOTSUPP;
}

static int read_only_map(struct lanes_dma *d)
{
	return map_for(d, DMA_TO_DEVICE);
}

static void read_only_unmap(struct lanes_dma *d)
{
	lanes_dma_unmap_single(d, DMA_TO_DEVICE);
}

/* That it can be written while it is mapped is what makes the rest a finding. */
static int own_map(struct lanes_dma *d)
{
	size_t nr_bytes = sample_bytes(d);
	int err;

	d->direction = DMA_BIDIRECTIONAL;
	err = lanes_own_domain_map(d);
	if (err)
		return err;
	err = lanes_dma_device_writes(d, d->address, 0, nr_bytes);
	if (!err)
		d->arg->out_wrong += lanes_dma_nr_wrong(d->buffer, 0, nr_bytes,
							d->seed);
	lanes_own_domain_unmap(d);
	return err;
}

/* The sleep, not by ticks, is short of it, and the rest is spent awake. */
static void sleep_until_ns(u64 when_ns)
{
	s64 left_ns = when_ns - ktime_get_ns(), us = left_ns / NSEC_PER_USEC - 2 * USEC_PER_MSEC;

	if (us > (s64)USEC_PER_MSEC)
		usleep_range(us, us + 100);
	while ((s64)(when_ns - ktime_get_ns()) > 0)
		cpu_relax();
}

/* How long the device took from now, or -1 when it was done already. */
static s64 rest_of_transfer_ns(struct lanes_dma *d, int *out_err)
{
	u64 unmapped_ns = ktime_get_ns();
	bool is_in_time = lanes_edu_is_busy(&d->edu);

	*out_err = lanes_edu_wait(&d->edu);
	return is_in_time ? ktime_get_ns() - unmapped_ns : -1;
}

/*
 * The first transfer makes the IOMMU remember the mapping. What it wrote is
 * replaced by what the second one should leave alone.
 */
static int stale_sample(struct lanes_dma *d, u64 unmap_ns, s64 least_ns,
			s64 most_ns)
{
	u64 started_ns;
	s64 rest_ns;
	int err;

	err = lanes_dma_device_writes(d, d->address, 0, sample_bytes(d));
	if (!err)
		err = make_ready(d);
	started_ns = ktime_get_ns();
	if (!err)
		err = lanes_edu_start_write(&d->edu, d->address, sample_bytes(d));
	if (err) {
		lanes_dma_unmap_single(d, DMA_BIDIRECTIONAL);
		return err;
	}
	sleep_until_ns(started_ns + unmap_ns);
	lanes_dma_unmap_single(d, DMA_BIDIRECTIONAL);
	rest_ns = rest_of_transfer_ns(d, &err);
	if (err)
		return err;
	if (rest_ns < least_ns || rest_ns > most_ns)
		d->arg->out_invalid++;
	else
		judge(d);
	return 0;
}

static int warm_map(struct lanes_dma *d)
{
	return map_for(d, DMA_BIDIRECTIONAL) ?:
	       stale_sample(d, WARM_UNMAP_NS, 0, LAZY_FORGETS_NS);
}

static int cold_map(struct lanes_dma *d)
{
	return map_for(d, DMA_BIDIRECTIONAL) ?:
	       stale_sample(d, COLD_UNMAP_NS, LAZY_FORGOT_NS, S64_MAX);
}

#define NEEDS (LANES_DMA_NEEDS_ENGINE | LANES_DMA_NEEDS_UNSAFE)

const struct lanes_dma_ops lanes_dma_never_mapped = {
	.name = "never-mapped",
	.what = "let the device write a page that was never mapped",
	.needs = NEEDS,
	.map = never_map,
	.use = try_to_write,
	.unmap = never_unmap,
};

const struct lanes_dma_ops lanes_dma_read_only = {
	.name = "read-only",
	.what = "let the device write a page that is mapped for reading",
	.needs = NEEDS,
	.map = read_only_map,
	.use = try_to_write,
	.unmap = read_only_unmap,
};

const struct lanes_dma_ops lanes_dma_domain_unmapped = {
	.name = "domain-unmapped",
	.what = "let the device write a page that was unmapped, in a domain of our own",
	.needs = NEEDS | LANES_DMA_NEEDS_IOMMU,
	.prepare = lanes_own_domain_enter,
	.map = own_map,
	.use = try_to_write,
	.unmap = never_unmap,
	.finish = lanes_own_domain_leave,
};

/* These unmap in the middle of it, and are samples also where none is asked for. */
const struct lanes_dma_ops lanes_dma_stale_warm = {
	.name = "stale-warm",
	.what = "unmap a page just before the device writes it",
	.needs = NEEDS,
	.map = warm_map,
	.unmap = never_unmap,
};

const struct lanes_dma_ops lanes_dma_stale_cold = {
	.name = "stale-cold",
	.what = "unmap a page well before the device writes it",
	.needs = NEEDS,
	.map = cold_map,
	.unmap = never_unmap,
};
