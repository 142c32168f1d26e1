/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Commands with their first, second, third... allocation failing, until none is
 * left to fail (/proc/thread-self/fail-nth). A command must say ENOMEM, or what the
 * kernel makes of it, and leave nothing behind; KASAN, lockdep and kmemleak watch.
 */
#ifndef __MODULE_SWEEP_H
#define __MODULE_SWEEP_H

#include "harness.h"

#define MAX_NTH 3000
#define EDU	(3 << 3)

/**
 * struct sweep - what has its allocations failed
 * @name: without @run that of the experiment with DMA that is meant
 * @run: 0 or a negative errno
 * @prepare: where there is one, comes first and does not fail
 */
struct sweep {
	const char *name;
	int (*run)(int fd);
	int (*prepare)(int fd);
};

static int fail_nth_fd = -1;

static inline void fail_nth(int nth)
{
	char text[16];
	int nr = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(fail_nth_fd, text, nr, 0) != nr)
		KTAP_EXPECT(!"fail-nth can be written");
}

/* Returns whether an allocation was failed; none fails any more. */
static inline bool has_failed(void)
{
	char text[16] = "";

	if (pread(fail_nth_fd, text, sizeof(text) - 1, 0) <= 0)
		return false;
	fail_nth(0);
	return atoi(text) == 0;
}

/*
 * The first rounds of an experiment; those that transfer take long, and what they
 * allocate is allocated before. The machine's edu reaches all of its memory: behind
 * a mask of 28 bits it hangs on the address of a buffer whether it can be mapped.
 */
static inline int dma_run(int fd, const char *name, unsigned int transfers)
{
	struct lanes_dma_timing timings[LANES_NR_DMA_STEPS];
	struct lanes_dma_list list = { 0 };
	struct lanes_dma_run arg = {
		.function = EDU,
		.nr_bytes = 8192,
		.mask_bits = 32,
		.count = 2,
		.transfers = transfers,
		.nr_timings = LANES_NR_DMA_STEPS,
		.timings = (uintptr_t)timings,
	};
	int err;

	while (!(err = call(fd, LANES_DMA_LIST, &list)) &&
	       strcmp(list.out_name, name))
		list.experiment++;
	if (err)
		return err;
	arg.experiment = list.experiment;
	err = call(fd, LANES_DMA_RUN, &arg);
	return err ? err : arg.out_wrong ? -EILSEQ : 0;
}

/* One attempt with a descriptor of its own; returns whether something failed. */
static inline bool attempt(const struct sweep *sweep, int nth, unsigned int *nr_errors)
{
	int fd = open_lanes(), err;
	bool failed;

	if (sweep->prepare)
		KTAP_EXPECT_EQ(sweep->prepare(fd), 0);
	fail_nth(nth);
	err = sweep->run ? sweep->run(fd) : dma_run(fd, sweep->name, 0);
	failed = has_failed();
	*nr_errors += err != 0;
	if (!failed)
		KTAP_EXPECT_EQ(err, 0);
	else if (err && err != -ENOMEM && err != -ENOSPC && err != -EFAULT)
		KTAP_EXPECT_EQ(err, -ENOMEM);
	close(fd);
	return failed;
}

static inline void sweep_one(const struct sweep *sweep)
{
	unsigned int nr_errors = 0;
	int nth = 1;

	while (nth < MAX_NTH && attempt(sweep, nth, &nr_errors))
		nth++;
	ktap_diag("%s: %d allocations failed in turn, %u errors", sweep->name,
		  nth - 1, nr_errors);
	KTAP_EXPECT(nth < MAX_NTH);
}

static inline void ignore_gfp(const char *name)
{
	shell("echo 0 >/sys/kernel/debug/%s/ignore-gfp-wait", name);
	shell("echo 0 >/sys/kernel/debug/%s/verbose", name);
}

/* Return: whether this kernel can fail allocations; if not, the claim is skipped. */
static inline bool sweep_open(void)
{
	fail_nth_fd = open("/proc/thread-self/fail-nth", O_RDWR);
	if (fail_nth_fd < 0) {
		ktap_skip("no /proc/thread-self/fail-nth in this kernel (CONFIG_FAULT_INJECTION)");
		return false;
	}
	if (!load_lanes("allow_unsafe=1"))
		return false;
	ignore_gfp("failslab");
	ignore_gfp("fail_page_alloc");
	shell("echo 0 >/sys/kernel/debug/fail_page_alloc/min-order");
	return true;
}

static inline bool has_leak(void)
{
	shell("sleep 5; echo scan >/sys/kernel/debug/kmemleak; sleep 1; echo scan >/sys/kernel/debug/kmemleak");
	return shell("grep -A 20 'unreferenced object' /sys/kernel/debug/kmemleak | sed 's/^/# /' | grep .");
}

/* The claim that kmemleak finds nothing after the others. */
static inline void expect_no_leak(void)
{
	if (access("/sys/kernel/debug/kmemleak", F_OK))
		return ktap_skip("no kmemleak in this kernel (CONFIG_DEBUG_KMEMLEAK)");
	KTAP_EXPECT(!has_leak());
}

#endif
