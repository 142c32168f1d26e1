// SPDX-License-Identifier: GPL-2.0
/*
 * The BPF scheduler as an object.
 *
 * The kernel detaches it when its link is closed, which the end of this
 * process does however it ends; nothing has to be undone for the machine to
 * run on. What is undone here is only for tidiness: the pins that a monitor
 * reads.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

/* What the skeleton's types are called in vmlinux.h. */
typedef __u8 u8;
typedef __s32 s32;
typedef __u32 u32;
typedef __u64 u64;

#include "kernel.h"
#include "lanes_sched.h"
#include "lanes.skel.h"
#include "log.h"
#include "sched.h"
#include "stats.h"

/* The kernel's; these have never changed. */
#define SCX_EXIT_UNREG		64
#define SCX_ECODE_ACT_RESTART	(1ULL << 48)

#define POLL_MS			100
#define CONFIRM_MS		5000

/**
 * struct sched - one attached scheduler
 * @skel: the BPF object
 * @link: keeps it attached
 * @stats: reads its lanes
 * @since: when it was attached
 */
struct sched {
	struct lanes_bpf *skel;
	struct bpf_link *link;
	struct stats *stats;
	struct timespec since;
};

static void sleep_ms(long ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	/* A signal ends it early, so that an end is noticed at once. */
	nanosleep(&ts, NULL);
}

static double seconds_since(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - since->tv_sec + (now.tv_nsec - since->tv_nsec) / 1e9;
}

/* Flags that an older kernel lacks are left out: it does without. */
static __u64 ops_flags(const struct options *opts)
{
	__u64 flags = kernel_ops_flag("SCX_OPS_ENQ_EXITING") |
		      kernel_ops_flag("SCX_OPS_ENQ_MIGRATION_DISABLED");

	if (opts->is_partial)
		flags |= kernel_ops_flag("SCX_OPS_SWITCH_PARTIAL");
	return flags;
}

static int configure(struct sched *sched, const struct options *opts)
{
	struct lanes_bpf *skel = sched->skel;
	int nr_cpus = kernel_nr_cpu_ids();

	if (nr_cpus < 1 || nr_cpus > LANES_MAX_CPUS) {
		log_error("%d possible CPUs: 1 to %d are supported", nr_cpus, LANES_MAX_CPUS);
		return -ERANGE;
	}
	skel->rodata->slice_ns = opts->slice_us * 1000ULL;
	skel->rodata->max_wait_ns = opts->max_wait_ms * 1000000ULL;
	skel->rodata->nr_cpus = nr_cpus;
	skel->rodata->parts_off = opts->parts_off;
	skel->rodata->features_off = opts->features_off;
	skel->struct_ops.lanes_ops->flags = ops_flags(opts);
	skel->struct_ops.lanes_ops->timeout_ms = opts->watchdog_secs * 1000;
	skel->struct_ops.lanes_ops->hotplug_seq = kernel_hotplug_seq();
	return bpf_map__set_max_entries(skel->maps.lanes, nr_cpus);
}

/* Tell each lane its NUMA node, so that its queue is allocated there. */
static int set_nodes(struct lanes_bpf *skel)
{
	int cpu, nr_cpus = skel->rodata->nr_cpus;
	size_t len = nr_cpus * sizeof(struct lane);
	struct lane *lanes = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED,
				  bpf_map__fd(skel->maps.lanes), 0);

	if (lanes == MAP_FAILED)
		return -errno;
	for (cpu = 0; cpu < nr_cpus; cpu++)
		lanes[cpu].node = kernel_node_of_cpu(cpu);
	munmap(lanes, len);
	return 0;
}

static int load(struct sched *sched, const struct options *opts)
{
	int err;

	sched->skel = lanes_bpf__open();
	if (!sched->skel) {
		err = -errno;
		log_error("BPF object: open: %s", strerror(errno));
		return err;
	}
	err = configure(sched, opts);
	if (err)
		return err;
	err = lanes_bpf__load(sched->skel);
	if (!err)
		err = set_nodes(sched->skel);
	if (err)
		log_error("BPF object: load: %s%s", strerror(-err),
			  opts->verbosity ? "" : "; --verbose shows why");
	return err;
}

/* ops.exit may have run already: a failure while attaching is told there. */
static bool has_ended(const struct sched *sched)
{
	return __atomic_load_n(&sched->skel->bss->exit_record.kind, __ATOMIC_ACQUIRE);
}

/* Believe the kernel, not the return value of attaching. */
static bool confirm(const struct sched *sched)
{
	int waited_ms;

	for (waited_ms = 0; waited_ms < CONFIRM_MS; waited_ms += POLL_MS / 10) {
		if (has_ended(sched))
			return false;
		if (kernel_runs(LANES_OPS_NAME))
			return true;
		sleep_ms(POLL_MS / 10);
	}
	log_error("'%s': attached, but /sys/kernel/sched_ext does not show it", LANES_OPS_NAME);
	return false;
}

static void unpin(void)
{
	unlink(STATS_PIN_LANES);
	unlink(STATS_PIN_SAMPLE);
	rmdir(STATS_PIN_DIR);
}

/* For monitors only: without them (no bpffs) the scheduler runs as well. */
static void pin(const struct sched *sched)
{
	unpin();
	mkdir(STATS_PIN_DIR, 0700);
	if (bpf_map__pin(sched->skel->maps.lanes, STATS_PIN_LANES) ||
	    bpf_program__pin(sched->skel->progs.lanes_sample, STATS_PIN_SAMPLE))
		log_error("%s: pin: %s; --monitor will not find this instance",
			 STATS_PIN_DIR, strerror(errno));
}

static int attach(struct sched *sched)
{
	sched->link = bpf_map__attach_struct_ops(sched->skel->maps.lanes_ops);
	if (!sched->link) {
		int err = -errno;

		log_error("'%s': attach: %s%s", LANES_OPS_NAME, strerror(errno),
			  kernel_isolates_cpus() ?
			  "; the kernel takes no scheduler when booted with isolcpus=" : "");
		return err;
	}
	if (!confirm(sched))
		return has_ended(sched) ? 0 : -EIO;
	clock_gettime(CLOCK_MONOTONIC, &sched->since);
	pin(sched);
	return 0;
}

static void print_now_and_then(struct stats *stats, const struct options *opts,
			       unsigned int secs, struct timespec *last)
{
	if (!secs || seconds_since(last) < secs)
		return;
	stats_print(stats, opts->verbosity);
	clock_gettime(CLOCK_MONOTONIC, last);
}

static void watch(struct sched *sched, const struct options *opts, const volatile bool *stop)
{
	struct timespec last = sched->since;

	printf("scx_lanes: '%s' schedules %s on %d CPUs, slice %u us\n", LANES_OPS_NAME,
	       opts->is_partial ? "SCHED_EXT tasks" : "this machine",
	       sched->skel->rodata->nr_cpus, opts->slice_us);
	fflush(stdout);
	while (!*stop && !has_ended(sched)) {
		sleep_ms(POLL_MS);
		print_now_and_then(sched->stats, opts, opts->stats_secs, &last);
	}
}

/* Return: what the end that the kernel has recorded means to us. */
static int judge_end(const struct sched *sched)
{
	const struct lanes_exit *end = &sched->skel->bss->exit_record;

	if (end->code & SCX_ECODE_ACT_RESTART) {
		log_info("the kernel asks for a restart: %s", end->msg);
		return SCHED_RESTART;
	}
	if (end->kind == SCX_EXIT_UNREG) {
		log_error("'%s': detached by another program", LANES_OPS_NAME);
		return EXIT_FAILED;
	}
	if (end->dump[0])
		fprintf(stderr, "%s\n", end->dump);
	log_error("ejected by the kernel: %s%s%s", end->reason, end->msg[0] ? ": " : "",
		  end->msg);
	return EXIT_EJECTED;
}

static int detach(struct sched *sched)
{
	char state[32];
	int waited_ms;

	bpf_link__destroy(sched->link);
	sched->link = NULL;
	for (waited_ms = 0; waited_ms < CONFIRM_MS; waited_ms += POLL_MS / 10) {
		kernel_read_sched_ext("state", state, sizeof(state));
		if (!strcmp(state, "disabled"))
			break;
		sleep_ms(POLL_MS / 10);
	}
	printf("scx_lanes: ");
	stats_print_total(sched->stats, seconds_since(&sched->since));
	/* It may have been ejected while we asked it to end. */
	if (sched->skel->bss->exit_record.kind != SCX_EXIT_UNREG)
		return judge_end(sched);
	if (strcmp(state, "disabled")) {
		log_error("'%s': detach: the kernel says '%s'", LANES_OPS_NAME, state);
		return EXIT_FAILED;
	}
	puts("scx_lanes: detached; the kernel's own scheduler has the machine again");
	return EXIT_AS_ASKED;
}

static void sched_close(struct sched *sched)
{
	if (sched->link)
		unpin();
	stats_close(sched->stats);
	bpf_link__destroy(sched->link);
	lanes_bpf__destroy(sched->skel);
}

int sched_run(const struct options *opts, const volatile bool *stop)
{
	struct sched sched = {};
	int ret = kernel_check();

	if (ret)
		return ret;
	ret = EXIT_FAILED;
	if (load(&sched, opts))
		goto out;
	sched.stats = stats_open(bpf_map__fd(sched.skel->maps.lanes),
				 bpf_program__fd(sched.skel->progs.lanes_sample));
	if (!sched.stats || attach(&sched))
		goto out;
	if (!has_ended(&sched))
		watch(&sched, opts, stop);
	unpin();
	ret = has_ended(&sched) ? judge_end(&sched) : detach(&sched);
out:
	sched_close(&sched);
	return ret;
}

/* Return: whether the instance is still the one that was the @seq-th to be enabled. */
static bool enabled_for(const char *seq)
{
	char now[32];

	kernel_read_sched_ext("enable_seq", now, sizeof(now));
	return !strcmp(now, seq);
}

static int monitor_pinned(int lanes_fd, int sample_fd, const struct options *opts,
			  const char *ops, const volatile bool *stop)
{
	struct stats *stats = stats_open(lanes_fd, sample_fd);
	struct timespec last;
	char seq[32];

	if (!stats)
		return EXIT_FAILED;
	kernel_read_sched_ext("enable_seq", seq, sizeof(seq));
	stats_mark(stats);
	clock_gettime(CLOCK_MONOTONIC, &last);
	while (!*stop && kernel_runs(ops) && enabled_for(seq)) {
		sleep_ms(POLL_MS);
		print_now_and_then(stats, opts, opts->monitor_secs, &last);
	}
	if (!*stop)
		printf("scx_lanes: '%s' has ended\n", ops);
	stats_close(stats);
	return EXIT_AS_ASKED;
}

int sched_monitor(const struct options *opts, const volatile bool *stop)
{
	int lanes_fd, sample_fd, ret;
	char ops[128];

	if (!kernel_is_privileged())
		return EXIT_FAILED;
	kernel_read_sched_ext("root/ops", ops, sizeof(ops));
	if (strncmp(ops, "lanes", 5)) {
		log_error("no instance of scx_lanes is running");
		return EXIT_FAILED;
	}
	lanes_fd = bpf_obj_get(STATS_PIN_LANES);
	sample_fd = bpf_obj_get(STATS_PIN_SAMPLE);
	if (lanes_fd < 0 || sample_fd < 0) {
		log_error(STATS_PIN_DIR ": open: %s", strerror(errno));
		ret = EXIT_FAILED;
	} else {
		ret = monitor_pinned(lanes_fd, sample_fd, opts, ops, stop);
	}
	close(lanes_fd);
	close(sample_fd);
	return ret;
}
