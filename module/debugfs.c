// SPDX-License-Identifier: GPL-2.0
/*
 * What people may look at in /sys/kernel/debug/lanes. For eyes only: nothing
 * can be changed here, and no program should depend on what it looks like.
 *
 * debugfs holds a reference on this module while a file is open, so the module
 * cannot go away under a reader.
 */
#include <linux/cleanup.h>
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "lanes.h"
#include "matrix.h"

static struct dentry *lanes_dir;

static const char * const state_names[LANES_NR_VECTOR_STATES] = {
	[LANES_VECTOR_AVAILABLE]	 = "available",
	[LANES_VECTOR_ALLOCATED]	 = "allocated",
	[LANES_VECTOR_MANAGED]		 = "managed",
	[LANES_VECTOR_MANAGED_ALLOCATED] = "managed_allocated",
	[LANES_VECTOR_SYSTEM]		 = "system",
};

static void show_heading(struct seq_file *seq,
			 const struct lanes_matrix_snapshot *s)
{
	unsigned int state;

	seq_puts(seq, "# a snapshot: the vectors of each CPU by state\n");
	seq_printf(seq, "# %u of %u CPUs online, %u vectors usable\n",
		   s->nr_online, s->nr_cpus, s->nr_usable);
	seq_puts(seq, "cpu     online");
	for (state = 0; state < LANES_NR_VECTOR_STATES; state++)
		seq_printf(seq, "  %s", state_names[state]);
	seq_putc(seq, '\n');
}

/* Each number stands under the name of its column. */
static void show_counts(struct seq_file *seq, const unsigned int *nr)
{
	unsigned int state;

	for (state = 0; state < LANES_NR_VECTOR_STATES; state++)
		seq_printf(seq, "  %*u", (int)strlen(state_names[state]),
			   nr[state]);
	seq_putc(seq, '\n');
}

static int matrix_show(struct seq_file *seq, void *unused)
{
	struct lanes_matrix_snapshot *s __free(kvfree) =
		lanes_matrix_snapshot(seq->private);
	unsigned int cpu;

	if (!s)
		return -ENOMEM;

	show_heading(seq, s);
	for (cpu = 0; cpu < s->nr_cpus; cpu++) {
		seq_printf(seq, "%-6u  %6s", cpu,
			   s->cpus[cpu].is_online ? "yes" : "no");
		show_counts(seq, s->cpus[cpu].nr);
	}
	seq_printf(seq, "%-6s  %6u", "all", s->nr_online);
	show_counts(seq, s->nr_total);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(matrix);

static int machine_show(struct seq_file *seq, void *unused)
{
	lanes_machine_show(seq);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(machine);

static int bus_show(struct seq_file *seq, void *unused)
{
	lanes_bus_show(seq);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(bus);

static int devices_show(struct seq_file *seq, void *unused)
{
	lanes_device_show(seq);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(devices);

/**
 * lanes_debugfs_create - show what there is in /sys/kernel/debug/lanes
 * @m: the matrix; it must live until lanes_debugfs_remove() has returned
 *
 * Without debugfs nothing is shown, and nothing else is amiss.
 *
 * Context: may sleep.
 */
void lanes_debugfs_create(struct lanes_matrix *m)
{
	lanes_dir = debugfs_create_dir("lanes", NULL);
	debugfs_create_file("matrix", 0444, lanes_dir, m, &matrix_fops);
	debugfs_create_file("machine", 0444, lanes_dir, NULL, &machine_fops);
	debugfs_create_file("bus", 0444, lanes_dir, NULL, &bus_fops);
	debugfs_create_file("devices", 0444, lanes_dir, NULL, &devices_fops);
}

/**
 * lanes_debugfs_remove - remove what lanes_debugfs_create() made
 *
 * Context: may sleep; waits for readers that are at it.
 */
void lanes_debugfs_remove(void)
{
	debugfs_remove(lanes_dir);
}
