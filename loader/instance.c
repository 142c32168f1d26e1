// SPDX-License-Identifier: GPL-2.0
/*
 * A running scheduler as others find it.
 *
 * Pins outlive a process that is killed. They keep the memory of its scheduler
 * but do not run it; the next start replaces them.
 */
#include <errno.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "disciplines.h"
#include "instance.h"
#include "kernel.h"
#include "log.h"

static int pin_iterator(struct bpf_object *obj, const char *name, const char *path,
			const struct bpf_iter_attach_opts *opts)
{
	struct bpf_link *link =
		bpf_program__attach_iter(bpf_object__find_program_by_name(obj, name), opts);
	int err;

	if (!link)
		return -errno;
	err = bpf_link__pin(link, path);
	bpf_link__destroy(link);
	return err;
}

static int pin_task_view(struct bpf_object *obj, const char *name, const char *path)
{
	return pin_iterator(obj, name, path, NULL);
}

static int pin_lane_view(struct bpf_object *obj, const char *name, const char *path)
{
	union bpf_iter_link_info info = {
		.map.map_fd = bpf_object__find_map_fd_by_name(obj, "lanes"),
	};
	LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &info, .link_info_len = sizeof(info));

	return pin_iterator(obj, name, path, &opts);
}

static int pin_map(struct bpf_object *obj, const char *name, const char *path)
{
	return bpf_map__pin(bpf_object__find_map_by_name(obj, name), path);
}

static int pin_program(struct bpf_object *obj, const char *name, const char *path)
{
	return bpf_program__pin(bpf_object__find_program_by_name(obj, name), path);
}

#define PIN_LANES	LANES_PIN_CTL "/lanes"
#define PIN_TASKS	LANES_PIN_CTL "/tasks"
#define PIN_KNOBS	LANES_PIN_CTL "/knobs"
#define PIN_TRACE	LANES_PIN_CTL "/trace"
#define PIN_RT_SET	LANES_PIN_CTL "/rt_set"
#define PIN_TASK_READ	LANES_PIN_CTL "/task_read"
#define PIN_LEVEL_SET	LANES_PIN_CTL "/level_set"
#define PIN_CPU_SET	LANES_PIN_CTL "/cpu_set"

static const struct pin_row {
	const char *path;
	const char *name;
	int (*pin)(struct bpf_object *obj, const char *name, const char *path);
} pins[] = {
	{ LANES_PIN_DIR "/runqueues", "show_runqueues", pin_lane_view },
	{ LANES_PIN_DIR "/tasks", "show_tasks", pin_task_view },
	{ LANES_PIN_DIR "/top", "show_top", pin_task_view },
	{ PIN_LANES, "lanes", pin_map },
	{ PIN_TASKS, "tasks", pin_map },
	{ PIN_KNOBS, ".data.knobs", pin_map },
	{ PIN_TRACE, "trace_ring", pin_map },
	{ PIN_RT_SET, "rt_set", pin_program },
	{ PIN_TASK_READ, "task_read", pin_program },
	{ PIN_LEVEL_SET, "level_set", pin_program },
	{ PIN_CPU_SET, "cpu_set", pin_program },
};

int instance_publish(struct bpf_object *obj)
{
	const struct pin_row *row;
	int err;

	instance_withdraw();
	if (mkdir(LANES_PIN_DIR, 0700) || mkdir(LANES_PIN_CTL, 0700))
		return -errno;
	for (row = pins; row < pins + sizeof(pins) / sizeof(pins[0]); row++) {
		err = row->pin(obj, row->name, row->path);
		if (err)
			return err;
	}
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void instance_withdraw(void)
{
	nftw(LANES_PIN_DIR, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void *map_array(int fd, size_t value_size, bool is_writable, unsigned int *nr)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	void *array;

	if (bpf_map_get_info_by_fd(fd, &info, &len))
		return NULL;
	if (info.value_size != value_size) {
		errno = EPROTO;
		return NULL;
	}
	*nr = info.max_entries;
	array = mmap(NULL, info.max_entries * value_size,
		     is_writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
	return array == MAP_FAILED ? NULL : array;
}

void unmap_array(const void *array, size_t value_size, unsigned int nr)
{
	if (array)
		munmap((void *)array, nr * value_size);
}

/* The mapping outlives the descriptor. */
static void *map_pinned(const char *path, size_t value_size, bool is_writable, unsigned int *nr)
{
	int fd = bpf_obj_get(path);
	void *array = fd < 0 ? NULL : map_array(fd, value_size, is_writable, nr);

	if (!array)
		log_error("%s: open: %s", path, errno == EPROTO ?
			  "belongs to another version of scx_lanes" : strerror(errno));
	if (fd >= 0)
		close(fd);
	return array;
}

static int open_pinned(const char *path)
{
	int fd = bpf_obj_get(path);

	if (fd < 0)
		log_error("%s: open: %s", path, strerror(errno));
	return fd;
}

bool instance_open(struct instance *instance)
{
	unsigned int one;

	*instance = (struct instance){ .rt_set_fd = -1, .task_read_fd = -1, .trace_fd = -1 };
	kernel_read_sched_ext("root/ops", instance->ops, sizeof(instance->ops));
	kernel_read_sched_ext("enable_seq", instance->seq, sizeof(instance->seq));
	if (strncmp(instance->ops, "lanes", 5)) {
		log_error("no instance of scx_lanes is running");
		return false;
	}
	instance->lanes = map_pinned(PIN_LANES, sizeof(struct lane), false, &instance->nr_lanes);
	if (!instance->lanes)
		return false;
	instance->tasks = map_pinned(PIN_TASKS, sizeof(struct task_ctx), false,
				     &instance->nr_tasks);
	instance->knobs = map_pinned(PIN_KNOBS, sizeof(struct lanes_knobs), true, &one);
	instance->rt_set_fd = open_pinned(PIN_RT_SET);
	instance->task_read_fd = open_pinned(PIN_TASK_READ);
	instance->trace_fd = open_pinned(PIN_TRACE);
	return instance->tasks && instance->knobs && instance->rt_set_fd >= 0 &&
	       instance->task_read_fd >= 0 && instance->trace_fd >= 0;
}

bool instance_is_of(const struct instance *instance, enum lanes_discipline discipline)
{
	return !strcmp(instance->ops + strlen(LANES_OPS_PREFIX), disciplines[discipline].name);
}

bool instance_is_running(const struct instance *instance)
{
	char seq[32];

	kernel_read_sched_ext("enable_seq", seq, sizeof(seq));
	return kernel_runs(instance->ops) && !strcmp(seq, instance->seq);
}

void instance_close(struct instance *instance)
{
	unmap_array(instance->lanes, sizeof(struct lane), instance->nr_lanes);
	unmap_array(instance->tasks, sizeof(struct task_ctx), instance->nr_tasks);
	unmap_array(instance->knobs, sizeof(struct lanes_knobs), 1);
	if (instance->rt_set_fd >= 0)
		close(instance->rt_set_fd);
	if (instance->task_read_fd >= 0)
		close(instance->task_read_fd);
	if (instance->trace_fd >= 0)
		close(instance->trace_fd);
}

bool instance_call_pinned(const char *name, void *call, __u32 len)
{
	char path[128];
	bool is_done;
	int fd;

	snprintf(path, sizeof(path), LANES_PIN_CTL "/%s", name);
	fd = open_pinned(path);
	is_done = fd >= 0 && instance_call(fd, call, len);
	if (fd >= 0)
		close(fd);
	return is_done;
}

bool instance_call(int prog_fd, void *call, __u32 len)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = call, .ctx_size_in = len);

	if (!bpf_prog_test_run_opts(prog_fd, &opts) && !opts.retval)
		return true;
	log_error("the scheduler does not answer: %s", strerror(errno));
	return false;
}
