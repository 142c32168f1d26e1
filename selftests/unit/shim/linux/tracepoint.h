/* SPDX-License-Identifier: GPL-2.0 */
/* An event is a function that does nothing; what it takes is still checked. */
#ifndef __SHIM_LINUX_TRACEPOINT_H
#define __SHIM_LINUX_TRACEPOINT_H

#pragma GCC diagnostic ignored "-Wunused-parameter"

#define TP_PROTO(...) __VA_ARGS__
#define TRACE_EVENT(name, proto, ...) \
	static inline void trace_##name(proto) {} \
	struct shim_trace_##name

#endif /* __SHIM_LINUX_TRACEPOINT_H */
