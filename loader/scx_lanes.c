// SPDX-License-Identifier: GPL-2.0
/*
 * scx_lanes: loads the BPF scheduler, stays while it runs, says why it ended.
 */
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "exit_status.h"
#include "log.h"
#include "options.h"
#include "sched.h"

static volatile bool stop;

static void handle_signal(int sig)
{
	(void)sig;
	stop = true;
}

static void catch_signals(const struct options *opts)
{
	struct sigaction action = { .sa_handler = handle_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* Not from nohup(1). */
	if (signal(SIGHUP, SIG_IGN) != SIG_IGN)
		sigaction(SIGHUP, &action, NULL);
	/* Whoever read our tables may go: the scheduler stays, but not one who only looks. */
	if (!opts->monitor_secs)
		signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
	struct options opts;
	int ret;

	switch (options_parse(&opts, argc, argv)) {
	case OPTIONS_ANSWERED:
		return EXIT_AS_ASKED;
	case OPTIONS_BAD:
		return EXIT_USAGE;
	case OPTIONS_RUN:
		break;
	}
	log_setup(opts.verbosity);
	catch_signals(&opts);
	if (opts.monitor_secs)
		return sched_monitor(&opts, &stop);
	do
		ret = sched_run(&opts, &stop);
	while (ret == SCHED_RESTART && !stop);
	return ret == SCHED_RESTART ? EXIT_AS_ASKED : ret;
}
