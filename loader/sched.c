// SPDX-License-Identifier: GPL-2.0
/*
 * The BPF scheduler as an object.
 *
 * The kernel detaches it when its link is closed, which the end of this
 * process does however it ends; nothing has to be undone for the machine to
 * run on. What is undone here: the pins, and the timer slack of real-time tasks.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "lanes_sched.h"

/* What the skeleton's types are called in vmlinux.h. */
typedef __u8 u8;
typedef __s32 s32;
typedef __u32 u32;
typedef __u64 u64;

#include "carry.h"
#include "cgroups.h"
#include "clock.h"
#include "disciplines.h"
#include "evict.h"
#include "instance.h"
#include "kernel.h"
#include "lanes.skel.h"
#include "log.h"
#include "name.h"
#include "notices.h"
#include "sched.h"
#include "slack.h"
#include "stats.h"
#include "topology.h"

/* The kernel's; these have never changed. */
#define SCX_EXIT_UNREG		64
#define SCX_ECODE_ACT_RESTART	(1ULL << 48)

#define POLL_MS			100
#define CONFIRM_MS		5000

/**
 * struct sched - one attached scheduler
 * @name: what the kernel calls it
 * @skel: the BPF object
 * @link: keeps it attached
 * @lanes: its lanes, as memory
 * @stats: reads them
 * @notices: what it tells us
 * @since: when it was attached
 * @hotplug_seq: the kernel's count of CPUs gone on- and offline, when we looked
 */
struct sched {
	char name[LANES_OPS_NAME_LEN];
	struct lanes_bpf *skel;
	struct bpf_link *link;
	struct lane *lanes;
	struct stats *stats;
	struct notices *notices;
	struct timespec since;
	__u64 hotplug_seq;
};

/* Flags that an older kernel lacks are left out: it does without. */
static __u64 ops_flags(const struct options *opts)
{
	return kernel_has(KERNEL_ENQ_EXITING) | kernel_has(KERNEL_ENQ_MIGRATION_DISABLED) |
	       kernel_has(KERNEL_ALLOW_QUEUED_WAKEUP) |
	       (opts->is_partial ? kernel_has(KERNEL_SWITCH_PARTIAL) : 0);
}

/*
 * How we hear that a higher class takes a CPU: from the kernel, or where that
 * has become too late, from a tracepoint; not at all where tasks can be taken
 * back without.
 */
static void choose_programs(struct lanes_bpf *skel, const struct options *opts)
{
	bool has_queues = kernel_has(KERNEL_REENQUEUE_QUEUES) &&
			  !(opts->features_off & LANES_FEATURE_REENQ);

	if (kernel_has(KERNEL_REENQUEUE_ANYWHERE)) {
		skel->struct_ops.lanes_ops->cpu_release = NULL;
		bpf_program__set_autoload(skel->progs.on_switch, !has_queues);
	}
	bpf_program__set_autoload(skel->progs.on_exec, true);
	bpf_program__set_autoload(skel->progs.on_rename, rules_need_names(&opts->rules));
}

static unsigned int power_of_two_from(unsigned int n)
{
	unsigned int power = 1;

	while (power < n)
		power *= 2;
	return power;
}

static int set_sizes(struct lanes_bpf *skel, const struct options *opts, int nr_cpus)
{
	unsigned int nr_rows = kernel_max_threads(), nr_slots = power_of_two_from(nr_rows);

	skel->rodata->nr_cpus = nr_cpus;
	skel->rodata->nr_task_rows = nr_rows;
	skel->rodata->slot_mask = nr_slots - 1;
	return bpf_map__set_max_entries(skel->maps.lanes, nr_cpus) ?:
	       bpf_map__set_max_entries(skel->maps.near, nr_cpus * nr_cpus) ?:
	       bpf_map__set_max_entries(skel->maps.tasks, nr_rows) ?:
	       bpf_map__set_max_entries(skel->maps.free_rows, nr_rows) ?:
	       bpf_map__set_max_entries(skel->maps.slots, nr_slots) ?:
	       opts->trace_level ? 0 :
	       bpf_map__set_max_entries(skel->maps.trace_ring, getpagesize());
}

/* The skeleton has no field for the name: it stands where the object has put one. */
static void set_name(struct lanes_bpf *skel, const char *discipline)
{
	size_t len;
	char *ops = bpf_map__initial_value(skel->maps.lanes_ops, &len);
	char *name = ops ? memmem(ops, len, LANES_OPS_PREFIX, strlen(LANES_OPS_PREFIX)) : NULL;

	if (name)
		strcpy(name + strlen(LANES_OPS_PREFIX), discipline);
}

/* Whom the discipline lets share a main queue, unless it takes what was asked for. */
static enum lanes_domain domain_of(const struct options *opts)
{
	const struct discipline *discipline = &disciplines[opts->discipline];

	return opts->is_domain_given && discipline_has_option(discipline, "queue") ?
		       opts->domain : discipline->domain;
}

static int configure(struct sched *sched, const struct options *opts)
{
	struct lanes_bpf *skel = sched->skel;
	const struct discipline *discipline = &disciplines[opts->discipline];
	int nr_cpus = kernel_nr_cpu_ids();

	if (nr_cpus < 1 || nr_cpus > LANES_MAX_CPUS) {
		log_error("%d possible CPUs: 1 to %d are supported", nr_cpus, LANES_MAX_CPUS);
		return -ERANGE;
	}
	skel->data_knobs->knobs = opts->knobs;
	skel->rodata->discipline = opts->discipline;
	skel->rodata->nr_queues = discipline->nr_queues;
	skel->rodata->queue_domain = domain_of(opts);
	if (domain_of(opts) == LANES_DOMAIN_CPU && discipline->domain != LANES_DOMAIN_CPU)
		skel->rodata->nr_queues = 1;
	skel->rodata->lk_kick = opts->kick;
	skel->rodata->haiku_rule = opts->rule;
	skel->rodata->rt_by_discipline = opts->rt_by_discipline &&
					 discipline_has_option(discipline, "rt");
	set_name(skel, discipline->name);
	snprintf(sched->name, sizeof(sched->name), LANES_OPS_PREFIX "%s", discipline->name);
	skel->rodata->eevdf_weights = opts->weights;
	skel->rodata->steal_mode = opts->steal;
	skel->rodata->trace_level = opts->trace_level;
	skel->data_knobs->knobs.trace_level = opts->trace_level;
	skel->rodata->parts_off = opts->parts_off;
	if (!kernel_has_lanes_ko())
		skel->rodata->parts_off |= LANES_PART_IRQ_LOAD;
	skel->data_knobs->knobs.sees_interrupts =
		!(skel->rodata->parts_off & LANES_PART_IRQ_LOAD);
	skel->rodata->features_off = opts->features_off;
	memcpy((void *)skel->rodata->rules, opts->rules.rule, sizeof(opts->rules.rule));
	skel->rodata->nr_rules = opts->rules.nr;
	sched->hotplug_seq = kernel_hotplug_seq();
	skel->struct_ops.lanes_ops->flags = ops_flags(opts);
	skel->struct_ops.lanes_ops->timeout_ms = opts->watchdog_secs * 1000;
	skel->rodata->watchdog_ms = opts->watchdog_secs * 1000;
	skel->struct_ops.lanes_ops->hotplug_seq = sched->hotplug_seq;
	choose_programs(skel, opts);
	return set_sizes(skel, opts, nr_cpus);
}

/* Tell the lanes what they share, and which are near to which. */
static int set_topology(struct sched *sched)
{
	int nr_cpus = sched->skel->rodata->nr_cpus;
	unsigned int nr;
	__u32 *near = map_array(bpf_map__fd(sched->skel->maps.near), sizeof(*near), true, &nr);

	if (!near)
		return -errno;
	topology_read(sched->lanes, nr_cpus);
	topology_rank(sched->lanes, nr_cpus, near);
	topology_count_siblings(sched->lanes, nr_cpus, sched->skel->rodata->queue_domain);
	unmap_array(near, sizeof(*near), nr);
	return 0;
}

static int open_maps(struct sched *sched)
{
	unsigned int nr;

	sched->lanes = map_array(bpf_map__fd(sched->skel->maps.lanes), sizeof(struct lane),
				 true, &nr);
	if (!sched->lanes)
		return -errno;
	sched->stats = stats_open(sched->lanes, nr);
	sched->notices = notices_open(bpf_map__fd(sched->skel->maps.notices));
	if (!sched->stats || !sched->notices)
		return -ENOMEM;
	return set_topology(sched);
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
		err = open_maps(sched);
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
		if (kernel_runs(sched->name))
			return true;
		sleep_ms(POLL_MS / 10);
	}
	log_error("'%s': attached, but /sys/kernel/sched_ext does not show it", sched->name);
	return false;
}

/* Programs at tracepoints; those that were not loaded are not wanted. */
static void attach_tracing(struct lanes_bpf *skel)
{
	const struct {
		struct bpf_program *prog;
		struct bpf_link **link;
	} rows[] = {
		{ skel->progs.on_exec, &skel->links.on_exec },
		{ skel->progs.on_rename, &skel->links.on_rename },
		{ skel->progs.on_switch, &skel->links.on_switch },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!bpf_program__autoload(rows[i].prog))
			continue;
		*rows[i].link = bpf_program__attach(rows[i].prog);
		if (!*rows[i].link)
			log_notice("program '%s': attach: %s; doing without",
				   bpf_program__name(rows[i].prog), strerror(errno));
	}
}

/* Also those whose notices found no room. */
static void cut_slack(const struct sched *sched)
{
	struct task_ctx *tasks;
	unsigned int i, nr;

	tasks = map_array(bpf_map__fd(sched->skel->maps.tasks), sizeof(*tasks), false, &nr);
	for (i = 1; tasks && i < nr; i++)
		if (tasks[i].pid && tasks[i].rt_prio)
			slack_cut(tasks[i].pid);
	unmap_array(tasks, sizeof(*tasks), nr);
}

/* For others only: without the pins (no bpffs) the scheduler runs as well. */
static void publish(struct sched *sched)
{
	int err = instance_publish(sched->skel->obj);

	if (err)
		log_notice(LANES_PIN_DIR ": pin: %s; lanesctl and --monitor will not find this instance",
			   strerror(-err));
	slack_open();
	cut_slack(sched);
}

static int attach(struct sched *sched)
{
	sched->link = bpf_map__attach_struct_ops(sched->skel->maps.lanes_ops);
	if (!sched->link) {
		int err = -errno;

		log_error("'%s': attach: %s%s", sched->name, strerror(errno),
			  kernel_isolates_cpus() ?
			  "; the kernel takes no scheduler when booted with isolcpus=" : "");
		return err;
	}
	if (!confirm(sched))
		return has_ended(sched) ? 0 : -EIO;
	clock_gettime(CLOCK_MONOTONIC, &sched->since);
	attach_tracing(sched->skel);
	publish(sched);
	cgroups_warn();
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

/* What may change while it runs, and that only we can tell the scheduler. */
static void refresh(struct sched *sched)
{
	__u64 seq = kernel_hotplug_seq();

	if (seq != sched->hotplug_seq)
		set_topology(sched);
	sched->hotplug_seq = seq;
	if (sched->skel->data_knobs->knobs.place == LANES_PLACE_NUMA)
		topology_read_memory(sched->skel->bss->node_free_kb);
	evict_look(sched->lanes, sched->skel->rodata->nr_cpus);
}

static const char *interrupts_seen(const struct sched *sched, const struct options *opts)
{
	if (sched->skel->data_knobs->knobs.sees_interrupts)
		return "lanes.ko: interrupt load is taken into account";
	if (opts->parts_off & LANES_PART_IRQ_LOAD)
		return "lanes.ko is not asked: placement does not see interrupts";
	if (!access("/sys/module/lanes", F_OK) && access("/sys/kernel/btf/lanes", F_OK))
		return "lanes.ko has no type information: placement does not see interrupts";
	return "no lanes.ko: placement does not see interrupts";
}

static void say_what_runs(const struct sched *sched, const struct options *opts)
{
	printf("scx_lanes: '%s' schedules %s on %d CPUs, slice %u us\n", sched->name,
	       opts->is_partial ? "SCHED_EXT tasks" : "this machine",
	       sched->skel->rodata->nr_cpus, opts->knobs.slice_us);
	printf("scx_lanes: %s\n", interrupts_seen(sched, opts));
	fflush(stdout);
}

/* Until it ends, or another discipline is asked for. */
static void watch(struct sched *sched, const struct options *opts, const volatile bool *stop)
{
	struct timespec last_table, last_refresh;

	clock_gettime(CLOCK_MONOTONIC, &last_table);
	last_refresh = last_table;
	refresh(sched);
	while (!*stop && !has_ended(sched) && !sched->skel->data_knobs->knobs.switch_to) {
		notices_wait(sched->notices, POLL_MS);
		print_now_and_then(sched->stats, opts, opts->stats_secs, &last_table);
		if (seconds_since(&last_refresh) < 1)
			continue;
		refresh(sched);
		clock_gettime(CLOCK_MONOTONIC, &last_refresh);
	}
}

/* Return: what the end that the kernel has recorded means to us. */
static int judge_end(const struct sched *sched)
{
	struct lanes_exit *end = &sched->skel->bss->exit_record;

	name_clean(end->msg);
	text_clean(end->dump);
	if (end->code & SCX_ECODE_ACT_RESTART) {
		log_info("the kernel asks for a restart: %s", end->msg);
		return SCHED_RESTART;
	}
	if (end->kind == SCX_EXIT_UNREG) {
		log_error("'%s': detached by another program", sched->name);
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
		log_error("'%s': detach: the kernel says '%s'", sched->name, state);
		return EXIT_FAILED;
	}
	puts("scx_lanes: detached; the kernel's own scheduler has the machine again");
	return EXIT_AS_ASKED;
}

static void sched_close(struct sched *sched)
{
	if (sched->link)
		instance_withdraw();
	notices_close(sched->notices);
	stats_close(sched->stats);
	if (sched->skel)
		unmap_array(sched->lanes, sizeof(struct lane), sched->skel->rodata->nr_cpus);
	bpf_link__destroy(sched->link);
	lanes_bpf__destroy(sched->skel);
}

/* Those that are set now, but for the slice if that is still the one of @discipline. */
static void take_knobs(struct options *next, const struct sched *sched, __u32 discipline)
{
	next->knobs = sched->skel->data_knobs->knobs;
	next->knobs.switch_to = 0;
	if (next->knobs.slice_us != disciplines[discipline].slice_us)
		next->is_slice_given = true;
	if (!next->is_slice_given)
		next->knobs.slice_us = disciplines[next->discipline].slice_us;
}

/* Asked to end by us, and by nobody before. */
static bool has_let_go(const struct sched *sched)
{
	return !has_ended(sched) || sched->skel->bss->exit_record.kind == SCX_EXIT_UNREG;
}

/*
 * From here to the end of attaching the tasks are the kernel's: nothing is done that
 * could have been done before, or can be done afterwards.
 *
 * Return: 0, an error with nothing attached, -ESTALE if @sched was ejected before.
 */
static int take_over(struct sched *next, struct sched *sched, const struct lanes_knobs *knobs)
{
	struct lanes_knobs *to = &next->skel->data_knobs->knobs;
	__u32 sees_interrupts = to->sees_interrupts;
	struct timespec began;
	int err;

	*to = *knobs;
	to->sees_interrupts = sees_interrupts;
	clock_gettime(CLOCK_MONOTONIC, &began);
	bpf_link__destroy(sched->link);
	sched->link = NULL;
	if (!has_let_go(sched))
		return -ESTALE;
	carry_lanes(next->lanes, sched->lanes, next->skel->rodata->nr_cpus);
	stats_mark(next->stats);
	err = attach(next);
	if (!err)
		printf("scx_lanes: '%s' has taken over from '%s' within %.1f ms\n", next->name,
		       sched->name, seconds_since(&began) * 1e3);
	next->since = sched->since;
	return err;
}

static void hand_on_tasks(struct sched *next, const struct sched *sched,
			  const struct carry *carry)
{
	struct task_ctx *from = NULL, *to = NULL;
	unsigned int nr_from, nr_to;

	from = map_array(bpf_map__fd(sched->skel->maps.tasks), sizeof(*from), false, &nr_from);
	to = map_array(bpf_map__fd(next->skel->maps.tasks), sizeof(*to), true, &nr_to);
	if (from && to)
		carry_give_tasks(carry, to, nr_to, &from[0]);
	unmap_array(from, sizeof(*from), nr_from);
	unmap_array(to, sizeof(*to), nr_to);
	carry_designations(carry, bpf_program__fd(next->skel->progs.rt_set));
	cut_slack(next);
}

static bool remember_tasks(const struct sched *sched, struct carry *carry)
{
	unsigned int nr;
	struct task_ctx *tasks = map_array(bpf_map__fd(sched->skel->maps.tasks), sizeof(*tasks),
					   false, &nr);
	bool is_done = tasks && carry_take_tasks(carry, tasks, nr);

	unmap_array(tasks, sizeof(*tasks), nr);
	return is_done;
}

/* Hogs are not to decide how long it takes. Return: the nice value until now. */
static int hurry(void)
{
	int nice = getpriority(PRIO_PROCESS, 0);

	setpriority(PRIO_PROCESS, 0, -20);
	return nice;
}

/* Nobody is to change what is about to go: it is not to be found from here on. */
static bool make_ready(struct sched *next, struct options *next_opts, struct sched *sched,
		       struct carry *carry)
{
	if (next_opts->discipline >= LANES_NR_DISCIPLINES || load(next, next_opts))
		return false;
	instance_withdraw();
	slack_close();
	if (remember_tasks(sched, carry))
		return true;
	publish(sched);
	return false;
}

/**
 * replace - let another discipline take over
 * @sched: what runs; then what has taken over, or what still runs if that was no use, or
 *	   what has ended meanwhile: then that is what there is to tell
 *
 * Return: 0 or an error, with nothing attached and the options as they were.
 */
static int replace(struct sched *sched, struct options *opts)
{
	struct lanes_knobs *asked = &sched->skel->data_knobs->knobs;
	struct options next_opts = *opts;
	struct sched next = {}, old;
	struct carry carry = {};
	int err = 0, nice = hurry();

	next_opts.discipline = asked->switch_to - 1;
	if (!make_ready(&next, &next_opts, sched, &carry)) {
		log_error("'%s': goes on; the one asked for cannot be loaded", sched->name);
		goto out;
	}
	if (has_ended(sched))
		goto out;
	take_knobs(&next_opts, sched, opts->discipline);
	err = take_over(&next, sched, &next_opts.knobs);
	if (err == -ESTALE) {
		err = 0;
		goto out;
	}
	if (!err && !has_ended(&next))
		hand_on_tasks(&next, sched, &carry);
	if (!err) {
		*opts = next_opts;
		say_what_runs(&next, opts);
	}
	old = *sched;
	*sched = next;
	next = old;
out:
	asked->switch_to = 0;
	sched_close(&next);
	setpriority(PRIO_PROCESS, 0, nice);
	carry_free(&carry);
	return err;
}

int sched_run(struct options *opts, const volatile bool *stop)
{
	struct sched sched = {};
	int ret = kernel_check();

	if (ret)
		return ret;
	/* Nobody runs: what is there a killed instance has left. */
	slack_restore_left();
	instance_withdraw();
	ret = EXIT_FAILED;
	if (load(&sched, opts) || attach(&sched))
		goto out;
	say_what_runs(&sched, opts);
	while (!*stop && !has_ended(&sched)) {
		watch(&sched, opts, stop);
		if (*stop || has_ended(&sched))
			break;
		if (replace(&sched, opts)) {
			instance_withdraw();
			ret = SCHED_RESTART;
			goto out;
		}
	}
	instance_withdraw();
	ret = has_ended(&sched) ? judge_end(&sched) : detach(&sched);
out:
	slack_close();
	sched_close(&sched);
	return ret;
}

int sched_monitor(const struct options *opts, const volatile bool *stop)
{
	struct instance instance;
	struct stats *stats = NULL;
	struct timespec last;

	if (!kernel_is_privileged())
		return EXIT_FAILED;
	if (instance_open(&instance))
		stats = stats_open(instance.lanes, instance.nr_lanes);
	if (!stats) {
		instance_close(&instance);
		return EXIT_FAILED;
	}
	stats_mark(stats);
	clock_gettime(CLOCK_MONOTONIC, &last);
	while (!*stop && instance_is_running(&instance)) {
		sleep_ms(POLL_MS);
		print_now_and_then(stats, opts, opts->monitor_secs, &last);
	}
	if (!*stop)
		printf("scx_lanes: '%s' has ended\n", instance.ops);
	stats_close(stats);
	instance_close(&instance);
	return EXIT_AS_ASKED;
}
