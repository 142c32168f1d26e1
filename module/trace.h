/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events in tracefs, events/lanes: one for each change of state.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM lanes

#if !defined(__LANES_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define __LANES_TRACE_H

#include <linux/tracepoint.h>

#include "matrix.h"

#define lanes_state_name(state)						\
	__print_symbolic(state,						\
		{ LANES_VECTOR_AVAILABLE, "available" },		\
		{ LANES_VECTOR_ALLOCATED, "allocated" },		\
		{ LANES_VECTOR_MANAGED, "managed" },			\
		{ LANES_VECTOR_MANAGED_ALLOCATED, "managed_allocated" },	\
		{ LANES_VECTOR_SYSTEM, "system" })

TRACE_EVENT(lanes_matrix_move,
	TP_PROTO(unsigned int cpu, unsigned int vector, unsigned int from,
		 unsigned int to, unsigned int nr_to),
	TP_ARGS(cpu, vector, from, to, nr_to),
	TP_STRUCT__entry(
		__field(unsigned int, cpu)
		__field(unsigned int, vector)
		__field(unsigned int, from)
		__field(unsigned int, to)
		__field(unsigned int, nr_to)
	),
	TP_fast_assign(
		__entry->cpu = cpu;
		__entry->vector = vector;
		__entry->from = from;
		__entry->to = to;
		__entry->nr_to = nr_to;
	),
	TP_printk("cpu=%u vector=%u from=%s to=%s nr_to=%u",
		  __entry->cpu, __entry->vector,
		  lanes_state_name(__entry->from),
		  lanes_state_name(__entry->to), __entry->nr_to)
);

TRACE_EVENT(lanes_matrix_online,
	TP_PROTO(unsigned int cpu, bool is_online),
	TP_ARGS(cpu, is_online),
	TP_STRUCT__entry(
		__field(unsigned int, cpu)
		__field(bool, is_online)
	),
	TP_fast_assign(
		__entry->cpu = cpu;
		__entry->is_online = is_online;
	),
	TP_printk("cpu=%u online=%d", __entry->cpu, __entry->is_online)
);

/* An interrupt of the software bus has moved; was_pending: and was taken along */
TRACE_EVENT(lanes_msi_move,
	TP_PROTO(struct lanes_vector from, struct lanes_vector to,
		 bool was_pending),
	TP_ARGS(from, to, was_pending),
	TP_STRUCT__entry(
		__field(unsigned int, from_cpu)
		__field(unsigned int, from_vector)
		__field(unsigned int, to_cpu)
		__field(unsigned int, to_vector)
		__field(bool, was_pending)
	),
	TP_fast_assign(
		__entry->from_cpu = from.cpu;
		__entry->from_vector = from.vector;
		__entry->to_cpu = to.cpu;
		__entry->to_vector = to.vector;
		__entry->was_pending = was_pending;
	),
	TP_printk("from cpu=%u vector=%u to cpu=%u vector=%u pending=%d",
		  __entry->from_cpu, __entry->from_vector, __entry->to_cpu,
		  __entry->to_vector, __entry->was_pending)
);

#endif /* __LANES_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
