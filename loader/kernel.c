// SPDX-License-Identifier: GPL-2.0
/*
 * What the running kernel has and says about sched_ext: sysfs and BTF are
 * asked, never the version number, which distributions' backports belie.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/btf.h>

#include "kernel.h"
#include "log.h"

#define SCHED_EXT_DIR	"/sys/kernel/sched_ext"
#define KERNEL_BTF	"/sys/kernel/btf/vmlinux"
#define LANES_KO_BTF	"/sys/kernel/btf/lanes"

#define MIN_TASK_ROWS	4096
#define MAX_TASK_ROWS	131072

bool kernel_is_privileged(void)
{
	if (!geteuid())
		return true;
	log_error("needs root: run it with sudo, or as a system service");
	return false;
}

void kernel_read_sched_ext(const char *file, char *text, size_t len)
{
	char path[128];
	FILE *f;

	text[0] = '\0';
	snprintf(path, sizeof(path), SCHED_EXT_DIR "/%s", file);
	f = fopen(path, "r");
	if (!f)
		return;
	if (!fgets(text, len, f))
		text[0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	fclose(f);
}

bool kernel_runs(const char *ops)
{
	char state[32], name[128];

	kernel_read_sched_ext("state", state, sizeof(state));
	kernel_read_sched_ext("root/ops", name, sizeof(name));
	return !strcmp(state, "enabled") && !strcmp(name, ops);
}

bool kernel_schedules_all(void)
{
	char text[8];

	kernel_read_sched_ext("switch_all", text, sizeof(text));
	return !strcmp(text, "1");
}

/* Return: whether a function of type @proto shows the kernel's own last argument. */
static bool shows_hidden_argument(const struct btf *btf, const struct btf_type *proto)
{
	const struct btf_param *last = btf_params(proto) + btf_vlen(proto) - 1;

	return btf_vlen(proto) && !strcmp(btf__name_by_offset(btf, last->name_off), "aux");
}

/*
 * From 7.1 on the build of a kernel has to hide the last argument of some
 * functions from BPF programs. Debian's 7.1.13 and 7.2.12 did not for all: then
 * the verifier calls a function unresolved that is plainly there.
 *
 * Return: a function that BPF programs should be able to call and are not, NULL
 * if there is none.
 */
static const char *find_uncallable(const struct btf *btf)
{
	static const char * const needed[] = {
		"scx_bpf_create_dsq", "scx_bpf_dsq_nr_queued", "scx_bpf_kick_cpu",
		"scx_bpf_select_cpu_dfl", "scx_bpf_pick_idle_cpu", "scx_bpf_error_bstr",
	};
	const struct btf_type *t;
	size_t i;
	int id;

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		id = btf__find_by_name_kind(btf, needed[i], BTF_KIND_FUNC);
		if (id < 0)
			return needed[i];
		t = btf__type_by_id(btf, id);
		if (shows_hidden_argument(btf, btf__type_by_id(btf, t->type)))
			return needed[i];
	}
	return NULL;
}

static const struct feature_row {
	const char *name;
	bool is_function;
} feature_rows[KERNEL_NR_FEATURES] = {
	[KERNEL_ENQ_EXITING] = { "SCX_OPS_ENQ_EXITING", false },
	[KERNEL_SWITCH_PARTIAL] = { "SCX_OPS_SWITCH_PARTIAL", false },
	[KERNEL_ENQ_MIGRATION_DISABLED] = { "SCX_OPS_ENQ_MIGRATION_DISABLED", false },
	[KERNEL_ALLOW_QUEUED_WAKEUP] = { "SCX_OPS_ALLOW_QUEUED_WAKEUP", false },
	[KERNEL_REENQUEUE_ANYWHERE] = { "scx_bpf_reenqueue_local___v2", true },
	[KERNEL_REENQUEUE_QUEUES] = { "scx_bpf_dsq_reenq", true },
};

static __u64 features[KERNEL_NR_FEATURES];

/* Return: the value of one of the kernel's SCX_OPS_* flags, 0 if it has none such. */
static __u64 find_ops_flag(const struct btf *btf, const char *name)
{
	const struct btf_type *t;
	int id, i;

	id = btf__find_by_name_kind(btf, "scx_ops_flags", BTF_KIND_ENUM);
	if (id < 0)
		id = btf__find_by_name_kind(btf, "scx_ops_flags", BTF_KIND_ENUM64);
	t = id < 0 ? NULL : btf__type_by_id(btf, id);
	for (i = 0; t && i < btf_vlen(t); i++) {
		if (strcmp(name, btf__name_by_offset(btf, btf_is_enum64(t) ?
						     btf_enum64(t)[i].name_off :
						     btf_enum(t)[i].name_off)))
			continue;
		return btf_is_enum64(t) ? btf_enum64_value(&btf_enum64(t)[i]) :
					  (__u32)btf_enum(t)[i].val;
	}
	return 0;
}

static void find_features(const struct btf *btf)
{
	const struct feature_row *row;
	int i;

	for (i = 0; i < KERNEL_NR_FEATURES; i++) {
		row = &feature_rows[i];
		features[i] = row->is_function ?
			      btf__find_by_name_kind(btf, row->name, BTF_KIND_FUNC) > 0 :
			      find_ops_flag(btf, row->name);
	}
}

__u64 kernel_has(enum kernel_feature feature)
{
	return features[feature];
}

bool kernel_has_lanes_ko(void)
{
	static char types[1 << 20];
	FILE *f = fopen(LANES_KO_BTF, "r");
	size_t len = f ? fread(types, 1, sizeof(types), f) : 0;

	if (f)
		fclose(f);
	return memmem(types, len, "lanes_cpu_irq_load", sizeof("lanes_cpu_irq_load"));
}

static enum exit_status check_functions(const char *release)
{
	struct btf *btf = btf__load_vmlinux_btf();
	const char *name;

	if (!btf) {
		log_error("kernel %s: read its type information: %s", release, strerror(errno));
		return EXIT_FAILED;
	}
	name = find_uncallable(btf);
	find_features(btf);
	btf__free(btf);
	if (!name)
		return EXIT_AS_ASKED;
	log_error("kernel %s was built so that BPF programs cannot call %s (its type information is at fault); use another build of it",
		  release, name);
	return EXIT_KERNEL_LACKS;
}

static enum exit_status check_features(void)
{
	struct utsname uts;

	uname(&uts);
	if (access(SCHED_EXT_DIR, F_OK)) {
		log_error("kernel %s has no sched_ext (CONFIG_SCHED_CLASS_EXT); to see it run: tools/lab run -- build/scx_lanes",
			  uts.release);
		return EXIT_KERNEL_LACKS;
	}
	if (access(KERNEL_BTF, R_OK)) {
		log_error("kernel %s has no type information (CONFIG_DEBUG_INFO_BTF)",
			  uts.release);
		return EXIT_KERNEL_LACKS;
	}
	return check_functions(uts.release);
}

enum exit_status kernel_check(void)
{
	enum exit_status status;
	char state[32], ops[128];

	if (!kernel_is_privileged())
		return EXIT_FAILED;
	status = check_features();
	if (status)
		return status;
	kernel_read_sched_ext("state", state, sizeof(state));
	if (!strcmp(state, "disabled"))
		return EXIT_AS_ASKED;
	kernel_read_sched_ext("root/ops", ops, sizeof(ops));
	log_error("scheduler '%s' is attached (%s): end it first", ops, state);
	return EXIT_FAILED;
}

__u64 kernel_hotplug_seq(void)
{
	char text[32];

	kernel_read_sched_ext("hotplug_seq", text, sizeof(text));
	return strtoull(text, NULL, 10);
}

int kernel_nr_cpu_ids(void)
{
	FILE *f = fopen("/sys/devices/system/cpu/possible", "r");
	int id = 0, last = -1;

	if (!f)
		return -1;
	/* Such as "0-3,8-11": the largest of its numbers is the last one. */
	while (fscanf(f, "%d%*[-,]", &id) == 1)
		last = id;
	fclose(f);
	return last + 1;
}

bool kernel_isolates_cpus(void)
{
	FILE *f = fopen("/sys/devices/system/cpu/isolated", "r");
	bool is_isolating = f && fgetc(f) != '\n' && !feof(f);

	if (f)
		fclose(f);
	return is_isolating;
}

long long kernel_read_number(const char *path, long long fallback)
{
	FILE *f = fopen(path, "r");
	long long number;

	if (!f)
		return fallback;
	if (fscanf(f, "%lld", &number) != 1)
		number = fallback;
	fclose(f);
	return number;
}

unsigned int kernel_max_threads(void)
{
	long long nr = kernel_read_number("/proc/sys/kernel/threads-max", MAX_TASK_ROWS);

	return nr < MIN_TASK_ROWS ? MIN_TASK_ROWS : nr > MAX_TASK_ROWS ? MAX_TASK_ROWS : nr;
}
