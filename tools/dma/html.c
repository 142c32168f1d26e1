// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-dma: results as a page that needs nothing else, with a histogram for each
 * step. The columns are powers of two, all histograms of the page have the same.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dma.h"

#define COLUMN_WIDTH	20
#define HEIGHT		100
#define WIDTH		(COLUMN_WIDTH * LANES_DMA_BUCKETS)

static const char head[] =
"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>lanes-dma</title>\n"
"<style>\n"
"body { font: 14px sans-serif; margin: 2em; color: #222; background: #fff }\n"
"svg { background: #f4f4f4; display: block } rect { fill: #36c } text { font-size: 10px; fill: #555 }\n"
"h2 { margin-bottom: 0 } h3 { margin-bottom: 2px }\n"
"</style></head><body>\n<h1>lanes-dma</h1>\n";

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
	fprintf(to, "<text x=\"%u\" y=\"%u\">%" PRIu64 "%s</text>\n",
		column * COLUMN_WIDTH, HEIGHT + 12, value, units[unit]);
}

static void draw_histogram(FILE *to, const char *step,
			   const struct lanes_dma_timing *t)
{
	uint32_t most = 1;
	unsigned int i;

	for (i = 0; i < LANES_DMA_BUCKETS; i++)
		most = t->log2_ns[i] > most ? t->log2_ns[i] : most;
	fprintf(to, "<h3>%s: n %" PRIu64 ", mean %.0f ns, min %" PRIu64 ", max %" PRIu64 "</h3>\n"
		"<svg width=\"%u\" height=\"%u\" role=\"img\" aria-label=\"histogram of %s\">\n",
		step, (uint64_t)t->nr, mean_ns(t), (uint64_t)t->min_ns,
		(uint64_t)t->max_ns, WIDTH, HEIGHT + 16, step);
	for (i = 0; i < LANES_DMA_BUCKETS; i++) {
		unsigned int height = (uint64_t)t->log2_ns[i] * HEIGHT / most;

		if (t->log2_ns[i])
			fprintf(to, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\"><title>%u of %llu ns and more</title></rect>\n",
				i * COLUMN_WIDTH, HEIGHT - height,
				COLUMN_WIDTH - 1, height, t->log2_ns[i],
				1ull << i);
		if (i % 2 == 0)
			draw_label(to, i);
	}
	fprintf(to, "</svg>\n");
}

static void draw_result(FILE *to, const struct result *r)
{
	unsigned int i;

	fprintf(to, "<h2>%s</h2>\n<p>%s. %s, %s: %u rounds of %u bytes, %u with transfers, %u bytes wrong, %u segments, %u bounced.</p>\n",
		r->experiment.out_name, r->experiment.out_what,
		function_name(r->run.function), domain_name(r->run.out_domain),
		r->run.out_rounds, r->run.nr_bytes, r->run.out_transfers,
		r->run.out_wrong, r->run.out_segments, r->run.out_bounced);
	for (i = 0; i < LANES_NR_DMA_STEPS; i++) {
		if (r->timings[i].nr)
			draw_histogram(to, step_name(i), &r->timings[i]);
	}
}

void report_html(const char *path, const struct result *results,
		 size_t nr_results)
{
	FILE *to = fopen(path, "we");
	size_t i;

	if (!to)
		fail(EXIT_FAILED, "--html: %s: %s", path, strerror(errno));
	fputs(head, to);
	for (i = 0; i < nr_results; i++)
		draw_result(to, &results[i]);
	fputs("</body></html>\n", to);
	if (ferror(to) | fclose(to))
		fail(EXIT_FAILED, "--html: %s: %s", path, strerror(errno));
}
