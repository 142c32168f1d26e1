// SPDX-License-Identifier: GPL-2.0
/*
 * A page of results that needs nothing else: no network, no script. Histograms are
 * drawn in SVG; their columns are powers of two, the same on all of a page.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "client.h"

#define COLUMN_WIDTH	24
#define HEIGHT		100

static const char style[] =
"body { font: 14px sans-serif; margin: 2em; color: #222; background: #fff }\n"
"svg { background: #f4f4f4; display: block } rect { fill: #36c } text { font-size: 10px; fill: #555 }\n"
"td, th { padding: 0 1em; text-align: right } td:first-child { text-align: left }\n"
"h2 { margin-bottom: 0 } h3 { margin-bottom: 2px }\n";

FILE *page_begin(const char *path, const char *title)
{
	FILE *to = fopen(path, "we");

	if (!to)
		fail(EXIT_FAILED, "--html: %s: %s", path, strerror(errno));
	fprintf(to, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		"<title>%s</title>\n<style>\n%s</style></head><body>\n<h1>%s</h1>\n",
		title, style, title);
	return to;
}

/* The lower end of a column in as few characters as it takes. */
static void draw_label(FILE *to, unsigned int column)
{
	static const char * const units[] = { "ns", "us", "ms", "s" };
	uint64_t value = 1ull << column;
	unsigned int unit = 0;

	while (value >= 1000 && unit < 3) {
		value /= 1000;
		unit++;
	}
	fprintf(to, "<text x=\"%u\" y=\"%u\">%" PRIu64 " %s</text>\n",
		column * COLUMN_WIDTH, HEIGHT + 12, value, units[unit]);
}

void page_histogram(FILE *to, const char *name, const uint32_t *columns, unsigned int nr)
{
	uint32_t most = 1;
	unsigned int i;

	for (i = 0; i < nr; i++)
		most = columns[i] > most ? columns[i] : most;
	fprintf(to, "<svg width=\"%u\" height=\"%u\" role=\"img\" aria-label=\"histogram of %s\">\n",
		nr * COLUMN_WIDTH, HEIGHT + 16, name);
	for (i = 0; i < nr; i++) {
		double height = (double)columns[i] * HEIGHT / most;

		if (columns[i])
			fprintf(to, "<rect x=\"%u\" y=\"%.1f\" width=\"%u\" height=\"%.1f\"><title>%u of %llu ns and more</title></rect>\n",
				i * COLUMN_WIDTH, HEIGHT - height, COLUMN_WIDTH - 1, height,
				columns[i], 1ull << i);
		if (i % 2 == 0)
			draw_label(to, i);
	}
	fputs("</svg>\n", to);
}

void page_end(FILE *to, const char *path)
{
	bool is_bad;

	fputs("</body></html>\n", to);
	is_bad = ferror(to);
	if (fclose(to) || is_bad)
		fail(EXIT_FAILED, "--html: %s: %s", path, strerror(errno));
}
