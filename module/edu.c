// SPDX-License-Identifier: GPL-2.0
/*
 * The DMA engine of QEMU's edu device.
 *
 * It moves up to 4096 bytes between memory and a buffer of its own, 100 ms after
 * it is told to. What does not fit into the buffer ends the whole machine, and of
 * an address that is wider than the device has only the low bits are used: so
 * everything is checked before the device hears of it.
 *
 * The engine is one command at a time, and its user is one at a time: who
 * borrowed the device.
 */
#include <linux/delay.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/jiffies.h>

#include "edu.h"

#define EDU_DMA_SOURCE		0x80
#define EDU_DMA_DESTINATION	0x88
#define EDU_DMA_COUNT		0x90
#define EDU_DMA_COMMAND		0x98
#define EDU_DMA_RUN		BIT(0)
#define EDU_DMA_TO_MEMORY	BIT(1)

/* Where the engine's buffer is, for the engine. */
#define EDU_BUFFER		0x40000

#define WAIT_DEADLINE		(5 * HZ)

static int check(const struct lanes_edu *edu, dma_addr_t address, size_t nr_bytes)
{
	if (!nr_bytes || nr_bytes > LANES_EDU_BYTES)
		return -EINVAL;
	if (address > edu->mask || edu->mask - address < nr_bytes - 1)
		return -EINVAL;
	return lanes_edu_is_busy(edu) ? -EBUSY : 0;
}

static void start(const struct lanes_edu *edu, u64 source, u64 destination,
		  size_t nr_bytes, u32 command)
{
	writeq(source, edu->regs + EDU_DMA_SOURCE);
	writeq(destination, edu->regs + EDU_DMA_DESTINATION);
	writeq(nr_bytes, edu->regs + EDU_DMA_COUNT);
	writel(command, edu->regs + EDU_DMA_COMMAND);
}

/**
 * lanes_edu_start_read - let the device read memory into its buffer
 * @edu: the engine
 * @from: where the memory is for the device
 * @nr_bytes: how much, 1 to LANES_EDU_BYTES
 *
 * Context: any; the transfer is LANES_EDU_DELAY_MS later.
 * Return: 0; -EINVAL, this is more than fits or the device can address; -EBUSY,
 * it is at something else.
 */
int lanes_edu_start_read(const struct lanes_edu *edu, dma_addr_t from,
			 size_t nr_bytes)
{
	int err = check(edu, from, nr_bytes);

	if (!err)
		start(edu, from, EDU_BUFFER, nr_bytes, EDU_DMA_RUN);
	return err;
}

/**
 * lanes_edu_start_write - let the device write memory from its buffer
 * @edu: the engine
 * @to: where the memory is for the device
 * @nr_bytes: how much, 1 to LANES_EDU_BYTES
 *
 * Context: any; the transfer is LANES_EDU_DELAY_MS later.
 * Return: as lanes_edu_start_read().
 */
int lanes_edu_start_write(const struct lanes_edu *edu, dma_addr_t to,
			  size_t nr_bytes)
{
	int err = check(edu, to, nr_bytes);

	if (!err)
		start(edu, EDU_BUFFER, to, nr_bytes,
		      EDU_DMA_RUN | EDU_DMA_TO_MEMORY);
	return err;
}

/**
 * lanes_edu_is_busy - is a transfer still to come, or under way?
 * @edu: the engine
 *
 * Context: any.
 */
bool lanes_edu_is_busy(const struct lanes_edu *edu)
{
	return readl(edu->regs + EDU_DMA_COMMAND) & EDU_DMA_RUN;
}

/**
 * lanes_edu_wait - until the transfer is done
 * @edu: the engine
 *
 * A device that does not come to an end is kept from memory for good: its caller
 * is about to free what it might still write to.
 *
 * Context: may sleep; no signal ends it.
 * Return: 0 or -ETIMEDOUT.
 */
int lanes_edu_wait(const struct lanes_edu *edu)
{
	unsigned long deadline = jiffies + WAIT_DEADLINE;

	while (lanes_edu_is_busy(edu)) {
		if (time_after(jiffies, deadline)) {
			pci_clear_master(edu->pdev);
			pci_err(edu->pdev, "DMA does not end, bus mastering is off\n");
			return -ETIMEDOUT;
		}
		usleep_range(200, 500);
	}
	return 0;
}
