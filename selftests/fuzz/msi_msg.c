// SPDX-License-Identifier: GPL-2.0
/*
 * A message that is understood is composed again from what was understood; a
 * route that can be composed is what its message is decoded to. The input is a
 * format and the bytes of a message, and then those of a route.
 */
#include "../../module/msi_msg.c"

#include <stdlib.h>

struct input {
	unsigned char format;
	unsigned char flags;
	unsigned char delivery;
	unsigned char vector;
	struct lanes_msi_message message;
	unsigned int destination;
	unsigned short handle;
	unsigned short subhandle;
};

static void require(bool holds_true)
{
	if (!holds_true)
		abort();
}

static void message_survives(const struct input *in,
			     enum lanes_msi_format format)
{
	struct lanes_msi_message again;
	struct lanes_msi_route route;

	if (lanes_msi_decode(&in->message, format, &route))
		return;
	require(!lanes_msi_compose(&route, format, &again));
	require(!memcmp(&again, &in->message, sizeof(again)));
}

static void route_survives(const struct input *in, enum lanes_msi_format format)
{
	struct lanes_msi_route route, back;
	struct lanes_msi_message m;

	memset(&route, 0, sizeof(route));
	if (format == LANES_MSI_INTEL_IR || format == LANES_MSI_AMD_IR) {
		route.handle = in->handle;
	} else {
		route.destination = in->destination;
		route.is_logical = in->flags & 1;
		route.has_redirection_hint = in->flags & 2;
		route.is_level = in->flags & 4;
		route.is_asserted = in->flags & 8;
		route.delivery = in->delivery;
		route.vector = in->vector;
	}
	if (format == LANES_MSI_INTEL_IR) {
		route.has_subhandle = in->flags & 16;
		route.subhandle = in->subhandle;
	}
	if (lanes_msi_compose(&route, format, &m))
		return;
	require(!lanes_msi_decode(&m, format, &back));
	require(!memcmp(&back, &route, sizeof(back)));
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t nr_bytes);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t nr_bytes)
{
	struct input in = { 0 };

	memcpy(&in, bytes, nr_bytes < sizeof(in) ? nr_bytes : sizeof(in));
	message_survives(&in, in.format % (LANES_NR_MSI_FORMATS + 1));
	route_survives(&in, in.format % (LANES_NR_MSI_FORMATS + 1));
	return 0;
}
