// SPDX-License-Identifier: GPL-2.0
// cpus: 2
// kernel: any
/*
 * What every command of /dev/lanes checks before it runs, asked of each one by
 * one macro: a struct that is too short, longer with zeroes, longer with
 * something else, an unknown flag, a reserved field, no privilege, a bad
 * pointer. The log stays silent through all of it.
 */
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <linux/capability.h>

#include "harness.h"

union any_arg {
	struct lanes_header header;
	struct lanes_matrix_alloc matrix_alloc;
	struct lanes_matrix_free matrix_free;
	struct lanes_pci_walk pci_walk;
	struct lanes_list_vectors list_vectors;
	struct lanes_msi_create msi_create;
	struct lanes_device_open device_open;
	struct lanes_ring ring;
	struct lanes_eventfd eventfd;
	struct lanes_source_stats source_stats;
	struct lanes_messenger messenger;
	struct lanes_dma_list dma_list;
	struct lanes_dma_run dma_run;
	struct lanes_threads_run threads_run;
	struct lanes_lk_run lk_run;
	struct lanes_snapshot_create snapshot_create;
	struct lanes_snapshot_write snapshot_write;
	struct lanes_list_tasks list_tasks;
	unsigned char bytes[4096 + 512];
};

/**
 * struct command - a command, and what it says to a struct of zeroes
 * @name: for people
 * @number: its number
 * @nr_bytes: size of its struct
 * @reserved_at: where its reserved field is, or 0
 * @zero_error: what it answers when nothing is set: it has run
 */
struct command {
	const char *name;
	unsigned long number;
	size_t nr_bytes;
	size_t reserved_at;
	int zero_error;
};

#define COMMAND(upper, lower, reserved, error)				\
	{								\
		.name = #lower,						\
		.number = LANES_##upper,				\
		.nr_bytes = sizeof(struct lanes_##lower),		\
		.reserved_at = reserved,				\
		.zero_error = error,					\
	}
#define RESERVED_IN(lower) offsetof(struct lanes_##lower, reserved)

static const struct command commands[] = {
	COMMAND(MATRIX_ALLOC, matrix_alloc, 0, -EINVAL),
	COMMAND(MATRIX_FREE, matrix_free, 0, -ENOENT),
	COMMAND(PCI_WALK, pci_walk, 0, 0),
	COMMAND(LIST_VECTORS, list_vectors, 0, 0),
	COMMAND(MSI_CREATE, msi_create, RESERVED_IN(msi_create), -EINVAL),
	COMMAND(DEVICE_OPEN, device_open, RESERVED_IN(device_open), -ENOENT),
	COMMAND(RING, ring, RESERVED_IN(ring), -EINVAL),
	COMMAND(EVENTFD, eventfd, 0, -ENOENT),
	COMMAND(SOURCE_STATS, source_stats, RESERVED_IN(source_stats), -ENOENT),
	COMMAND(MESSENGER, messenger, RESERVED_IN(messenger), -EINVAL),
	COMMAND(DMA_LIST, dma_list, 0, 0),
	COMMAND(DMA_RUN, dma_run, RESERVED_IN(dma_run), -EINVAL),
	COMMAND(THREADS_RUN, threads_run, RESERVED_IN(threads_run), -EINVAL),
	COMMAND(LK_RUN, lk_run, RESERVED_IN(lk_run), 0),
	COMMAND(SNAPSHOT_CREATE, snapshot_create, 0, -EINVAL),
	COMMAND(SNAPSHOT_WRITE, snapshot_write, RESERVED_IN(snapshot_write), -ENOENT),
	COMMAND(LIST_TASKS, list_tasks, RESERVED_IN(list_tasks), 0),
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* The PCI walk without a PCI bus finds nothing. */
static int answer_to_zeroes(const struct command *c)
{
	return c->number == LANES_PCI_WALK && access("/sys/bus/pci/devices/0000:00:00.0", F_OK) ?
	       -ENOENT : c->zero_error;
}

static int ask(int fd, const struct command *c, size_t nr_bytes, size_t at,
	       unsigned char value)
{
	union any_arg arg;

	memset(&arg, 0, sizeof(arg));
	arg.bytes[at] |= value;
	return call_bytes(fd, c->number, &arg, nr_bytes);
}

static void check_command(int fd, const struct command *c)
{
	int runs = answer_to_zeroes(c);

	ktap_diag("%s", c->name);
	KTAP_EXPECT_EQ(ask(fd, c, 0, 8, 0), -EINVAL);
	KTAP_EXPECT_EQ(ask(fd, c, sizeof(struct lanes_header), 8, 0), -EINVAL);
	KTAP_EXPECT_EQ(ask(fd, c, c->nr_bytes - 1, 8, 0), -EINVAL);
	KTAP_EXPECT_EQ(ask(fd, c, c->nr_bytes, 8, 0), runs);
	KTAP_EXPECT_EQ(ask(fd, c, c->nr_bytes + 1, 8, 0), runs);
	KTAP_EXPECT_EQ(ask(fd, c, c->nr_bytes + 64, 8, 0), runs);
	KTAP_EXPECT_EQ(ask(fd, c, c->nr_bytes + 1, c->nr_bytes, 1), -E2BIG);
	KTAP_EXPECT_EQ(ask(fd, c, c->nr_bytes + 64, c->nr_bytes + 63, 0x80),
		       -E2BIG);
	KTAP_EXPECT_EQ(ask(fd, c, 0xffffffff, 8, 0), -E2BIG);
	KTAP_EXPECT_EQ(ask(fd, c, c->nr_bytes, 7, 0x80), -EOPNOTSUPP);
	if (c->reserved_at)
		KTAP_EXPECT_EQ(ask(fd, c, c->nr_bytes, c->reserved_at + 3, 1),
			       -EINVAL);
	KTAP_EXPECT_EQ(ioctl(fd, c->number, NULL) ? -errno : 0, -EFAULT);
}

static void check_number(int fd, unsigned long number)
{
	union any_arg arg = { .header.size = sizeof(arg) };

	KTAP_EXPECT_EQ(ioctl(fd, number, &arg) ? -errno : 0, -ENOTTY);
}

/* A struct whose end is in a page that is not there. */
static void check_torn_struct(int fd, const struct command *c)
{
	long page = sysconf(_SC_PAGESIZE);
	unsigned char *at = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(at + page, page);
	KTAP_EXPECT_EQ(call_bytes(fd, c->number, at + page - 8, c->nr_bytes),
		       -EFAULT);
	munmap(at, page);
}

KTAP_TEST(struct_is_checked, "short, long, torn structs, flags and reserved fields")
{
	size_t i;
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	for (i = 0; i < NR_COMMANDS; i++) {
		check_command(fd, &commands[i]);
		check_torn_struct(fd, &commands[i]);
	}
	close(fd);
	unload_lanes();
}

KTAP_TEST(unknown_numbers_are_enotty, "numbers that are no command")
{
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	/* One of the numbers that are left out. */
	check_number(fd, _IOWR(LANES_IOC_TYPE, 15, struct lanes_header));
	/* A hole, the first one after all, and the last there can be. */
	check_number(fd, _IOWR(LANES_IOC_TYPE, 10, struct lanes_header));
	check_number(fd, _IOWR(LANES_IOC_TYPE, 32, struct lanes_header));
	check_number(fd, _IOWR(LANES_IOC_TYPE, 255, struct lanes_header));
	check_number(fd, _IOWR(LANES_IOC_TYPE + 1, 0, struct lanes_matrix_alloc));
	check_number(fd, _IOR(LANES_IOC_TYPE, 0, struct lanes_matrix_alloc));
	check_number(fd, _IO(LANES_IOC_TYPE, 0));
	/* The size in the number is not looked at. */
	KTAP_EXPECT_EQ(ioctl(fd, _IOWR(LANES_IOC_TYPE, 1, struct lanes_header),
			     &(struct lanes_matrix_free){ .size = sizeof(struct lanes_matrix_free) }) ?
		       -errno : 0, -ENOENT);
	close(fd);
	unload_lanes();
}

static void drop_capability(int capability)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	syscall(SYS_capget, &header, data);
	data[0].effective &= ~(1u << capability);
	data[0].permitted &= ~(1u << capability);
	syscall(SYS_capset, &header, data);
}

/* In a child: what is dropped does not come back. Returns its exit status. */
static int as_child(void (*check)(int fd), int fd)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		check(fd);
		fflush(stdout);
		_exit(ktap.is_failing);
	}
	waitpid(pid, &status, 0);
	return status;
}

static void check_without_admin(int fd)
{
	union any_arg arg = { 0 };
	size_t i;

	drop_capability(CAP_SYS_ADMIN);
	KTAP_EXPECT(open("/dev/lanes", O_RDWR) < 0 && errno == EPERM);
	/* Not even whether there is such a command is told. */
	KTAP_EXPECT_EQ(ioctl(fd, _IO(LANES_IOC_TYPE, 99), &arg) ? -errno : 0,
		       -EPERM);
	for (i = 0; i < NR_COMMANDS; i++)
		KTAP_EXPECT_EQ(call_bytes(fd, commands[i].number, &arg,
					  commands[i].nr_bytes), -EPERM);
}

static void check_without_rawio(int fd)
{
	struct lanes_pci_walk walk = { .flags = LANES_WALK_TABLES };

	drop_capability(CAP_SYS_RAWIO);
	KTAP_EXPECT_EQ(call(fd, LANES_PCI_WALK, &walk), -EPERM);
	walk.flags = 0;
	KTAP_EXPECT(call(fd, LANES_PCI_WALK, &walk) != -EPERM);
}

KTAP_TEST(privilege_is_checked_each_time, "a descriptor is of no use without capabilities")
{
	struct lanes_pci_walk walk = { .flags = LANES_WALK_TABLES };
	int fd;

	if (!load_lanes(""))
		return;
	KTAP_EXPECT(shell("[ $(stat -c %%a /dev/lanes) = 600 ]"));
	fd = open_lanes();
	KTAP_EXPECT_EQ(as_child(check_without_admin, fd), 0);
	/* All capabilities, but the module does not allow it. */
	KTAP_EXPECT_EQ(call(fd, LANES_PCI_WALK, &walk), -EPERM);
	close(fd);

	load_lanes("allow_unsafe=1");
	fd = open_lanes();
	KTAP_EXPECT_EQ(as_child(check_without_rawio, fd), 0);
	KTAP_EXPECT(call(fd, LANES_PCI_WALK, &walk) != -EPERM);
	close(fd);
	unload_lanes();
}

KTAP_TEST(mistakes_are_not_logged, "none of the above has left a line in the kernel's log")
{
	const char *ko = getenv("LANES_KO");

	if (!ko || !*ko)
		return ktap_skip("no lanes.ko for this kernel");
	KTAP_EXPECT(!shell("dmesg | grep -i 'lanes:' | grep -v -e taint -e 'verification failed'"));
}

KTAP_MAIN()
