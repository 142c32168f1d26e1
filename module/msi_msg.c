// SPDX-License-Identifier: GPL-2.0
/*
 * The message of an interrupt: an address and what is written there.
 *
 * On x86 all interrupt messages are writes to 0xfeexxxxx; the low bits of the
 * address and the data say who gets which vector. There are five ways to read
 * them (enum lanes_msi_format), and the bits do not tell which: it depends on
 * who is listening.
 *
 *	             address                                       data
 *	bits         63:40  39:32  31:20  19:12  11:5   4  3  2    15  14  10:8  7:0
 *	COMPAT       0      0      fee    dest   0      0  RH DM   TM  L   mode  vector
 *	EXTENDED     0      0      fee    dest   dest   0  RH DM   "   "   "     "
 *	                                  7:0    14:8
 *	WIDE         dest   0      fee    dest   0      0  RH DM   "   "   "     "
 *	             31:8                 7:0
 *	INTEL_IR     0      0      fee    handle 14:0   1  SHV H15 subhandle
 *	AMD_IR       0      0      fee    0      0      0  0  0    index (10:0)
 *
 * Every other bit is reserved. A message that has one of them set, or a
 * delivery mode that is reserved, is refused by the decoder, so that each
 * message has one meaning and each meaning one message: decoding and composing
 * undo each other. The fuzzer and the tests hold them to it.
 */
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "msi_msg.h"

#define BASE		GENMASK(31, 20)
#define BASE_MSI	0xfee
#define DEST_LOW	GENMASK(19, 12)
#define DEST_MIDDLE	GENMASK(11, 5)
#define REMAPPED	BIT(4)
#define HINT		BIT(3)
#define LOGICAL		BIT(2)
#define DEST_HIGH	GENMASK(31, 8)

#define LEVEL		BIT(15)
#define ASSERTED	BIT(14)
#define DELIVERY	GENMASK(10, 8)
#define VECTOR		GENMASK(7, 0)

#define HANDLE_LOW	GENMASK(19, 5)
#define HANDLE_15	BIT(2)
#define HAS_SUBHANDLE	BIT(3)
#define SUBHANDLE	GENMASK(15, 0)
#define AMD_INDEX	GENMASK(10, 0)

static bool is_delivery(unsigned int mode)
{
	return mode <= 7 && mode != 3 && mode != 6;
}

static unsigned int destination_bits(enum lanes_msi_format format)
{
	switch (format) {
	case LANES_MSI_COMPAT:
		return 8;
	case LANES_MSI_EXTENDED:
		return 15;
	default:
		return 32;
	}
}

static int compose_direct(const struct lanes_msi_route *route,
			  enum lanes_msi_format format,
			  struct lanes_msi_message *m)
{
	if (!is_delivery(route->delivery))
		return -EINVAL;
	if ((u64)route->destination >> destination_bits(format))
		return -ERANGE;

	m->address_lo |= FIELD_PREP(DEST_LOW, route->destination & 0xff) |
			 FIELD_PREP(HINT, route->has_redirection_hint) |
			 FIELD_PREP(LOGICAL, route->is_logical);
	if (format == LANES_MSI_EXTENDED)
		m->address_lo |= FIELD_PREP(DEST_MIDDLE,
					    route->destination >> 8);
	if (format == LANES_MSI_WIDE)
		m->address_hi = FIELD_PREP(DEST_HIGH, route->destination >> 8);
	m->data = FIELD_PREP(LEVEL, route->is_level) |
		  FIELD_PREP(ASSERTED, route->is_asserted) |
		  FIELD_PREP(DELIVERY, route->delivery) |
		  FIELD_PREP(VECTOR, route->vector);
	return 0;
}

static int compose_intel(const struct lanes_msi_route *route,
			 struct lanes_msi_message *m)
{
	if (route->subhandle && !route->has_subhandle)
		return -EINVAL;
	m->address_lo |= REMAPPED |
			 FIELD_PREP(HANDLE_LOW, route->handle & 0x7fff) |
			 FIELD_PREP(HANDLE_15, route->handle >> 15) |
			 FIELD_PREP(HAS_SUBHANDLE, route->has_subhandle);
	m->data = route->subhandle;
	return 0;
}

static int compose_amd(const struct lanes_msi_route *route,
		       struct lanes_msi_message *m)
{
	if (route->handle > FIELD_MAX(AMD_INDEX))
		return -ERANGE;
	m->data = route->handle;
	return 0;
}

/**
 * lanes_msi_compose - the message that goes where a route says
 * @route: where; fields that the format has no room for are not looked at
 * @format: how the listener reads it
 * @out_message: the message; undefined on error
 *
 * Context: any.
 * Return: 0; -EINVAL when there is no such format or delivery mode, or a
 * subhandle that is said not to be there; -ERANGE when destination or handle do
 * not fit in.
 */
int lanes_msi_compose(const struct lanes_msi_route *route,
		      enum lanes_msi_format format,
		      struct lanes_msi_message *out_message)
{
	memset(out_message, 0, sizeof(*out_message));
	out_message->address_lo = FIELD_PREP(BASE, BASE_MSI);
	switch (format) {
	case LANES_MSI_COMPAT:
	case LANES_MSI_EXTENDED:
	case LANES_MSI_WIDE:
		return compose_direct(route, format, out_message);
	case LANES_MSI_INTEL_IR:
		return compose_intel(route, out_message);
	case LANES_MSI_AMD_IR:
		return compose_amd(route, out_message);
	default:
		return -EINVAL;
	}
}

static void decode_direct(const struct lanes_msi_message *m,
			  enum lanes_msi_format format,
			  struct lanes_msi_route *route)
{
	route->destination = FIELD_GET(DEST_LOW, m->address_lo);
	if (format == LANES_MSI_EXTENDED)
		route->destination |= FIELD_GET(DEST_MIDDLE, m->address_lo) << 8;
	if (format == LANES_MSI_WIDE)
		route->destination |= FIELD_GET(DEST_HIGH, m->address_hi) << 8;
	route->has_redirection_hint = FIELD_GET(HINT, m->address_lo);
	route->is_logical = FIELD_GET(LOGICAL, m->address_lo);
	route->is_level = FIELD_GET(LEVEL, m->data);
	route->is_asserted = FIELD_GET(ASSERTED, m->data);
	route->delivery = FIELD_GET(DELIVERY, m->data);
	route->vector = FIELD_GET(VECTOR, m->data);
}

static void decode_intel(const struct lanes_msi_message *m,
			 struct lanes_msi_route *route)
{
	route->handle = FIELD_GET(HANDLE_LOW, m->address_lo) |
			FIELD_GET(HANDLE_15, m->address_lo) << 15;
	route->has_subhandle = FIELD_GET(HAS_SUBHANDLE, m->address_lo);
	route->subhandle = FIELD_GET(SUBHANDLE, m->data);
}

/**
 * lanes_msi_decode - where a message goes
 * @message: the message
 * @format: how the listener reads it
 * @out_route: where; fields that the format does not have are 0
 *
 * Context: any.
 * Return: 0; -EINVAL when this is no message in that format: then @out_route
 * is undefined.
 */
int lanes_msi_decode(const struct lanes_msi_message *message,
		     enum lanes_msi_format format,
		     struct lanes_msi_route *out_route)
{
	struct lanes_msi_message again;

	memset(out_route, 0, sizeof(*out_route));
	switch (format) {
	case LANES_MSI_COMPAT:
	case LANES_MSI_EXTENDED:
	case LANES_MSI_WIDE:
		decode_direct(message, format, out_route);
		break;
	case LANES_MSI_INTEL_IR:
		decode_intel(message, out_route);
		break;
	case LANES_MSI_AMD_IR:
		out_route->handle = FIELD_GET(AMD_INDEX, message->data);
		break;
	default:
		return -EINVAL;
	}

	/* Whatever was not looked at is reserved, and makes a difference here. */
	if (lanes_msi_compose(out_route, format, &again) ||
	    memcmp(&again, message, sizeof(again)))
		return -EINVAL;
	return 0;
}
