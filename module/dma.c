// SPDX-License-Identifier: GPL-2.0
/*
 * Experiments with DMA: the table of them, and how one is run.
 *
 * A run is: prepare, then as often as was asked map, use, unmap, and finish.
 * Each does its own timing, since one mapping may be several steps. In the first
 * arg->transfers rounds the device really reads or writes what was mapped, if it
 * is one that can be told to. What it read is compared by letting it write that
 * to another piece of memory, the ferry, and what it is to write comes into it
 * the same way.
 *
 * The device is borrowed for a run, so that there is one run at a time. Who unbinds it
 * ends the run, and so does a signal: within a transfer, and what was mapped is
 * unmapped before.
 */
#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/log2.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "dma.h"
#include "lanes.h"
#include "msi_device.h"

#define MAX_BYTES	SZ_1M
#define MAX_COUNT	1000000
#define MAX_TRANSFERS	1000

static const struct lanes_dma_ops * const experiments[] = {
	&lanes_dma_coherent,
	&lanes_dma_streaming,
	&lanes_dma_sg,
	&lanes_dma_domain,
	&lanes_dma_domain_batched,
	&lanes_dma_domain_deferred,
	&lanes_dma_bounce,
	&lanes_dma_bounce_full,
	&lanes_dma_never_mapped,
	&lanes_dma_read_only,
	&lanes_dma_domain_unmapped,
	&lanes_dma_stale_warm,
	&lanes_dma_stale_cold,
};

static const enum dma_data_direction directions[LANES_NR_DMA_DIRECTIONS] = {
	[LANES_DMA_BOTH] = DMA_BIDIRECTIONAL,
	[LANES_DMA_TO_DEVICE] = DMA_TO_DEVICE,
	[LANES_DMA_FROM_DEVICE] = DMA_FROM_DEVICE,
};

/**
 * lanes_dma_note - a step is done
 * @d: the run
 * @step: which one
 * @begin_ns: what lanes_dma_begin() said before it
 *
 * Context: any.
 */
void lanes_dma_note(struct lanes_dma *d, enum lanes_dma_step step, u64 begin_ns)
{
	struct lanes_dma_timing *t = &d->timings[step];
	u64 ns = ktime_get_ns() - begin_ns;

	t->min_ns = t->nr ? min(t->min_ns, ns) : ns;
	t->max_ns = max(t->max_ns, ns);
	t->total_ns += ns;
	t->nr++;
	t->log2_ns[min(ilog2(ns | 1), LANES_DMA_BUCKETS - 1)]++;
}

/* Memory that the device can address also where nothing translates for it. */
static gfp_t zone_of(u64 mask)
{
	if (mask >= DMA_BIT_MASK(64))
		return 0;
	return mask >= DMA_BIT_MASK(32) ? GFP_DMA32 : GFP_DMA;
}

/**
 * lanes_dma_alloc - memory that the device can address
 * @d: the run
 * @nr_bytes: how much
 *
 * Context: may sleep.
 * Return: physically contiguous, zeroed memory, or NULL.
 */
void *lanes_dma_alloc(struct lanes_dma *d, size_t nr_bytes)
{
	return alloc_pages_exact(nr_bytes, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN |
				 zone_of(dma_get_mask(d->dev)));
}

/**
 * lanes_dma_free - give it back
 * @memory: what lanes_dma_alloc() returned, or NULL
 * @nr_bytes: how much it was
 *
 * Context: any.
 */
void lanes_dma_free(void *memory, size_t nr_bytes)
{
	if (memory)
		free_pages_exact(memory, nr_bytes);
}

static u8 pattern(size_t at, u32 seed)
{
	return seed * 151 + at + (at >> 8) * 31;
}

/**
 * lanes_dma_fill - write a pattern
 * @memory: where to
 * @at: which piece of the pattern, in bytes from its beginning
 * @nr_bytes: how much
 * @seed: which pattern
 *
 * Context: any.
 */
void lanes_dma_fill(void *memory, size_t at, size_t nr_bytes, u32 seed)
{
	u8 *bytes = memory;
	size_t i;

	for (i = 0; i < nr_bytes; i++)
		bytes[i] = pattern(at + i, seed);
}

/**
 * lanes_dma_nr_wrong - compare with a pattern
 * @memory: what is to be compared
 * @at: with which piece of the pattern, in bytes from its beginning
 * @nr_bytes: how much
 * @seed: with which pattern
 *
 * Context: any.
 * Return: how many bytes differ.
 */
u32 lanes_dma_nr_wrong(const void *memory, size_t at, size_t nr_bytes, u32 seed)
{
	const u8 *bytes = memory;
	u32 nr = 0;
	size_t i;

	for (i = 0; i < nr_bytes; i++)
		nr += READ_ONCE(bytes[i]) != pattern(at + i, seed);
	return nr;
}

static int why_to_stop(const struct lanes_dma *d)
{
	if (lanes_device_is_wanted_back(d->device))
		return -ENODEV;
	return signal_pending(current) ? -EINTR : 0;
}

static int read_piece(struct lanes_dma *d, dma_addr_t address, size_t nr_bytes)
{
	return lanes_edu_start_read(&d->edu, address, nr_bytes) ?:
	       lanes_edu_wait(&d->edu);
}

static int write_piece(struct lanes_dma *d, dma_addr_t address, size_t nr_bytes)
{
	return lanes_edu_start_write(&d->edu, address, nr_bytes) ?:
	       lanes_edu_wait(&d->edu);
}

/**
 * lanes_dma_load_engine - put a piece of the run's pattern into the engine
 * @d: the run
 * @at: which piece, in bytes from the beginning
 * @nr_bytes: how much, at most LANES_EDU_BYTES
 *
 * Context: may sleep.
 * Return: 0 or as lanes_edu_start_read() and lanes_edu_wait().
 */
int lanes_dma_load_engine(struct lanes_dma *d, size_t at, size_t nr_bytes)
{
	lanes_dma_fill(d->ferry, at, nr_bytes, d->seed);
	return read_piece(d, d->ferry_address, nr_bytes);
}

/**
 * lanes_dma_device_reads - let the device read memory, and compare what it read
 * @d: the run; bytes that are not the pattern's are added to its answer
 * @address: where the memory is for the device
 * @at: which piece of the run's pattern is in it
 * @nr_bytes: how much
 *
 * Context: may sleep.
 * Return: 0 or as lanes_edu_start_read() and lanes_edu_wait().
 */
int lanes_dma_device_reads(struct lanes_dma *d, dma_addr_t address, size_t at,
			   size_t nr_bytes)
{
	int err = why_to_stop(d);

	while (nr_bytes && !err) {
		size_t piece = min_t(size_t, nr_bytes, LANES_EDU_BYTES);
		u64 begin = lanes_dma_begin();

		memset(d->ferry, 0, piece);
		err = read_piece(d, address, piece);
		lanes_dma_note(d, LANES_DMA_TRANSFER, begin);
		if (!err)
			err = write_piece(d, d->ferry_address, piece);
		if (!err)
			d->arg->out_wrong += lanes_dma_nr_wrong(d->ferry, at,
								piece, d->seed);
		address += piece;
		at += piece;
		nr_bytes -= piece;
		err = err ?: why_to_stop(d);
	}
	return err;
}

/**
 * lanes_dma_device_writes - let the device write the run's pattern to memory
 * @d: the run
 * @address: where the memory is for the device
 * @at: which piece of the pattern
 * @nr_bytes: how much
 *
 * Context: may sleep.
 * Return: 0 or as lanes_edu_start_write() and lanes_edu_wait().
 */
int lanes_dma_device_writes(struct lanes_dma *d, dma_addr_t address, size_t at,
			    size_t nr_bytes)
{
	int err = why_to_stop(d);

	while (nr_bytes && !err) {
		size_t piece = min_t(size_t, nr_bytes, LANES_EDU_BYTES);
		u64 begin;

		err = lanes_dma_load_engine(d, at, piece);
		if (err)
			break;
		begin = lanes_dma_begin();
		err = write_piece(d, address, piece);
		lanes_dma_note(d, LANES_DMA_TRANSFER, begin);
		address += piece;
		at += piece;
		nr_bytes -= piece;
		err = err ?: why_to_stop(d);
	}
	return err;
}

/**
 * lanes_dma_exchange - let the device read and write what needs no handing over
 * @d: the run; its buffer is at its address, for as long as it is mapped
 *
 * Context: may sleep.
 * Return: as lanes_dma_device_reads() and lanes_dma_device_writes().
 */
int lanes_dma_exchange(struct lanes_dma *d)
{
	size_t nr_bytes = d->arg->nr_bytes;
	int err = 0;

	if (d->direction != DMA_FROM_DEVICE) {
		lanes_dma_fill(d->buffer, 0, nr_bytes, d->seed);
		err = lanes_dma_device_reads(d, d->address, 0, nr_bytes);
	}
	if (err || d->direction == DMA_TO_DEVICE)
		return err;
	memset(d->buffer, 0, nr_bytes);
	err = lanes_dma_device_writes(d, d->address, 0, nr_bytes);
	d->arg->out_wrong += lanes_dma_nr_wrong(d->buffer, 0, nr_bytes, d->seed);
	return err;
}

static int write_and_compare(struct lanes_dma *d, void *memory)
{
	dma_addr_t address;
	int err;

	address = dma_map_single(d->dev, memory, LANES_EDU_BYTES,
				 DMA_FROM_DEVICE);
	if (dma_mapping_error(d->dev, address))
		return -EIO;
	err = d->has_engine ? lanes_dma_device_writes(d, address, 0,
						      LANES_EDU_BYTES) : 0;
	dma_unmap_single(d->dev, address, LANES_EDU_BYTES, DMA_FROM_DEVICE);
	if (!err && d->has_engine &&
	    lanes_dma_nr_wrong(memory, 0, LANES_EDU_BYTES, d->seed))
		err = -EIO;
	return err;
}

/**
 * lanes_dma_probe - does DMA work, the plain way?
 * @d: the run
 *
 * Context: may sleep.
 * Return: 0; -ENOMEM; -EIO, memory cannot be mapped or is not written.
 */
int lanes_dma_probe(struct lanes_dma *d)
{
	void *memory = lanes_dma_alloc(d, LANES_EDU_BYTES);
	int err;

	if (!memory)
		return -ENOMEM;
	d->seed++;
	err = write_and_compare(d, memory);
	lanes_dma_free(memory, LANES_EDU_BYTES);
	return err;
}

static u32 domain_of(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if (!domain)
		return LANES_DMA_DIRECT;
	switch (domain->type) {
	case IOMMU_DOMAIN_IDENTITY:
		return LANES_DMA_PASSTHROUGH;
	case IOMMU_DOMAIN_DMA_FQ:
		return LANES_DMA_LAZY;
	default:
		return LANES_DMA_STRICT;
	}
}

static int run_round(struct lanes_dma *d)
{
	struct lanes_dma_run *arg = d->arg;
	int err;

	d->seed++;
	err = d->ops->map(d);
	if (err)
		return err;
	if (d->ops->use && arg->out_rounds < arg->transfers) {
		err = d->ops->use(d);
		arg->out_transfers += !err;
	}
	d->ops->unmap(d);
	arg->out_rounds += !err;
	return err;
}

static int run_rounds(struct lanes_dma *d)
{
	int err = 0;

	while (!err && d->arg->out_rounds < d->arg->count) {
		err = why_to_stop(d) ?: run_round(d);
		cond_resched();
	}
	return err;
}

static int run_prepared(struct lanes_dma *d)
{
	int err;

	if (!d->ops->own_memory) {
		d->buffer = lanes_dma_alloc(d, d->arg->nr_bytes);
		if (!d->buffer)
			return -ENOMEM;
		d->arg->out_physical = virt_to_phys(d->buffer);
	}
	err = d->ops->prepare ? d->ops->prepare(d) : 0;
	if (!err) {
		err = run_rounds(d);
		if (d->ops->finish)
			d->ops->finish(d);
	}
	lanes_dma_free(d->buffer, d->arg->nr_bytes);
	return err;
}

static int run_with_ferry(struct lanes_dma *d)
{
	int err;

	if (!d->has_engine)
		return run_prepared(d);
	/* It may write memory that was freed: it is kept from memory until it has ended. */
	if (lanes_edu_is_busy(&d->edu))
		return -EBUSY;
	pci_set_master(d->edu.pdev);
	d->ferry = dma_alloc_coherent(d->dev, LANES_EDU_BYTES, &d->ferry_address,
				      GFP_KERNEL);
	if (!d->ferry)
		return -ENOMEM;
	err = run_prepared(d);
	dma_free_coherent(d->dev, LANES_EDU_BYTES, d->ferry, d->ferry_address);
	return err;
}

/* The device has its mask for others, too: it gets back the one it had. */
static int run_with_mask(struct lanes_dma *d)
{
	u64 mask = dma_get_mask(d->dev), coherent = d->dev->coherent_dma_mask;
	unsigned int bits = d->arg->mask_bits;
	int err;

	if (!bits)
		bits = d->has_engine ? LANES_EDU_MASK_BITS : fls64(mask);
	err = dma_set_mask_and_coherent(d->dev, DMA_BIT_MASK(bits));
	if (err)
		return err;
	d->edu.mask = DMA_BIT_MASK(bits);
	err = run_with_ferry(d);
	dma_set_mask(d->dev, mask);
	dma_set_coherent_mask(d->dev, coherent);
	return err;
}

static bool may_run(const struct lanes_dma *d)
{
	bool is_tame = d->has_engine &&
		       d->arg->mask_bits <= LANES_EDU_MASK_BITS &&
		       !(d->ops->needs & LANES_DMA_NEEDS_UNSAFE);

	return is_tame || lanes_may_touch_foreign_hardware();
}

static int check_needs(const struct lanes_dma *d)
{
	u32 needs = d->ops->needs;

	if (needs & LANES_DMA_NEEDS_ENGINE && !d->has_engine)
		return -EOPNOTSUPP;
	if (needs & LANES_DMA_NEEDS_IOMMU && !device_iommu_mapped(d->dev))
		return -EOPNOTSUPP;
	if (d->arg->transfers && !d->has_engine)
		return -EOPNOTSUPP;
	return 0;
}

static int run_borrowed(struct lanes_dma *d)
{
	struct pci_dev *pdev = lanes_device_function(d->device);
	int err;

	d->dev = &pdev->dev;
	d->edu.pdev = pdev;
	d->edu.regs = lanes_device_edu_regs(d->device);
	d->has_engine = d->edu.regs;
	if (!may_run(d))
		return -EPERM;
	err = check_needs(d);
	if (err)
		return err;
	d->arg->out_domain = domain_of(d->dev);
	return run_with_mask(d);
}

static int check_values(const struct lanes_dma_run *arg)
{
	if (!arg->count || arg->count > MAX_COUNT)
		return -EINVAL;
	if (!arg->nr_bytes || arg->nr_bytes > MAX_BYTES)
		return -EINVAL;
	if (arg->transfers > MAX_TRANSFERS || arg->out_pad ||
	    arg->direction >= LANES_NR_DMA_DIRECTIONS)
		return -EINVAL;
	if (arg->mask_bits && (arg->mask_bits < 24 || arg->mask_bits > 64))
		return -EINVAL;
	return arg->experiment < ARRAY_SIZE(experiments) ? 0 : -ENOENT;
}

/* What is answered is counted from nothing, whatever the caller left there. */
static void clear_answer(struct lanes_dma_run *arg)
{
	arg->out_domain = 0;
	memset_startat(arg, 0, out_rounds);
}

static int copy_timings(struct lanes_dma *d)
{
	struct lanes_dma_run *arg = d->arg;
	u32 room = min_t(u32, arg->nr_timings, LANES_NR_DMA_STEPS);

	arg->nr_timings = LANES_NR_DMA_STEPS;
	if (copy_to_user(u64_to_user_ptr(arg->timings), d->timings,
			 room * sizeof(d->timings[0])))
		return -EFAULT;
	return 0;
}

int lanes_dma_run_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_dma *d __free(kfree) = NULL;
	struct lanes_dma_run *arg = data;
	int err;

	err = check_values(arg);
	if (err)
		return err;
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return -ENOMEM;
	clear_answer(arg);
	d->arg = arg;
	d->ops = experiments[arg->experiment];
	d->direction = directions[arg->direction];
	d->device = lanes_device_borrow(arg->function);
	if (IS_ERR(d->device))
		return PTR_ERR(d->device);
	err = run_borrowed(d);
	lanes_device_give_back(d->device);
	return copy_timings(d) ?: err;
}

int lanes_dma_list_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_dma_list *arg = data;
	const struct lanes_dma_ops *ops;

	if (arg->experiment >= ARRAY_SIZE(experiments))
		return -ENOENT;
	ops = experiments[arg->experiment];
	arg->out_needs = ops->needs;
	strscpy_pad(arg->out_name, ops->name);
	strscpy_pad(arg->out_what, ops->what);
	return 0;
}
