// SPDX-License-Identifier: GPL-2.0
// description: behind an IOMMU each allocation of a mapping may fail, and the device has its own domain after it
// cpus: 2
// kernel: 6.12-debug
// guest: --qemu "-M q35 -device intel-iommu,intremap=on -device edu,addr=03.0,dma_mask=0xffffffff" --append "intel_iommu=on iommu.strict=1 kmemleak=on log_buf_len=4M"
// log: WARNING: .* __iommu_group_set_core_domain
/*
 * The experiments of lanes-dma where page tables and domains are allocated too;
 * sweep.h tells how.
 *
 * The kernel takes it that a device can always go back into its own domain, and warns
 * where the memory for that was refused. It is back all the same.
 */
#include "sweep.h"

static const struct sweep sweeps[] = {
	{ .name = "coherent" },
	{ .name = "streaming" },
	{ .name = "sg" },
	{ .name = "domain" },
	{ .name = "domain-batched" },
	{ .name = "domain-deferred" },
	{ .name = "never-mapped" },
	{ .name = "read-only" },
	{ .name = "domain-unmapped" },
	{ .name = "stale-warm" },
	{ .name = "stale-cold" },
};

/* edu reads and writes what an ordinary mapping shows it: its own domain is back. */
static void expect_own_domain(void)
{
	int fd = open_lanes();

	KTAP_EXPECT_EQ(dma_run(fd, "streaming", 1), 0);
	close(fd);
}

KTAP_TEST(each_allocation_may_fail, "every experiment with every one of its allocations failing")
{
	size_t i;

	if (!sweep_open())
		return;
	for (i = 0; i < sizeof(sweeps) / sizeof(sweeps[0]); i++) {
		sweep_one(&sweeps[i]);
		expect_own_domain();
	}
	KTAP_EXPECT(shell("[ $(cat /sys/module/lanes/refcnt) = 0 ]"));
	unload_lanes();
}

KTAP_TEST(nothing_is_leaked, "kmemleak finds nothing after that")
{
	expect_no_leak();
}

KTAP_MAIN()
