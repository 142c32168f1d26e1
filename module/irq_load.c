// SPDX-License-Identifier: GPL-2.0
/*
 * What interrupts take of each CPU's time, for whoever places work.
 *
 * The kernel's own numbers (/proc/stat) do not tell. Unless it is built with
 * CONFIG_IRQ_TIME_ACCOUNTING, which Debian's is not, it looks at each tick what
 * it has interrupted; and no tick comes while a handler runs with interrupts
 * off. So this listens to the kernel's events of handlers that begin and end,
 * and adds up the time between. Counted are handlers of devices, and soft
 * interrupts, ksoftirqd's included; not the kernel's own vectors (local timer,
 * IPIs) nor how long it takes to get to a handler. With PREEMPT_RT tasks may run
 * in between the events of a soft interrupt: there those are not counted, and
 * devices' handlers are threads.
 *
 * Two clock readings an interrupt are not free. So nothing is measured before
 * somebody asks, nor from a second after the last question on; meanwhile the
 * work below looks at the clocks ten times a second, and each time moves a
 * CPU's share a quarter of the way to what it was since the last look (half of a
 * change shows after 240 ms). Reading it is one load.
 *
 * The events of an end are listened to before, and for longer than, those of a
 * beginning: a beginning whose end is missed would count for ever.
 */
#include <linux/cleanup.h>
#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/percpu.h>
#include <linux/sched/clock.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "lanes.h"
#include "live_irq.h"

#define LOOK_JIFFIES	(HZ / 10)
#define IDLE_JIFFIES	HZ
#define VECTORS_JIFFIES	HZ
#define PERMILLE	1000

/* The average is kept in finer steps than it is told in. */
#define FRACTION_BITS	8

/* Soft interrupts in which devices are served, by others than themselves too. */
#define DEVICE_SOFTIRQS	(BIT(NET_TX_SOFTIRQ) | BIT(NET_RX_SOFTIRQ) | \
			 BIT(BLOCK_SOFTIRQ) | BIT(IRQ_POLL_SOFTIRQ))

/**
 * struct irq_clock - the time one CPU has been in handlers
 * @depth: handlers that have begun; an interrupt may come within a soft one
 * @device_depth: those of them that serve a device
 * @since_ns: when the outermost one began
 * @total_ns: the time of those that have ended
 * @seen_ns: what of it the last look saw; this and the rest is the work's
 * @average: of the share, permille in steps of 1 / 2^FRACTION_BITS
 * @permille: what is told
 * @nr_vectors: of requested interrupts, here
 */
struct irq_clock {
	unsigned int depth;
	unsigned int device_depth;
	u64 since_ns;
	u64 total_ns;
	u64 seen_ns;
	unsigned int average;
	unsigned int permille;
	unsigned int nr_vectors;
};

static DEFINE_PER_CPU(struct irq_clock, irq_clocks);

/* With interrupts off: a soft interrupt's handler may be interrupted here too. */
static void note_begin(bool is_device)
{
	struct irq_clock *clock;

	guard(irqsave)();
	clock = this_cpu_ptr(&irq_clocks);
	clock->device_depth += is_device;
	if (!clock->depth++)
		clock->since_ns = local_clock();
}

static void note_end(bool is_device)
{
	struct irq_clock *clock;

	guard(irqsave)();
	clock = this_cpu_ptr(&irq_clocks);
	/* Its beginning was before we listened. */
	if (!clock->depth)
		return;
	if (clock->device_depth)
		clock->device_depth -= is_device;
	if (!--clock->depth)
		WRITE_ONCE(clock->total_ns, clock->total_ns + local_clock() -
			   clock->since_ns);
}

/* A timer that has an interrupt of its own wakes whoever, not whom it works for. */
static bool serves_device(const struct irqaction *action)
{
	return !(action->flags & __IRQF_TIMER);
}

static void on_irq_end(void *data, int irq, struct irqaction *action, int ret)
{
	note_end(serves_device(action));
}

static void on_irq_begin(void *data, int irq, struct irqaction *action)
{
	note_begin(serves_device(action));
}

static void on_softirq_end(void *data, unsigned int nr)
{
	note_end(BIT(nr) & DEVICE_SOFTIRQS);
}

static void on_softirq_begin(void *data, unsigned int nr)
{
	note_begin(BIT(nr) & DEVICE_SOFTIRQS);
}

/* In the order in which listening begins; it ends in the opposite one. */
static struct {
	const char *name;
	void *probe;
	bool is_soft;
	struct tracepoint *event;
} listeners[] = {
	{ "irq_handler_exit", on_irq_end, false },
	{ "irq_handler_entry", on_irq_begin, false },
	{ "softirq_exit", on_softirq_end, true },
	{ "softirq_entry", on_softirq_begin, true },
};

static bool is_watching;
static unsigned long asked_at;
static unsigned long vectors_at;
static u64 looked_ns;

static void find_event(struct tracepoint *event, void *unused)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(listeners); i++)
		if (!strcmp(event->name, listeners[i].name))
			listeners[i].event = event;
}

/*
 * Ends what the first @nr listen to, and waits until no probe runs. A handler that ran
 * meanwhile has begun and not ended: what it left is taken back.
 */
static void stop_listening(int nr)
{
	struct irq_clock *clock;
	unsigned int cpu;

	while (nr--)
		if (listeners[nr].event)
			tracepoint_probe_unregister(listeners[nr].event,
						    listeners[nr].probe, NULL);
	tracepoint_synchronize_unregister();
	for_each_possible_cpu(cpu) {
		clock = per_cpu_ptr(&irq_clocks, cpu);
		WRITE_ONCE(clock->device_depth, 0);
		WRITE_ONCE(clock->permille, 0);
	}
}

static int start_listening(void)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(listeners); i++) {
		if (!listeners[i].event)
			continue;
		err = tracepoint_probe_register(listeners[i].event,
						listeners[i].probe, NULL);
		if (err) {
			stop_listening(i);
			return err;
		}
	}
	return 0;
}

static void note_vector(const struct lanes_live_irq *live, void *arg)
{
	unsigned int *nr_vectors = arg;

	nr_vectors[live->cpu]++;
}

static void count_vectors(void)
{
	unsigned int *nr_vectors __free(kfree) =
		kcalloc(nr_cpu_ids, sizeof(*nr_vectors), GFP_KERNEL);
	unsigned int irq, cpu;

	if (!nr_vectors)
		return;
	for (irq = 0; irq < lanes_nr_irqs(); irq++)
		lanes_live_irq_look(irq, note_vector, nr_vectors);
	for_each_possible_cpu(cpu)
		WRITE_ONCE(per_cpu(irq_clocks, cpu).nr_vectors, nr_vectors[cpu]);
	vectors_at = jiffies;
}

static void look_at(struct irq_clock *clock, u64 passed_ns)
{
	u64 total_ns = READ_ONCE(clock->total_ns);
	u64 share = div64_u64((total_ns - clock->seen_ns) * PERMILLE, passed_ns);
	int aim = min(share, PERMILLE) << FRACTION_BITS;

	clock->seen_ns = total_ns;
	clock->average += (aim - (int)clock->average) / 4;
	WRITE_ONCE(clock->permille, clock->average >> FRACTION_BITS);
}

static void look_at_all(void)
{
	u64 now_ns = local_clock(), passed_ns = now_ns - looked_ns;
	unsigned int cpu;

	if (!passed_ns)
		return;
	looked_ns = now_ns;
	for_each_possible_cpu(cpu)
		look_at(per_cpu_ptr(&irq_clocks, cpu), passed_ns);
	if (time_after_eq(jiffies, vectors_at + VECTORS_JIFFIES))
		count_vectors();
}

/* No probe runs: the clocks are ours. */
static bool begin_to_watch(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(&irq_clocks, cpu), 0, sizeof(struct irq_clock));
	looked_ns = local_clock();
	if (start_listening())
		return false;
	count_vectors();
	return true;
}

static void watch(struct work_struct *work)
{
	if (time_before(jiffies, READ_ONCE(asked_at) + IDLE_JIFFIES)) {
		if (is_watching)
			look_at_all();
		else
			WRITE_ONCE(is_watching, begin_to_watch());
	} else if (is_watching) {
		stop_listening(ARRAY_SIZE(listeners));
		WRITE_ONCE(is_watching, false);
	}
	if (is_watching)
		schedule_delayed_work(to_delayed_work(work), LOOK_JIFFIES);
}

static DECLARE_DELAYED_WORK(watcher, watch);

/* The way to a work from where the run queue may be locked. */
static void wake_watcher(struct irq_work *work)
{
	schedule_delayed_work(&watcher, 0);
}

static DEFINE_IRQ_WORK(waker, wake_watcher);

static void ask(void)
{
	unsigned long now = jiffies;

	if (READ_ONCE(asked_at) != now)
		WRITE_ONCE(asked_at, now);
	if (!READ_ONCE(is_watching))
		irq_work_queue(&waker);
}

/**
 * lanes_irq_load_of - how much of a CPU's time interrupts take
 * @cpu: the CPU; there need not be one
 *
 * The first question begins the measurement, and is answered 0.
 *
 * Context: any.
 * Return: permille, averaged over some 300 ms.
 */
unsigned int lanes_irq_load_of(unsigned int cpu)
{
	ask();
	return cpu < nr_cpu_ids && cpu_possible(cpu) ?
	       READ_ONCE(per_cpu(irq_clocks, cpu).permille) : 0;
}

/**
 * lanes_irq_load_vectors - how many interrupts of devices go to a CPU
 * @cpu: the CPU; there need not be one
 *
 * Counted once a second while somebody asks.
 *
 * Context: any.
 * Return: vectors of requested interrupts, as lanes_list_vectors_ioctl() lists.
 */
unsigned int lanes_irq_load_vectors(unsigned int cpu)
{
	ask();
	return cpu < nr_cpu_ids && cpu_possible(cpu) ?
	       READ_ONCE(per_cpu(irq_clocks, cpu).nr_vectors) : 0;
}

/**
 * lanes_irq_load_serves_device - is a device being served here, right now?
 *
 * By the handler of its interrupt, or by one of the soft interrupts that go on
 * with the work; a timer that interrupts these passes for one. Never, as long as
 * nobody asks for a load.
 *
 * Context: preemption off.
 */
bool lanes_irq_load_serves_device(void)
{
	return this_cpu_read(irq_clocks.device_depth);
}

/**
 * lanes_irq_load_create - find the events; listening begins when somebody asks
 *
 * Context: may sleep.
 */
void lanes_irq_load_create(void)
{
	int i;

	for_each_kernel_tracepoint(find_event, NULL);
	for (i = 0; i < ARRAY_SIZE(listeners); i++)
		if (IS_ENABLED(CONFIG_PREEMPT_RT) && listeners[i].is_soft)
			listeners[i].event = NULL;
}

/**
 * lanes_irq_load_remove - stop; nobody asks any more
 *
 * Context: may sleep.
 */
void lanes_irq_load_remove(void)
{
	irq_work_sync(&waker);
	cancel_delayed_work_sync(&watcher);
	if (is_watching)
		stop_listening(ARRAY_SIZE(listeners));
}
