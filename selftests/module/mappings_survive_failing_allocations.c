// SPDX-License-Identifier: GPL-2.0
// description: behind an IOMMU each allocation of a mapping may fail, and the device has its own domain after it
// cpus: 2
// kernel: 6.12-debug
// guest: --qemu "-M q35 -device intel-iommu,intremap=on -device edu,addr=03.0" --append "intel_iommu=on iommu.strict=1 kmemleak=on log_buf_len=4M"
// log: WARNING: .* __iommu_group_set_core_domain
/*
 * The experiments of lanes-dma where page tables and domains are allocated too;
 * sweep.h tells how.
 *
 * The kernel takes it that a device can always go back into its own domain, and warns
 * where the memory for that was refused. It is back all the same.
 */
#include "sweep.h"

static int coherent(int fd) { return dma_run(fd, "coherent", 0); }
static int streaming(int fd) { return dma_run(fd, "streaming", 0); }
static int sg(int fd) { return dma_run(fd, "sg", 0); }
static int domain(int fd) { return dma_run(fd, "domain", 0); }
static int domain_batched(int fd) { return dma_run(fd, "domain-batched", 0); }
static int domain_deferred(int fd) { return dma_run(fd, "domain-deferred", 0); }
static int never_mapped(int fd) { return dma_run(fd, "never-mapped", 0); }
static int read_only(int fd) { return dma_run(fd, "read-only", 0); }
static int domain_unmapped(int fd) { return dma_run(fd, "domain-unmapped", 0); }
static int stale_warm(int fd) { return dma_run(fd, "stale-warm", 0); }
static int stale_cold(int fd) { return dma_run(fd, "stale-cold", 0); }

static const struct sweep sweeps[] = {
	{ "coherent", coherent, NULL },
	{ "streaming", streaming, NULL },
	{ "sg", sg, NULL },
	{ "domain", domain, NULL },
	{ "domain-batched", domain_batched, NULL },
	{ "domain-deferred", domain_deferred, NULL },
	{ "never-mapped", never_mapped, NULL },
	{ "read-only", read_only, NULL },
	{ "domain-unmapped", domain_unmapped, NULL },
	{ "stale-warm", stale_warm, NULL },
	{ "stale-cold", stale_cold, NULL },
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
