// SPDX-License-Identifier: GPL-2.0
/* lanes-dma: results as a page, with a histogram for each step. */
#include <inttypes.h>

#include "dma.h"

static void show_step(FILE *to, const char *step, const struct lanes_dma_timing *t)
{
	fprintf(to, "<h3>%s: n %" PRIu64 ", mean %.0f ns, min %" PRIu64 " ns, max %" PRIu64 " ns</h3>\n",
		step, (uint64_t)t->nr, mean_ns(t), (uint64_t)t->min_ns, (uint64_t)t->max_ns);
	page_histogram(to, step, t->log2_ns, LANES_DMA_BUCKETS);
}

static void show_result(FILE *to, const struct result *r)
{
	unsigned int i;

	fprintf(to, "<h2>%s</h2>\n<p>%s. %s, %s: %u rounds of %u bytes, %u with transfers, %u bytes wrong, %u segments, %u bounced.</p>\n",
		r->experiment.out_name, r->experiment.out_what,
		function_name(r->run.function), domain_name(r->run.out_domain),
		r->run.out_rounds, r->run.nr_bytes, r->run.out_transfers,
		r->run.out_wrong, r->run.out_segments, r->run.out_bounced);
	for (i = 0; i < LANES_NR_DMA_STEPS; i++) {
		if (r->timings[i].nr)
			show_step(to, step_name(i), &r->timings[i]);
	}
}

void report_html(const char *path, const struct result *results,
		 size_t nr_results)
{
	FILE *to = page_begin(path, "lanes-dma");
	size_t i;

	for (i = 0; i < nr_results; i++)
		show_result(to, &results[i]);
	page_end(to, path);
}
