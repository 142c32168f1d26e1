// SPDX-License-Identifier: GPL-2.0
/*
 * All threads by the module's mapping, by its copy, and by /proc; and
 * lanes-threads snapshot, which prints them.
 *
 * The walk of /proc reads what has the same data: stat and status of each thread
 * (times, priorities, CPU; context switches), and schedstat (exact run time) where
 * the kernel has it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "threads.h"

static const struct lanes_snapshot *mapped;

static void make_room(struct tasks *tasks, uint32_t room)
{
	if (tasks->room >= room)
		return;
	tasks->room = room;
	tasks->list = realloc(tasks->list, room * sizeof(*tasks->list));
	if (!tasks->list)
		fail(EXIT_FAILED, "no memory for %u threads", room);
}

void tasks_map(int fd, uint32_t max_tasks)
{
	struct lanes_snapshot_create create = { .max_tasks = max_tasks };
	int err = call(fd, LANES_SNAPSHOT_CREATE, &create);

	if (err)
		fail(EXIT_FAILED, "snapshot: %s", strerror(-err));
	mapped = mmap(NULL, create.out_bytes, PROT_READ, MAP_SHARED, fd, 0);
	if (mapped == MAP_FAILED)
		fail(EXIT_FAILED, "snapshot: mmap: %s", strerror(errno));
}

void tasks_write_mapped(int fd)
{
	struct lanes_snapshot_write write = { 0 };
	int err = call(fd, LANES_SNAPSHOT_WRITE, &write);

	if (err)
		fail(EXIT_FAILED, "snapshot: %s", strerror(-err));
}

static uint32_t sequence_before(void)
{
	uint32_t sequence;

	while ((sequence = __atomic_load_n(&mapped->sequence, __ATOMIC_ACQUIRE)) & 1)
		sched_yield();
	return sequence;
}

static bool has_changed(uint32_t sequence)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(&mapped->sequence, __ATOMIC_RELAXED) != sequence;
}

bool tasks_read_mapped(struct tasks *tasks)
{
	uint32_t sequence, nr_tasks;

	do {
		sequence = sequence_before();
		nr_tasks = mapped->nr_tasks;
		tasks->nr = nr_tasks < mapped->max_tasks ? nr_tasks :
			    mapped->max_tasks;
		make_room(tasks, tasks->nr);
		memcpy(tasks->list, mapped->tasks, tasks->nr * sizeof(*tasks->list));
	} while (has_changed(sequence));
	return nr_tasks == tasks->nr;
}

bool tasks_list(int fd, struct tasks *tasks)
{
	struct lanes_list_tasks arg = {
		.nr_tasks = tasks->room,
		.tasks = (uintptr_t)tasks->list,
	};
	int err = call(fd, LANES_LIST_TASKS, &arg);

	if (err)
		fail(EXIT_FAILED, "list of threads: %s", strerror(-err));
	tasks->nr = arg.nr_tasks < tasks->room ? arg.nr_tasks : tasks->room;
	if (arg.nr_tasks == tasks->nr)
		return true;
	make_room(tasks, arg.nr_tasks + 64);
	return false;
}

/* Returns whether the file could be read: what it is about may be gone. */
static bool read_file(int dir, const char *name, char *text, size_t room)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t nr;

	if (fd < 0)
		return false;
	nr = read(fd, text, room - 1);
	close(fd);
	text[nr > 0 ? nr : 0] = '\0';
	return nr > 0;
}

static uint64_t from_ticks(unsigned long long ticks)
{
	return ticks * (1000000000ull / sysconf(_SC_CLK_TCK));
}

/* The name is in brackets, and may have some itself. */
static bool parse_stat(char *text, struct lanes_task *t)
{
	char *name = strchr(text, '('), *end = strrchr(text, ')'), state;
	unsigned long long utime, stime, start;
	int prio;

	if (!name || !end)
		return false;
	snprintf(t->comm, sizeof(t->comm), "%.*s", (int)(end - name - 1), name + 1);
	t->tid = strtoul(text, NULL, 10);
	if (sscanf(end + 1, " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %*d %*d %d %d %*d %*d %llu"
		   " %*u %*d %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*d %u %u %u",
		   &state, &utime, &stime, &prio, &t->nice, &start, &t->cpu,
		   &t->rt_priority, &t->policy) != 9)
		return false;
	t->state = state;
	t->prio = prio + 100;
	t->utime_ns = from_ticks(utime);
	t->stime_ns = from_ticks(stime);
	t->start_ns = from_ticks(start);
	return true;
}

static uint64_t field(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

static bool read_task(int dir, struct lanes_task *t)
{
	char text[4096];

	if (!read_file(dir, "stat", text, sizeof(text)) || !parse_stat(text, t) ||
	    !read_file(dir, "status", text, sizeof(text)))
		return false;
	t->nr_voluntary = field(text, "\nvoluntary_ctxt_switches:");
	t->nr_involuntary = field(text, "\nnonvoluntary_ctxt_switches:");
	t->run_ns = read_file(dir, "schedstat", text, sizeof(text)) ?
		    strtoull(text, NULL, 10) : 0;
	return true;
}

static void walk_process(int proc, const char *tgid, struct tasks *tasks)
{
	struct dirent *entry;
	char path[NAME_MAX + sizeof("/task")];
	DIR *dir;
	int fd;

	snprintf(path, sizeof(path), "%s/task", tgid);
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	while (dir && (entry = readdir(dir))) {
		int task;

		if (entry->d_name[0] == '.')
			continue;
		task = openat(fd, entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (task < 0)
			continue;
		make_room(tasks, tasks->nr < tasks->room ? tasks->room :
			  tasks->nr * 2 + 64);
		if (read_task(task, &tasks->list[tasks->nr]))
			tasks->list[tasks->nr++].tgid = strtoul(tgid, NULL, 10);
		close(task);
	}
	if (dir)
		closedir(dir);
}

bool tasks_walk_proc(struct tasks *tasks)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	if (!proc)
		fail(EXIT_FAILED, "/proc: %s", strerror(errno));
	tasks->nr = 0;
	while ((entry = readdir(proc))) {
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			walk_process(dirfd(proc), entry->d_name, tasks);
	}
	closedir(proc);
	return true;
}

static int by_tid(const void *a, const void *b)
{
	const struct lanes_task *x = a, *y = b;

	return (x->tid > y->tid) - (x->tid < y->tid);
}

void tasks_sort(struct tasks *tasks)
{
	qsort(tasks->list, tasks->nr, sizeof(*tasks->list), by_tid);
}

static const char *policy_name(uint32_t policy)
{
	static const char *const names[] = {
		"other", "fifo", "rr", "batch", "iso", "idle", "deadline", "ext",
	};

	return policy < ARRAY_SIZE(names) ? names[policy] : "?";
}

static void print_json(const struct tasks *tasks)
{
	struct json_object *all = json_object_new_array();
	uint32_t i;

	for (i = 0; i < tasks->nr; i++) {
		const struct lanes_task *t = &tasks->list[i];
		struct json_object *one = json_object_new_object();
		char state[2] = { t->state };

		json_add(one, "tid", t->tid);
		json_add(one, "tgid", t->tgid);
		json_add_text(one, "comm", t->comm);
		json_add_text(one, "policy", policy_name(t->policy));
		json_add(one, "prio", t->prio);
		json_add(one, "nice", t->nice);
		json_add(one, "rt_priority", t->rt_priority);
		json_add_text(one, "state", state);
		json_add(one, "cpu", t->cpu);
		json_add(one, "run_ns", t->run_ns);
		json_add(one, "utime_ns", t->utime_ns);
		json_add(one, "stime_ns", t->stime_ns);
		json_add(one, "start_ns", t->start_ns);
		json_add(one, "voluntary", t->nr_voluntary);
		json_add(one, "involuntary", t->nr_involuntary);
		json_object_array_add(all, one);
	}
	json_print(all);
}

/* A name may have quotes in it. */
static const char *csv_name(const char *name)
{
	static char quoted[40];
	char *to = quoted;

	*to++ = '"';
	for (; *name; name++) {
		if (*name == '"')
			*to++ = '"';
		*to++ = *name;
	}
	strcpy(to, "\"");
	return quoted;
}

static void print_lines(const struct tasks *tasks, enum format format)
{
	const char *line = format == AS_CSV ?
		"%u,%u,%c,%s,%d,%d,%u,%u,%llu,%llu,%llu,%llu,%llu,%llu,%s\n" :
		"%7u %7u %c %-8s %4d %4d %4u %4u %14llu %14llu %14llu %14llu %9llu %9llu  %s\n";
	uint32_t i;

	if (format == AS_CSV)
		puts("tid,tgid,state,policy,prio,nice,rt_priority,cpu,run_ns,utime_ns,stime_ns,start_ns,voluntary,involuntary,comm");
	else
		printf("%7s %7s %c %-8s %4s %4s %4s %4s %14s %14s %14s %14s %9s %9s  %s\n",
		       "tid", "tgid", 's', "policy", "prio", "nice", "rt",
		       "cpu", "run ns", "user ns", "system ns", "start ns",
		       "voluntary", "involunt.", "name");
	for (i = 0; i < tasks->nr; i++) {
		const struct lanes_task *t = &tasks->list[i];

		printf(line, t->tid, t->tgid, (char)t->state,
		       policy_name(t->policy), t->prio, t->nice, t->rt_priority,
		       t->cpu, (unsigned long long)t->run_ns,
		       (unsigned long long)t->utime_ns,
		       (unsigned long long)t->stime_ns,
		       (unsigned long long)t->start_ns,
		       (unsigned long long)t->nr_voluntary,
		       (unsigned long long)t->nr_involuntary,
		       format == AS_CSV ? csv_name(t->comm) : t->comm);
	}
}

void tasks_print(const struct tasks *tasks, enum format format)
{
	uint32_t i;

	for (i = 0; i < tasks->nr; i++)
		name_clean(tasks->list[i].comm);
	if (format == AS_JSON)
		print_json(tasks);
	else
		print_lines(tasks, format);
}

int verb_snapshot(const struct options *options)
{
	struct tasks tasks = { 0 };
	int fd = device_open();
	bool is_complete;

	tasks_map(fd, options->count && options->count < LANES_MAX_TASKS ?
		  options->count : LANES_MAX_TASKS);
	is_complete = tasks_read_mapped(&tasks);
	tasks_sort(&tasks);
	tasks_print(&tasks, options->format);
	if (!is_complete)
		fail(EXIT_FAILED, "snapshot: there are %u threads, room was for %u",
		     mapped->nr_tasks, tasks.nr);
	return EXIT_DONE;
}
