// SPDX-License-Identifier: GPL-2.0
// cpus: 2
// kernel: any
/*
 * The errors of each command that uapi/lanes.h promises, and that a descriptor
 * gives back all it has when it is closed.
 */
#include <sys/eventfd.h>
#include <sys/syscall.h>

#include "harness.h"

static long nr_allocated(void)
{
	FILE *file = popen("awk '$1 == \"all\" { print $4 }' /sys/kernel/debug/lanes/matrix", "r");
	long nr = -1;

	if (file) {
		if (fscanf(file, "%ld", &nr) != 1)
			nr = -1;
		pclose(file);
	}
	return nr;
}

static int alloc(int fd, uint32_t nr, struct lanes_cpu_vector *vectors)
{
	struct lanes_matrix_alloc arg = {
		.nr_vectors = nr,
		.vectors = (uintptr_t)vectors,
	};

	return call(fd, LANES_MATRIX_ALLOC, &arg);
}

static int alloc_on(int fd, uint64_t *cpus, uint32_t cpus_bytes)
{
	struct lanes_cpu_vector vector;
	struct lanes_matrix_alloc arg = {
		.nr_vectors = 1,
		.cpus = (uintptr_t)cpus,
		.cpus_bytes = cpus_bytes,
		.vectors = (uintptr_t)&vector,
	};

	return call(fd, LANES_MATRIX_ALLOC, &arg);
}

static int give_back(int fd, uint32_t cpu, uint32_t vector)
{
	struct lanes_matrix_free arg = { .vector = { cpu, vector } };

	return call(fd, LANES_MATRIX_FREE, &arg);
}

static int create(int fd, uint32_t nr)
{
	struct lanes_msi_create arg = { .nr_vectors = nr };

	return call(fd, LANES_MSI_CREATE, &arg);
}

static int ring(int fd, uint32_t index, uint32_t count)
{
	struct lanes_ring arg = {
		.flags = LANES_RING_WAIT,
		.index = index,
		.count = count,
	};

	return call(fd, LANES_RING, &arg);
}

static int attach(int fd, uint32_t index, int eventfd)
{
	struct lanes_eventfd arg = { .index = index, .fd = eventfd };

	return call(fd, LANES_EVENTFD, &arg);
}

KTAP_TEST(matrix_errors, "bad CPUs and vectors, foreign ones, none left")
{
	static struct lanes_cpu_vector all[64 * 256];
	struct lanes_cpu_vector v;
	uint64_t cpus[3] = { 0 };
	uint32_t nr = 0;
	int fd, other;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	other = open_lanes();
	KTAP_EXPECT_EQ(alloc(fd, 0, &v), -EINVAL);
	KTAP_EXPECT_EQ(alloc(fd, 0xffffffff, &v), -EINVAL);
	KTAP_EXPECT_EQ(alloc(fd, 1, NULL), -EFAULT);
	KTAP_EXPECT_EQ(alloc_on(fd, cpus, 4), -EINVAL);
	KTAP_EXPECT_EQ(alloc_on(fd, cpus, 8), -EINVAL);
	KTAP_EXPECT_EQ(alloc_on(fd, NULL, 8), -EFAULT);
	cpus[2] = 1ull << 63;
	KTAP_EXPECT_EQ(alloc_on(fd, cpus, 24), -EINVAL);
	cpus[2] = 0;
	cpus[0] = 1ull << 63 | 1;
	KTAP_EXPECT_EQ(alloc_on(fd, cpus, 8), -EINVAL);
	cpus[0] = 1;
	KTAP_EXPECT_EQ(alloc_on(fd, cpus, 24), 0);
	KTAP_EXPECT_EQ(nr_allocated(), 1);

	KTAP_EXPECT_EQ(alloc(fd, 1, &v), 0);
	KTAP_EXPECT_EQ(give_back(other, v.cpu, v.vector), -ENOENT);
	KTAP_EXPECT_EQ(give_back(fd, 0xffffffff, v.vector), -EINVAL);
	KTAP_EXPECT_EQ(give_back(fd, v.cpu, 256), -EINVAL);
	KTAP_EXPECT_EQ(give_back(fd, v.cpu, 3), -ENOENT);
	KTAP_EXPECT_EQ(give_back(fd, v.cpu, v.vector), 0);
	KTAP_EXPECT_EQ(give_back(fd, v.cpu, v.vector), -ENOENT);

	while (!alloc(other, 1, &all[nr]))
		nr++;
	KTAP_EXPECT_EQ(alloc(fd, 1, &v), -ENOSPC);
	KTAP_EXPECT_EQ(nr_allocated(), nr + 1);
	/* The last one goes; two do not fit, and none of them stays taken. */
	KTAP_EXPECT_EQ(give_back(other, all[0].cpu, all[0].vector), 0);
	KTAP_EXPECT_EQ(alloc(fd, 2, all), -ENOSPC);
	KTAP_EXPECT_EQ(nr_allocated(), nr);
	close(other);
	KTAP_EXPECT_EQ(nr_allocated(), 1);
	close(fd);
	KTAP_EXPECT_EQ(nr_allocated(), 0);
	unload_lanes();
}

KTAP_TEST(source_errors, "no source, two sources, bad indices and eventfds")
{
	struct lanes_vector_stat stats[4];
	struct lanes_source_stats arg = { .nr_vectors = 1 };
	int fd, event = eventfd(0, 0), file = open("/dev/null", O_RDONLY);

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	KTAP_EXPECT_EQ(ring(fd, 0, 1), -ENOENT);
	KTAP_EXPECT_EQ(attach(fd, 0, event), -ENOENT);
	KTAP_EXPECT_EQ(call(fd, LANES_SOURCE_STATS, &arg), -ENOENT);
	KTAP_EXPECT_EQ(create(fd, 0), -EINVAL);
	KTAP_EXPECT_EQ(create(fd, 513), -EINVAL);
	KTAP_EXPECT_EQ(create(fd, 4), 0);
	KTAP_EXPECT_EQ(create(fd, 4), -EBUSY);
	KTAP_EXPECT_EQ(ring(fd, 4, 1), -EINVAL);
	KTAP_EXPECT_EQ(ring(fd, 0, 0), -EINVAL);
	KTAP_EXPECT_EQ(ring(fd, 0, 1000001), -EINVAL);
	KTAP_EXPECT_EQ(attach(fd, 4, event), -EINVAL);
	KTAP_EXPECT_EQ(attach(fd, 0, -2), -EINVAL);
	KTAP_EXPECT_EQ(attach(fd, 0, 999), -EBADF);
	KTAP_EXPECT_EQ(attach(fd, 0, file), -EINVAL);
	KTAP_EXPECT_EQ(attach(fd, 0, -1), 0);

	/* Too little room is filled, and how much there is is told. */
	memset(stats, 0x55, sizeof(stats));
	arg.vectors = (uintptr_t)stats;
	KTAP_EXPECT_EQ(call(fd, LANES_SOURCE_STATS, &arg), 0);
	KTAP_EXPECT_EQ(arg.nr_vectors, 4);
	KTAP_EXPECT_EQ(stats[0].nr_rung, 0);
	KTAP_EXPECT_EQ(stats[1].irq, 0x55555555);
	arg.vectors = 0;
	KTAP_EXPECT_EQ(call(fd, LANES_SOURCE_STATS, &arg), -EFAULT);
	close(fd);
	KTAP_EXPECT_EQ(nr_allocated(), 0);
	close(event);
	close(file);
	unload_lanes();
}

KTAP_TEST(eventfd_follows_the_handler, "what is rung is what is read, until it is taken off")
{
	int fd, event = eventfd(0, EFD_NONBLOCK), other = eventfd(0, EFD_NONBLOCK);
	uint64_t nr = 0;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	KTAP_EXPECT_EQ(create(fd, 2), 0);
	KTAP_EXPECT_EQ(attach(fd, 1, event), 0);
	KTAP_EXPECT_EQ(ring(fd, 0, 5), 0);
	KTAP_EXPECT(read(event, &nr, sizeof(nr)) < 0);
	KTAP_EXPECT_EQ(ring(fd, 1, 1000), 0);
	KTAP_EXPECT(read(event, &nr, sizeof(nr)) == sizeof(nr));
	KTAP_EXPECT_EQ(nr, 1000);
	/* Another one in its place, and the first one hears no more. */
	KTAP_EXPECT_EQ(attach(fd, 1, other), 0);
	KTAP_EXPECT_EQ(ring(fd, 1, 3), 0);
	KTAP_EXPECT(read(event, &nr, sizeof(nr)) < 0);
	KTAP_EXPECT(read(other, &nr, sizeof(nr)) == sizeof(nr));
	KTAP_EXPECT_EQ(nr, 3);
	/* Closed by its owner: the module still has it, nobody reads it. */
	close(other);
	KTAP_EXPECT_EQ(ring(fd, 1, 3), 0);
	KTAP_EXPECT_EQ(attach(fd, 1, -1), 0);
	KTAP_EXPECT_EQ(ring(fd, 1, 3), 0);
	close(fd);
	close(event);
	unload_lanes();
}

KTAP_TEST(messenger_errors, "bad CPUs and counts, and one's own CPU")
{
	struct lanes_messenger m = { .cpu = 1, .batch = 1, .rounds = 1 };
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	m.cpu = 0xffffffff;
	KTAP_EXPECT_EQ(call(fd, LANES_MESSENGER, &m), -EINVAL);
	m.cpu = 1;
	m.batch = 257;
	KTAP_EXPECT_EQ(call(fd, LANES_MESSENGER, &m), -EINVAL);
	m.batch = 1;
	m.rounds = 1000001;
	KTAP_EXPECT_EQ(call(fd, LANES_MESSENGER, &m), -EINVAL);
	m.rounds = 1;
	shell("taskset -p 2 %d >/dev/null", getpid());
	KTAP_EXPECT_EQ(call(fd, LANES_MESSENGER, &m), -EINVAL);
	shell("taskset -p 1 %d >/dev/null", getpid());
	KTAP_EXPECT_EQ(call(fd, LANES_MESSENGER, &m), 0);
	KTAP_EXPECT_EQ(m.out_messages, 1);
	KTAP_EXPECT(shell("echo 0 >/sys/devices/system/cpu/cpu1/online"));
	KTAP_EXPECT_EQ(call(fd, LANES_MESSENGER, &m), -ENXIO);
	KTAP_EXPECT(shell("echo 1 >/sys/devices/system/cpu/cpu1/online"));
	KTAP_EXPECT_EQ(call(fd, LANES_MESSENGER, &m), 0);
	close(fd);
	unload_lanes();
}

/* Says 0 or a negative errno, where rmmod(8) looks at the use count and asks nobody. */
static int delete_module(unsigned int flags)
{
	return syscall(SYS_delete_module, "lanes", flags) ? -errno : 0;
}

KTAP_TEST(module_in_use_stays, "the kernel refuses to unload the module while its device is open")
{
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	KTAP_EXPECT_EQ(delete_module(O_NONBLOCK), -EWOULDBLOCK);
	KTAP_EXPECT_EQ(delete_module(0), -EWOULDBLOCK);
	KTAP_EXPECT(!shell("rmmod lanes 2>/dev/null"));
	close(fd);
	KTAP_EXPECT_EQ(delete_module(O_NONBLOCK), 0);
	KTAP_EXPECT_EQ(delete_module(O_NONBLOCK), -ENOENT);
}

KTAP_MAIN()
