// SPDX-License-Identifier: GPL-2.0
// cpus: 2
// kernel: 6.12-debug
// guest: --qemu "-M q35 -device edu,addr=03.0,dma_mask=0xffffffff -drive if=none,id=n0,driver=null-co,size=1G,read-zeroes=on -device nvme,serial=x,drive=n0,addr=04.0,max_ioqpairs=4,msix_qsize=5" --append "kmemleak=on log_buf_len=4M"
// log: WARNING: .* remove_proc_entry
/*
 * Every command, opening the device, and binding a function; sweep.h tells how.
 *
 * An interrupt whose files in /proc/irq could not be made is an interrupt all the
 * same; the kernel warns when it removes them, and that is excused.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/eventfd.h>

#include "sweep.h"

static int event;

static int matrix_alloc(int fd)
{
	static struct lanes_cpu_vector vectors[64];
	uint64_t cpus = 3;
	struct lanes_matrix_alloc arg = {
		.nr_vectors = 64,
		.cpus = (uintptr_t)&cpus,
		.cpus_bytes = 8,
		.vectors = (uintptr_t)vectors,
	};

	return call(fd, LANES_MATRIX_ALLOC, &arg);
}

static struct lanes_msi_entry entries[16];

static int walk_function(int fd, uint32_t function)
{
	struct lanes_pci_walk arg = {
		.flags = LANES_WALK_TABLES,
		.function = function,
		.nr_entries = 16,
		.entries = (uintptr_t)entries,
	};

	memset(entries, 0, sizeof(entries));
	return call(fd, LANES_PCI_WALK, &arg);
}

static int pci_walk(int fd)
{
	return walk_function(fd, EDU);
}

/*
 * Of a disk in use, whose table has to be mapped. Where it cannot be, the entries
 * come without what is in the device, and that is no error.
 */
static int pci_walk_table(int fd)
{
	return walk_function(fd, 4 << 3);
}

static int list_vectors(int fd)
{
	static struct lanes_vector_owner owners[64];
	struct lanes_list_vectors arg = {
		.nr_owners = 64,
		.owners = (uintptr_t)owners,
	};

	return call(fd, LANES_LIST_VECTORS, &arg);
}

static int msi_create(int fd)
{
	struct lanes_msi_create arg = { .nr_vectors = 3 };

	return call(fd, LANES_MSI_CREATE, &arg);
}

static int device_open(int fd)
{
	struct lanes_device_open arg = { .function = EDU };

	return call(fd, LANES_DEVICE_OPEN, &arg);
}

static int ring(int fd)
{
	struct lanes_ring arg = { .flags = LANES_RING_WAIT, .count = 3 };

	return call(fd, LANES_RING, &arg);
}

static int attach_eventfd(int fd)
{
	struct lanes_eventfd arg = { .fd = event };

	return call(fd, LANES_EVENTFD, &arg);
}

static int source_stats(int fd)
{
	static struct lanes_vector_stat stats[3];
	struct lanes_source_stats arg = {
		.nr_vectors = 3,
		.vectors = (uintptr_t)stats,
	};

	return call(fd, LANES_SOURCE_STATS, &arg);
}

static int stay_on_cpu_0(int fd)
{
	cpu_set_t cpus;

	(void)fd;
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	return sched_setaffinity(0, sizeof(cpus), &cpus) ? -errno : 0;
}

static int messenger(int fd)
{
	struct lanes_messenger arg = { .cpu = 1, .batch = 8, .rounds = 2 };

	return call(fd, LANES_MESSENGER, &arg);
}

static int threads_run(int fd)
{
	struct lanes_threads_run arg = { .timeout_ms = 60000, .count = 2 };
	int err = 0;

	for (; !err && arg.kind < LANES_NR_THREADS_KINDS; arg.kind++) {
		arg.nr_threads = arg.kind >= LANES_THREADS_REUSE ? 2 : 0;
		err = call(fd, LANES_THREADS_RUN, &arg);
	}
	return err;
}

/* A thread that cannot be made is a failure of the scenario, not of the command. */
static int lk_run(int fd)
{
	struct lanes_lk_run arg = { 0 };

	return call(fd, LANES_LK_RUN, &arg);
}

static int snapshot_create(int fd)
{
	struct lanes_snapshot_create arg = { .max_tasks = 500, .period_ms = 10 };

	return call(fd, LANES_SNAPSHOT_CREATE, &arg);
}

static int list_tasks(int fd)
{
	static struct lanes_task tasks[100];
	struct lanes_list_tasks arg = { .nr_tasks = 100, .tasks = (uintptr_t)tasks };

	return call(fd, LANES_LIST_TASKS, &arg);
}

static int matrix_free(int fd)
{
	struct lanes_matrix_free arg = { 0 };
	int err = call(fd, LANES_MATRIX_FREE, &arg);

	return err == -ENOENT ? 0 : err;
}

static int open_again(int fd)
{
	int other = open("/dev/lanes", O_RDWR);

	(void)fd;
	if (other < 0)
		return -errno;
	close(other);
	return 0;
}

static int set_quirks(int fd)
{
	int file = open("/sys/bus/pci/devices/0000:00:03.0/quirks", O_WRONLY);
	int err = 0;

	(void)fd;
	if (file < 0)
		return -errno;
	if (write(file, "none", 4) < 0)
		err = -errno;
	close(file);
	return err;
}

static int dma_streaming(int fd) { return dma_run(fd, "streaming", 1); }

static const struct sweep sweeps[] = {
	{ "open", open_again, NULL },
	{ "matrix_alloc", matrix_alloc, NULL },
	{ "matrix_free", matrix_free, NULL },
	{ "pci_walk", pci_walk, NULL },
	{ "pci_walk of a table", pci_walk_table, NULL },
	{ "list_vectors", list_vectors, NULL },
	{ "msi_create", msi_create, NULL },
	{ "device_open", device_open, NULL },
	{ "ring", ring, msi_create },
	{ "eventfd", attach_eventfd, msi_create },
	{ "source_stats", source_stats, msi_create },
	{ "messenger", messenger, stay_on_cpu_0 },
	{ "threads_run", threads_run, NULL },
	{ "lk_run", lk_run, NULL },
	{ "snapshot_create", snapshot_create, NULL },
	{ "list_tasks", list_tasks, NULL },
	{ "quirks", set_quirks, NULL },
	{ .name = "coherent" },
	{ "dma streaming", dma_streaming, NULL },
	{ .name = "sg" },
	{ .name = "bounce" },
	{ .name = "never-mapped" },
	{ .name = "read-only" },
};

/* Without this the walk of a table would be one of a function without a table. */
static void expect_table(void)
{
	int fd = open_lanes();

	KTAP_EXPECT_EQ(pci_walk_table(fd), 0);
	KTAP_EXPECT(entries[1].flags & LANES_ENTRY_HAS_TABLE);
	close(fd);
}

KTAP_TEST(each_allocation_may_fail, "every command with every one of its allocations failing")
{
	size_t i;

	if (!sweep_open())
		return;
	event = eventfd(0, 0);
	expect_table();
	for (i = 0; i < sizeof(sweeps) / sizeof(sweeps[0]); i++)
		sweep_one(&sweeps[i]);
	expect_table();
	KTAP_EXPECT(shell("[ $(awk '$1 == \"all\" { print $4 }' /sys/kernel/debug/lanes/matrix) = 0 ]"));
	KTAP_EXPECT(shell("[ $(cat /sys/module/lanes/refcnt) = 0 ]"));
	unload_lanes();
}

KTAP_TEST(nothing_is_leaked, "kmemleak finds nothing after that")
{
	expect_no_leak();
}

KTAP_MAIN()
