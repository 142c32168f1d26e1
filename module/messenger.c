// SPDX-License-Identifier: GPL-2.0
/*
 * Messages from CPU to CPU, to see what they cost.
 *
 * Each CPU has a mailbox that anyone may put messages into without a lock: a
 * list whose head is exchanged atomically. Who puts the first message into an
 * empty box interrupts its owner; others find it non-empty and know that the
 * owner is on its way. The owner takes all there is at once. So the number of
 * interrupts is at most that of messages, and the more messages come at a time
 * the fewer interrupts each one costs.
 *
 * What is measured is the way there and back: the owner answers a ping by
 * putting it into the box of the CPU it came from, by the same rules.
 *
 * CPUs neither come nor go while messages are on their way: a round is sent and
 * answered with hotplug held off.
 */
#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/ktime.h>
#include <linux/llist.h>
#include <linux/log2.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "lanes.h"

#define MAX_BATCH 256
#define MAX_ROUNDS 1000000

/**
 * struct mailbox - a CPU's
 * @messages: what has come; the latest one is first
 * @interrupt: calls the CPU to its box
 * @nr_interrupts: how often it was called
 */
struct mailbox {
	struct llist_head messages;
	call_single_data_t interrupt;
	atomic64_t nr_interrupts;
};

/**
 * struct ping - a message, which comes back to where it was sent from
 * @node: in a mailbox
 * @round: what it is part of
 * @is_answer: it is on its way back
 * @sent_ns: when it was sent
 */
struct ping {
	struct llist_node node;
	struct round *round;
	bool is_answer;
	u64 sent_ns;
};

/**
 * struct round - pings that are waited for together
 * @arg: where round trips are counted
 * @sender: the CPU that answers come to
 * @nr_missing: answers that have not come
 * @done: all have
 */
struct round {
	struct lanes_messenger *arg;
	unsigned int sender;
	atomic_t nr_missing;
	struct completion done;
};

static struct mailbox __percpu *mailboxes;

static void put_message(unsigned int cpu, struct ping *ping)
{
	struct mailbox *box = per_cpu_ptr(mailboxes, cpu);

	if (!llist_add(&ping->node, &box->messages))
		return;
	atomic64_inc(&box->nr_interrupts);
	/*
	 * Only who found the box empty comes here, and a box is emptied when
	 * the call's data are free again: it cannot be busy.
	 */
	WARN_ON_ONCE(smp_call_function_single_async(cpu, &box->interrupt));
}

/* On the sender's CPU with interrupts off: nobody else counts in @arg. */
static void note_answer(struct ping *ping)
{
	struct round *round = ping->round;
	u64 trip_ns = max(ktime_get_ns() - ping->sent_ns, 1);
	unsigned int bucket = min(ilog2(trip_ns), LANES_RTT_BUCKETS - 1);

	round->arg->out_rtt[bucket]++;
	round->arg->out_messages++;
	if (atomic_dec_and_test(&round->nr_missing))
		complete(&round->done);
}

/* The oldest message first. */
static void empty_mailbox(void *info)
{
	struct mailbox *box = info;
	struct llist_node *messages = llist_del_all(&box->messages);
	struct ping *ping, *next;

	messages = llist_reverse_order(messages);
	llist_for_each_entry_safe(ping, next, messages, node) {
		if (ping->is_answer) {
			note_answer(ping);
		} else {
			ping->is_answer = true;
			put_message(ping->round->sender, ping);
		}
	}
}

static void send_batch(struct round *round, struct ping *pings)
{
	const struct lanes_messenger *arg = round->arg;
	unsigned int i;

	for (i = 0; i < arg->batch; i++) {
		pings[i].round = round;
		pings[i].is_answer = false;
		pings[i].sent_ns = ktime_get_ns();
		put_message(arg->cpu, &pings[i]);
	}
}

static u64 nr_interrupts(unsigned int cpu)
{
	return atomic64_read(&per_cpu_ptr(mailboxes, cpu)->nr_interrupts);
}

static void send_and_await(struct round *round, struct ping *pings)
{
	struct lanes_messenger *arg = round->arg;

	arg->out_ipis -= nr_interrupts(arg->cpu);
	arg->out_reply_ipis -= nr_interrupts(round->sender);
	atomic_set(&round->nr_missing, arg->batch);
	init_completion(&round->done);
	send_batch(round, pings);
	wait_for_completion(&round->done);
	arg->out_ipis += nr_interrupts(arg->cpu);
	arg->out_reply_ipis += nr_interrupts(round->sender);
}

/*
 * The caller stays where it is for a round. Not for longer: a CPU cannot go
 * offline as long as a task is tied to it, and the lock waits for that CPU.
 */
static int run_round(struct lanes_messenger *arg, struct ping *pings)
{
	struct round round = { .arg = arg };
	int err = 0;

	guard(cpus_read_lock)();
	migrate_disable();
	round.sender = smp_processor_id();
	if (arg->cpu == round.sender)
		err = -EINVAL;
	else if (!cpu_online(arg->cpu))
		err = -ENXIO;
	else
		send_and_await(&round, pings);
	migrate_enable();
	return err;
}

static int run_rounds(struct lanes_messenger *arg, struct ping *pings)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < arg->rounds && !err; i++) {
		err = run_round(arg, pings);
		if (signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	return err;
}

int lanes_messenger_ioctl(struct lanes_file *file, void *data)
{
	struct lanes_messenger *arg = data;
	u64 begin_ns;
	int err;

	if (arg->cpu >= nr_cpu_ids || !cpu_possible(arg->cpu) || !arg->batch ||
	    arg->batch > MAX_BATCH || !arg->rounds || arg->rounds > MAX_ROUNDS)
		return -EINVAL;
	struct ping *pings __free(kfree) = kcalloc(arg->batch, sizeof(*pings),
						   GFP_KERNEL);
	if (!pings)
		return -ENOMEM;

	arg->out_messages = 0;
	arg->out_ipis = 0;
	arg->out_reply_ipis = 0;
	memset(arg->out_rtt, 0, sizeof(arg->out_rtt));
	begin_ns = ktime_get_ns();
	err = run_rounds(arg, pings);
	arg->out_total_ns = ktime_get_ns() - begin_ns;
	return err;
}

/**
 * lanes_messenger_create - give each CPU a mailbox
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int lanes_messenger_create(void)
{
	unsigned int cpu;

	mailboxes = alloc_percpu(struct mailbox);
	if (!mailboxes)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct mailbox *box = per_cpu_ptr(mailboxes, cpu);

		init_llist_head(&box->messages);
		INIT_CSD(&box->interrupt, empty_mailbox, box);
	}
	return 0;
}

/**
 * lanes_messenger_remove - take the mailboxes away; they are empty
 *
 * Every command has waited for its answers, so no call is on its way.
 *
 * Context: may sleep.
 */
void lanes_messenger_remove(void)
{
	free_percpu(mailboxes);
}
