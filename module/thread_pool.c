// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs to have jobs done by threads: by new ones, or by a pool's.
 *
 * A pool is some threads that sleep until there is a job in its list. Who hands
 * over a list of jobs takes the lock once and wakes once, however long the list
 * is; a thread that is awake goes on until the list is empty. So a thread is
 * reused without being woken as long as there is work, and that is what a batch
 * gains.
 *
 * A kind of experiment is an ops struct; run_experiment() is the one runner. A
 * job does nothing but note when it ran: what is measured is the way to it. It
 * belongs to the command, and every job that was given has been done, and every
 * thread that was made has ended, when the command returns: on error too.
 */
#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "lanes.h"

#define MAX_JOBS 100000
#define MAX_NEW_THREADS 1024
#define MAX_POOL_THREADS 64
#define MAX_TIMEOUT_MS 60000

/**
 * struct job - something to be done by a thread, once
 * @node: in a pool's list
 * @run: what it is part of
 * @thread: who does it, where that is one made for it
 * @given_ns: when it was given
 * @ran_ns: when it ran
 */
struct job {
	struct list_head node;
	struct run *run;
	struct task_struct *thread;
	u64 given_ns;
	u64 ran_ns;
};

/**
 * struct pool - threads that wait for jobs
 * @lock: protects @jobs
 * @jobs: given and not yet taken, the oldest one first
 * @wait: where its threads sleep
 * @nr_threads: how many there are
 * @threads: these
 */
struct pool {
	spinlock_t lock;
	struct list_head jobs;
	wait_queue_head_t wait;
	unsigned int nr_threads;
	struct task_struct *threads[MAX_POOL_THREADS];
};

/**
 * struct run - an experiment under way
 * @arg: the command
 * @pool: who does the jobs, or NULL
 * @jobs: all of them
 * @deadline_ns: when giving them ends
 * @nr_given: how many of them were given
 * @nr_missing: given ones that have not run, and one for who gives them
 * @done: none is missing
 */
struct run {
	struct lanes_threads_run *arg;
	struct pool *pool;
	struct job *jobs;
	u64 deadline_ns;
	unsigned int nr_given;
	atomic_t nr_missing;
	struct completion done;
};

/**
 * struct threads_ops - a kind of experiment
 * @has_pool: it wants one
 * @max_count: jobs it can have
 * @at_a_time: gives all jobs in one step, else one in a step
 * @give: gives jobs from @nr_given on; returns 0 or an error
 * @finish: what has to be done when these have run, or NULL
 */
struct threads_ops {
	bool has_pool;
	unsigned int max_count;
	bool at_a_time;
	int (*give)(struct run *run, unsigned int nr);
	void (*finish)(struct run *run);
};

static int may_go_on(const struct run *run)
{
	if (signal_pending(current))
		return -EINTR;
	return ktime_get_ns() < run->deadline_ns ? 0 : -ETIMEDOUT;
}

static void forget_jobs(struct run *run)
{
	atomic_set(&run->nr_missing, 1);
	reinit_completion(&run->done);
}

static void job_is_done(struct run *run)
{
	if (atomic_dec_and_test(&run->nr_missing))
		complete(&run->done);
}

/* Who waits may be gone with @job when the last one is done. */
static void do_job(struct job *job)
{
	job->ran_ns = ktime_get_ns();
	job_is_done(job->run);
}

static void await_jobs(struct run *run)
{
	job_is_done(run);
	wait_for_completion(&run->done);
}

static struct job *take_job(struct pool *pool)
{
	struct job *job;

	guard(spinlock)(&pool->lock);
	job = list_first_entry_or_null(&pool->jobs, struct job, node);
	if (job)
		list_del(&job->node);
	return job;
}

static int pool_thread(void *data)
{
	struct pool *pool = data;
	struct job *job;

	while (!kthread_should_stop()) {
		wait_event_idle_exclusive(pool->wait, !list_empty(&pool->jobs) ||
					  kthread_should_stop());
		while ((job = take_job(pool)))
			do_job(job);
	}
	return 0;
}

static void pool_destroy(struct pool *pool)
{
	unsigned int i;

	if (!pool)
		return;
	for (i = 0; i < pool->nr_threads; i++)
		kthread_stop(pool->threads[i]);
	kfree(pool);
}

static struct pool *pool_create(unsigned int nr_threads)
{
	struct pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	struct task_struct *thread;

	if (!pool)
		return ERR_PTR(-ENOMEM);
	spin_lock_init(&pool->lock);
	INIT_LIST_HEAD(&pool->jobs);
	init_waitqueue_head(&pool->wait);
	while (pool->nr_threads < nr_threads) {
		thread = kthread_run(pool_thread, pool, "lanes_pool/%u",
				     pool->nr_threads);
		if (IS_ERR(thread)) {
			pool_destroy(pool);
			return ERR_CAST(thread);
		}
		pool->threads[pool->nr_threads++] = thread;
	}
	return pool;
}

/* A thread for each job that can be taken at once. */
static void pool_give(struct pool *pool, struct list_head *jobs, unsigned int nr)
{
	scoped_guard(spinlock, &pool->lock)
		list_splice_tail(jobs, &pool->jobs);
	wake_up_nr(&pool->wait, min(nr, pool->nr_threads));
}

static int give_to_pool(struct run *run, unsigned int nr)
{
	struct job *job = &run->jobs[run->nr_given];
	LIST_HEAD(jobs);
	unsigned int i;

	atomic_add(nr, &run->nr_missing);
	run->nr_given += nr;
	for (i = 0; i < nr; i++, job++) {
		job->given_ns = ktime_get_ns();
		list_add_tail(&job->node, &jobs);
	}
	pool_give(run->pool, &jobs, nr);
	return 0;
}

static int new_thread(void *job)
{
	do_job(job);
	return 0;
}

static int create_thread(struct run *run, unsigned int index)
{
	struct job *job = &run->jobs[index];
	struct task_struct *thread;

	job->given_ns = ktime_get_ns();
	thread = kthread_create(new_thread, job, "lanes_new/%u", index);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	job->thread = get_task_struct(thread);
	return 0;
}

/* Those that were made are started, also where the next one could not be made. */
static int give_to_new_threads(struct run *run, unsigned int nr)
{
	unsigned int first = run->nr_given, i;
	u64 begin_ns = ktime_get_ns();
	int err = 0;

	for (i = first; i < first + nr && !err; i++) {
		err = may_go_on(run);
		if (!err)
			err = create_thread(run, i);
		run->nr_given += !err;
	}
	run->arg->out_setup_ns += ktime_get_ns() - begin_ns;
	atomic_add(run->nr_given - first, &run->nr_missing);
	for (i = first; i < run->nr_given; i++)
		wake_up_process(run->jobs[i].thread);
	return err;
}

/* They have run, so stopping them only waits for the end of their exit. */
static void end_new_threads(struct run *run)
{
	unsigned int i;

	for (i = run->nr_given; i-- && run->jobs[i].thread; ) {
		kthread_stop_put(run->jobs[i].thread);
		run->jobs[i].thread = NULL;
	}
}

static const struct threads_ops experiments[LANES_NR_THREADS_KINDS] = {
	[LANES_THREADS_CREATE] = {
		.max_count = MAX_JOBS,
		.give = give_to_new_threads,
		.finish = end_new_threads,
	},
	[LANES_THREADS_CREATE_BATCH] = {
		.max_count = MAX_NEW_THREADS,
		.at_a_time = true,
		.give = give_to_new_threads,
		.finish = end_new_threads,
	},
	[LANES_THREADS_REUSE] = {
		.has_pool = true,
		.max_count = MAX_JOBS,
		.give = give_to_pool,
	},
	[LANES_THREADS_REUSE_BATCH] = {
		.has_pool = true,
		.max_count = MAX_JOBS,
		.at_a_time = true,
		.give = give_to_pool,
	},
};

static int run_step(struct run *run, const struct threads_ops *ops,
		    unsigned int nr)
{
	int err;

	forget_jobs(run);
	err = ops->give(run, nr);
	await_jobs(run);
	if (ops->finish)
		ops->finish(run);
	return err;
}

static int run_steps(struct run *run, const struct threads_ops *ops)
{
	const struct lanes_threads_run *arg = run->arg;
	int err = 0;

	run->deadline_ns = ktime_get_ns() + (u64)arg->timeout_ms * NSEC_PER_MSEC;
	while (run->nr_given < arg->count && !err) {
		err = may_go_on(run);
		if (!err)
			err = run_step(run, ops,
				       ops->at_a_time ? arg->count : 1);
		cond_resched();
	}
	return err;
}

static void note_latencies(struct run *run)
{
	struct lanes_threads_run *arg = run->arg;
	unsigned int i;

	for (i = 0; i < run->nr_given; i++) {
		u64 ns = max(run->jobs[i].ran_ns - run->jobs[i].given_ns, 1);

		arg->out_latency[min(ilog2(ns), LANES_LATENCY_BUCKETS - 1)]++;
	}
	arg->out_done = run->nr_given;
}

static int run_experiment(struct run *run, const struct threads_ops *ops)
{
	struct lanes_threads_run *arg = run->arg;
	unsigned int i;
	u64 begin_ns;
	int err;

	for (i = 0; i < arg->count; i++)
		run->jobs[i].run = run;
	if (ops->has_pool) {
		begin_ns = ktime_get_ns();
		run->pool = pool_create(arg->nr_threads);
		if (IS_ERR(run->pool))
			return PTR_ERR(run->pool);
		arg->out_setup_ns = ktime_get_ns() - begin_ns;
	}
	begin_ns = ktime_get_ns();
	err = run_steps(run, ops);
	arg->out_total_ns = ktime_get_ns() - begin_ns;
	pool_destroy(run->pool);
	note_latencies(run);
	return err;
}

static bool is_in_range(const struct lanes_threads_run *arg)
{
	const struct threads_ops *ops = &experiments[arg->kind];

	return arg->count && arg->count <= ops->max_count &&
	       arg->timeout_ms && arg->timeout_ms <= MAX_TIMEOUT_MS &&
	       arg->nr_threads <= MAX_POOL_THREADS &&
	       !arg->nr_threads == !ops->has_pool;
}

int lanes_threads_run_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_threads_run *arg = data;
	struct run run = { .arg = arg };
	int err;

	if (arg->kind >= LANES_NR_THREADS_KINDS || !is_in_range(arg))
		return -EINVAL;
	run.jobs = kvcalloc(arg->count, sizeof(*run.jobs), GFP_KERNEL);
	if (!run.jobs)
		return -ENOMEM;
	init_completion(&run.done);
	arg->out_done = 0;
	arg->out_setup_ns = 0;
	arg->out_total_ns = 0;
	memset(arg->out_latency, 0, sizeof(arg->out_latency));
	err = run_experiment(&run, &experiments[arg->kind]);
	kvfree(run.jobs);
	return err;
}
