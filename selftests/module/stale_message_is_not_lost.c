// SPDX-License-Identifier: GPL-2.0
// cpus: 4
// log: IRQ[0-9]+: set affinity failed
/*
 * A message that names a CPU which has gone offline. That happens when no
 * vector is left on the other CPUs as it goes: the interrupt cannot be moved,
 * the device goes on writing what it was told. What it rings then must come when
 * the interrupt is moved after all, or when the CPU is back; once, not twice.
 */
#include "harness.h"

static struct lanes_vector_stat stat_of(int fd)
{
	struct lanes_vector_stat stat = { 0 };
	struct lanes_source_stats arg = {
		.nr_vectors = 1,
		.vectors = (uintptr_t)&stat,
	};

	KTAP_EXPECT_EQ(call(fd, LANES_SOURCE_STATS, &arg), 0);
	return stat;
}

static int ring(int fd, uint32_t flags)
{
	struct lanes_ring arg = { .flags = flags, .count = 1 };

	return call(fd, LANES_RING, &arg);
}

/* All vectors of CPUs 0, 2 and 3; closing what is returned gives them back. */
static int exhaust_others(void)
{
	uint64_t cpus = 0xd;
	struct lanes_cpu_vector v;
	struct lanes_matrix_alloc arg = {
		.nr_vectors = 1,
		.cpus = (uintptr_t)&cpus,
		.cpus_bytes = sizeof(cpus),
		.vectors = (uintptr_t)&v,
	};
	int fd = open_lanes();

	while (!call(fd, LANES_MATRIX_ALLOC, &arg))
		;
	return fd;
}

static bool set_cpu_1(int is_online)
{
	return shell("echo %d >/sys/devices/system/cpu/cpu1/online", is_online);
}

static bool move(unsigned int irq, unsigned int cpus)
{
	return shell("echo %x >/proc/irq/%u/smp_affinity 2>/dev/null", cpus, irq);
}

static long nr_stale(void)
{
	FILE *file = popen("awk '$1 == 1 { print $5 }' /sys/kernel/debug/lanes/bus", "r");
	long nr = -1;

	if (file) {
		if (fscanf(file, "%ld", &nr) != 1)
			nr = -1;
		pclose(file);
	}
	return nr;
}

/* Return: how many have been handled, after as many as that or five seconds. */
static unsigned long wait_handled(int fd, unsigned long nr)
{
	int waited;

	for (waited = 0; waited < 500 && stat_of(fd).nr_handled < nr; waited++)
		usleep(10000);
	return stat_of(fd).nr_handled;
}

/* An interrupt of CPU 1 that stays there when CPU 1 has gone; *others is to close. */
static int strand_interrupt(int *others)
{
	struct lanes_msi_create create = { .nr_vectors = 1 };
	int fd = open_lanes();

	KTAP_EXPECT_EQ(call(fd, LANES_MSI_CREATE, &create), 0);
	KTAP_EXPECT(move(stat_of(fd).irq, 1 << 1));
	KTAP_EXPECT_EQ(stat_of(fd).cpu, 1);
	KTAP_EXPECT_EQ(ring(fd, LANES_RING_WAIT), 0);
	*others = exhaust_others();
	KTAP_EXPECT(set_cpu_1(0));
	KTAP_EXPECT_EQ(stat_of(fd).cpu, 1);
	KTAP_EXPECT_EQ(ring(fd, 0), 0);
	usleep(100000);
	KTAP_EXPECT_EQ(stat_of(fd).nr_handled, 1);
	return fd;
}

KTAP_TEST(comes_when_it_is_moved, "what was rung at an offline CPU comes where the interrupt goes")
{
	long nr_stale_before;
	int fd, others;

	if (!load_lanes(""))
		return;
	nr_stale_before = nr_stale();
	fd = strand_interrupt(&others);
	KTAP_EXPECT_EQ(nr_stale() - nr_stale_before, 1);
	close(others);
	KTAP_EXPECT(move(stat_of(fd).irq, 1 << 2));
	KTAP_EXPECT_EQ(wait_handled(fd, 2), 2);
	KTAP_EXPECT_EQ(stat_of(fd).cpu, 2);
	KTAP_EXPECT_EQ(stat_of(fd).nr_seen, 2);
	KTAP_EXPECT_EQ(stat_of(fd).last_cpu, 2);
	KTAP_EXPECT(set_cpu_1(1));
	usleep(100000);
	KTAP_EXPECT_EQ(stat_of(fd).nr_handled, 2);
	KTAP_EXPECT_EQ(ring(fd, LANES_RING_WAIT), 0);
	close(fd);
	unload_lanes();
}

KTAP_TEST(comes_when_the_cpu_is_back, "what was rung at an offline CPU comes when it is online")
{
	int fd, others;

	if (!load_lanes(""))
		return;
	fd = strand_interrupt(&others);
	KTAP_EXPECT(set_cpu_1(1));
	KTAP_EXPECT_EQ(wait_handled(fd, 2), 2);
	KTAP_EXPECT_EQ(stat_of(fd).nr_seen, 2);
	KTAP_EXPECT_EQ(stat_of(fd).last_cpu, 1);
	close(others);
	KTAP_EXPECT_EQ(ring(fd, LANES_RING_WAIT), 0);
	close(fd);
	unload_lanes();
}

KTAP_MAIN()
