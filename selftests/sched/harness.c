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
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "lanes_sched.h"

#define SCX		"/sys/kernel/sched_ext/"
#define PINNED_LANES	"/sys/fs/bpf/lanes/lanes"
#define ATTACH_MS	20000
#define END_MS		20000
#define MAX_ARGS	16

static pid_t lanes_pid;
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

static void end_instance(void)
{
	if (lanes_pid > 0)
		kill(lanes_pid, SIGKILL);
	unlink(output_path);
}

static void end_on_alarm(int sig)
{
	(void)sig;
	printf("Bail out! not done after %d s\n", TEST_SECS);
	fflush(stdout);
	end_instance();
	_exit(KTAP_EXIT_FAIL);
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
	alarm(TEST_SECS);
}

/* The child of a test: it goes when the test goes. */
static pid_t fork_child(void)
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
	const char *program = getenv("SCX_LANES");
	char *text = strdup(options), *argv[MAX_ARGS] = { "scx_lanes" };
	int fd = open(output_path, O_WRONLY | O_TRUNC | O_APPEND), argc = 1;

	for (text = strtok(text, " "); text && argc < MAX_ARGS - 1; text = strtok(NULL, " "))
		argv[argc++] = text;
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	execv(program ? program : "build/scx_lanes", argv);
	perror("scx_lanes");
	_exit(127);
}

bool lanes_is_attached(void)
{
	return !strcmp(read_line(SCX "state"), "enabled") &&
	       !strcmp(read_line(SCX "root/ops"), LANES_OPS_NAME);
}

static int wait_for_end(int ms)
{
	int status, waited;

	for (waited = 0; waited < ms; waited += 10) {
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
		if (waitpid(lanes_pid, NULL, WNOHANG) == lanes_pid)
			break;
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

void lanes_signal(int sig)
{
	kill(lanes_pid, sig);
}

int lanes_stop(void)
{
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

/* A CPU that has just come online may be used a moment later. */
static void set_affinity(pid_t pid, int first, int last)
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

static void be_a_hog(volatile unsigned long *seen_cpus)
{
	for (;;)
		*seen_cpus |= 1UL << sched_getcpu();
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
	struct hog hog = { .seen_cpus = shared_memory(sizeof(long)) };

	hog.pid = fork_child();
	if (hog.pid)
		return hog;
	if (cpu != ANY_CPU)
		set_affinity(0, cpu, cpu);
	if (setpriority(PRIO_PROCESS, 0, nice))
		give_up("setpriority");
	be_a_hog(hog.seen_cpus);
	return hog;
}

void hog_pin(const struct hog *hog, int cpu)
{
	set_affinity(hog->pid, cpu, cpu);
}

void hog_unpin(const struct hog *hog)
{
	set_affinity(hog->pid, 0, sysconf(_SC_NPROCESSORS_CONF) - 1);
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
