// SPDX-License-Identifier: GPL-2.0
/*
 * edu's DMA engine aborts the machine when a transfer does not fit into its
 * buffer, and of an address only uses the bits that it has. Here is a model of it
 * that fails instead, and the module's driver of it may not make it do so.
 */
#include "../ktap.h"
#include "../../module/edu.c"

#define MASK ((1ull << LANES_EDU_MASK_BITS) - 1)

static struct {
	uint64_t regs[4];
	unsigned int nr_commands;
	/* reads of the command until it is done; 0: never is */
	unsigned int nr_busy_reads;
} model;

static char bar[0x100];

static uint64_t *reg(const volatile void *address)
{
	return &model.regs[((const volatile char *)address - bar - EDU_DMA_SOURCE) / 8];
}

static void is_within(uint64_t begin, uint64_t nr_bytes, uint64_t first,
		      uint64_t last)
{
	KTAP_EXPECT(begin >= first && begin <= last);
	KTAP_EXPECT(nr_bytes >= 1 && nr_bytes - 1 <= last - begin);
}

uint32_t readl(const volatile void *address)
{
	if (reg(address) == &model.regs[3] && model.nr_busy_reads &&
	    !--model.nr_busy_reads)
		model.regs[3] &= ~EDU_DMA_RUN;
	return *reg(address);
}

void writeq(uint64_t value, volatile void *address)
{
	KTAP_EXPECT(!(model.regs[3] & EDU_DMA_RUN));
	*reg(address) = value;
}

void writel(uint32_t value, volatile void *address)
{
	bool to_memory = value & EDU_DMA_TO_MEMORY;
	uint64_t buffer = model.regs[to_memory ? 0 : 1];
	uint64_t memory = model.regs[to_memory ? 1 : 0];

	writeq(value, address);
	model.nr_commands++;
	is_within(buffer, model.regs[2], EDU_BUFFER,
		  EDU_BUFFER + LANES_EDU_BYTES - 1);
	is_within(memory, model.regs[2], 0, MASK);
}

static const uint64_t edges[] = {
	0, 1, 2, 4095, 4096, 4097, 8192, MASK - 4096, MASK - 4095, MASK - 4094,
	MASK - 1, MASK, MASK + 1, MASK + 4096, 1ull << 32, UINT64_MAX - 1, UINT64_MAX,
};

#define NR_EDGES (sizeof(edges) / sizeof(edges[0]))

static bool fits(uint64_t address, uint64_t nr_bytes)
{
	return nr_bytes >= 1 && nr_bytes <= LANES_EDU_BYTES && address <= MASK &&
	       nr_bytes - 1 <= MASK - address;
}

KTAP_TEST(bounds, "what fits is done, anything else is EINVAL and not told")
{
	struct pci_dev pdev = { .is_master = true };
	struct lanes_edu edu = { .pdev = &pdev, .regs = bar, .mask = MASK };
	unsigned int nr_expected = 0;
	size_t i, k;

	for (i = 0; i < NR_EDGES; i++) {
		for (k = 0; k < NR_EDGES; k++) {
			int expected = fits(edges[i], edges[k]) ? 0 : -EINVAL;

			memset(&model, 0, sizeof(model));
			KTAP_EXPECT_EQ(lanes_edu_start_read(&edu, edges[i], edges[k]), expected);
			nr_expected += model.nr_commands;
			KTAP_EXPECT_EQ(model.nr_commands, !expected);
			memset(&model, 0, sizeof(model));
			KTAP_EXPECT_EQ(lanes_edu_start_write(&edu, edges[i], edges[k]), expected);
			KTAP_EXPECT_EQ(model.nr_commands, !expected);
		}
	}
	KTAP_EXPECT(nr_expected > NR_EDGES);
}

KTAP_TEST(one_at_a_time, "a second command is EBUSY until the first one is done")
{
	struct pci_dev pdev = { .is_master = true };
	struct lanes_edu edu = { .pdev = &pdev, .regs = bar, .mask = MASK };

	memset(&model, 0, sizeof(model));
	KTAP_EXPECT_EQ(lanes_edu_start_read(&edu, 0, 1), 0);
	KTAP_EXPECT_EQ(lanes_edu_start_read(&edu, 0, 1), -EBUSY);
	model.nr_busy_reads = 5;
	KTAP_EXPECT_EQ(lanes_edu_wait(&edu), 0);
	KTAP_EXPECT_EQ(lanes_edu_start_write(&edu, 0, 1), 0);
	KTAP_EXPECT(pdev.is_master);
}

KTAP_TEST(no_end, "a transfer that does not end is given up, and the device is kept from memory")
{
	struct pci_dev pdev = { .is_master = true };
	struct lanes_edu edu = { .pdev = &pdev, .regs = bar, .mask = MASK };

	memset(&model, 0, sizeof(model));
	KTAP_EXPECT_EQ(lanes_edu_start_write(&edu, 0, 1), 0);
	KTAP_EXPECT_EQ(lanes_edu_wait(&edu), -ETIMEDOUT);
	KTAP_EXPECT(!pdev.is_master);
}

KTAP_MAIN()
