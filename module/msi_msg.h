/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the message of an interrupt means. Shared by msi_msg.c, the walk, which
 * compares with it, and the software bus, which delivers by it.
 */
#ifndef __LANES_MSI_MSG_H
#define __LANES_MSI_MSG_H

#include <linux/types.h>
#include <uapi/lanes.h>

/* Delivery modes; 3 and 6 are reserved. */
enum lanes_delivery {
	LANES_DELIVERY_FIXED = 0,
	LANES_DELIVERY_LOWEST = 1,
	LANES_DELIVERY_SMI = 2,
	LANES_DELIVERY_NMI = 4,
	LANES_DELIVERY_INIT = 5,
	LANES_DELIVERY_EXTINT = 7,
};

/**
 * struct lanes_msi_route - where a message goes and what it does there
 * @destination: APIC id of a CPU, or a set of CPUs where @is_logical
 * @is_logical: how @destination is to be read
 * @has_redirection_hint: whether the least busy CPU of the set may be chosen
 * @delivery: enum lanes_delivery
 * @vector: vector number
 * @is_level: whether it is level-triggered
 * @is_asserted: for a level, whether it begins
 * @handle: entry of the remapping table; all the above is told there
 * @has_subhandle: whether @subhandle is added to @handle (Intel)
 * @subhandle: number of the vector in a block of entries (Intel)
 */
struct lanes_msi_route {
	u32 destination;
	bool is_logical;
	bool has_redirection_hint;
	u8 delivery;
	u8 vector;
	bool is_level;
	bool is_asserted;
	u16 handle;
	bool has_subhandle;
	u16 subhandle;
};

int lanes_msi_compose(const struct lanes_msi_route *route,
		      enum lanes_msi_format format,
		      struct lanes_msi_message *out_message);
int lanes_msi_decode(const struct lanes_msi_message *message,
		     enum lanes_msi_format format,
		     struct lanes_msi_route *out_route);

#endif /* __LANES_MSI_MSG_H */
