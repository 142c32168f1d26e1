// SPDX-License-Identifier: GPL-2.0
/*
 * desktop: a model of a desktop that is used while something compiles.
 *
 * A compositor has 16.667 ms for each frame: it wakes, hands tiles to a pool of
 * render threads (one a CPU, 2 ms each), waits for all of them, composes for
 * 2 ms. A frame that is later than its deadline is missed. An input thread
 * wakes every 8 ms to do 0.2 ms of work; how late it is, is what a pointer
 * feels like. Two compile jobs for each CPU run all along: each compiles for
 * 20 ms at most, then ends and is replaced by a new process.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define USAGE		"FRAMES"
#define FRAME_NS	16666667ULL
#define INPUT_NS	(8 * NSEC_PER_MSEC)
#define MAX_CPUS	1024

static unsigned long nr_frames;
static int nr_tiles;
static sem_t tiles, rendered;
static uint64_t *input_late_ns;

/* For the timeline. */
static void be_called(const char *name)
{
	prctl(PR_SET_NAME, name);
}

static void *render(void *unused)
{
	(void)unused;
	be_called("render");
	for (;;) {
		sem_wait(&tiles);
		burn(2 * NSEC_PER_MSEC);
		sem_post(&rendered);
	}
	return NULL;
}

static unsigned long nr_inputs(void)
{
	return nr_frames * FRAME_NS / INPUT_NS;
}

static void *read_input(void *unused)
{
	uint64_t when_ns = now_ns();
	unsigned long i;

	be_called("input");
	for (i = 0; i < nr_inputs(); i++) {
		when_ns += INPUT_NS;
		sleep_until(when_ns);
		input_late_ns[i] = now_ns() - when_ns;
		burn(NSEC_PER_SEC / 5000);
	}
	return unused;
}

/* The lives of one job after the other, of lengths that repeat. */
static void compile(void *seed)
{
	unsigned int state = *(int *)seed;

	be_called("compile");
	for (;;) {
		uint64_t ns = 2 * NSEC_PER_MSEC + rand_r(&state) % (18 * NSEC_PER_MSEC);
		pid_t pid = fork();

		if (!pid) {
			burn(ns);
			_exit(0);
		}
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			_exit(1);
	}
}

static bool draw(uint64_t deadline_ns)
{
	int i;

	for (i = 0; i < nr_tiles; i++)
		sem_post(&tiles);
	for (i = 0; i < nr_tiles; i++)
		sem_wait(&rendered);
	burn(2 * NSEC_PER_MSEC);
	return now_ns() <= deadline_ns;
}

/* Return: how many frames were missed. What is late skips to its next turn. */
static unsigned long compose(void)
{
	uint64_t start_ns = now_ns(), late;
	unsigned long frame = 0, nr_missed = 0;

	be_called("compositor");
	while (frame++ < nr_frames) {
		sleep_until(start_ns + frame * FRAME_NS);
		if (draw(start_ns + (frame + 1) * FRAME_NS))
			continue;
		late = (now_ns() - start_ns) / FRAME_NS - frame;
		nr_missed += late;
		frame += late - 1;
	}
	return nr_missed < nr_frames ? nr_missed : nr_frames;
}

int main(int argc, char **argv)
{
	int nr_jobs = 2 * nr_cpus(), i, seeds[2 * MAX_CPUS];
	pid_t jobs[2 * MAX_CPUS];
	pthread_t input, renderer;

	nr_frames = argument(argc, argv, 1, USAGE);
	nr_tiles = nr_cpus();
	input_late_ns = shared_memory(nr_inputs() * sizeof(*input_late_ns));
	sem_init(&tiles, 0, 0);
	sem_init(&rendered, 0, 0);
	for (i = 0; i < nr_jobs; i++) {
		seeds[i] = i + 1;
		jobs[i] = start_child(compile, &seeds[i]);
	}
	for (i = 0; i < nr_tiles; i++)
		pthread_create(&renderer, NULL, render, NULL);
	pthread_create(&input, NULL, read_input, NULL);
	print_result("missed-frames", "%", 100.0 * compose() / nr_frames);
	pthread_join(input, NULL);
	for (i = 0; i < nr_jobs; i++)
		end_child(jobs[i]);
	print_samples("input", input_late_ns, nr_inputs());
	return 0;
}
