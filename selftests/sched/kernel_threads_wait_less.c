// SPDX-License-Identifier: GPL-2.0
// description: lk: hogs above the kernel's own threads do not hold up what the kernel does
// cpus: 2
// kernel: any
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

#define LIMIT_MS	8000

/* Return: how long a grace period of RCU takes, ms; it needs a thread of level 16. */
static int grace_period_ms(void)
{
	unsigned long long begin = now_ns();

	KTAP_EXPECT_EQ(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0), 0);
	return (now_ns() - begin) / 1000000;
}

KTAP_TEST(grace_period_ends, "a grace period is over before an equal task of our own has waited long enough")
{
	unsigned long long cpu_ns;
	struct hog hogs[2], equal;
	int i, ms;

	if (!KTAP_EXPECT(lanes_start("--discipline lk --max-wait-ms 8000")))
		return;
	/* Beside it a task of our own at the same level, which must not have run. */
	equal = hog_start(0, 0);
	for (i = 0; i < 2; i++) {
		hogs[i] = hog_start(i, 0);
		/* lanesctl is below them too. */
		kill(hogs[i].pid, SIGSTOP);
		KTAP_EXPECT(level_set(hogs[i].pid, "20"));
	}
	for (i = 0; i < 2; i++)
		kill(hogs[i].pid, SIGCONT);
	sleep_ms(100);
	cpu_ns = hog_cpu_ns(&equal);
	ms = grace_period_ms();
	ktap_diag("%d ms", ms);
	KTAP_EXPECT(ms < LIMIT_MS);
	KTAP_EXPECT(hog_cpu_ns(&equal) == cpu_ns);
	for (i = 0; i < 2; i++)
		hog_end(&hogs[i]);
	hog_end(&equal);
	KTAP_EXPECT_EQ(lanes_stop(), 0);
}

SCHED_MAIN()
