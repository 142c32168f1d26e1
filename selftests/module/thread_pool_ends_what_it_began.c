// SPDX-License-Identifier: GPL-2.0
// cpus: 2
// kernel: any
/*
 * Experiments with threads end: by count, by time, by a signal; and leave no
 * thread behind, whichever it was.
 */
#include <signal.h>

#include "harness.h"

static const bool has_pool[LANES_NR_THREADS_KINDS] = {
	[LANES_THREADS_REUSE] = true,
	[LANES_THREADS_REUSE_BATCH] = true,
};

static struct lanes_threads_run done;

static int run(int fd, uint32_t kind, uint32_t count, uint32_t nr_threads,
	       uint32_t timeout_ms)
{
	done = (struct lanes_threads_run){
		.kind = kind,
		.count = count,
		.nr_threads = nr_threads,
		.timeout_ms = timeout_ms,
	};
	return call(fd, LANES_THREADS_RUN, &done);
}

static uint32_t nr_latencies(void)
{
	uint32_t nr = 0;
	int i;

	for (i = 0; i < LANES_LATENCY_BUCKETS; i++)
		nr += done.out_latency[i];
	return nr;
}

static bool no_thread_is_left(void)
{
	return !shell("grep -l -e '^lanes_new' -e '^lanes_pool' /proc/[0-9]*/comm 2>/dev/null");
}

KTAP_TEST(all_jobs_are_done, "each kind does each job once, with one thread and with many")
{
	uint32_t kind, nr_threads;
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	for (kind = 0; kind < LANES_NR_THREADS_KINDS; kind++) {
		for (nr_threads = 1; nr_threads <= 64; nr_threads *= 8) {
			KTAP_EXPECT_EQ(run(fd, kind, 200, has_pool[kind] ? nr_threads : 0,
					   60000), 0);
			KTAP_EXPECT_EQ(done.out_done, 200);
			KTAP_EXPECT_EQ(nr_latencies(), 200);
			KTAP_EXPECT(done.out_setup_ns && done.out_total_ns);
		}
	}
	KTAP_EXPECT(no_thread_is_left());
	close(fd);
	unload_lanes();
}

KTAP_TEST(bounds_are_kept, "counts, threads and times out of range are EINVAL")
{
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	KTAP_EXPECT_EQ(run(fd, LANES_NR_THREADS_KINDS, 1, 0, 1000), -EINVAL);
	KTAP_EXPECT_EQ(run(fd, 0xffffffff, 1, 0, 1000), -EINVAL);
	KTAP_EXPECT_EQ(run(fd, LANES_THREADS_CREATE, 0, 0, 1000), -EINVAL);
	KTAP_EXPECT_EQ(run(fd, LANES_THREADS_CREATE, 100001, 0, 1000), -EINVAL);
	KTAP_EXPECT_EQ(run(fd, LANES_THREADS_CREATE_BATCH, 1025, 0, 1000), -EINVAL);
	KTAP_EXPECT_EQ(run(fd, LANES_THREADS_CREATE, 1, 1, 1000), -EINVAL);
	KTAP_EXPECT_EQ(run(fd, LANES_THREADS_REUSE, 1, 0, 1000), -EINVAL);
	KTAP_EXPECT_EQ(run(fd, LANES_THREADS_REUSE, 1, 65, 1000), -EINVAL);
	KTAP_EXPECT_EQ(run(fd, LANES_THREADS_REUSE, 1, 1, 0), -EINVAL);
	KTAP_EXPECT_EQ(run(fd, LANES_THREADS_REUSE, 1, 1, 60001), -EINVAL);
	close(fd);
	unload_lanes();
}

KTAP_TEST(time_ends_it, "what cannot be done in 20 ms ends with ETIMEDOUT, and says how many were")
{
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	KTAP_EXPECT_EQ(run(fd, LANES_THREADS_CREATE, 100000, 0, 20), -ETIMEDOUT);
	KTAP_EXPECT(done.out_done < 100000);
	KTAP_EXPECT_EQ(nr_latencies(), done.out_done);
	KTAP_EXPECT_EQ(run(fd, LANES_THREADS_CREATE_BATCH, 1024, 0, 5), -ETIMEDOUT);
	KTAP_EXPECT(done.out_done < 1024);
	KTAP_EXPECT_EQ(run(fd, LANES_THREADS_REUSE, 100000, 3, 20), -ETIMEDOUT);
	KTAP_EXPECT(done.out_done < 100000);
	KTAP_EXPECT(no_thread_is_left());
	close(fd);
	unload_lanes();
}

static void note_signal(int number)
{
	(void)number;
}

KTAP_TEST(signal_ends_it, "a signal ends each kind that takes long, and nothing is left")
{
	static const uint32_t kinds[] = { LANES_THREADS_CREATE, LANES_THREADS_REUSE };
	struct sigaction action = { .sa_handler = note_signal };
	size_t i;
	int fd;

	if (!load_lanes(""))
		return;
	fd = open_lanes();
	sigaction(SIGALRM, &action, NULL);
	for (i = 0; i < 2; i++) {
		ualarm(50000, 0);
		KTAP_EXPECT_EQ(run(fd, kinds[i], 100000, has_pool[kinds[i]], 60000), -EINTR);
		KTAP_EXPECT_EQ(nr_latencies(), done.out_done);
	}
	KTAP_EXPECT(no_thread_is_left());
	close(fd);
	unload_lanes();
}

KTAP_MAIN()
