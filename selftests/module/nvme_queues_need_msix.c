// SPDX-License-Identifier: GPL-2.0
// cpus: 4
// guest: --qemu "-M q35 -drive if=none,id=n0,driver=null-co,size=1G,read-zeroes=on -device nvme,serial=x,drive=n0,addr=04.0,max_ioqpairs=4,msix_qsize=5,dbcs=off -drive if=none,id=n1,driver=null-co,size=1G,read-zeroes=on -device nvme,serial=y,drive=n1,addr=05.0,max_ioqpairs=1,msix_qsize=5,dbcs=off"
// kernel: 7.3 6.12-debug
/*
 * What MSI-X is worth to an NVMe disk: with the wire it has one queue, with
 * MSI-X one a CPU. The second disk has MSI-X and one queue, and is the control:
 * it parts the gain in two, "queues" (four by MSI-X against one by MSI-X) and
 * "delivery" (one by MSI-X against one by the wire). The driver is never touched:
 * "msi_bus" of the function forbids messages to whom binds it next.
 *
 * A round measures all three one after the other, each round beginning with
 * another one; both parts are ratios within a round, and their medians count.
 * Figures are of an emulated machine on a busy host, where a wire costs a
 * device, an interrupt controller and its end of interrupt in QEMU. So what is
 * asked for is that the queues gain; what delivery gains is only told.
 *
 * The disks have no shadow doorbells (dbcs): with them QEMU's disk does not hear
 * that its completions were seen, and leaves the wire raised until the next one.
 * A wire that is raised for nothing interrupts without end.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "harness.h"

#define NR_THREADS 4
#define SECONDS 1
#define NR_ROUNDS 5
#define FOUR_QUEUES "0000:00:04.0"
#define ONE_QUEUE "0000:00:05.0"

struct reader {
	pthread_t thread;
	const char *disk;
	int cpu;
	unsigned long nr_reads;
};

struct result {
	int nr_vectors;
	int nr_queues;
	unsigned long nr_reads_per_s;
	unsigned long nr_interrupts;
};

static double now_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* A page at a time, past the page cache, from a CPU of its own. */
static void *read_disk(void *arg)
{
	struct reader *r = arg;
	double end = now_seconds() + SECONDS;
	void *page = aligned_alloc(4096, 4096);
	int fd = open(r->disk, O_RDONLY | O_DIRECT);
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(r->cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	while (fd >= 0 && now_seconds() < end) {
		off_t at = (r->nr_reads * NR_THREADS + r->cpu) % 200000 * 4096;

		if (pread(fd, page, 4096, at) != 4096)
			break;
		r->nr_reads++;
	}
	close(fd);
	free(page);
	return NULL;
}

static unsigned long read_by_all(const char *disk)
{
	struct reader readers[NR_THREADS];
	unsigned long nr = 0;
	int i;

	for (i = 0; i < NR_THREADS; i++) {
		readers[i] = (struct reader){ .disk = disk, .cpu = i };
		pthread_create(&readers[i].thread, NULL, read_disk, &readers[i]);
	}
	for (i = 0; i < NR_THREADS; i++) {
		pthread_join(readers[i].thread, NULL);
		nr += readers[i].nr_reads;
	}
	return nr / SECONDS;
}

static long number_from(const char *command)
{
	FILE *file = popen(command, "r");
	long nr = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%ld", &nr) != 1)
		nr = -1;
	pclose(file);
	return nr;
}

/* nvme0 of a function's /sys/.../nvme/nvme0, when its disk has come. */
static bool find_disk(const char *function, char *disk, size_t nr_bytes)
{
	char command[200];
	FILE *file;

	snprintf(command, sizeof(command),
		 "for i in $(seq 100); do for d in /sys/bus/pci/devices/%s/nvme/nvme*; do [ ! -b /dev/${d##*/}n1 ] || { echo ${d##*/}; exit; }; done; sleep 0.1; done",
		 function);
	file = popen(command, "r");
	if (!file || !fgets(disk, nr_bytes, file))
		*disk = 0;
	pclose(file);
	disk[strcspn(disk, "\n")] = 0;
	return *disk;
}

static long nr_interrupts(const char *name)
{
	char command[160];

	snprintf(command, sizeof(command),
		 "awk '/%sq/ { for (i = 2; i <= %d; i++) nr += $i } END { print nr + 0 }' /proc/interrupts",
		 name, NR_THREADS + 1);
	return number_from(command);
}

static void rebind(const char *function, bool has_messages)
{
	shell("echo %s >/sys/bus/pci/devices/%s/driver/unbind", function, function);
	shell("echo %d >/sys/bus/pci/devices/%s/msi_bus", has_messages, function);
	shell("echo %s >/sys/bus/pci/drivers/nvme/bind", function);
}

static struct result measure(const char *function, bool has_messages)
{
	struct result r = { 0 };
	char name[32], path[64], command[160];
	long nr_before;

	rebind(function, has_messages);
	if (!KTAP_EXPECT(find_disk(function, name, sizeof(name))))
		return r;
	snprintf(path, sizeof(path), "/dev/%sn1", name);
	snprintf(command, sizeof(command), "grep -c '%sq' /proc/interrupts", name);
	r.nr_vectors = number_from(command);
	snprintf(command, sizeof(command), "ls /sys/block/%sn1/mq | wc -l", name);
	r.nr_queues = number_from(command);
	nr_before = nr_interrupts(name);
	r.nr_reads_per_s = read_by_all(path);
	r.nr_interrupts = nr_interrupts(name) - nr_before;
	ktap_diag("%s %s: %d vectors, %d queues, %lu reads/s, %lu interrupts",
		  function, has_messages ? "MSI-X" : "wire", r.nr_vectors,
		  r.nr_queues, r.nr_reads_per_s, r.nr_interrupts);
	return r;
}

enum { FOUR_BY_MSIX, ONE_BY_MSIX, ONE_BY_WIRE, NR_KINDS };

static const struct {
	const char *function;
	bool has_messages;
	int nr_vectors;
	int nr_queues;
} kinds[NR_KINDS] = {
	[FOUR_BY_MSIX] = { FOUR_QUEUES, true, 5, 4 },
	[ONE_BY_MSIX] = { ONE_QUEUE, true, 2, 1 },
	[ONE_BY_WIRE] = { FOUR_QUEUES, false, 1, 1 },
};

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, NR_ROUNDS, sizeof(*values), by_size);
	return values[NR_ROUNDS / 2];
}

/* Returns reads a second of each kind. */
static void measure_round(int round, double *speeds)
{
	int i;

	for (i = 0; i < NR_KINDS; i++) {
		int kind = (round + i) % NR_KINDS;
		struct result r = measure(kinds[kind].function, kinds[kind].has_messages);

		KTAP_EXPECT_EQ(r.nr_vectors, kinds[kind].nr_vectors);
		KTAP_EXPECT_EQ(r.nr_queues, kinds[kind].nr_queues);
		KTAP_EXPECT(r.nr_interrupts > 0);
		KTAP_EXPECT(r.nr_interrupts < 2 * r.nr_reads_per_s * SECONDS);
		speeds[kind] = r.nr_reads_per_s;
	}
}

KTAP_TEST(queues_make_the_difference, "four queues by MSI-X beat one by MSI-X")
{
	double queues[NR_ROUNDS], delivery[NR_ROUNDS], both[NR_ROUNDS];
	double speeds[NR_KINDS];
	int i;

	if (access("/sys/bus/pci/drivers/nvme", F_OK))
		return ktap_skip("no NVMe driver in this kernel (CONFIG_BLK_DEV_NVME)");
	for (i = 0; i < NR_ROUNDS; i++) {
		measure_round(i, speeds);
		queues[i] = speeds[FOUR_BY_MSIX] / speeds[ONE_BY_MSIX];
		delivery[i] = speeds[ONE_BY_MSIX] / speeds[ONE_BY_WIRE];
		both[i] = speeds[FOUR_BY_MSIX] / speeds[ONE_BY_WIRE];
		ktap_diag("round %d: four queues by MSI-X are %.2f of one by the wire = %.2f by queues * %.2f by delivery",
			  i, both[i], queues[i], delivery[i]);
	}
	rebind(FOUR_QUEUES, true);
	KTAP_EXPECT(median(queues) > 1);
	median(both);
	median(delivery);
	ktap_diag("median (least to most): queues %.2f (%.2f to %.2f), delivery %.2f (%.2f to %.2f), both %.2f (%.2f to %.2f)",
		  queues[NR_ROUNDS / 2], queues[0], queues[NR_ROUNDS - 1],
		  delivery[NR_ROUNDS / 2], delivery[0], delivery[NR_ROUNDS - 1],
		  both[NR_ROUNDS / 2], both[0], both[NR_ROUNDS - 1]);
}

KTAP_MAIN()
