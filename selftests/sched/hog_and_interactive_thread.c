// SPDX-License-Identifier: GPL-2.0
// description: an urgent hog cannot make an interactive thread miss under haiku; under lk it does
// cpus: 2
// time: virtual
// kernel: any
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "lanes_sched.h"

#define PERIOD_MS	20
#define NR_PERIODS	150

struct interactive {
	volatile int nr_done;
	volatile int nr_missed;
};

/* Haiku's ticket #8007: 1 ms of work every 20 ms, to be done before the next one. */
static void work(struct interactive *state)
{
	unsigned long long due_ns = now_ns() + PERIOD_MS * 1000000ULL, late_ns;
	struct timespec due;

	for (;;) {
		due.tv_sec = due_ns / 1000000000ULL;
		due.tv_nsec = due_ns % 1000000000ULL;
		while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR)
			;
		use_cpu_ms(1);
		late_ns = now_ns() - due_ns;
		/* Those it slept through are missed too. */
		state->nr_missed += late_ns / (PERIOD_MS * 1000000ULL);
		state->nr_done += 1 + late_ns / (PERIOD_MS * 1000000ULL);
		due_ns += (1 + late_ns / (PERIOD_MS * 1000000ULL)) * PERIOD_MS * 1000000ULL;
	}
}

/* Return: percent of its periods that the thread missed beside the hog. */
static double missed_beside_hog(const char *options, unsigned long long *nr_starved)
{
	struct interactive *state = shared_memory(sizeof(*state));
	struct hog hog;
	double percent;
	pid_t pid;

	if (!KTAP_EXPECT(lanes_start(options)))
		return -1;
	pid = fork_child();
	if (!pid) {
		pin_task(0, 1, 1);
		work(state);
	}
	hog = hog_start(1, -10);
	sleep_ms(500);
	state->nr_done = state->nr_missed = 0;
	sleep_ms(PERIOD_MS * NR_PERIODS);
	percent = state->nr_done ? 100.0 * state->nr_missed / state->nr_done : 100;
	ktap_diag("%d of %d missed", state->nr_missed, state->nr_done);
	*nr_starved = lanes_counter(LANES_STAT_starved);
	end_child(pid);
	hog_end(&hog);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
	return percent;
}

KTAP_TEST(haiku_keeps_it_interactive, "beside a hog of nice -10 hardly a period is missed")
{
	unsigned long long nr_starved = 0;

	KTAP_EXPECT(missed_beside_hog("--discipline haiku", &nr_starved) <= 5);
	KTAP_EXPECT_EQ(nr_starved, 0);
}

KTAP_TEST(lk_does_not, "under lk nearly all are missed, and the guard says whom it rescued")
{
	unsigned long long nr_starved = 0;

	KTAP_EXPECT(missed_beside_hog("--discipline lk", &nr_starved) > 50);
	KTAP_EXPECT(nr_starved > 0);
	KTAP_EXPECT(strstr(lanes_output(), "had waited"));
}

SCHED_MAIN()
