/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The DMA engine of QEMU's edu device, shared by the experiments that want a
 * device which really reads and writes memory.
 */
#ifndef __LANES_EDU_H
#define __LANES_EDU_H

#include <linux/io.h>
#include <linux/pci.h>
#include <linux/types.h>

/* The engine's own memory: as much as it can move at a time. */
#define LANES_EDU_BYTES 4096

/* Addresses the device has unless QEMU is told otherwise (dma_mask=). */
#define LANES_EDU_MASK_BITS 28

/* From the command to the transfer; the device's clock counts milliseconds. */
#define LANES_EDU_DELAY_MS 100

/**
 * struct lanes_edu - the engine
 * @pdev: its function
 * @regs: BAR 0
 * @mask: the addresses that it can write out; it would drop the bits above
 */
struct lanes_edu {
	struct pci_dev *pdev;
	void __iomem *regs;
	u64 mask;
};

int lanes_edu_start_read(const struct lanes_edu *edu, dma_addr_t from,
			 size_t nr_bytes);
int lanes_edu_start_write(const struct lanes_edu *edu, dma_addr_t to,
			  size_t nr_bytes);
bool lanes_edu_is_busy(const struct lanes_edu *edu);
int lanes_edu_wait(const struct lanes_edu *edu);

#endif /* __LANES_EDU_H */
