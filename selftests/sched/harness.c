// SPDX-License-Identifier: GPL-2.0
/*
 * No expectation in here: those belong to the file that is the test, which has
 * its own copy of ktap.h's state.
 */
#define _GNU_SOURCE
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "lanes_sched.h"

#define SCX		"/sys/kernel/sched_ext/"
#define PINNED_LANES	LANES_PIN_CTL "/lanes"
#define PINNED_TASKS	LANES_PIN_CTL "/tasks"
#define ATTACH_MS	60000
#define END_MS		60000
#define MAX_ARGS	16
#define NR_FDS_MAX	256

static pid_t lanes_pid;
static const volatile struct task_ctx *task_rows;
static unsigned int nr_task_rows;
static char output_path[] = "/tmp/scx_lanes.out.XXXXXX";

static void give_up(const char *what)
{
	ktap_diag("%s: %s", what, strerror(errno));
	printf("Bail out! %s\n", what);
	exit(KTAP_EXIT_FAIL);
}

unsigned long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

void sleep_ms(int ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

const char *read_line(const char *path)
{
	static char line[256];
	FILE *f = fopen(path, "r");

	line[0] = '\0';
	if (!f)
		return line;
	if (!fgets(line, sizeof(line), f))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	fclose(f);
	return line;
}

bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool is_done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return is_done;
}

int nr_online_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

/* The next test's instance is refused until the kernel has done with this one. */
static void end_instance(void)
{
	int waited;

	unlink(output_path);
	if (lanes_pid <= 0)
		return;
	kill(lanes_pid, SIGKILL);
	for (waited = 0; waited < END_MS; waited += 10) {
		waitpid(lanes_pid, NULL, WNOHANG);
		if (!strcmp(read_line(SCX "state"), "disabled"))
			return;
		sleep_ms(10);
	}
}

double kernel_version(void)
{
	struct utsname name;
	int major = 0, minor = 0;

	uname(&name);
	sscanf(name.release, "%d.%d", &major, &minor);
	return major + minor / 100.0;
}

bool test_is_long(void)
{
	const char *asked = getenv("LANES_TEST_LONG");

	return asked && !strcmp(asked, "yes");
}

static void end_on_alarm(int sig)
{
	(void)sig;
	printf("Bail out! not done in time\n");
	fflush(stdout);
	/* What the test has changed is undone there; if that hangs the runner ends it. */
	exit(KTAP_EXIT_FAIL);
}

void harness_be_realtime(bool is_realtime)
{
	struct sched_param param = { .sched_priority = is_realtime ? 50 : 0 };
	int policy = is_realtime ? SCHED_FIFO | SCHED_RESET_ON_FORK : SCHED_OTHER;

	if (sched_setscheduler(0, policy, &param))
		give_up("sched_setscheduler");
}

void harness_init(void)
{
	int fd = mkstemp(output_path);

	if (fd < 0)
		give_up(output_path);
	close(fd);
	harness_be_realtime(true);
	atexit(end_instance);
	signal(SIGALRM, end_on_alarm);
	alarm(test_is_long() ? LONG_FACTOR * TEST_SECS : TEST_SECS);
}

pid_t fork_child(void)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		give_up("fork");
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static void exec_lanes(const char *options)
{
	const char *program = getenv("SCX_LANES"), *more = getenv("LANES_TEST_OPTIONS");
	int fd = open(output_path, O_WRONLY | O_TRUNC | O_APPEND), argc = 1;
	char text[1024], *word, *argv[MAX_ARGS] = { "scx_lanes" };

	snprintf(text, sizeof(text), "%s %s", more ?: "", options);
	for (word = strtok(text, " "); word && argc < MAX_ARGS - 1; word = strtok(NULL, " "))
		argv[argc++] = word;
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	execv(program ? program : "build/scx_lanes", argv);
	perror("scx_lanes");
	_exit(127);
}

bool lanes_is_attached(void)
{
	return !strcmp(read_line(SCX "state"), "enabled") &&
	       !strncmp(read_line(SCX "root/ops"), LANES_OPS_PREFIX, strlen(LANES_OPS_PREFIX));
}

void lanes_forget(void)
{
	if (task_rows)
		munmap((void *)task_rows, nr_task_rows * sizeof(*task_rows));
	task_rows = NULL;
}

static int wait_for_end(int ms)
{
	int status, waited;

	for (waited = 0; lanes_pid && waited < ms; waited += 10) {
		if (waitpid(lanes_pid, &status, WNOHANG) == lanes_pid) {
			lanes_pid = 0;
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		}
		sleep_ms(10);
	}
	ktap_diag("scx_lanes did not end within %d ms", ms);
	return -1;
}

void lanes_launch(const char *options)
{
	lanes_forget();
	lanes_pid = fork_child();
	if (!lanes_pid)
		exec_lanes(options);
}

bool lanes_wait_attached(void)
{
	int waited;

	for (waited = 0; waited < ATTACH_MS; waited += 10) {
		if (lanes_is_attached() && strstr(lanes_output(), "schedules"))
			return true;
		if (waitpid(lanes_pid, NULL, WNOHANG) == lanes_pid) {
			lanes_pid = 0;
			break;
		}
		sleep_ms(10);
	}
	ktap_diag("scx_lanes: not attached: %s", lanes_output());
	return false;
}

bool lanes_start(const char *options)
{
	lanes_launch(options);
	return lanes_wait_attached();
}

int lanes_run(const char *options)
{
	lanes_launch(options);
	return wait_for_end(END_MS);
}

void lanes_renice(int nice)
{
	if (lanes_pid && setpriority(PRIO_PROCESS, lanes_pid, nice))
		give_up("setpriority");
}

int lanes_nice(void)
{
	return lanes_pid ? getpriority(PRIO_PROCESS, lanes_pid) : 0;
}

void lanes_signal(int sig)
{
	if (lanes_pid)
		kill(lanes_pid, sig);
}

int lanes_stop(void)
{
	lanes_forget();
	lanes_signal(SIGINT);
	return wait_for_end(END_MS);
}

int lanes_wait(void)
{
	return wait_for_end(TEST_SECS * 1000);
}

void lanes_kill(void)
{
	lanes_signal(SIGKILL);
	wait_for_end(END_MS);
}

const char *lanes_output(void)
{
	static char text[65536];
	FILE *f = fopen(output_path, "r");
	size_t len = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[len] = '\0';
	if (f)
		fclose(f);
	return text;
}

/* Return: the status lanesctl ended with, as of wait(2); @said is what it printed. */
static int run_lanesctl(int secs, const char *words, const char **said)
{
	const char *program = getenv("LANESCTL");
	static size_t nr_bytes;
	static char *text;
	char command[256];
	ssize_t len;
	FILE *f;

	snprintf(command, sizeof(command), "timeout -s INT %d %s %s 2>&1", secs,
		 program ? program : "build/lanesctl", words);
	f = popen(command, "r");
	if (!f)
		give_up(command);
	len = getdelim(&text, &nr_bytes, '\0', f);
	*said = len < 0 ? "" : text;
	return pclose(f);
}

const char *lanesctl(const char *words)
{
	return lanesctl_within(5, words);
}

const char *lanesctl_within(int secs, const char *words)
{
	const char *said;

	run_lanesctl(secs, words, &said);
	return said;
}

unsigned long long lanes_counter(int stat)
{
	int cpu, nr = sysconf(_SC_NPROCESSORS_CONF), fd = bpf_obj_get(PINNED_LANES);
	unsigned long long sum = 0;
	struct lane lane;

	if (fd < 0)
		give_up(PINNED_LANES);
	for (cpu = 0; cpu < nr; cpu++) {
		if (bpf_map_lookup_elem(fd, &cpu, &lane))
			give_up("lane");
		sum += lane.stats[stat];
	}
	close(fd);
	return sum;
}

long file_field(const char *path, const char *name)
{
	FILE *f = fopen(path, "r");
	char line[256];
	long value = 0;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)))
			value = atol(line + strlen(name));
	if (f)
		fclose(f);
	return value;
}

long lanes_rss_kb(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", lanes_pid);
	return file_field(path, "VmRSS:");
}

long lanes_memlock_kb(void)
{
	char path[64];
	long bytes = 0;
	int fd;

	for (fd = 0; fd < NR_FDS_MAX; fd++) {
		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", lanes_pid, fd);
		bytes += file_field(path, "memlock:");
	}
	return bytes / 1024;
}

const struct lane *lanes_lane(int cpu)
{
	static struct lane lane;
	int fd = bpf_obj_get(PINNED_LANES);

	if (fd < 0 || bpf_map_lookup_elem(fd, &cpu, &lane))
		give_up(PINNED_LANES);
	close(fd);
	return &lane;
}

static void map_tasks(void)
{
	struct bpf_map_info info = {};
	unsigned int len = sizeof(info);
	int fd = bpf_obj_get(PINNED_TASKS);
	void *mem;

	if (fd < 0 || bpf_map_get_info_by_fd(fd, &info, &len))
		give_up(PINNED_TASKS);
	nr_task_rows = info.max_entries;
	mem = mmap(NULL, nr_task_rows * sizeof(*task_rows), PROT_READ, MAP_SHARED, fd, 0);
	if (mem == MAP_FAILED)
		give_up(PINNED_TASKS);
	close(fd);
	task_rows = mem;
}

const volatile struct task_ctx *lanes_tasks(unsigned int *nr)
{
	if (!task_rows)
		map_tasks();
	*nr = nr_task_rows;
	return task_rows;
}

const volatile struct task_ctx *lanes_task(pid_t tid)
{
	unsigned int i, nr;
	const volatile struct task_ctx *rows = lanes_tasks(&nr);

	for (i = 1; i < nr; i++)
		if (rows[i].pid == (unsigned int)tid)
			return &rows[i];
	errno = ESRCH;
	give_up("row of a task");
	return NULL;
}

/* Return: whether lanesctl had no objection to "VERB TID WORDS". */
static bool tell(const char *verb, pid_t tid, const char *more)
{
	char words[128];
	const char *said;
	int status;

	snprintf(words, sizeof(words), "%s %d %s", verb, tid, more);
	status = run_lanesctl(5, words, &said);
	if (status)
		ktap_diag("lanesctl %s: status %#x: %s", words, status, said);
	return !status;
}

bool rt_set(pid_t tid, const char *options)
{
	return tell("rt set", tid, options);
}

bool level_set(pid_t tid, const char *level)
{
	return tell("level", tid, level);
}

/* A CPU that has just come online may be used a moment later. */
void pin_task(pid_t pid, int first, int last)
{
	cpu_set_t set;
	int waited;

	CPU_ZERO(&set);
	for (; first <= last; first++)
		CPU_SET(first, &set);
	for (waited = 0; sched_setaffinity(pid, sizeof(set), &set); waited += 10) {
		if (errno != EINVAL || waited > 2000)
			give_up("sched_setaffinity");
		sleep_ms(10);
	}
}

static void be_a_hog(struct hog *hog)
{
	for (;; ++*hog->nr_rounds)
		__atomic_or_fetch(hog->seen_cpus, 1UL << sched_getcpu(), __ATOMIC_RELAXED);
}

void *shared_memory(size_t len)
{
	void *mem = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		give_up("mmap");
	return mem;
}

struct hog hog_start(int cpu, int nice)
{
	volatile unsigned long *words = shared_memory(2 * sizeof(long));
	struct hog hog = { .seen_cpus = words, .nr_rounds = words + 1 };

	hog.pid = fork_child();
	if (hog.pid)
		return hog;
	if (cpu != ANY_CPU)
		pin_task(0, cpu, cpu);
	if (setpriority(PRIO_PROCESS, 0, nice))
		give_up("setpriority");
	be_a_hog(&hog);
	return hog;
}

void hog_pin(const struct hog *hog, int cpu)
{
	pin_task(hog->pid, cpu, cpu);
}

void hog_unpin(const struct hog *hog)
{
	pin_task(hog->pid, 0, sysconf(_SC_NPROCESSORS_CONF) - 1);
}

void hog_end(struct hog *hog)
{
	kill(hog->pid, SIGKILL);
	waitpid(hog->pid, NULL, 0);
	hog->pid = 0;
}

bool hog_is_alive(const struct hog *hog)
{
	return waitpid(hog->pid, NULL, WNOHANG) == 0;
}

void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

unsigned long long own_cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

void use_cpu_ms(int ms)
{
	unsigned long long end_ns = own_cpu_ns() + ms * 1000000ULL;

	while (own_cpu_ns() < end_ns)
		;
}

unsigned long long hog_cpu_ns(const struct hog *hog)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid(hog->pid, &clock) || clock_gettime(clock, &ts))
		give_up("CPU clock of a hog");
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

bool hogs_run(struct hog *hogs, int nr)
{
	int i, nr_running = 0;

	for (i = 0; i < nr; i++)
		hogs[i].start_ns = hog_cpu_ns(&hogs[i]);
	sleep_ms(1000);
	for (i = 0; i < nr; i++) {
		if (hog_is_alive(&hogs[i]) && hog_cpu_ns(&hogs[i]) > hogs[i].start_ns)
			nr_running++;
		else
			ktap_diag("hog %d: gone, or has not run for a second", i);
	}
	return nr_running == nr;
}

void measure_shares(struct hog *hogs, int nr, int ms, double *share)
{
	double sum = 0;
	int i;

	for (i = 0; i < nr; i++)
		hogs[i].start_ns = hog_cpu_ns(&hogs[i]);
	sleep_ms(ms);
	for (i = 0; i < nr; i++) {
		share[i] = hog_cpu_ns(&hogs[i]) - hogs[i].start_ns;
		sum += share[i];
	}
	for (i = 0; i < nr; i++) {
		share[i] = sum ? 100 * share[i] / sum : 0;
		ktap_diag("hog %d: %.1f %%", i, share[i]);
	}
}
