// SPDX-License-Identifier: GPL-2.0
// description: attached and detached again and again under load it leaves nothing behind
// cpus: 2
// guest: --append log_buf_len=4M
#include "harness.h"

#include <bpf/bpf.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define NR_SHORT	5
#define NR_LONG		1000
#define NR_HOGS		4
#define SECS_EACH	20
#define SECS_AFTER	40

static pid_t start_hackbench(void)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	if (!freopen("/dev/null", "w", stdout))
		_exit(1);
	execlp("hackbench", "hackbench", "-T", "-g", "2", "-f", "5", "-l", "100000000", NULL);
	_exit(1);
}

static int count_ids(int (*next)(unsigned int id, unsigned int *next_id))
{
	unsigned int id = 0;
	int nr = 0;

	while (!next(id, &id))
		nr++;
	return nr;
}

static int nr_bpf_maps(void)
{
	return count_ids(bpf_map_get_next_id);
}

static int nr_bpf_programs(void)
{
	return count_ids(bpf_prog_get_next_id);
}

/* The kernel frees what was loaded when nobody can be in it any more. */
static void wait_until_freed(int nr_maps, int nr_programs)
{
	int waited;

	for (waited = 0; waited < 5000; waited += 10) {
		if (nr_bpf_maps() <= nr_maps && nr_bpf_programs() <= nr_programs)
			return;
		sleep_ms(10);
	}
}

/*
 * Where maps and programs are, and little else: free memory wavers by some MB. They are
 * given back some time after their numbers have gone: wait until nothing changes.
 */
static long vmalloc_kb(void)
{
	long kb = -1, seen_kb;
	int waited;

	for (waited = 0; waited < 10000; waited += 500) {
		seen_kb = kb;
		kb = file_field("/proc/meminfo", "VmallocUsed:");
		if (kb == seen_kb)
			break;
		sleep_ms(500);
	}
	return kb;
}

KTAP_TEST(attaches_a_thousand_times, "under hackbench and hogs: all run, all is freed, memory does not grow")
{
	int i, nr = test_is_long() ? NR_LONG : NR_SHORT;
	int nr_maps = nr_bpf_maps(), nr_programs = nr_bpf_programs();
	pid_t hackbench = start_hackbench();
	struct hog hogs[NR_HOGS];
	long before_kb = 0, grown_kb;

	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = hog_start(i % 2 ? 1 : ANY_CPU, 0);
	alarm(SECS_AFTER + nr * SECS_EACH);
	for (i = 0; i < nr; i++) {
		lanes_launch("");
		lanes_renice(-20);
		if (!KTAP_EXPECT(lanes_wait_attached()))
			break;
		sleep_ms(50);
		if (!KTAP_EXPECT_EQ(lanes_stop(), 0))
			break;
		if (i % 100 == 99)
			ktap_diag("%d times", i + 1);
		/* Caches have filled by then. */
		if (i == nr / 4) {
			wait_until_freed(nr_maps, nr_programs);
			before_kb = vmalloc_kb();
		}
	}
	KTAP_EXPECT_EQ(i, nr);
	wait_until_freed(nr_maps, nr_programs);
	grown_kb = vmalloc_kb() - before_kb;
	ktap_diag("%d times: maps %d, then %d; programs %d, then %d; of vmalloc %ld kB more", i, nr_maps,
		  nr_bpf_maps(), nr_programs, nr_bpf_programs(), grown_kb);
	KTAP_EXPECT_EQ(nr_bpf_maps(), nr_maps);
	KTAP_EXPECT_EQ(nr_bpf_programs(), nr_programs);
	/* Stacks of threads are there too; an instance has more than 8 MB. */
	KTAP_EXPECT(grown_kb < 1024);
	KTAP_EXPECT(hogs_run(hogs, NR_HOGS));
	KTAP_EXPECT_EQ(waitpid(hackbench, NULL, WNOHANG), 0);
	for (i = 0; i < NR_HOGS; i++)
		hog_end(&hogs[i]);
	end_child(hackbench);
}

SCHED_MAIN()
