// SPDX-License-Identifier: GPL-2.0
// cpus: 2
// kernel: any
/*
 * Who may map the snapshot of all threads, and how; that readers never see one
 * half written; that it lives as long as it is mapped.
 */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#include "harness.h"

static size_t bytes;

static int create(int fd, uint32_t max_tasks, uint32_t period_ms)
{
	struct lanes_snapshot_create arg = {
		.max_tasks = max_tasks,
		.period_ms = period_ms,
	};
	int err = call(fd, LANES_SNAPSHOT_CREATE, &arg);

	bytes = arg.out_bytes;
	return err;
}

static int write_now(int fd)
{
	struct lanes_snapshot_write arg = { 0 };

	return call(fd, LANES_SNAPSHOT_WRITE, &arg);
}

static int try_map(int fd, int prot, int flags, size_t nr_bytes, off_t at)
{
	void *area = mmap(NULL, nr_bytes, prot, flags, fd, at);

	if (area == MAP_FAILED)
		return -errno;
	munmap(area, nr_bytes);
	return 0;
}

static const struct lanes_snapshot *map(int fd)
{
	void *area = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);

	return KTAP_EXPECT(area != MAP_FAILED) ? area : NULL;
}

static const struct lanes_task *find(const struct lanes_task *tasks,
				     uint32_t nr, uint32_t tid)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		if (tasks[i].tid == tid)
			return &tasks[i];
	}
	return NULL;
}

KTAP_TEST(only_reading_is_allowed, "a mapping that can be written to or run is refused, and stays so")
{
	long page = sysconf(_SC_PAGESIZE);
	void *area;
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	KTAP_EXPECT_EQ(try_map(fd, PROT_READ, MAP_SHARED, page, 0), -ENOENT);
	KTAP_EXPECT_EQ(create(fd, 1000, 0), 0);
	KTAP_EXPECT_EQ(try_map(fd, PROT_READ | PROT_WRITE, MAP_SHARED, bytes, 0), -EACCES);
	KTAP_EXPECT_EQ(try_map(fd, PROT_WRITE, MAP_SHARED, bytes, 0), -EACCES);
	KTAP_EXPECT_EQ(try_map(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE, bytes, 0), -EACCES);
	KTAP_EXPECT_EQ(try_map(fd, PROT_READ | PROT_EXEC, MAP_SHARED, bytes, 0), -EACCES);
	KTAP_EXPECT_EQ(try_map(fd, PROT_READ, MAP_SHARED, bytes + page, 0), -EINVAL);
	KTAP_EXPECT_EQ(try_map(fd, PROT_READ, MAP_SHARED, bytes, page), -EINVAL);
	KTAP_EXPECT_EQ(try_map(fd, PROT_READ, MAP_SHARED, bytes, 0), 0);
	area = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
	KTAP_EXPECT(mprotect(area, bytes, PROT_READ | PROT_WRITE) && errno == EACCES);
	KTAP_EXPECT(mprotect(area, bytes, PROT_READ | PROT_EXEC) && errno == EACCES);
	munmap(area, bytes);
	close(fd);
	unload_lanes();
}

static void drop_admin(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	syscall(SYS_capget, &header, data);
	data[0].effective &= ~(1u << CAP_SYS_ADMIN);
	data[0].permitted &= ~(1u << CAP_SYS_ADMIN);
	syscall(SYS_capset, &header, data);
}

KTAP_TEST(privilege_is_needed, "neither opened nor mapped without CAP_SYS_ADMIN")
{
	int fd, status;
	pid_t pid;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	KTAP_EXPECT_EQ(create(fd, 1000, 0), 0);
	pid = fork();
	if (!pid) {
		drop_admin();
		KTAP_EXPECT_EQ(try_map(fd, PROT_READ, MAP_SHARED, bytes, 0), -EPERM);
		KTAP_EXPECT(open("/dev/lanes", O_RDONLY) < 0 && errno == EPERM);
		if (setresuid(65534, 65534, 65534))
			_exit(2);
		KTAP_EXPECT(open("/dev/lanes", O_RDONLY) < 0 && errno == EACCES);
		fflush(stdout);
		_exit(ktap.is_failing);
	}
	waitpid(pid, &status, 0);
	KTAP_EXPECT_EQ(status, 0);
	close(fd);
	unload_lanes();
}

KTAP_TEST(errors_are_told, "room, period, once a descriptor, no snapshot")
{
	struct lanes_list_tasks list = { .nr_tasks = LANES_MAX_TASKS + 1 };
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	KTAP_EXPECT_EQ(write_now(fd), -ENOENT);
	KTAP_EXPECT_EQ(create(fd, 0, 0), -EINVAL);
	KTAP_EXPECT_EQ(create(fd, LANES_MAX_TASKS + 1, 0), -EINVAL);
	KTAP_EXPECT_EQ(create(fd, 10, 9), -EINVAL);
	KTAP_EXPECT_EQ(create(fd, 10, 60001), -EINVAL);
	KTAP_EXPECT_EQ(create(fd, LANES_MAX_TASKS, 60000), 0);
	KTAP_EXPECT_EQ(create(fd, 10, 0), -EBUSY);
	KTAP_EXPECT_EQ(call(fd, LANES_LIST_TASKS, &list), -EINVAL);
	list.nr_tasks = 1;
	list.tasks = 8;
	KTAP_EXPECT_EQ(call(fd, LANES_LIST_TASKS, &list), -EFAULT);
	close(fd);
	unload_lanes();
}

KTAP_TEST(little_room_is_kept_to, "only what has room is written, and all are counted")
{
	static struct lanes_task tasks[4];
	struct lanes_list_tasks list = { .nr_tasks = 3, .tasks = (uintptr_t)tasks };
	const struct lanes_snapshot *area;
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	KTAP_EXPECT_EQ(create(fd, 3, 0), 0);
	area = map(fd);
	if (!area)
		return;
	KTAP_EXPECT_EQ(area->max_tasks, 3);
	KTAP_EXPECT_EQ(area->task_bytes, (long)sizeof(struct lanes_task));
	KTAP_EXPECT(area->nr_tasks > 10);
	KTAP_EXPECT(area->tasks[0].tid && area->tasks[2].tid);
	KTAP_EXPECT_EQ(area->tasks[3].tid, 0);
	KTAP_EXPECT_EQ(call(fd, LANES_LIST_TASKS, &list), 0);
	KTAP_EXPECT(list.nr_tasks > 10);
	KTAP_EXPECT(tasks[2].tid);
	KTAP_EXPECT_EQ(tasks[3].tid, 0);
	close(fd);
	munmap((void *)area, bytes);
	unload_lanes();
}

static void expect_us(const struct lanes_task *t)
{
	struct rusage usage;

	if (!KTAP_EXPECT(t))
		return;
	getrusage(RUSAGE_SELF, &usage);
	KTAP_EXPECT_EQ(t->tgid, getpid());
	KTAP_EXPECT_EQ(t->policy, SCHED_RR);
	KTAP_EXPECT_EQ(t->rt_priority, 7);
	KTAP_EXPECT_EQ(t->prio, 99 - 7);
	KTAP_EXPECT_EQ(t->nice, 5);
	KTAP_EXPECT_EQ(t->cpu, 1);
	KTAP_EXPECT_EQ(t->state, 'R');
	KTAP_EXPECT_STREQ(t->comm, "we (are) here");
	KTAP_EXPECT(t->run_ns > 1000000);
	KTAP_EXPECT(t->start_ns > 0);
	KTAP_EXPECT_NEAR(t->nr_voluntary, usage.ru_nvcsw, 5);
}

KTAP_TEST(data_are_ours, "policy, priorities, CPU, name and counts are those we set")
{
	static struct lanes_task tasks[2000];
	struct lanes_list_tasks list = { .nr_tasks = 2000, .tasks = (uintptr_t)tasks };
	struct sched_param param = { .sched_priority = 7 }, other = { 0 };
	const struct lanes_snapshot *area;
	cpu_set_t cpus, all;
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	KTAP_EXPECT_EQ(create(fd, 2000, 0), 0);
	area = map(fd);
	if (!area)
		return;
	sched_getaffinity(0, sizeof(all), &all);
	CPU_ZERO(&cpus);
	CPU_SET(1, &cpus);
	KTAP_EXPECT_EQ(sched_setaffinity(0, sizeof(cpus), &cpus), 0);
	KTAP_EXPECT_EQ(setpriority(PRIO_PROCESS, 0, 5), 0);
	KTAP_EXPECT_EQ(sched_setscheduler(0, SCHED_RR, &param), 0);
	KTAP_EXPECT_EQ(prctl(PR_SET_NAME, "we (are) here"), 0);
	KTAP_EXPECT_EQ(write_now(fd), 0);
	expect_us(find(area->tasks, area->nr_tasks, getpid()));
	KTAP_EXPECT_EQ(call(fd, LANES_LIST_TASKS, &list), 0);
	expect_us(find(tasks, list.nr_tasks, getpid()));
	sched_setscheduler(0, SCHED_OTHER, &other);
	setpriority(PRIO_PROCESS, 0, 0);
	sched_setaffinity(0, sizeof(all), &all);
	/* The mapping holds what the descriptor was. */
	close(fd);
	KTAP_EXPECT(find(area->tasks, area->nr_tasks, getpid()));
	KTAP_EXPECT(!shell("rmmod lanes 2>/dev/null"));
	munmap((void *)area, bytes);
	unload_lanes();
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* One read as the header says; returns whether it was whole, and its number. */
static bool read_once(const volatile struct lanes_snapshot *area, uint64_t *out_nr)
{
	uint32_t sequence = __atomic_load_n(&area->sequence, __ATOMIC_ACQUIRE);
	uint64_t taken_ns = area->taken_ns, sum = 0;
	uint32_t i;

	*out_nr = area->nr_writes;
	for (i = 0; i < area->nr_tasks; i++)
		sum += area->tasks[i].run_ns;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return !(sequence & 1) && sum && taken_ns == area->taken_ns &&
	       __atomic_load_n(&area->sequence, __ATOMIC_RELAXED) == sequence;
}

KTAP_TEST(period_writes_by_itself, "every 10 ms a new one, and in between it can be read")
{
	const struct lanes_snapshot *area;
	uint64_t until, nr, first = 0, last = 0, nr_whole = 0;
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	KTAP_EXPECT_EQ(create(fd, 2000, 10), 0);
	area = map(fd);
	if (!area)
		return;
	for (until = now_ns() + 10000000000ull; now_ns() < until && last < first + 20; ) {
		if (!read_once(area, &nr))
			continue;
		nr_whole++;
		first = first ?: nr;
		KTAP_EXPECT(nr >= last);
		KTAP_EXPECT_EQ(area->sequence & ~1u, (long)(2 * area->nr_writes));
		last = nr;
		usleep(1000);
	}
	ktap_diag("%llu reads of %llu snapshots", (unsigned long long)nr_whole,
		  (unsigned long long)(last - first + 1));
	KTAP_EXPECT(last >= first + 20);
	munmap((void *)area, bytes);
	close(fd);
	unload_lanes();
}

KTAP_MAIN()
