// SPDX-License-Identifier: GPL-2.0
/*
 * Earliest eligible virtual deadline first, with the arithmetic that the BPF side has:
 * shares, lags, the clock.
 */
#include <linux/types.h>
#include <math.h>
#include <stdlib.h>

#include "ktap.h"
#include "math/eevdf.h"
#include "math/weight.h"

#define NR_TASKS	5
#define REQUEST_NS	4000000

struct task {
	__u32 weight;
	__u64 eligible;
	__u64 deadline;
	__u64 ran_ns;
};

struct queue {
	struct task tasks[NR_TASKS];
	int nr;
	__u64 clock;
	__u64 nr_forwards;
};

static __u64 total_weight(const struct queue *queue)
{
	__u64 sum = 0;
	int i;

	for (i = 0; i < queue->nr; i++)
		sum += queue->tasks[i].weight;
	return sum;
}

static struct task *pick(struct queue *queue)
{
	struct task *task, *best = NULL, *first = queue->tasks;

	for (task = queue->tasks; task < queue->tasks + queue->nr; task++) {
		if (vtime_before(task->eligible, first->eligible))
			first = task;
		if (eevdf_is_eligible(task->eligible, queue->clock) &&
		    (!best || vtime_before(task->deadline, best->deadline)))
			best = task;
	}
	if (best)
		return best;
	queue->nr_forwards++;
	queue->clock = first->eligible;
	return first;
}

static void run(struct queue *queue, struct task *task, __u64 ran_ns)
{
	task->ran_ns += ran_ns;
	task->eligible += eevdf_virtual(ran_ns, task->weight);
	queue->clock += eevdf_virtual(ran_ns, total_weight(queue));
	if (!vtime_before(task->eligible, task->deadline))
		task->deadline = task->eligible + eevdf_virtual(REQUEST_NS, task->weight);
}

/* At most what is left of its request. */
static __u64 some_ns(const struct task *task)
{
	__u64 left_ns = eevdf_real_ns(task->deadline - task->eligible, task->weight);

	return 1 + rand() % (left_ns + 1);
}

static void make_queue(struct queue *queue, const __u32 *levels, int nr, __u64 clock)
{
	int i;

	*queue = (struct queue){ .nr = nr, .clock = clock };
	for (i = 0; i < nr; i++) {
		queue->tasks[i].weight = level_weights[levels[i]];
		queue->tasks[i].eligible = clock;
		queue->tasks[i].deadline = clock + eevdf_virtual(REQUEST_NS,
								 queue->tasks[i].weight);
	}
}

static double lag_ns(const struct queue *queue, const struct task *task)
{
	__s64 behind = queue->clock - task->eligible;

	return (double)behind / (1 << EEVDF_FRACTION_BITS) * task->weight / 1024;
}

KTAP_TEST(shares_follow_weights, "tasks get w / W of the time within 0.1 %, whatever they run for")
{
	static const __u32 levels[NR_TASKS] = { 20, 20, 25, 0, 39 };
	/* Beginning so late that the clock wraps. */
	const __u64 clocks[] = { 0, -(1ULL << 40) };
	struct queue queue;
	__u64 total_ns;
	int i, k, n;

	srand(2);
	for (k = 0; k < 2; k++) {
		make_queue(&queue, levels, NR_TASKS, clocks[k]);
		total_ns = 0;
		for (n = 0; n < 3000000; n++) {
			__u64 ran_ns = 1 + rand() % REQUEST_NS;

			run(&queue, pick(&queue), ran_ns);
			total_ns += ran_ns;
		}
		for (i = 0; i < NR_TASKS; i++) {
			double want = (double)queue.tasks[i].weight / total_weight(&queue);

			KTAP_EXPECT_NEAR((double)queue.tasks[i].ran_ns / total_ns, want, 0.001);
		}
	}
}

KTAP_TEST(lags_are_bounded,
	  "nobody is owed, or owes, as much as two requests; an eligible one owes nothing")
{
	static const __u32 levels[NR_TASKS] = { 20, 21, 25, 0, 39 };
	double lag, max_lag = 0, min_picked = 0;
	struct queue queue;
	struct task *task;
	int i, n;

	srand(3);
	make_queue(&queue, levels, NR_TASKS, 12345);
	for (n = 0; n < 1000000; n++) {
		task = pick(&queue);
		min_picked = fmin(min_picked, lag_ns(&queue, task));
		run(&queue, task, some_ns(task));
		for (i = 0; i < NR_TASKS; i++) {
			lag = fabs(lag_ns(&queue, &queue.tasks[i]));
			max_lag = fmax(max_lag, lag);
		}
	}
	KTAP_EXPECT(max_lag < 2 * REQUEST_NS);
	/* The tolerance is 1 ns of nice 0, 87 of nice -20. */
	KTAP_EXPECT(min_picked > -100);
	ktap_diag("largest lag %.0f us, forwards %llu", max_lag / 1000,
		  (unsigned long long)queue.nr_forwards);
}

KTAP_TEST(clock_never_goes_back, "the clock only grows, fast-forward included")
{
	static const __u32 levels[2] = { 0, 39 };
	struct queue queue;
	int n, nr_back = 0;

	make_queue(&queue, levels, 2, 0);
	/* Both have run ahead of the clock: nobody is eligible. */
	queue.tasks[0].eligible = queue.tasks[1].eligible = 1ULL << 30;
	for (n = 0; n < 100000; n++) {
		__u64 before = queue.clock;

		run(&queue, pick(&queue), 1 + n % REQUEST_NS);
		nr_back += vtime_before(queue.clock, before);
	}
	KTAP_EXPECT_EQ(nr_back, 0);
	KTAP_EXPECT(queue.nr_forwards > 0);
}

KTAP_TEST(long_times_do_not_overflow, "a task alone for a year pays for a year, within 1 %")
{
	const __u64 ns[] = { 1000, EEVDF_EXACT_NS - 1, EEVDF_EXACT_NS, 1ULL << 46 };
	size_t i;

	for (i = 0; i < sizeof(ns) / sizeof(ns[0]); i++)
		KTAP_EXPECT_NEAR(eevdf_virtual(ns[i], 1024) >> EEVDF_FRACTION_BITS, ns[i],
				 ns[i] / 100);
	KTAP_EXPECT_NEAR(eevdf_real_ns(eevdf_virtual(REQUEST_NS, 15), 15), REQUEST_NS, 100);
	KTAP_EXPECT_NEAR(eevdf_real_ns(eevdf_virtual(REQUEST_NS, 88761), 88761), REQUEST_NS, 100);
}

KTAP_TEST(moss_weights, "moss: 20 steps of nice change the weight by 2 %")
{
	KTAP_EXPECT_EQ(eevdf_moss_weight(20), 1024);
	KTAP_EXPECT_EQ(eevdf_moss_weight(0), 1044);
	KTAP_EXPECT_EQ(eevdf_moss_weight(39), 1005);
}

KTAP_MAIN()
