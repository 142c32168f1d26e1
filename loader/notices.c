// SPDX-License-Identifier: GPL-2.0
/* Events that the scheduler tells its loader about. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/libbpf.h>

#include "lanes_sched.h"
#include "log.h"
#include "name.h"
#include "notices.h"
#include "slack.h"

/**
 * struct notices - a listener
 * @ring: what they come through
 * @said_at: the second in which a starved task was named last
 * @nr_unsaid: starved tasks since then
 */
struct notices {
	struct ring_buffer *ring;
	time_t said_at;
	unsigned int nr_unsaid;
};

/* One line a second is enough to see it. */
static void tell_starved(struct notices *notices, const struct lanes_notice *notice)
{
	char name[LANES_COMM_LEN + 1] = "";
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec == notices->said_at) {
		notices->nr_unsaid++;
		return;
	}
	memcpy(name, notice->comm, LANES_COMM_LEN);
	name_clean(name);
	if (notices->nr_unsaid)
		log_notice("%s (%u) had waited %u ms on CPU %d and runs next; %u more since the last line",
			   name, notice->tid, notice->waited_ms, notice->cpu, notices->nr_unsaid);
	else
		log_notice("%s (%u) had waited %u ms on CPU %d and runs next", name, notice->tid,
			   notice->waited_ms, notice->cpu);
	notices->said_at = now.tv_sec;
	notices->nr_unsaid = 0;
}

static int act_on(void *ctx, void *data, size_t len)
{
	const struct lanes_notice *notice = data;

	(void)len;
	switch (notice->kind) {
	case LANES_NOTICE_RT_SET:
		slack_cut(notice->tid);
		break;
	case LANES_NOTICE_RT_CLEAR:
		slack_restore(notice->tid);
		break;
	case LANES_NOTICE_STARVED:
		tell_starved(ctx, notice);
		break;
	}
	return 0;
}

struct notices *notices_open(int ring_fd)
{
	struct notices *notices = calloc(1, sizeof(*notices));

	if (notices)
		notices->ring = ring_buffer__new(ring_fd, act_on, notices, NULL);
	if (notices && notices->ring)
		return notices;
	log_error("map 'notices': read: %s", strerror(errno));
	free(notices);
	return NULL;
}

void notices_wait(struct notices *notices, int ms)
{
	ring_buffer__poll(notices->ring, ms);
}

void notices_close(struct notices *notices)
{
	if (!notices)
		return;
	ring_buffer__free(notices->ring);
	free(notices);
}
