// SPDX-License-Identifier: GPL-2.0
/*
 * What LK's document promises of threads and wait queues, and what LK's own tests
 * try (sleep, semaphore, mutex, event, quantum, context switch, atomic, preempt,
 * join), each as a scenario. KUnit runs them where the kernel has it;
 * LANES_LK_RUN anywhere.
 *
 * A scenario's threads work on its stack, so it joins them all: reap() expects the
 * end within ten seconds, and then waits for it. Only the scenario's own task notes
 * expectations.
 *
 * A time is never too short. How late it may be is the host's affair in a virtual
 * machine: of some attempts the best one must be within one tick.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "lanes.h"
#include "lk_scenarios.h"
#include "lk_sync.h"
#include "lk_threads.h"

#define PATIENCE_MS 10000
#define NR_ACTORS 5
#define NR_ATTEMPTS 20

/**
 * struct lk_trial - a scenario under way
 * @out: what becomes of it
 */
struct lk_trial {
	struct lanes_lk_run *out;
};

static void expect_eq(struct lk_trial *trial, long got, long want,
		      const char *text, int line)
{
	struct lanes_lk_run *out = trial->out;

	out->out_expectations++;
	if (got == want)
		return;
	if (!out->out_failures++)
		scnprintf(out->out_message, sizeof(out->out_message),
			  "line %d: %s: got %ld, want %ld", line, text, got,
			  want);
}

#define EXPECT_EQ(trial, got, want) \
	expect_eq(trial, got, want, #got " == " #want, __LINE__)
#define EXPECT(trial, condition) \
	expect_eq(trial, !!(condition), 1, #condition, __LINE__)

/* What was measured, unless something failed. */
static __printf(2, 3) void note(struct lk_trial *trial, const char *format, ...)
{
	struct lanes_lk_run *out = trial->out;
	va_list args;

	if (out->out_failures)
		return;
	va_start(args, format);
	vscnprintf(out->out_message, sizeof(out->out_message), format, args);
	va_end(args);
}

/**
 * struct actor - a thread of a scenario
 * @thread: it
 * @stage: what it shares with the others
 * @index: its number
 * @timeout_ms: how long it waits
 * @status: what it was told
 * @place: it was the first, second... to go on
 * @took_ns: how long it waited
 * @begin_ns: when it began its work
 * @end_ns: and ended it
 * @value: for what a scenario likes
 */
struct actor {
	struct lk_thread *thread;
	struct stage *stage;
	int index;
	lk_time_t timeout_ms;
	enum lk_status status;
	int place;
	u64 took_ns;
	u64 begin_ns;
	u64 end_ns;
	long value;
};

/**
 * struct stage - what the threads of a scenario share
 * @trial: the scenario's
 * @queue: where they wait
 * @nr_through: how many have gone on; protected by the lock
 * @sum: for what a scenario likes
 * @last: who ran last
 * @mutex: for those that need one
 * @sem: for those that need one
 * @event: for those that need one
 * @actors: the threads
 */
struct stage {
	struct lk_trial *trial;
	struct lk_wait_queue queue;
	int nr_through;
	atomic_t sum;
	int last;
	struct lk_mutex mutex;
	struct lk_semaphore sem;
	struct lk_event event;
	struct actor actors[NR_ACTORS];
};

static void set_stage(struct lk_trial *trial, struct stage *stage)
{
	int i;

	memset(stage, 0, sizeof(*stage));
	stage->trial = trial;
	stage->last = -1;
	lk_wait_queue_init(&stage->queue);
	for (i = 0; i < NR_ACTORS; i++) {
		stage->actors[i].stage = stage;
		stage->actors[i].index = i;
		stage->actors[i].timeout_ms = LK_INFINITE_TIME;
	}
}

static struct lk_thread *hire(struct actor *actor,
			      lk_thread_start_routine entry, int priority)
{
	actor->thread = lk_thread_create("lk_actor", entry, actor, priority,
					 LK_DEFAULT_STACK_SIZE);
	EXPECT(actor->stage->trial, actor->thread);
	return actor->thread;
}

static void start(struct actor *actor, lk_thread_start_routine entry)
{
	lk_thread_resume(hire(actor, entry, LK_DEFAULT_PRIORITY));
}

static int reap(struct lk_trial *trial, struct lk_thread *t)
{
	enum lk_status status;
	int retcode = -1;

	if (!t)
		return retcode;
	status = lk_thread_join(t, &retcode, PATIENCE_MS);
	EXPECT_EQ(trial, status, LK_NO_ERROR);
	if (status == LK_ERR_TIMED_OUT)
		lk_thread_join(t, &retcode, LK_INFINITE_TIME);
	return retcode;
}

static void reap_all(struct stage *stage)
{
	int i;

	for (i = 0; i < NR_ACTORS; i++)
		reap(stage->trial, stage->actors[i].thread);
}

static bool has_waiters(struct lk_wait_queue *queue, int count)
{
	guard(lk_lock)();
	return queue->count == count;
}

static int nr_through(struct stage *stage)
{
	guard(lk_lock)();
	return stage->nr_through;
}

static void await_waiters(struct lk_trial *trial, struct lk_wait_queue *queue,
			  int count)
{
	u64 deadline_ns = ktime_get_ns() + PATIENCE_MS * NSEC_PER_MSEC;

	while (!has_waiters(queue, count) && ktime_get_ns() < deadline_ns)
		lk_thread_sleep(1);
	EXPECT(trial, has_waiters(queue, count));
}

static enum lk_thread_state state_of(const struct lk_thread *t)
{
	guard(lk_lock)();
	return t->state;
}

static void await_state(struct lk_trial *trial, const struct lk_thread *t,
			enum lk_thread_state state)
{
	u64 deadline_ns = ktime_get_ns() + PATIENCE_MS * NSEC_PER_MSEC;

	/* It could not be had, which is noted. */
	if (!t)
		return;
	while (state_of(t) != state && ktime_get_ns() < deadline_ns)
		lk_thread_sleep(1);
	EXPECT_EQ(trial, state_of(t), state);
}

static int wake_one(struct stage *stage, enum lk_status status)
{
	guard(lk_lock)();
	return lk_wait_queue_wake_one(&stage->queue, false, status);
}

static int wake_all(struct stage *stage, bool reschedule, enum lk_status status)
{
	guard(lk_lock)();
	return lk_wait_queue_wake_all(&stage->queue, reschedule, status);
}

/* The part of an actor who waits in the queue. */
static int wait_in_queue(void *arg)
{
	struct actor *actor = arg;
	u64 begin_ns = ktime_get_ns();
	int index = actor->index;

	lk_thread_lock();
	actor->status = lk_wait_queue_block(&actor->stage->queue,
					    actor->timeout_ms);
	actor->took_ns = ktime_get_ns() - begin_ns;
	actor->place = actor->stage->nr_through++;
	lk_thread_unlock();
	/* Of a detached one the stage may be gone by now. */
	return index;
}

/* One after another, so that the order in which they wait is known. */
static void let_all_wait(struct stage *stage)
{
	int i;

	for (i = 0; i < NR_ACTORS; i++) {
		start(&stage->actors[i], wait_in_queue);
		await_waiters(stage->trial, &stage->queue, i + 1);
	}
}

/* Never early, and once within a tick. */
static void expect_in_time(struct lk_trial *trial, lk_time_t ms,
			   u64 (*wait_ns)(struct stage *stage, lk_time_t ms))
{
	u64 late_ns, least_ns = U64_MAX;
	struct stage stage;
	int i;

	set_stage(trial, &stage);
	for (i = 0; i < NR_ATTEMPTS && least_ns > TICK_NSEC; i++) {
		u64 ns = wait_ns(&stage, ms);

		EXPECT(trial, ns >= ms * NSEC_PER_MSEC);
		late_ns = ns - min(ns, ms * NSEC_PER_MSEC);
		least_ns = min(least_ns, late_ns);
	}
	EXPECT(trial, least_ns <= TICK_NSEC);
	note(trial, "%u ms: %llu ns late, a tick is %ld ns, attempts: %d", ms,
	     least_ns, TICK_NSEC, i);
}

/* Thread Management API: D10 */

static int return_42(void *arg)
{
	struct actor *actor = arg;

	actor->value++;
	return 42;
}

static void created_thread_is_suspended(struct lk_trial *trial)
{
	struct stage stage;
	struct actor *actor = &stage.actors[0];

	set_stage(trial, &stage);
	if (!hire(actor, return_42, LK_DEFAULT_PRIORITY))
		return;
	lk_thread_sleep(20);
	EXPECT_EQ(trial, actor->value, 0);
	EXPECT_EQ(trial, state_of(actor->thread), LK_THREAD_SUSPENDED);
	EXPECT_EQ(trial, lk_thread_join(actor->thread, NULL, 0),
		  LK_ERR_TIMED_OUT);
	EXPECT_EQ(trial, lk_thread_resume(actor->thread), LK_NO_ERROR);
	EXPECT_EQ(trial, lk_thread_resume(actor->thread), LK_NO_ERROR);
	EXPECT_EQ(trial, reap(trial, actor->thread), 42);
	EXPECT_EQ(trial, actor->value, 1);
}

static void create_etc_uses_given_memory(struct lk_trial *trial)
{
	struct stage stage;
	struct lk_thread thread, *t;

	set_stage(trial, &stage);
	t = lk_thread_create_etc(&thread, "lk_actor", return_42,
				 &stage.actors[0], LK_LOW_PRIORITY, NULL,
				 LK_DEFAULT_STACK_SIZE);
	EXPECT(trial, t == &thread);
	EXPECT_EQ(trial, lk_thread_resume(t), LK_NO_ERROR);
	EXPECT_EQ(trial, reap(trial, t), 42);
	/* It is ours, and no thread any more. */
	EXPECT_EQ(trial, lk_thread_join(&thread, NULL, 0), LK_ERR_INVALID_ARGS);
}

static void impossible_thread_is_not_created(struct lk_trial *trial)
{
	char stack[64];

	EXPECT(trial, !lk_thread_create("x", NULL, NULL, 16, 0));
	EXPECT(trial, !lk_thread_create(NULL, return_42, NULL, 16, 0));
	EXPECT(trial, !lk_thread_create("x", return_42, NULL, 16,
					THREAD_SIZE + 1));
	EXPECT(trial, !lk_thread_create_etc(NULL, "x", return_42, NULL, 16,
					    stack, sizeof(stack)));
}

static int exit_7(void *arg)
{
	struct actor *actor = arg;

	lk_thread_exit(7);
	actor->value = 1;
	return 8;
}

static void exit_ends_with_its_code(struct lk_trial *trial)
{
	struct stage stage;

	set_stage(trial, &stage);
	start(&stage.actors[0], exit_7);
	EXPECT_EQ(trial, reap(trial, stage.actors[0].thread), 7);
	EXPECT_EQ(trial, stage.actors[0].value, 0);
}

static u64 sleep_ns(struct stage *stage, lk_time_t ms)
{
	u64 begin_ns = ktime_get_ns();

	lk_thread_sleep(ms);
	return ktime_get_ns() - begin_ns;
}

static int sleep_30_ms(void *arg)
{
	lk_thread_sleep(30);
	return 0;
}

static void sleep_lasts_as_long_as_told(struct lk_trial *trial)
{
	struct stage stage;

	set_stage(trial, &stage);
	start(&stage.actors[0], sleep_30_ms);
	await_state(trial, stage.actors[0].thread, LK_THREAD_SLEEPING);
	reap(trial, stage.actors[0].thread);
	expect_in_time(trial, 1, sleep_ns);
	expect_in_time(trial, 20, sleep_ns);
}

static u64 join_ns(struct stage *stage, lk_time_t ms)
{
	enum lk_status status;
	u64 ns;

	start(&stage->actors[0], wait_in_queue);
	await_waiters(stage->trial, &stage->queue, 1);
	ns = ktime_get_ns();
	status = lk_thread_join(stage->actors[0].thread, NULL, ms);
	ns = ktime_get_ns() - ns;
	EXPECT_EQ(stage->trial, status, LK_ERR_TIMED_OUT);
	wake_one(stage, LK_NO_ERROR);
	reap(stage->trial, stage->actors[0].thread);
	return ns;
}

static void join_waits_as_long_as_told(struct lk_trial *trial)
{
	struct stage stage;

	set_stage(trial, &stage);
	start(&stage.actors[0], sleep_30_ms);
	EXPECT_EQ(trial, lk_thread_join(stage.actors[0].thread, NULL, 0),
		  LK_ERR_TIMED_OUT);
	EXPECT_EQ(trial, lk_thread_join(stage.actors[0].thread, NULL,
					LK_INFINITE_TIME), LK_NO_ERROR);
	expect_in_time(trial, 10, join_ns);
}

static void join_of_dead_thread_returns_at_once(struct lk_trial *trial)
{
	struct stage stage;
	int retcode = 0;

	set_stage(trial, &stage);
	start(&stage.actors[0], return_42);
	await_state(trial, stage.actors[0].thread, LK_THREAD_DEATH);
	EXPECT_EQ(trial, lk_thread_join(stage.actors[0].thread, &retcode, 0),
		  LK_NO_ERROR);
	EXPECT_EQ(trial, retcode, 42);
}

static int join_first_actor(void *arg)
{
	struct actor *actor = arg;

	actor->status = lk_thread_join(actor->stage->actors[0].thread, NULL,
				       LK_INFINITE_TIME);
	return 0;
}

static void first_joiner_gets_it(struct lk_trial *trial)
{
	struct lk_thread *t;
	struct stage stage;
	int i;

	set_stage(trial, &stage);
	start(&stage.actors[0], wait_in_queue);
	t = stage.actors[0].thread;
	if (!t)
		return;
	await_waiters(trial, &stage.queue, 1);
	for (i = 1; i < 3; i++) {
		start(&stage.actors[i], join_first_actor);
		await_waiters(trial, &t->joiners, i);
	}
	wake_one(&stage, LK_NO_ERROR);
	reap(trial, stage.actors[1].thread);
	reap(trial, stage.actors[2].thread);
	EXPECT_EQ(trial, stage.actors[1].status, LK_NO_ERROR);
	EXPECT_EQ(trial, stage.actors[2].status, LK_ERR_INVALID_ARGS);
}

static void detach_wakes_who_joins(struct lk_trial *trial)
{
	struct stage stage;
	struct lk_thread *t;

	set_stage(trial, &stage);
	start(&stage.actors[0], wait_in_queue);
	t = stage.actors[0].thread;
	if (!t)
		return;
	await_waiters(trial, &stage.queue, 1);
	start(&stage.actors[1], join_first_actor);
	await_waiters(trial, &t->joiners, 1);
	EXPECT_EQ(trial, lk_thread_detach(t), LK_NO_ERROR);
	reap(trial, stage.actors[1].thread);
	EXPECT_EQ(trial, stage.actors[1].status, LK_ERR_THREAD_DETACHED);
	EXPECT_EQ(trial, lk_thread_join(t, NULL, PATIENCE_MS),
		  LK_ERR_THREAD_DETACHED);
	EXPECT_EQ(trial, wake_one(&stage, LK_NO_ERROR), 1);
	/* It cannot be joined, our stage is on our stack, and it may have come late. */
	while (!nr_through(&stage)) {
		wake_one(&stage, LK_NO_ERROR);
		lk_thread_sleep(1);
	}
}

static int count_and_go(void *arg)
{
	atomic_inc(arg);
	return 0;
}

static void detached_thread_frees_itself(struct lk_trial *trial)
{
	static atomic_t nr_gone;
	u64 deadline_ns = ktime_get_ns() + PATIENCE_MS * NSEC_PER_MSEC;
	int before = atomic_read(&nr_gone);
	struct lk_thread *t;

	t = lk_thread_create("lk_detached", count_and_go, &nr_gone, 16, 0);
	EXPECT(trial, t);
	if (!t)
		return;
	EXPECT_EQ(trial, lk_thread_detach(t), LK_NO_ERROR);
	EXPECT_EQ(trial, state_of(t), LK_THREAD_SUSPENDED);
	EXPECT_EQ(trial, lk_thread_resume(t), LK_NO_ERROR);
	while (atomic_read(&nr_gone) == before && ktime_get_ns() < deadline_ns)
		lk_thread_sleep(1);
	EXPECT(trial, atomic_read(&nr_gone) != before);
	/* One that has ended is freed by who detaches it. */
	t = lk_thread_create("lk_detached", count_and_go, &nr_gone, 16, 0);
	EXPECT(trial, t);
	if (!t)
		return;
	lk_thread_resume(t);
	await_state(trial, t, LK_THREAD_DEATH);
	EXPECT_EQ(trial, lk_thread_detach(t), LK_NO_ERROR);
}

static int rename_and_wait(void *arg)
{
	lk_thread_set_name("another name, too long");
	return wait_in_queue(arg);
}

static void name_is_set(struct lk_trial *trial)
{
	struct stage stage;
	struct lk_thread *t;

	set_stage(trial, &stage);
	start(&stage.actors[0], rename_and_wait);
	t = stage.actors[0].thread;
	await_waiters(trial, &stage.queue, 1);
	EXPECT(trial, t && !strcmp(t->name, "another name, t"));
	wake_all(&stage, false, LK_NO_ERROR);
	reap(trial, t);
}

/* The value says which level, and what became of it. */
static int set_priority(void *arg)
{
	struct actor *actor = arg;

	lk_thread_set_priority(actor->value);
	actor->value = lk_get_current_thread()->priority;
	return task_nice(current);
}

static void expect_level(struct lk_trial *trial, int asked, int level, int nice)
{
	struct stage stage;

	set_stage(trial, &stage);
	stage.actors[0].value = asked;
	start(&stage.actors[0], set_priority);
	EXPECT_EQ(trial, reap(trial, stage.actors[0].thread), nice);
	EXPECT_EQ(trial, stage.actors[0].value, level);
}

static void priority_is_set_within_bounds(struct lk_trial *trial)
{
	expect_level(trial, LK_DEFAULT_PRIORITY, 16, 0);
	expect_level(trial, LK_HIGHEST_PRIORITY, 31, -20);
	expect_level(trial, LK_LOWEST_PRIORITY, 1, 19);
	expect_level(trial, -5, 1, 19);
	expect_level(trial, 40, 31, -20);
	expect_level(trial, LK_HIGH_PRIORITY, 24, -10);
	expect_level(trial, LK_LOW_PRIORITY, 8, 10);
	expect_level(trial, LK_DPC_PRIORITY, 30, -18);
}

static void real_time_runs_without_quantum(struct lk_trial *trial)
{
	struct stage stage;
	struct lk_thread *t;

	set_stage(trial, &stage);
	t = hire(&stage.actors[0], wait_in_queue, LK_HIGH_PRIORITY);
	if (!t)
		return;
	EXPECT_EQ(trial, lk_thread_set_real_time(t), LK_NO_ERROR);
	EXPECT_EQ(trial, t->task->policy, SCHED_FIFO);
	EXPECT_EQ(trial, t->task->rt_priority, LK_HIGH_PRIORITY + 1);
	EXPECT_EQ(trial, lk_thread_set_real_time(NULL), LK_ERR_INVALID_ARGS);
	lk_thread_resume(t);
	await_waiters(trial, &stage.queue, 1);
	wake_all(&stage, false, LK_NO_ERROR);
	reap(trial, t);
}

/* Real-time threads on one CPU: there Linux keeps to LK's order. */
static void start_on_last_cpu(struct actor *actor, lk_thread_start_routine entry,
			      int priority, bool is_real_time)
{
	struct lk_trial *trial = actor->stage->trial;

	if (!hire(actor, entry, priority))
		return;
	EXPECT_EQ(trial, lk_thread_set_pinned_cpu(actor->thread,
						  cpumask_last(cpu_online_mask)),
		  LK_NO_ERROR);
	if (is_real_time)
		lk_thread_set_real_time(actor->thread);
	lk_thread_resume(actor->thread);
}

#define NR_YIELDS 200

/* Counts how often somebody else has run since. */
static int yield_often(void *arg)
{
	struct actor *actor = arg;
	struct stage *stage = actor->stage;
	int i;

	wait_in_queue(arg);
	for (i = 0; i < NR_YIELDS; i++) {
		actor->value += stage->last != actor->index;
		WRITE_ONCE(stage->last, actor->index);
		lk_thread_yield();
	}
	return 0;
}

/* Return: nanoseconds a yield of all; @out_turns is how often they took turns. */
static u64 time_yields(struct lk_trial *trial, int nr_threads, long *out_turns)
{
	struct stage stage;
	u64 begin_ns;
	int i;

	set_stage(trial, &stage);
	for (i = 0; i < nr_threads; i++)
		start_on_last_cpu(&stage.actors[i], yield_often, 16, true);
	await_waiters(trial, &stage.queue, nr_threads);
	begin_ns = ktime_get_ns();
	wake_all(&stage, false, LK_NO_ERROR);
	reap_all(&stage);
	for (*out_turns = 0, i = 0; i < nr_threads; i++)
		*out_turns += stage.actors[i].value;
	return (ktime_get_ns() - begin_ns) / (nr_threads * NR_YIELDS);
}

static void yield_lets_equals_take_turns(struct lk_trial *trial)
{
	u64 alone_ns, two_ns, four_ns;
	long turns;

	alone_ns = time_yields(trial, 1, &turns);
	EXPECT_EQ(trial, turns, 1);
	two_ns = time_yields(trial, 2, &turns);
	EXPECT(trial, turns > 2 * NR_YIELDS * 9 / 10);
	four_ns = time_yields(trial, 4, &turns);
	EXPECT(trial, turns > 4 * NR_YIELDS * 9 / 10);
	note(trial, "ns a yield: %llu alone, %llu of two, %llu of four",
	     alone_ns, two_ns, four_ns);
}

/* The less urgent one wakes the more urgent one, and notes what came first. */
static int wake_the_other(void *arg)
{
	struct actor *actor = arg;

	wake_all(actor->stage, true, LK_NO_ERROR);
	lk_thread_preempt();
	lk_thread_lock();
	actor->place = actor->stage->nr_through++;
	lk_thread_unlock();
	return 0;
}

static void more_urgent_thread_preempts(struct lk_trial *trial)
{
	struct stage stage;

	set_stage(trial, &stage);
	start_on_last_cpu(&stage.actors[0], wait_in_queue, LK_HIGH_PRIORITY, true);
	await_waiters(trial, &stage.queue, 1);
	start_on_last_cpu(&stage.actors[1], wake_the_other, LK_LOW_PRIORITY, true);
	reap_all(&stage);
	EXPECT_EQ(trial, stage.actors[0].place, 0);
	EXPECT_EQ(trial, stage.actors[1].place, 1);
}

static int block(void *arg)
{
	struct actor *actor = arg;

	lk_thread_lock();
	actor->status = lk_thread_block();
	lk_thread_unlock();
	return state_of(lk_get_current_thread());
}

static enum lk_status unblock(struct lk_thread *t)
{
	guard(lk_lock)();
	return lk_thread_unblock(t, true);
}

static void blocked_thread_is_unblocked(struct lk_trial *trial)
{
	struct stage stage;
	struct lk_thread *t;

	set_stage(trial, &stage);
	t = hire(&stage.actors[0], block, LK_DEFAULT_PRIORITY);
	if (!t)
		return;
	EXPECT_EQ(trial, unblock(t), LK_ERR_NOT_BLOCKED);
	lk_thread_resume(t);
	await_state(trial, t, LK_THREAD_BLOCKED);
	EXPECT_EQ(trial, unblock(t), LK_NO_ERROR);
	await_state(trial, t, LK_THREAD_DEATH);
	EXPECT_EQ(trial, unblock(t), LK_ERR_NOT_BLOCKED);
	EXPECT_EQ(trial, reap(trial, t), LK_THREAD_RUNNING);
	EXPECT_EQ(trial, stage.actors[0].status, LK_NO_ERROR);
}

/* Wait Queues: D11 */

static u64 block_ns(struct stage *stage, lk_time_t ms)
{
	u64 ns = ktime_get_ns();
	enum lk_status status;

	lk_thread_lock();
	status = lk_wait_queue_block(&stage->queue, ms);
	lk_thread_unlock();
	ns = ktime_get_ns() - ns;
	EXPECT_EQ(stage->trial, status, LK_ERR_TIMED_OUT);
	EXPECT_EQ(stage->trial, stage->queue.count, 0);
	return ns;
}

static void wait_of_0_times_out_at_once(struct lk_trial *trial)
{
	expect_in_time(trial, 0, block_ns);
}

static void wait_times_out_within_a_tick(struct lk_trial *trial)
{
	expect_in_time(trial, 1, block_ns);
	expect_in_time(trial, 5, block_ns);
	expect_in_time(trial, 50, block_ns);
}

/* As that, of an LK thread, which is in no list then. */
static void thread_times_out_too(struct lk_trial *trial)
{
	struct stage stage;

	set_stage(trial, &stage);
	stage.actors[0].timeout_ms = 10;
	start(&stage.actors[0], wait_in_queue);
	reap(trial, stage.actors[0].thread);
	EXPECT_EQ(trial, stage.actors[0].status, LK_ERR_TIMED_OUT);
	EXPECT(trial, stage.actors[0].took_ns >= 10 * NSEC_PER_MSEC);
	EXPECT_EQ(trial, wake_one(&stage, LK_NO_ERROR), 0);
}

static void infinite_wait_ends_by_wake_only(struct lk_trial *trial)
{
	struct stage stage;

	set_stage(trial, &stage);
	start(&stage.actors[0], wait_in_queue);
	await_waiters(trial, &stage.queue, 1);
	lk_thread_sleep(30);
	EXPECT(trial, has_waiters(&stage.queue, 1));
	EXPECT_EQ(trial, wake_one(&stage, LK_NO_ERROR), 1);
	reap(trial, stage.actors[0].thread);
	EXPECT_EQ(trial, stage.actors[0].status, LK_NO_ERROR);
	EXPECT(trial, stage.actors[0].took_ns >= 30 * NSEC_PER_MSEC);
}

static void wake_one_takes_first_come(struct lk_trial *trial)
{
	struct stage stage;
	int i;

	set_stage(trial, &stage);
	EXPECT_EQ(trial, wake_one(&stage, LK_NO_ERROR), 0);
	let_all_wait(&stage);
	for (i = 0; i < NR_ACTORS; i++) {
		EXPECT_EQ(trial, wake_one(&stage, 100 + i), 1);
		EXPECT(trial, has_waiters(&stage.queue, NR_ACTORS - 1 - i));
	}
	EXPECT_EQ(trial, wake_one(&stage, LK_NO_ERROR), 0);
	reap_all(&stage);
	for (i = 0; i < NR_ACTORS; i++)
		EXPECT_EQ(trial, stage.actors[i].status, 100 + i);
}

static void wake_all_wakes_each_with_the_code(struct lk_trial *trial)
{
	struct stage stage;
	int i;

	set_stage(trial, &stage);
	EXPECT_EQ(trial, wake_all(&stage, true, LK_NO_ERROR), 0);
	let_all_wait(&stage);
	EXPECT_EQ(trial, wake_all(&stage, true, 5), NR_ACTORS);
	EXPECT(trial, has_waiters(&stage.queue, 0));
	reap_all(&stage);
	for (i = 0; i < NR_ACTORS; i++)
		EXPECT_EQ(trial, stage.actors[i].status, 5);
}

static void destroy_wakes_all_with_its_code(struct lk_trial *trial)
{
	struct stage stage;
	int i;

	set_stage(trial, &stage);
	let_all_wait(&stage);
	lk_thread_lock();
	lk_wait_queue_destroy(&stage.queue, true);
	lk_thread_unlock();
	reap_all(&stage);
	for (i = 0; i < NR_ACTORS; i++)
		EXPECT_EQ(trial, stage.actors[i].status,
			  LK_ERR_OBJECT_DESTROYED);
	lk_thread_lock();
	EXPECT_EQ(trial, lk_wait_queue_block(&stage.queue, LK_INFINITE_TIME),
		  LK_ERR_INVALID_ARGS);
	EXPECT_EQ(trial, lk_wait_queue_wake_all(&stage.queue, false, 0), 0);
	lk_thread_unlock();
}

/* Thread Local Storage: D14 */

static int look_at_tls(void *arg)
{
	struct actor *actor = arg;

	actor->value = lk_tls_get(LK_TLS_ENTRY_CONSOLE) == 1 &&
		       lk_tls_get(LK_TLS_ENTRY_UTHREAD) == 2 &&
		       lk_tls_get(LK_TLS_ENTRY_LKUSER) == 3 &&
		       lk_tls_set(LK_TLS_ENTRY_UTHREAD, 20) == 2 &&
		       lk_tls_get(LK_TLS_ENTRY_UTHREAD) == 20;
	return 0;
}

static int use_tls(void *arg)
{
	struct actor *actor = arg, *child = actor + 1;
	int entry, errors = 0;

	for (entry = 0; entry < LK_MAX_TLS_ENTRY; entry++) {
		errors += lk_tls_get(entry) != 0;
		errors += lk_tls_set(entry, 9) != 0;
		errors += lk_tls_set(entry, entry + 1) != 9;
		errors += lk_tls_get(entry) != entry + 1;
	}
	errors += lk_tls_set(LK_MAX_TLS_ENTRY, 1) != 0;
	errors += lk_tls_get(LK_MAX_TLS_ENTRY) != 0;
	child->thread = lk_thread_create("lk_child", look_at_tls, child, 16, 0);
	lk_thread_resume(child->thread);
	lk_thread_join(child->thread, NULL, LK_INFINITE_TIME);
	/* What the child has changed is its own. */
	errors += lk_tls_get(LK_TLS_ENTRY_UTHREAD) != 2;
	actor->value = errors;
	return 0;
}

static void tls_belongs_to_thread_and_is_inherited(struct lk_trial *trial)
{
	struct stage stage;

	set_stage(trial, &stage);
	start(&stage.actors[0], use_tls);
	reap(trial, stage.actors[0].thread);
	EXPECT_EQ(trial, stage.actors[0].value, 0);
	EXPECT_EQ(trial, stage.actors[1].value, 1);
	/* We are no LK thread. */
	EXPECT_EQ(trial, lk_tls_set(LK_TLS_ENTRY_CONSOLE, 1), 0);
	EXPECT_EQ(trial, lk_tls_get(LK_TLS_ENTRY_CONSOLE), 0);
}

/* Error Handling: D23; the other codes are above */

static void errors_have_numbers_of_lk(struct lk_trial *trial)
{
	EXPECT_EQ(trial, LK_NO_ERROR, 0);
	EXPECT_EQ(trial, LK_ERR_INVALID_ARGS, -8);
	EXPECT_EQ(trial, LK_ERR_OBJECT_DESTROYED, -11);
	EXPECT_EQ(trial, LK_ERR_NOT_BLOCKED, -12);
	EXPECT_EQ(trial, LK_ERR_TIMED_OUT, -13);
	EXPECT_EQ(trial, LK_ERR_THREAD_DETACHED, -34);
}

static void expect_refused(struct lk_trial *trial, struct lk_thread *t)
{
	EXPECT_EQ(trial, lk_thread_resume(t), LK_ERR_INVALID_ARGS);
	EXPECT_EQ(trial, lk_thread_join(t, NULL, 0), LK_ERR_INVALID_ARGS);
	EXPECT_EQ(trial, lk_thread_detach(t), LK_ERR_INVALID_ARGS);
	EXPECT_EQ(trial, lk_thread_set_real_time(t), LK_ERR_INVALID_ARGS);
	EXPECT_EQ(trial, lk_thread_set_pinned_cpu(t, 0), LK_ERR_INVALID_ARGS);
	EXPECT_EQ(trial, unblock(t), LK_ERR_INVALID_ARGS);
}

static void what_lk_panics_of_is_refused(struct lk_trial *trial)
{
	struct lk_wait_queue no_queue = { 0 };
	struct lk_thread no_thread = { 0 };

	expect_refused(trial, NULL);
	expect_refused(trial, &no_thread);
	lk_thread_lock();
	EXPECT_EQ(trial, lk_wait_queue_block(&no_queue, 1), LK_ERR_INVALID_ARGS);
	EXPECT_EQ(trial, lk_wait_queue_wake_one(&no_queue, true, 0), 0);
	EXPECT_EQ(trial, lk_thread_block(), LK_ERR_INVALID_ARGS);
	lk_thread_unlock();
	/* None of these does anything in a task that is no LK thread. */
	lk_thread_set_name("x");
	lk_thread_set_priority(31);
	lk_thread_exit(1);
	EXPECT(trial, strcmp(current->comm, "x"));
	EXPECT(trial, task_nice(current) > -20);
}

/* LK's own tests */

#define NR_ROUNDS 50

/* Without the mutex somebody would come in between. */
static int count_under_mutex(void *arg)
{
	struct actor *actor = arg;
	struct stage *stage = actor->stage;
	int i;

	for (i = 0; i < NR_ROUNDS; i++) {
		actor->value += lk_mutex_acquire_timeout(&stage->mutex,
							 PATIENCE_MS) != 0;
		stage->last = actor->index;
		lk_thread_yield();
		actor->value += READ_ONCE(stage->last) != actor->index;
		lk_mutex_release(&stage->mutex);
	}
	return 0;
}

static void mutex_lets_one_in(struct lk_trial *trial)
{
	struct stage stage;
	int i;

	set_stage(trial, &stage);
	lk_mutex_init(&stage.mutex);
	for (i = 0; i < NR_ACTORS; i++)
		start(&stage.actors[i], count_under_mutex);
	reap_all(&stage);
	for (i = 0; i < NR_ACTORS; i++)
		EXPECT_EQ(trial, stage.actors[i].value, 0);
	EXPECT_EQ(trial, stage.mutex.count, 0);
}

static int acquire_mutex(void *arg)
{
	struct actor *actor = arg;

	actor->status = lk_mutex_acquire_timeout(&actor->stage->mutex,
						 LK_INFINITE_TIME);
	return 0;
}

static void held_mutex_times_out_or_is_destroyed(struct lk_trial *trial)
{
	struct stage stage;

	set_stage(trial, &stage);
	lk_mutex_init(&stage.mutex);
	EXPECT_EQ(trial, lk_mutex_acquire_timeout(&stage.mutex, 0), LK_NO_ERROR);
	EXPECT_EQ(trial, lk_mutex_acquire_timeout(&stage.mutex, 0),
		  LK_ERR_TIMED_OUT);
	EXPECT_EQ(trial, lk_mutex_acquire_timeout(&stage.mutex, 10),
		  LK_ERR_TIMED_OUT);
	EXPECT_EQ(trial, stage.mutex.count, 1);
	start(&stage.actors[0], acquire_mutex);
	await_waiters(trial, &stage.mutex.queue, 1);
	lk_mutex_destroy(&stage.mutex);
	reap_all(&stage);
	EXPECT_EQ(trial, stage.actors[0].status, LK_ERR_OBJECT_DESTROYED);
}

static int consume(void *arg)
{
	struct actor *actor = arg;
	int i;

	for (i = 0; i < NR_ROUNDS; i++) {
		actor->value += lk_sem_timedwait(&actor->stage->sem,
						 PATIENCE_MS) == LK_NO_ERROR;
	}
	return 0;
}

static void semaphore_gives_what_was_posted(struct lk_trial *trial)
{
	struct stage stage;
	int i;

	set_stage(trial, &stage);
	lk_sem_init(&stage.sem, 2);
	EXPECT_EQ(trial, lk_sem_timedwait(&stage.sem, 0), LK_NO_ERROR);
	EXPECT_EQ(trial, lk_sem_timedwait(&stage.sem, 0), LK_NO_ERROR);
	EXPECT_EQ(trial, lk_sem_timedwait(&stage.sem, 0), LK_ERR_TIMED_OUT);
	EXPECT_EQ(trial, lk_sem_timedwait(&stage.sem, 5), LK_ERR_TIMED_OUT);
	for (i = 0; i < NR_ACTORS; i++)
		start(&stage.actors[i], consume);
	for (i = 0; i < NR_ACTORS * NR_ROUNDS; i++)
		lk_sem_post(&stage.sem);
	reap_all(&stage);
	for (i = 0; i < NR_ACTORS; i++)
		EXPECT_EQ(trial, stage.actors[i].value, NR_ROUNDS);
	EXPECT_EQ(trial, stage.sem.count, 0);
}

static int await_event(void *arg)
{
	struct actor *actor = arg;

	actor->status = lk_event_wait_timeout(&actor->stage->event,
					      PATIENCE_MS);
	atomic_inc(&actor->stage->sum);
	return 0;
}

static void let_all_await_event(struct stage *stage, bool is_auto)
{
	int i;

	lk_event_init(&stage->event, is_auto);
	for (i = 0; i < NR_ACTORS; i++)
		start(&stage->actors[i], await_event);
	await_waiters(stage->trial, &stage->event.queue, NR_ACTORS);
}

static void event_is_told_to_all(struct lk_trial *trial)
{
	struct stage stage;

	set_stage(trial, &stage);
	let_all_await_event(&stage, false);
	lk_event_signal(&stage.event);
	reap_all(&stage);
	EXPECT_EQ(trial, lk_event_wait_timeout(&stage.event, 0), LK_NO_ERROR);
	EXPECT_EQ(trial, lk_event_wait_timeout(&stage.event, 0), LK_NO_ERROR);
	lk_event_unsignal(&stage.event);
	EXPECT_EQ(trial, lk_event_wait_timeout(&stage.event, 0),
		  LK_ERR_TIMED_OUT);
}

static void auto_event_is_told_to_one(struct lk_trial *trial)
{
	struct stage stage;
	int i;

	set_stage(trial, &stage);
	let_all_await_event(&stage, true);
	for (i = 1; i <= NR_ACTORS; i++) {
		lk_event_signal(&stage.event);
		EXPECT(trial, has_waiters(&stage.event.queue, NR_ACTORS - i));
	}
	reap_all(&stage);
	EXPECT_EQ(trial, atomic_read(&stage.sum), NR_ACTORS);
	lk_event_signal(&stage.event);
	EXPECT_EQ(trial, lk_event_wait_timeout(&stage.event, 0), LK_NO_ERROR);
	EXPECT_EQ(trial, lk_event_wait_timeout(&stage.event, 0),
		  LK_ERR_TIMED_OUT);
}

static int add_often(void *arg)
{
	struct actor *actor = arg;
	int i;

	for (i = 0; i < 1000; i++)
		atomic_add(actor->index % 2 ? -1 : 3, &actor->stage->sum);
	return 0;
}

static void atomics_add_up(struct lk_trial *trial)
{
	struct stage stage;
	int i;

	set_stage(trial, &stage);
	for (i = 0; i < NR_ACTORS; i++)
		start(&stage.actors[i], add_often);
	reap_all(&stage);
	EXPECT_EQ(trial, atomic_read(&stage.sum), 3 * 3000 - 2 * 1000);
}

#define BURN_MS 24

/* So much of the CPU's time. */
static int burn(void *arg)
{
	struct actor *actor = arg;
	u64 until_ns;

	wait_in_queue(arg);
	actor->begin_ns = ktime_get_ns();
	until_ns = READ_ONCE(current->se.sum_exec_runtime) +
		   BURN_MS * NSEC_PER_MSEC;
	while (READ_ONCE(current->se.sum_exec_runtime) < until_ns)
		cpu_relax();
	actor->end_ns = ktime_get_ns();
	return 0;
}

static void let_burn(struct lk_trial *trial, struct stage *stage,
		     bool is_real_time)
{
	int i;

	set_stage(trial, stage);
	for (i = 0; i < NR_ACTORS; i++) {
		start_on_last_cpu(&stage->actors[i], burn, LK_LOW_PRIORITY,
				  is_real_time);
		await_waiters(trial, &stage->queue, i + 1);
	}
	wake_all(stage, false, LK_NO_ERROR);
	reap_all(stage);
}

/*
 * LK's preempt test. Five equal ones take turns, so all have begun when the first
 * one ends; of five real-time ones none begins before the last one has ended.
 */
static void equal_take_turns_and_real_time_end_first(struct lk_trial *trial)
{
	struct actor *actors;
	struct stage stage;
	int i, k;

	actors = stage.actors;
	let_burn(trial, &stage, false);
	for (i = 0; i < NR_ACTORS; i++) {
		for (k = 0; k < NR_ACTORS; k++)
			EXPECT(trial, actors[i].begin_ns < actors[k].end_ns);
	}
	let_burn(trial, &stage, true);
	for (i = 1; i < NR_ACTORS; i++)
		EXPECT(trial, actors[i].begin_ns >= actors[i - 1].end_ns);
}

#define SCENARIO(row_, run_) { .name = #run_, .row = row_, .run = run_ }

const struct lk_scenario lk_scenarios[] = {
	SCENARIO("D10", created_thread_is_suspended),
	SCENARIO("D10", create_etc_uses_given_memory),
	SCENARIO("D10 D12", impossible_thread_is_not_created),
	SCENARIO("D10", exit_ends_with_its_code),
	SCENARIO("D10", sleep_lasts_as_long_as_told),
	SCENARIO("D10 D13", join_waits_as_long_as_told),
	SCENARIO("D10 D13", join_of_dead_thread_returns_at_once),
	SCENARIO("D10 D13 D23", first_joiner_gets_it),
	SCENARIO("D10 D13 D23", detach_wakes_who_joins),
	SCENARIO("D10 D13", detached_thread_frees_itself),
	SCENARIO("D10", name_is_set),
	SCENARIO("D10", priority_is_set_within_bounds),
	SCENARIO("D10", real_time_runs_without_quantum),
	SCENARIO("D10", yield_lets_equals_take_turns),
	SCENARIO("D10 D11", more_urgent_thread_preempts),
	SCENARIO("D10 D23", blocked_thread_is_unblocked),
	SCENARIO("D11 D23", wait_of_0_times_out_at_once),
	SCENARIO("D11 D23", wait_times_out_within_a_tick),
	SCENARIO("D11", thread_times_out_too),
	SCENARIO("D11", infinite_wait_ends_by_wake_only),
	SCENARIO("D11", wake_one_takes_first_come),
	SCENARIO("D11", wake_all_wakes_each_with_the_code),
	SCENARIO("D11 D23", destroy_wakes_all_with_its_code),
	SCENARIO("D14", tls_belongs_to_thread_and_is_inherited),
	SCENARIO("D23", errors_have_numbers_of_lk),
	SCENARIO("D23", what_lk_panics_of_is_refused),
	SCENARIO("D11", mutex_lets_one_in),
	SCENARIO("D11 D23", held_mutex_times_out_or_is_destroyed),
	SCENARIO("D11", semaphore_gives_what_was_posted),
	SCENARIO("D11", event_is_told_to_all),
	SCENARIO("D11", auto_event_is_told_to_one),
	SCENARIO("D10", atomics_add_up),
	SCENARIO("D10", equal_take_turns_and_real_time_end_first),
};

/**
 * lk_scenario_try - see whether a promise is kept
 * @scenario: it
 * @out: what became of it; only the out_ fields are written
 *
 * Context: may sleep, for a second or so.
 */
void lk_scenario_try(const struct lk_scenario *scenario,
		     struct lanes_lk_run *out)
{
	struct lk_trial trial = { .out = out };
	u64 begin_ns = ktime_get_ns();

	out->out_failures = 0;
	out->out_expectations = 0;
	out->out_message[0] = '\0';
	strscpy_pad(out->out_row, scenario->row);
	strscpy_pad(out->out_name, scenario->name);
	scenario->run(&trial);
	out->out_ns = ktime_get_ns() - begin_ns;
}

int lanes_lk_run_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_lk_run *arg = data;

	if (arg->index >= LK_NR_SCENARIOS)
		return -ENOENT;
	lk_scenario_try(&lk_scenarios[arg->index], arg);
	return 0;
}
