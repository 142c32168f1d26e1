/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/lanes: what lanes.ko and its clients say to each other.
 *
 * Each command takes a struct that begins with its size and flags. The caller
 * sets size to the sizeof() it was built with; what it passes beyond the struct
 * the module knows must be zero, so older and newer sides work together as long
 * as no new field is used. A field "in" is read, "out" is written, and one that
 * is both is said to be. Reserved fields must be zero. A field that is a count
 * of an array's entries says on return how many there are, also where that is
 * more than there was room for; only what has room is written.
 *
 * What a file descriptor allocated or attached is its own, and is given back
 * when it is closed.
 *
 * Every command may fail with:
 *
 *	EPERM		the caller has no CAP_SYS_ADMIN; for what touches hardware
 *			that the module does not own, or lets a device write
 *			where it should not, also no CAP_SYS_RAWIO, or
 *			the module's parameter allow_unsafe is not set, or the
 *			kernel is locked down
 *	ENOTTY		there is no such command
 *	EINVAL		the struct is too short; a CPU, vector, index or count is
 *			out of range; a reserved field is not zero
 *	E2BIG		the struct is longer than the module's, and not zero there
 *	EOPNOTSUPP	a flag is unknown, or the object cannot do this
 *	EFAULT		a pointer is bad
 *	ENOMEM		no memory
 *	EINTR		a signal came first
 *
 * and some with:
 *
 *	ENOSPC		no vector is left
 *	ENOENT		no such vector, function or interrupt is the caller's
 *	ENXIO		the CPU is offline
 *	EBUSY		this descriptor, or another one, has it already
 *	ENODEV		the device is gone
 *	ETIMEDOUT	the interrupt did not come, the transfer did not end, or
 *			the time given is over
 */
#ifndef _UAPI_LANES_H
#define _UAPI_LANES_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define LANES_IOC_TYPE 0xE0

/**
 * struct lanes_header - how every command begins
 * @size: in, sizeof the whole struct, in bytes
 * @flags: in, the command's flags
 */
struct lanes_header {
	__u32 size;
	__u32 flags;
};

/**
 * struct lanes_cpu_vector - a vector of a CPU
 * @cpu: CPU number
 * @vector: vector number, 0 to 255
 */
struct lanes_cpu_vector {
	__u32 cpu;
	__u32 vector;
};

/**
 * struct lanes_matrix_alloc - LANES_MATRIX_ALLOC: take vectors of the matrix
 * @size: in, sizeof(struct lanes_matrix_alloc)
 * @flags: in, 0
 * @nr_vectors: in, how many; all are taken or none
 * @cpus_bytes: in, size of @cpus, a multiple of 8; 0 means all CPUs
 * @cpus: in, pointer to a bitmap of the CPUs to choose from
 * @vectors: out, pointer to @nr_vectors of struct lanes_cpu_vector
 * @out_ns: out, nanoseconds spent in the matrix itself
 *
 * Errors: ENOSPC.
 */
struct lanes_matrix_alloc {
	__u32 size;
	__u32 flags;
	__u32 nr_vectors;
	__u32 cpus_bytes;
	__aligned_u64 cpus;
	__aligned_u64 vectors;
	__aligned_u64 out_ns;
};

/**
 * struct lanes_matrix_free - LANES_MATRIX_FREE: give back a vector
 * @size: in, sizeof(struct lanes_matrix_free)
 * @flags: in, 0
 * @vector: in, what LANES_MATRIX_ALLOC gave this file descriptor
 *
 * Errors: ENOENT.
 */
struct lanes_matrix_free {
	__u32 size;
	__u32 flags;
	struct lanes_cpu_vector vector;
};

/**
 * struct lanes_msi_message - what a device writes to raise an interrupt
 * @address_lo: bits 31:0 of the address
 * @address_hi: bits 63:32 of the address
 * @data: what it writes there
 */
struct lanes_msi_message {
	__u32 address_lo;
	__u32 address_hi;
	__u32 data;
};

/**
 * enum lanes_msi_format - how a message is to be read
 * @LANES_MSI_COMPAT: 8 bits of destination in the address
 * @LANES_MSI_EXTENDED: 15 bits: seven more in address bits 11:5, which
 *	hypervisors offer
 * @LANES_MSI_WIDE: 32 bits: the high ones in the upper half of the address;
 *	only an IOMMU's own interrupts, and the module's bus, are written so
 * @LANES_MSI_INTEL_IR: a handle into Intel's interrupt remapping table
 * @LANES_MSI_AMD_IR: an index into the device's AMD remapping table. It looks
 *	like COMPAT, and is told by the interrupt's domain only
 * @LANES_NR_MSI_FORMATS: how many there are
 */
enum lanes_msi_format {
	LANES_MSI_COMPAT,
	LANES_MSI_EXTENDED,
	LANES_MSI_WIDE,
	LANES_MSI_INTEL_IR,
	LANES_MSI_AMD_IR,
	LANES_NR_MSI_FORMATS,
};

/* struct lanes_msi_entry.flags */
#define LANES_ENTRY_HAS_TABLE	 (1u << 0)	/* @table was read */
#define LANES_ENTRY_HAS_IRQ	 (1u << 1)	/* @irq and @cached are set */
#define LANES_ENTRY_HAS_COMPOSED (1u << 2)	/* @composed and below are set */
#define LANES_ENTRY_MASKED	 (1u << 3)	/* the device is told to wait */
#define LANES_ENTRY_PENDING	 (1u << 4)	/* it has something to say */

/**
 * struct lanes_msi_entry - one vector of a PCI function
 * @index: its number in the function
 * @flags: LANES_ENTRY_*
 * @table: what the device holds, in its configuration space or its table
 * @cached: what the kernel believes it programmed
 * @composed: what the module composed from the interrupt's vector and CPU, or
 *	from its handle
 * @irq: Linux's number of the interrupt
 * @format: enum lanes_msi_format, told by the interrupt's domain
 * @vector: the vector the interrupt has
 * @destination: APIC id of the CPU it is delivered to
 * @reserved: 0
 */
struct lanes_msi_entry {
	__u32 index;
	__u32 flags;
	struct lanes_msi_message table;
	struct lanes_msi_message cached;
	struct lanes_msi_message composed;
	__u32 irq;
	__u32 format;
	__u32 vector;
	__u32 destination;
	__u32 reserved;
};

/**
 * enum lanes_msi_mode - how a function raises interrupts
 * @LANES_MODE_INTX: by a wire, or not at all
 * @LANES_MODE_MSI: by messages of its MSI capability
 * @LANES_MODE_MSIX: by messages of its MSI-X table
 */
enum lanes_msi_mode {
	LANES_MODE_INTX,
	LANES_MODE_MSI,
	LANES_MODE_MSIX,
};

/* struct lanes_pci_walk.flags */
#define LANES_WALK_TABLES	(1u << 0)	/* read tables in foreign BARs */

/* struct lanes_pci_walk.out_caps */
#define LANES_CAPS_MSI		(1u << 0)
#define LANES_CAPS_MSI_64BIT	(1u << 1)
#define LANES_CAPS_MSI_MASKABLE	(1u << 2)
#define LANES_CAPS_MSIX		(1u << 3)
#define LANES_CAPS_MSIX_MASKED	(1u << 4)	/* the function mask is set */
#define LANES_CAPS_MALFORMED	(1u << 5)	/* the list is broken */
#define LANES_CAPS_BUSY		(1u << 6)	/* locked by others, or asleep: not looked at */

/**
 * struct lanes_pci_walk - LANES_PCI_WALK: a PCI function's interrupts
 * @size: in, sizeof(struct lanes_pci_walk)
 * @flags: in, LANES_WALK_*; LANES_WALK_TABLES needs what EPERM says
 * @function: in, where to begin: domain << 16 | bus << 8 | devfn; out, the first
 *	function there or after
 * @nr_entries: in, room; out, vectors of the mode that is in use
 * @entries: out, pointer to struct lanes_msi_entry
 * @out_vendor_device: out, vendor << 16 | device
 * @out_mode: out, enum lanes_msi_mode
 * @out_caps: out, LANES_CAPS_*
 * @out_msi_vectors: out, vectors its MSI capability offers
 * @out_msix_vectors: out, entries of its MSI-X table
 * @out_table_bar: out, BAR of the MSI-X table
 * @out_table_offset: out, where the table is in it, in bytes
 * @out_pba_bar: out, BAR of the pending bits
 * @out_pba_offset: out, where they are in it, in bytes
 * @out_driver: out, name of the driver it is bound to, or empty
 *
 * Nothing is written to any device. Errors: ENOENT, no function is left.
 */
struct lanes_pci_walk {
	__u32 size;
	__u32 flags;
	__u32 function;
	__u32 nr_entries;
	__aligned_u64 entries;
	__u32 out_vendor_device;
	__u32 out_mode;
	__u32 out_caps;
	__u32 out_msi_vectors;
	__u32 out_msix_vectors;
	__u32 out_table_bar;
	__u32 out_table_offset;
	__u32 out_pba_bar;
	__u32 out_pba_offset;
	char out_driver[28];
};

/**
 * struct lanes_vector_owner - a vector that is in use
 * @cpu: CPU number
 * @vector: vector number
 * @irq: Linux's number of the interrupt; 0 where the owner is none
 * @reserved: 0
 */
struct lanes_vector_owner {
	__u32 cpu;
	__u32 vector;
	__u32 irq;
	__u32 reserved;
};

/**
 * struct lanes_list_vectors - LANES_LIST_VECTORS: the machine's vectors in use
 * @size: in, sizeof(struct lanes_list_vectors)
 * @flags: in, 0
 * @nr_owners: in, room; out, how many there are
 * @out_nr_cpus: out, CPUs this machine can have
 * @owners: out, pointer to struct lanes_vector_owner
 * @out_first_external: out, lowest vector an interrupt can have
 * @out_first_system: out, vectors from here on are the kernel's own
 *
 * An interrupt is listed when somebody has requested it.
 */
struct lanes_list_vectors {
	__u32 size;
	__u32 flags;
	__u32 nr_owners;
	__u32 out_nr_cpus;
	__aligned_u64 owners;
	__u32 out_first_external;
	__u32 out_first_system;
};

/**
 * struct lanes_msi_create - LANES_MSI_CREATE: interrupts without a device
 * @size: in, sizeof(struct lanes_msi_create)
 * @flags: in, 0
 * @nr_vectors: in, how many, 1 to 512
 * @reserved: 0
 *
 * A software device with vectors of the matrix becomes this descriptor's source.
 * Errors: ENOSPC; EBUSY, the descriptor has a source.
 */
struct lanes_msi_create {
	__u32 size;
	__u32 flags;
	__u32 nr_vectors;
	__u32 reserved;
};

/**
 * struct lanes_device_open - LANES_DEVICE_OPEN: interrupts of a real device
 * @size: in, sizeof(struct lanes_device_open)
 * @flags: in, 0
 * @function: in, the PCI function, as in struct lanes_pci_walk
 * @out_nr_vectors: out, vectors it has
 * @out_mode: out, enum lanes_msi_mode
 * @reserved: 0
 *
 * A function that is bound to the module becomes this descriptor's source.
 * Errors: ENOENT, no such function is; EBUSY.
 */
struct lanes_device_open {
	__u32 size;
	__u32 flags;
	__u32 function;
	__u32 out_nr_vectors;
	__u32 out_mode;
	__u32 reserved;
};

/* struct lanes_ring.flags */
#define LANES_RING_WAIT		(1u << 0)	/* for the handler, each time */

/**
 * struct lanes_ring - LANES_RING: let the source raise an interrupt
 * @size: in, sizeof(struct lanes_ring)
 * @flags: in, LANES_RING_*
 * @index: in, which of its vectors
 * @count: in, how often, 1 to 1000000
 * @out_rung: out, how often it was, even on error
 * @reserved: 0
 *
 * Without LANES_RING_WAIT several may become one, as on any edge-triggered
 * interrupt; the last one is always followed by a handler. Errors: ENOENT, the
 * descriptor has no source; EOPNOTSUPP, the module does not know how to make
 * this device do it; ENODEV; ETIMEDOUT, no handler in two seconds.
 */
struct lanes_ring {
	__u32 size;
	__u32 flags;
	__u32 index;
	__u32 count;
	__u32 out_rung;
	__u32 reserved;
};

/**
 * struct lanes_eventfd - LANES_EVENTFD: count interrupts in an eventfd
 * @size: in, sizeof(struct lanes_eventfd)
 * @flags: in, 0
 * @index: in, which vector of the source
 * @fd: in, the eventfd, or -1 for none any more
 *
 * Errors: ENOENT; ENODEV; EBADF, EINVAL as eventfds have it.
 */
struct lanes_eventfd {
	__u32 size;
	__u32 flags;
	__u32 index;
	__s32 fd;
};

/**
 * struct lanes_vector_stat - what became of a vector of the source
 * @irq: Linux's number of the interrupt
 * @cpu: CPU the message names; for a real device, the effective affinity
 * @vector: vector the message names, or 0 for a real device
 * @last_cpu: CPU of the last handler
 * @nr_rung: how often it was rung
 * @nr_merged: how many of these found the vector pending already
 * @nr_handled: runs of the handler
 * @nr_seen: value of @nr_rung in the last handler: equal to it, nothing is lost
 * @nr_wrong_context: handlers that did not run in hard-irq context
 */
struct lanes_vector_stat {
	__u32 irq;
	__u32 cpu;
	__u32 vector;
	__u32 last_cpu;
	__aligned_u64 nr_rung;
	__aligned_u64 nr_merged;
	__aligned_u64 nr_handled;
	__aligned_u64 nr_seen;
	__aligned_u64 nr_wrong_context;
};

/**
 * struct lanes_source_stats - LANES_SOURCE_STATS: the vectors of the source
 * @size: in, sizeof(struct lanes_source_stats)
 * @flags: in, 0
 * @nr_vectors: in, room; out, how many there are
 * @reserved: 0
 * @vectors: out, pointer to struct lanes_vector_stat
 *
 * Errors: ENOENT, the descriptor has no source; ENODEV.
 */
struct lanes_source_stats {
	__u32 size;
	__u32 flags;
	__u32 nr_vectors;
	__u32 reserved;
	__aligned_u64 vectors;
};

#define LANES_RTT_BUCKETS 32

/**
 * struct lanes_messenger - LANES_MESSENGER: messages between two CPUs
 * @size: in, sizeof(struct lanes_messenger)
 * @flags: in, 0
 * @cpu: in, the CPU to answer, another one than the caller's
 * @batch: in, messages that are sent before the answers are awaited, 1 to 256
 * @rounds: in, how often, 1 to 1000000
 * @reserved: 0
 * @out_messages: out, messages answered
 * @out_ipis: out, interrupts of the answering CPU that this took
 * @out_reply_ipis: out, and of the caller's
 * @out_total_ns: out, time all rounds took
 * @out_rtt: out, round trips: entry n counts those of 2^n to 2^(n+1) - 1 ns, the
 *	last one also all above
 *
 * Answers come to the CPU that the caller is on, and it stays there for a round.
 * Interrupts are counted for the CPU, so others' messages count too. Errors:
 * ENXIO.
 */
struct lanes_messenger {
	__u32 size;
	__u32 flags;
	__u32 cpu;
	__u32 batch;
	__u32 rounds;
	__u32 reserved;
	__aligned_u64 out_messages;
	__aligned_u64 out_ipis;
	__aligned_u64 out_reply_ipis;
	__aligned_u64 out_total_ns;
	__u32 out_rtt[LANES_RTT_BUCKETS];
};

/**
 * enum lanes_dma_direction - who writes the memory that is mapped
 * @LANES_DMA_BOTH: either
 * @LANES_DMA_TO_DEVICE: the CPU only; the device reads it
 * @LANES_DMA_FROM_DEVICE: the device only; the CPU reads it
 * @LANES_NR_DMA_DIRECTIONS: how many there are
 */
enum lanes_dma_direction {
	LANES_DMA_BOTH,
	LANES_DMA_TO_DEVICE,
	LANES_DMA_FROM_DEVICE,
	LANES_NR_DMA_DIRECTIONS,
};

/**
 * enum lanes_dma_step - what is timed in an experiment
 * @LANES_DMA_MAP: make memory known to the device, or allocate it
 * @LANES_DMA_TRANSFER: let the device do its part
 * @LANES_DMA_SYNC: hand memory that stays mapped from CPU to device or back
 * @LANES_DMA_UNMAP: undo MAP
 * @LANES_DMA_IOVA: allocate an address in the experiment's own domain
 * @LANES_DMA_FLUSH: let the IOMMU forget what was unmapped
 * @LANES_NR_DMA_STEPS: how many there are
 */
enum lanes_dma_step {
	LANES_DMA_MAP,
	LANES_DMA_TRANSFER,
	LANES_DMA_SYNC,
	LANES_DMA_UNMAP,
	LANES_DMA_IOVA,
	LANES_DMA_FLUSH,
	LANES_NR_DMA_STEPS,
};

#define LANES_DMA_BUCKETS 32

/**
 * struct lanes_dma_timing - what a step took
 * @nr: how often it was done
 * @total_ns: all of them together
 * @min_ns: the shortest
 * @max_ns: the longest
 * @log2_ns: entry n counts those of 2^n to 2^(n+1) - 1 ns, the first one also 0
 *	ns, the last one all above
 */
struct lanes_dma_timing {
	__aligned_u64 nr;
	__aligned_u64 total_ns;
	__aligned_u64 min_ns;
	__aligned_u64 max_ns;
	__u32 log2_ns[LANES_DMA_BUCKETS];
};

/* struct lanes_dma_list.out_needs */
#define LANES_DMA_NEEDS_ENGINE	(1u << 0)	/* a device that does DMA when told */
#define LANES_DMA_NEEDS_IOMMU	(1u << 1)	/* an IOMMU before the device */
#define LANES_DMA_NEEDS_UNSAFE	(1u << 2)	/* what EPERM says: see there */

/**
 * struct lanes_dma_list - LANES_DMA_LIST: what experiments there are
 * @size: in, sizeof(struct lanes_dma_list)
 * @flags: in, 0
 * @experiment: in, its number, counted from 0
 * @out_needs: out, LANES_DMA_NEEDS_*
 * @out_name: out, its name
 * @out_what: out, what it does
 *
 * Errors: ENOENT, there are no more.
 */
struct lanes_dma_list {
	__u32 size;
	__u32 flags;
	__u32 experiment;
	__u32 out_needs;
	char out_name[24];
	char out_what[104];
};

/**
 * enum lanes_dma_domain - what the kernel has between a device and memory
 * @LANES_DMA_DIRECT: nothing
 * @LANES_DMA_PASSTHROUGH: an IOMMU that lets all addresses through
 * @LANES_DMA_STRICT: an IOMMU that forgets a mapping when it is undone
 * @LANES_DMA_LAZY: an IOMMU that forgets it soon after
 * @LANES_NR_DMA_DOMAINS: how many there are
 */
enum lanes_dma_domain {
	LANES_DMA_DIRECT,
	LANES_DMA_PASSTHROUGH,
	LANES_DMA_STRICT,
	LANES_DMA_LAZY,
	LANES_NR_DMA_DOMAINS,
};

/**
 * struct lanes_dma_run - LANES_DMA_RUN: run an experiment
 * @size: in, sizeof(struct lanes_dma_run)
 * @flags: in, 0
 * @function: in, a PCI function that is bound to the module, as in struct
 *	lanes_pci_walk
 * @experiment: in, its number
 * @direction: in, enum lanes_dma_direction
 * @nr_bytes: in, how much to map each time, 1 to 1 MiB
 * @count: in, how often, 1 to 1000000
 * @transfers: in, in how many of these the device is to do its part, 0 to 1000;
 *	each takes edu a fifth of a second a page
 * @mask_bits: in, addresses the device is taken to have, 24 to 64, or 0 for what
 *	it is known to have
 * @reserved: 0
 * @nr_timings: in, room; out, LANES_NR_DMA_STEPS
 * @out_domain: out, enum lanes_dma_domain
 * @timings: out, pointer to struct lanes_dma_timing, by enum lanes_dma_step
 * @out_rounds: out, how often it was done, even on error
 * @out_transfers: out, how often the device did its part
 * @out_wrong: out, bytes that were not what they should be, and translations
 * @out_segments: out, pieces the device saw in the last mapping; where the pool
 *	is filled, mappings that it had room for
 * @out_unchanged: out, times that the device could not write where it should not
 * @out_overwritten: out, times that it could
 * @out_invalid: out, times that do not count: it was too early or too late
 * @out_bounced: out, times that the mapping was of another piece of memory
 * @out_restored: out, 1 when the device's own domain is back and works
 * @out_pad: 0
 * @out_physical: out, where the memory mapped last is, for the CPU
 * @out_address: out, and for the device
 *
 * Errors: ENOENT, no such function is, or no such experiment; EBUSY, another one
 * is running there; ENODEV, it is being unbound; ETIMEDOUT, the device did not
 * finish; EOPNOTSUPP, the device or the machine lacks what the experiment needs;
 * ENOSPC and EIO as the kernel's DMA functions have them.
 *
 * Functions other than edu, on which only mapping can be timed, and addresses
 * wider than the device is known to have, need what EPERM says.
 */
struct lanes_dma_run {
	__u32 size;
	__u32 flags;
	__u32 function;
	__u32 experiment;
	__u32 direction;
	__u32 nr_bytes;
	__u32 count;
	__u32 transfers;
	__u32 mask_bits;
	__u32 reserved;
	__u32 nr_timings;
	__u32 out_domain;
	__aligned_u64 timings;
	__u32 out_rounds;
	__u32 out_transfers;
	__u32 out_wrong;
	__u32 out_segments;
	__u32 out_unchanged;
	__u32 out_overwritten;
	__u32 out_invalid;
	__u32 out_bounced;
	__u32 out_restored;
	__u32 out_pad;
	__aligned_u64 out_physical;
	__aligned_u64 out_address;
};

#define LANES_LATENCY_BUCKETS 32

/**
 * enum lanes_threads_kind - how jobs come to threads
 * @LANES_THREADS_CREATE: a thread for each job, made, waited for and ended before
 *	the next one
 * @LANES_THREADS_CREATE_BATCH: the same, but all are made before the first one is
 *	started, and all are started before the first one is waited for
 * @LANES_THREADS_REUSE: a pool of threads that sleep; each job is handed to it and
 *	waited for before the next one
 * @LANES_THREADS_REUSE_BATCH: the same pool; all jobs are handed to it at a time
 * @LANES_NR_THREADS_KINDS: how many there are
 */
enum lanes_threads_kind {
	LANES_THREADS_CREATE,
	LANES_THREADS_CREATE_BATCH,
	LANES_THREADS_REUSE,
	LANES_THREADS_REUSE_BATCH,
	LANES_NR_THREADS_KINDS,
};

/**
 * struct lanes_threads_run - LANES_THREADS_RUN: what it costs to have jobs done
 * @size: in, sizeof(struct lanes_threads_run)
 * @flags: in, 0
 * @kind: in, enum lanes_threads_kind
 * @count: in, jobs, 1 to 100000; 1 to 1024 for LANES_THREADS_CREATE_BATCH, whose
 *	threads exist at a time
 * @nr_threads: in, threads of the pool, 1 to 64; 0 where there is none
 * @timeout_ms: in, no job or thread is begun after so long, 1 to 60000
 * @reserved: 0
 * @out_done: out, jobs done, even on error
 * @out_setup_ns: out, time to make the pool, or the threads made for jobs
 * @out_total_ns: out, time from the first job's beginning to the end of the last
 *	one: where threads are made for jobs, to the end of the last thread, and
 *	with the time to make them
 * @out_latency: out, time from when a job was given (its thread's making was
 *	begun, it was handed over) to when it ran: entry n counts those of 2^n to
 *	2^(n+1) - 1 ns, the last one also all above
 *
 * The jobs do nothing but look at the clock. Errors: ETIMEDOUT.
 */
struct lanes_threads_run {
	__u32 size;
	__u32 flags;
	__u32 kind;
	__u32 count;
	__u32 nr_threads;
	__u32 timeout_ms;
	__u32 reserved;
	__u32 out_done;
	__aligned_u64 out_setup_ns;
	__aligned_u64 out_total_ns;
	__u32 out_latency[LANES_LATENCY_BUCKETS];
};

/**
 * struct lanes_lk_run - LANES_LK_RUN: try the LK interface of the module
 * @size: in, sizeof(struct lanes_lk_run)
 * @flags: in, 0
 * @index: in, which scenario; there is no list, ENOENT ends it
 * @reserved: 0
 * @out_failures: out, how many of its expectations were not met; 0 is a pass
 * @out_expectations: out, how many there were
 * @out_ns: out, time it took
 * @out_row: out, the rows of the mission's checklist that it is about, as "D11"
 * @out_name: out, its name
 * @out_message: out, the first expectation that was not met, or what was measured
 *
 * Each has a deadline of its own. Errors: ENOENT, there is no such scenario.
 */
struct lanes_lk_run {
	__u32 size;
	__u32 flags;
	__u32 index;
	__u32 reserved;
	__u32 out_failures;
	__u32 out_expectations;
	__aligned_u64 out_ns;
	char out_row[16];
	char out_name[48];
	char out_message[128];
};

/**
 * struct lanes_task - scheduling data of a thread
 * @tid: its id, in the initial namespace, as are all ids here
 * @tgid: its process's
 * @policy: SCHED_*
 * @prio: the kernel's priority: 0 to 99 real-time, 100 to 139 by nice value
 * @nice: -20 to 19
 * @rt_priority: 1 to 99 for SCHED_FIFO and SCHED_RR, else 0
 * @cpu: where it runs or last ran
 * @state: the letter that ps shows
 * @comm: its name
 * @run_ns: time it ran, exact
 * @utime_ns: of that in user mode, as the kernel accounts it: by ticks in most
 * @stime_ns: and in the kernel
 * @start_ns: when it was made, nanoseconds since boot
 * @nr_voluntary: times it gave up the CPU
 * @nr_involuntary: times it was made to
 */
struct lanes_task {
	__u32 tid;
	__u32 tgid;
	__u32 policy;
	__s32 prio;
	__s32 nice;
	__u32 rt_priority;
	__u32 cpu;
	__u32 state;
	char comm[16];
	__aligned_u64 run_ns;
	__aligned_u64 utime_ns;
	__aligned_u64 stime_ns;
	__aligned_u64 start_ns;
	__aligned_u64 nr_voluntary;
	__aligned_u64 nr_involuntary;
};

#define LANES_MAX_TASKS 65536

/**
 * struct lanes_snapshot - what is mapped after LANES_SNAPSHOT_CREATE
 * @sequence: odd while the rest is being written. A reader takes it, tries again
 *	if it is odd, reads, takes it again, and begins anew if it has changed
 * @nr_tasks: threads there are; the first @max_tasks of them are here
 * @max_tasks: room
 * @task_bytes: size of an entry, which may grow
 * @taken_ns: CLOCK_MONOTONIC when it was written
 * @write_ns: time that took
 * @nr_writes: how often it was written
 * @tasks: by process, in the order they were made
 */
struct lanes_snapshot {
	__u32 sequence;
	__u32 nr_tasks;
	__u32 max_tasks;
	__u32 task_bytes;
	__aligned_u64 taken_ns;
	__aligned_u64 write_ns;
	__aligned_u64 nr_writes;
	struct lanes_task tasks[];
};

/**
 * struct lanes_snapshot_create - LANES_SNAPSHOT_CREATE: share tasks' data
 * @size: in, sizeof(struct lanes_snapshot_create)
 * @flags: in, 0
 * @max_tasks: in, room, 1 to LANES_MAX_TASKS
 * @period_ms: in, write it so often, 10 to 60000, or 0: when asked only
 * @out_bytes: out, size of what may be mapped now, at offset 0 of the descriptor,
 *	for reading: a mapping that can be written to is refused (EACCES)
 *
 * Errors: EBUSY, the descriptor has one.
 */
struct lanes_snapshot_create {
	__u32 size;
	__u32 flags;
	__u32 max_tasks;
	__u32 period_ms;
	__aligned_u64 out_bytes;
};

/**
 * struct lanes_snapshot_write - LANES_SNAPSHOT_WRITE: write the snapshot now
 * @size: in, sizeof(struct lanes_snapshot_write)
 * @flags: in, 0
 * @reserved: 0
 * @out_nr_tasks: out, threads there are
 *
 * Errors: ENOENT, the descriptor has none.
 */
struct lanes_snapshot_write {
	__u32 size;
	__u32 flags;
	__u32 reserved;
	__u32 out_nr_tasks;
};

/**
 * struct lanes_list_tasks - LANES_LIST_TASKS: copy tasks' data
 * @size: in, sizeof(struct lanes_list_tasks)
 * @flags: in, 0
 * @nr_tasks: in, room, at most LANES_MAX_TASKS; out, threads there are
 * @reserved: 0
 * @tasks: out, pointer to struct lanes_task
 */
struct lanes_list_tasks {
	__u32 size;
	__u32 flags;
	__u32 nr_tasks;
	__u32 reserved;
	__aligned_u64 tasks;
};

/*
 * The size in these numbers is that of this header; the module looks at the
 * size in the struct only.
 */
#define LANES_MATRIX_ALLOC \
	_IOWR(LANES_IOC_TYPE, 0, struct lanes_matrix_alloc)
#define LANES_MATRIX_FREE \
	_IOWR(LANES_IOC_TYPE, 1, struct lanes_matrix_free)
#define LANES_PCI_WALK \
	_IOWR(LANES_IOC_TYPE, 2, struct lanes_pci_walk)
#define LANES_LIST_VECTORS \
	_IOWR(LANES_IOC_TYPE, 3, struct lanes_list_vectors)
#define LANES_MSI_CREATE \
	_IOWR(LANES_IOC_TYPE, 4, struct lanes_msi_create)
#define LANES_DEVICE_OPEN \
	_IOWR(LANES_IOC_TYPE, 5, struct lanes_device_open)
#define LANES_RING \
	_IOWR(LANES_IOC_TYPE, 6, struct lanes_ring)
#define LANES_EVENTFD \
	_IOWR(LANES_IOC_TYPE, 7, struct lanes_eventfd)
#define LANES_SOURCE_STATS \
	_IOWR(LANES_IOC_TYPE, 8, struct lanes_source_stats)
#define LANES_MESSENGER \
	_IOWR(LANES_IOC_TYPE, 9, struct lanes_messenger)
#define LANES_DMA_LIST \
	_IOWR(LANES_IOC_TYPE, 16, struct lanes_dma_list)
#define LANES_DMA_RUN \
	_IOWR(LANES_IOC_TYPE, 17, struct lanes_dma_run)
#define LANES_THREADS_RUN \
	_IOWR(LANES_IOC_TYPE, 24, struct lanes_threads_run)
#define LANES_LK_RUN \
	_IOWR(LANES_IOC_TYPE, 25, struct lanes_lk_run)
#define LANES_SNAPSHOT_CREATE \
	_IOWR(LANES_IOC_TYPE, 26, struct lanes_snapshot_create)
#define LANES_SNAPSHOT_WRITE \
	_IOWR(LANES_IOC_TYPE, 27, struct lanes_snapshot_write)
#define LANES_LIST_TASKS \
	_IOWR(LANES_IOC_TYPE, 28, struct lanes_list_tasks)

#endif /* _UAPI_LANES_H */
