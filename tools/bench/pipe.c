// SPDX-License-Identifier: GPL-2.0
/*
 * pipe: the time of a round trip of one byte between two processes, each
 * asleep while the other runs. Both on the CPUs that are named, or free.
 */
#include <unistd.h>

#include "bench.h"

#define USAGE	"ROUNDS [CPU CPU]"

static int there[2], back[2];

static void pass(int in, int out)
{
	char byte;

	if (read(in, &byte, 1) != 1 || write(out, &byte, 1) != 1)
		_exit(0);
}

static void echo(void *cpu)
{
	if (cpu)
		pin_to(*(int *)cpu);
	for (;;)
		pass(there[0], back[1]);
}

/* Return: the time that @rounds took. */
static uint64_t play(unsigned long rounds)
{
	uint64_t start_ns = now_ns();

	while (rounds--)
		pass(back[0], there[1]);
	return now_ns() - start_ns;
}

int main(int argc, char **argv)
{
	unsigned long rounds = argument(argc, argv, 1, USAGE);
	int cpu;
	pid_t child;

	if (pipe(there) || pipe(back))
		die("pipe");
	if (argc > 2) {
		cpu = argument(argc, argv, 3, USAGE);
		pin_to(argument(argc, argv, 2, USAGE));
	}
	child = start_child(echo, argc > 2 ? &cpu : NULL);
	if (write(there[1], "", 1) != 1)
		die("write");
	play(rounds / 8);
	print_result("-", "ns", (double)play(rounds) / rounds);
	end_child(child);
	return 0;
}
