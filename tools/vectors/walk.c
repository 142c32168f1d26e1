// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-vectors walk: every PCI function that has interrupts, and for each
 * vector whether device, kernel and module agree on its message.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vectors.h"

#define MAX_ENTRIES 2048

struct totals {
	unsigned int nr_functions;
	unsigned int nr_entries;
	unsigned int nr_compared;
	unsigned int nr_tables;
	unsigned int nr_different;
	unsigned int nr_malformed;
	unsigned int nr_busy;
};

static struct json_object *json;

static bool same(const struct lanes_msi_message *a,
		 const struct lanes_msi_message *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static bool differs(const struct lanes_msi_entry *e)
{
	return (e->flags & LANES_ENTRY_HAS_TABLE && !same(&e->table, &e->cached)) ||
	       (e->flags & LANES_ENTRY_HAS_COMPOSED &&
		!same(&e->composed, &e->cached));
}

static const char *format_name(unsigned int format)
{
	static const char * const names[LANES_NR_MSI_FORMATS] = {
		[LANES_MSI_COMPAT] = "compat",
		[LANES_MSI_EXTENDED] = "extended",
		[LANES_MSI_WIDE] = "wide",
		[LANES_MSI_INTEL_IR] = "intel-ir",
		[LANES_MSI_AMD_IR] = "amd-ir",
	};

	return format < LANES_NR_MSI_FORMATS ? names[format] : "?";
}

static void print_message(const char *name, const struct lanes_msi_message *m)
{
	printf("       %-8s %08x%08x %08x\n", name, m->address_hi, m->address_lo,
	       m->data);
}

/* Table, cached and composed are shown apart only where they are not equal. */
static void print_entry(const struct lanes_msi_entry *e)
{
	if (!(e->flags & LANES_ENTRY_HAS_IRQ)) {
		if (e->flags & LANES_ENTRY_HAS_TABLE)
			printf("  %4u  not requested%s\n", e->index,
			       e->flags & LANES_ENTRY_MASKED ? ", masked" : "");
		return;
	}
	printf("  %4u  irq %u vector 0x%02x apic %u %s %08x%08x %08x%s%s%s\n",
	       e->index, e->irq, e->vector, e->destination,
	       format_name(e->format), e->cached.address_hi, e->cached.address_lo,
	       e->cached.data, e->flags & LANES_ENTRY_MASKED ? " masked" : "",
	       e->flags & LANES_ENTRY_PENDING ? " pending" : "",
	       differs(e) ? " DIFFERS" : "");
	if (!differs(e))
		return;
	if (e->flags & LANES_ENTRY_HAS_TABLE)
		print_message("table", &e->table);
	if (e->flags & LANES_ENTRY_HAS_COMPOSED)
		print_message("composed", &e->composed);
}

static void print_function(const struct lanes_pci_walk *w)
{
	printf("%s %04x:%04x %-12s %s", function_name(w->function),
	       w->out_vendor_device >> 16, w->out_vendor_device & 0xffff,
	       *w->out_driver ? w->out_driver : "-", mode_name(w->out_mode));
	if (w->out_caps & LANES_CAPS_MSIX)
		printf(", MSI-X %u (table bar %u+0x%x, pending bar %u+0x%x)%s",
		       w->out_msix_vectors, w->out_table_bar, w->out_table_offset,
		       w->out_pba_bar, w->out_pba_offset,
		       w->out_caps & LANES_CAPS_MSIX_MASKED ? " masked" : "");
	if (w->out_caps & LANES_CAPS_MSI)
		printf(", MSI %u%s%s", w->out_msi_vectors,
		       w->out_caps & LANES_CAPS_MSI_64BIT ? " 64-bit" : "",
		       w->out_caps & LANES_CAPS_MSI_MASKABLE ? " maskable" : "");
	printf("%s%s\n", w->out_caps & LANES_CAPS_MALFORMED ? ", MALFORMED" : "",
	       w->out_caps & LANES_CAPS_BUSY ? ", busy" : "");
}

static struct json_object *message_json(const struct lanes_msi_message *m)
{
	struct json_object *o = json_object_new_object();

	json_add(o, "address", (int64_t)m->address_hi << 32 | m->address_lo);
	json_add(o, "data", m->data);
	return o;
}

static struct json_object *entry_json(const struct lanes_msi_entry *e)
{
	struct json_object *o = json_object_new_object();

	json_add(o, "index", e->index);
	json_object_object_add(o, "masked",
		json_object_new_boolean(e->flags & LANES_ENTRY_MASKED));
	json_object_object_add(o, "pending",
		json_object_new_boolean(e->flags & LANES_ENTRY_PENDING));
	if (e->flags & LANES_ENTRY_HAS_TABLE)
		json_object_object_add(o, "table", message_json(&e->table));
	if (!(e->flags & LANES_ENTRY_HAS_IRQ))
		return o;
	json_object_object_add(o, "cached", message_json(&e->cached));
	if (e->flags & LANES_ENTRY_HAS_COMPOSED)
		json_object_object_add(o, "composed", message_json(&e->composed));
	json_add(o, "irq", e->irq);
	json_add_text(o, "format", format_name(e->format));
	json_add(o, "vector", e->vector);
	json_add(o, "destination", e->destination);
	json_object_object_add(o, "differs", json_object_new_boolean(differs(e)));
	return o;
}

static struct json_object *function_json(const struct lanes_pci_walk *w)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "function", function_name(w->function));
	json_add(o, "vendor", w->out_vendor_device >> 16);
	json_add(o, "device", w->out_vendor_device & 0xffff);
	json_add_text(o, "driver", w->out_driver);
	json_add_text(o, "mode", mode_name(w->out_mode));
	json_add(o, "msi_vectors", w->out_msi_vectors);
	json_add(o, "msix_vectors", w->out_msix_vectors);
	json_object_object_add(o, "malformed",
		json_object_new_boolean(w->out_caps & LANES_CAPS_MALFORMED));
	json_object_object_add(o, "entries", json_object_new_array());
	return o;
}

static void note_entry(const struct lanes_msi_entry *e, struct totals *totals)
{
	totals->nr_entries++;
	if (e->flags & LANES_ENTRY_HAS_IRQ) {
		totals->nr_compared++;
		totals->nr_tables += !!(e->flags & LANES_ENTRY_HAS_TABLE);
		totals->nr_different += differs(e);
	}
}

static void show_function(const struct lanes_pci_walk *w, struct totals *totals)
{
	const struct lanes_msi_entry *e = (void *)(uintptr_t)w->entries;
	struct json_object *o = json ? function_json(w) : NULL;
	unsigned int i;

	totals->nr_functions++;
	totals->nr_malformed += !!(w->out_caps & LANES_CAPS_MALFORMED);
	totals->nr_busy += !!(w->out_caps & LANES_CAPS_BUSY);
	if (!json)
		print_function(w);
	for (i = 0; i < w->nr_entries && i < MAX_ENTRIES; i++) {
		note_entry(&e[i], totals);
		if (json)
			json_object_array_add(json_object_object_get(o, "entries"),
					      entry_json(&e[i]));
		else
			print_entry(&e[i]);
	}
	if (json)
		json_object_array_add(json, o);
}

static void walk_all(int fd, unsigned int flags, struct totals *totals)
{
	struct lanes_msi_entry *entries = calloc(MAX_ENTRIES, sizeof(*entries));
	uint32_t next = 0;
	int err;

	for (;;) {
		struct lanes_pci_walk w = {
			.flags = flags,
			.function = next,
			.nr_entries = MAX_ENTRIES,
			.entries = (uintptr_t)entries,
		};

		err = call(fd, LANES_PCI_WALK, &w);
		if (err == -ENOENT)
			break;
		if (err)
			fail(EXIT_FAILED, "walk: %s%s", strerror(-err),
			     err == -EPERM && flags ?
			     " (--tables wants CAP_SYS_RAWIO and allow_unsafe=1)" : "");
		show_function(&w, totals);
		next = w.function + 1;
	}
	free(entries);
}

int verb_walk(int argc, char **argv)
{
	static const struct option options[] = {
		{ "tables", no_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		{}
	};
	struct totals totals = { 0 };
	unsigned int flags = 0;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 't')
			flags = LANES_WALK_TABLES;
		else if (c == 'j')
			json = json_object_new_array();
		else
			return EXIT_USAGE;
	}
	if (optind < argc)
		fail(EXIT_USAGE, "walk: takes no '%s'", argv[optind]);
	walk_all(device_open(), flags, &totals);
	if (json)
		json_print(json);
	else
		printf("%u functions (%u malformed, %u busy), %u entries, %u compared (%u tables), %u differences\n",
		       totals.nr_functions, totals.nr_malformed, totals.nr_busy,
		       totals.nr_entries, totals.nr_compared, totals.nr_tables,
		       totals.nr_different);
	return totals.nr_different ? EXIT_FAILED : EXIT_DONE;
}
