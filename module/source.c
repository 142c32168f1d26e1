// SPDX-License-Identifier: GPL-2.0
/*
 * Sources of interrupts, and what one can do with them: ring, wait, listen.
 *
 * Every vector counts its rings and the runs of its handler. An interrupt that
 * is edge-triggered may swallow another that comes before it is handled, so the
 * two need not be equal. What must hold is that the last ring is never lost:
 * the count of rings goes up before the device is told, the handler notes what
 * it found there, and when all is quiet the note must be the count. Who rings
 * with LANES_RING_WAIT waits for that each time, and then nothing is swallowed
 * and the counts are equal too.
 *
 * A source is kept by its kind (a real device, as long as it is bound), by the
 * file that it is attached to, and by each command in progress. A device that
 * is unbound meanwhile retires its source: from then on the device is not
 * touched but to silence it, and everybody is told ENODEV.
 *
 * Order of locks: file->lock, source->gone, vector->lock.
 */
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched/clock.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "lanes.h"
#include "source.h"

#define MAX_RINGS 1000000
#define RING_DEADLINE (2 * HZ)

static void signal_eventfd(struct lanes_source_vector *v)
{
	guard(spinlock_irqsave)(&v->lock);
	if (v->eventfd)
		eventfd_signal(v->eventfd);
}

/* To load a CPU with interrupts; longer than this would hold up the kernel. */
#define HANDLER_US_MAX	1000U
static unsigned int handler_us;
module_param(handler_us, uint, 0644);
MODULE_PARM_DESC(handler_us, "let each interrupt's handler take so long, at most 1000");

/* No cpu_relax(): in QEMU's virtual time each one costs more than what it waits for. */
static void take_time(void)
{
	u64 end_ns = local_clock() +
		     min(READ_ONCE(handler_us), HANDLER_US_MAX) * NSEC_PER_USEC;

	while (local_clock() < end_ns)
		;
}

static irqreturn_t source_handler(int irq, void *data)
{
	struct lanes_source_vector *v = data;
	const struct lanes_source_ops *ops = v->source->ops;
	s64 nr_rung;

	if (ops->is_ours && !ops->is_ours(v->source, v->index))
		return IRQ_NONE;
	/* Not before: what is acknowledged together with older ones has no other interrupt. */
	nr_rung = atomic64_read(&v->nr_rung);
	if (!in_hardirq())
		atomic64_inc(&v->nr_wrong_context);
	WRITE_ONCE(v->last_cpu, smp_processor_id());
	atomic64_inc(&v->nr_handled);
	signal_eventfd(v);
	if (READ_ONCE(handler_us))
		take_time();
	atomic64_set_release(&v->nr_seen, nr_rung);
	wake_up(&v->waiting);
	return IRQ_HANDLED;
}

/**
 * lanes_source_create - make a source whose interrupts are not requested yet
 * @ops: its kind
 * @owner: the kind's own
 * @nr_vectors: how many interrupts, at least 1
 *
 * Context: may sleep.
 * Return: the source, with one reference, or an ERR_PTR: -ENOMEM.
 */
struct lanes_source *lanes_source_create(const struct lanes_source_ops *ops,
					 void *owner, unsigned int nr_vectors)
{
	struct lanes_source *s;
	unsigned int i;

	s = kvzalloc(struct_size(s, vectors, nr_vectors), GFP_KERNEL);
	if (!s)
		return ERR_PTR(-ENOMEM);
	s->ops = ops;
	s->owner = owner;
	kref_init(&s->refs);
	init_rwsem(&s->gone);
	s->nr_vectors = nr_vectors;
	for (i = 0; i < nr_vectors; i++) {
		s->vectors[i].source = s;
		s->vectors[i].index = i;
		spin_lock_init(&s->vectors[i].lock);
		init_waitqueue_head(&s->vectors[i].waiting);
	}
	return s;
}

static void free_irqs(struct lanes_source *source)
{
	unsigned int i;

	for (i = 0; i < source->nr_vectors; i++) {
		struct lanes_source_vector *v = &source->vectors[i];

		if (v->irq)
			free_irq(v->irq, v);
		v->irq = 0;
	}
}

static void release_source(struct kref *refs)
{
	struct lanes_source *s = container_of(refs, struct lanes_source, refs);

	free_irqs(s);
	if (s->ops->release)
		s->ops->release(s);
	kvfree(s);
}

/**
 * lanes_source_put - drop a reference
 * @source: the source
 *
 * Context: may sleep.
 */
void lanes_source_put(struct lanes_source *source)
{
	kref_put(&source->refs, release_source);
}

/**
 * lanes_source_request - let a source handle one of its interrupts
 * @source: the source
 * @index: which of its vectors
 * @irq: Linux's number of the interrupt
 * @irq_flags: IRQF_SHARED or 0
 * @name: for /proc/interrupts
 *
 * Context: may sleep.
 * Return: 0 or what request_irq() says.
 */
int lanes_source_request(struct lanes_source *source, unsigned int index,
			 unsigned int irq, unsigned long irq_flags,
			 const char *name)
{
	struct lanes_source_vector *v = &source->vectors[index];
	int err;

	err = request_irq(irq, source_handler, irq_flags, name, v);
	if (!err)
		v->irq = irq;
	return err;
}

/**
 * lanes_source_retire - use the device no more, and give its interrupts back
 * @source: the source; the caller's reference is dropped
 *
 * Context: may sleep; waits for rings and handlers in progress.
 */
void lanes_source_retire(struct lanes_source *source)
{
	unsigned int i;

	scoped_guard(rwsem_write, &source->gone)
		source->is_gone = true;
	if (source->ops->silence)
		source->ops->silence(source);
	free_irqs(source);
	for (i = 0; i < source->nr_vectors; i++)
		wake_up_all(&source->vectors[i].waiting);
	lanes_source_put(source);
}

/**
 * lanes_source_attach - make a source a file's own
 * @file: the file; its lock is held
 * @source: the source
 *
 * Context: may sleep.
 * Return: 0; -EBUSY when the file has one, or the source another file.
 */
int lanes_source_attach(struct lanes_file *file, struct lanes_source *source)
{
	lockdep_assert_held(&file->lock);

	if (file->source || atomic_cmpxchg(&source->is_taken, 0, 1))
		return -EBUSY;
	kref_get(&source->refs);
	file->source = source;
	return 0;
}

static void set_eventfd(struct lanes_source_vector *v, struct eventfd_ctx *ctx)
{
	scoped_guard(spinlock_irqsave, &v->lock)
		swap(v->eventfd, ctx);
	if (ctx)
		eventfd_ctx_put(ctx);
}

/**
 * lanes_source_detach - let go of a file's source, if it has one
 * @file: the file; nobody uses it any more
 *
 * Context: may sleep.
 */
void lanes_source_detach(struct lanes_file *file)
{
	struct lanes_source *source = file->source;
	unsigned int i;

	if (!source)
		return;
	for (i = 0; i < source->nr_vectors; i++)
		set_eventfd(&source->vectors[i], NULL);
	atomic_set_release(&source->is_taken, 0);
	lanes_source_put(source);
}

/* The file's source with a reference, or an ERR_PTR. */
static struct lanes_source *get_source(struct lanes_file *file)
{
	guard(mutex)(&file->lock);
	if (!file->source)
		return ERR_PTR(-ENOENT);
	kref_get(&file->source->refs);
	return file->source;
}

static int ring_once(struct lanes_source_vector *v, s64 *out_ticket)
{
	struct lanes_source *source = v->source;
	int ret;

	guard(rwsem_read)(&source->gone);
	if (source->is_gone)
		return -ENODEV;
	if (!source->ops->ring)
		return -EOPNOTSUPP;
	*out_ticket = atomic64_inc_return(&v->nr_rung);
	ret = source->ops->ring(source, v->index);
	if (ret > 0)
		atomic64_inc(&v->nr_merged);
	return min(ret, 0);
}

static int await_handler(struct lanes_source_vector *v, s64 ticket)
{
	long ret;

	ret = wait_event_interruptible_timeout(v->waiting,
			atomic64_read_acquire(&v->nr_seen) >= ticket ||
			READ_ONCE(v->source->is_gone), RING_DEADLINE);
	if (atomic64_read_acquire(&v->nr_seen) >= ticket)
		return 0;
	if (ret < 0)
		return -EINTR;
	return ret ? -ENODEV : -ETIMEDOUT;
}

static int ring_many(struct lanes_source_vector *v, struct lanes_ring *arg)
{
	s64 ticket;
	int err;

	while (arg->out_rung < arg->count) {
		err = ring_once(v, &ticket);
		if (err)
			return err;
		arg->out_rung++;
		if (arg->flags & LANES_RING_WAIT)
			err = await_handler(v, ticket);
		else if (signal_pending(current))
			err = -EINTR;
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

int lanes_ring_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_ring *arg = data;
	struct lanes_source *source;
	int err = -EINVAL;

	arg->out_rung = 0;
	if (!arg->count || arg->count > MAX_RINGS)
		return -EINVAL;
	source = get_source(file);
	if (IS_ERR(source))
		return PTR_ERR(source);
	if (arg->index < source->nr_vectors)
		err = ring_many(&source->vectors[arg->index], arg);
	lanes_source_put(source);
	return err;
}

int lanes_eventfd_ioctl(struct lanes_file *file, void *data)
{
	const struct lanes_eventfd *arg = data;
	struct eventfd_ctx *ctx = NULL;

	guard(mutex)(&file->lock);
	if (!file->source)
		return -ENOENT;
	if (READ_ONCE(file->source->is_gone))
		return -ENODEV;
	if (arg->index >= file->source->nr_vectors || arg->fd < -1)
		return -EINVAL;
	if (arg->fd >= 0) {
		ctx = eventfd_ctx_fdget(arg->fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}
	set_eventfd(&file->source->vectors[arg->index], ctx);
	return 0;
}

/* What has been seen is read before what has been rung: never more of it. */
static void fill_stat(struct lanes_source_vector *v,
		      struct lanes_vector_stat *stat)
{
	stat->irq = v->irq;
	stat->last_cpu = READ_ONCE(v->last_cpu);
	stat->nr_seen = atomic64_read_acquire(&v->nr_seen);
	stat->nr_handled = atomic64_read(&v->nr_handled);
	stat->nr_merged = atomic64_read(&v->nr_merged);
	stat->nr_rung = atomic64_read(&v->nr_rung);
	stat->nr_wrong_context = atomic64_read(&v->nr_wrong_context);
	v->source->ops->where(v->source, v->index, stat);
}

static int copy_stats(struct lanes_source *source,
		      struct lanes_source_stats *arg)
{
	struct lanes_vector_stat __user *user = u64_to_user_ptr(arg->vectors);
	unsigned int room = arg->nr_vectors, i;

	arg->nr_vectors = source->nr_vectors;
	for (i = 0; i < min(room, source->nr_vectors); i++) {
		struct lanes_vector_stat stat = { 0 };

		scoped_guard(rwsem_read, &source->gone) {
			if (source->is_gone)
				return -ENODEV;
			fill_stat(&source->vectors[i], &stat);
		}
		if (copy_to_user(&user[i], &stat, sizeof(stat)))
			return -EFAULT;
	}
	return 0;
}

int lanes_source_stats_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_source *source = get_source(file);
	int err;

	if (IS_ERR(source))
		return PTR_ERR(source);
	err = copy_stats(source, data);
	lanes_source_put(source);
	return err;
}
