/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of lanes.ko have in common: the file descriptor a command
 * comes by, the commands, and a pair of functions for each part that main.c
 * starts and stops.
 */
#ifndef __LANES_H
#define __LANES_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <uapi/lanes.h>

struct lanes_matrix;
struct lanes_shared;
struct lanes_source;
struct pci_dev;
struct seq_file;
struct vm_area_struct;

/**
 * struct lanes_file - what belongs to an open /dev/lanes
 * @lock: protects all of it
 * @vectors: a bit for each vector of each CPU that it holds
 * @source: where its interrupts come from, or NULL
 * @shared: the snapshot of tasks it shares, or NULL; stays until it is closed
 */
struct lanes_file {
	struct mutex lock;
	unsigned long *vectors;
	struct lanes_source *source;
	struct lanes_shared *shared;
};

/* Each takes the file and the command's own struct, and may sleep. */
int lanes_matrix_alloc_ioctl(struct lanes_file *file, void *arg);
int lanes_matrix_free_ioctl(struct lanes_file *file, void *arg);
int lanes_pci_walk_ioctl(struct lanes_file *file, void *arg);
int lanes_list_vectors_ioctl(struct lanes_file *file, void *arg);
int lanes_msi_create_ioctl(struct lanes_file *file, void *arg);
int lanes_device_open_ioctl(struct lanes_file *file, void *arg);
int lanes_ring_ioctl(struct lanes_file *file, void *arg);
int lanes_eventfd_ioctl(struct lanes_file *file, void *arg);
int lanes_source_stats_ioctl(struct lanes_file *file, void *arg);
int lanes_messenger_ioctl(struct lanes_file *file, void *arg);
int lanes_dma_list_ioctl(struct lanes_file *file, void *arg);
int lanes_dma_run_ioctl(struct lanes_file *file, void *arg);
int lanes_threads_run_ioctl(struct lanes_file *file, void *arg);
int lanes_lk_run_ioctl(struct lanes_file *file, void *arg);
int lanes_snapshot_create_ioctl(struct lanes_file *file, void *arg);
int lanes_snapshot_write_ioctl(struct lanes_file *file, void *arg);
int lanes_list_tasks_ioctl(struct lanes_file *file, void *arg);

extern struct lanes_matrix *lanes_matrix;

int lanes_chardev_create(void);
void lanes_chardev_remove(void);
bool lanes_may_touch_foreign_hardware(void);

int lanes_holdings_open(struct lanes_file *file);
void lanes_holdings_release(struct lanes_file *file);

int lanes_bus_create(void);
void lanes_bus_remove(void);
void lanes_bus_cpu_came_online(unsigned int cpu);
void lanes_bus_show(struct seq_file *seq);

/* What a function's number has room for. */
#define LANES_MAX_DOMAIN 0xffff

u32 lanes_function_number(struct pci_dev *pdev);

int lanes_device_register(void);
void lanes_device_unregister(void);
void lanes_device_show(struct seq_file *seq);

int lanes_messenger_create(void);
void lanes_messenger_remove(void);

int lanes_snapshot_mmap(struct lanes_file *file, struct vm_area_struct *vma);
void lanes_snapshot_release(struct lanes_file *file);

void lanes_machine_show(struct seq_file *seq);

void lanes_irq_load_create(void);
void lanes_irq_load_remove(void);
unsigned int lanes_irq_load_of(unsigned int cpu);
unsigned int lanes_irq_load_vectors(unsigned int cpu);
bool lanes_irq_load_serves_device(void);

int lanes_kfuncs_register(void);

void lanes_debugfs_create(struct lanes_matrix *m);
void lanes_debugfs_remove(void);

#endif /* __LANES_H */
