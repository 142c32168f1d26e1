// SPDX-License-Identifier: GPL-2.0
/*
 * What the running kernel has and says about sched_ext: sysfs and BTF are
 * asked, never the version number, which distributions' backports belie.
 */
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
	return EXIT_AS_ASKED;
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

__u64 kernel_ops_flag(const char *name)
{
	struct btf *btf = btf__load_vmlinux_btf();
	const struct btf_type *t;
	const char *value_name;
	__u64 value = 0;
	int id, i;

	if (!btf)
		return 0;
	id = btf__find_by_name_kind(btf, "scx_ops_flags", BTF_KIND_ENUM);
	if (id < 0)
		id = btf__find_by_name_kind(btf, "scx_ops_flags", BTF_KIND_ENUM64);
	t = id < 0 ? NULL : btf__type_by_id(btf, id);
	for (i = 0; t && i < btf_vlen(t); i++) {
		value_name = btf__name_by_offset(btf, btf_is_enum64(t) ?
						 btf_enum64(t)[i].name_off :
						 btf_enum(t)[i].name_off);
		if (!strcmp(value_name, name))
			value = btf_is_enum64(t) ? btf_enum64_value(&btf_enum64(t)[i]) :
						   (__u32)btf_enum(t)[i].val;
	}
	btf__free(btf);
	return value;
}

__u64 kernel_hotplug_seq(void)
{
	char text[32];

	kernel_read_sched_ext("hotplug_seq", text, sizeof(text));
	return strtoull(text, NULL, 10);
}

int kernel_node_of_cpu(int cpu)
{
	char path[96];
	int node;

	for (node = 0; node < 64; node++) {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/node%d", cpu, node);
		if (!access(path, F_OK))
			return node;
	}
	return -1;
}
