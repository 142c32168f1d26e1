// SPDX-License-Identifier: GPL-2.0
// description: rt set --process designates every thread, more than fit into one call; without it, one
// cpus: 2
// kernel: any
#include "harness.h"

#include <pthread.h>
#include <unistd.h>

#define NR_THREADS 100

static void *wait_forever(void *arg)
{
	pause();
	return arg;
}

/* Return: lines of "lanesctl rt list" that are about this program. */
static int nr_listed(void)
{
	const char *text = lanesctl("rt list");
	int nr = 0;

	while ((text = strstr(text, "threads_of_a_pr"))) {
		text++;
		nr++;
	}
	return nr;
}

KTAP_TEST(threads_of_a_process_are_designated, "all, one, none")
{
	char words[64];
	pthread_t thread;
	int i;

	/* Real-time tasks of the kernel's are not ours to designate. */
	harness_be_realtime(false);
	for (i = 1; i < NR_THREADS; i++)
		if (!KTAP_EXPECT_EQ(pthread_create(&thread, NULL, wait_forever, NULL), 0))
			return;
	if (!KTAP_EXPECT(lanes_start("")))
		return;
	snprintf(words, sizeof(words), "rt set %d --process --prio 5", getpid());
	KTAP_EXPECT_STREQ(lanesctl(words), "");
	KTAP_EXPECT_EQ(nr_listed(), NR_THREADS);
	snprintf(words, sizeof(words), "rt clear %d --process", getpid());
	KTAP_EXPECT_STREQ(lanesctl(words), "");
	KTAP_EXPECT_EQ(nr_listed(), 0);
	snprintf(words, sizeof(words), "rt set %d --prio 5", getpid());
	KTAP_EXPECT_STREQ(lanesctl(words), "");
	KTAP_EXPECT_EQ(nr_listed(), 1);
	/* It is not ours any more, but what we have made of it is. */
	harness_be_realtime(true);
	snprintf(words, sizeof(words), "rt clear %d", getpid());
	KTAP_EXPECT_STREQ(lanesctl(words), "");
	KTAP_EXPECT_EQ(nr_listed(), 0);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
