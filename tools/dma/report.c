// SPDX-License-Identifier: GPL-2.0
/* lanes-dma: results as text, CSV and JSON. The pictures are in html.c. */
#include <inttypes.h>
#include <stdio.h>

#include "dma.h"

const char *step_name(unsigned int step)
{
	static const char * const names[LANES_NR_DMA_STEPS] = {
		[LANES_DMA_MAP] = "map",
		[LANES_DMA_TRANSFER] = "transfer",
		[LANES_DMA_SYNC] = "sync",
		[LANES_DMA_UNMAP] = "unmap",
		[LANES_DMA_IOVA] = "iova",
		[LANES_DMA_FLUSH] = "flush",
	};

	return step < LANES_NR_DMA_STEPS ? names[step] : "?";
}

const char *domain_name(unsigned int domain)
{
	static const char * const names[LANES_NR_DMA_DOMAINS] = {
		[LANES_DMA_DIRECT] = "direct",
		[LANES_DMA_PASSTHROUGH] = "passthrough",
		[LANES_DMA_STRICT] = "strict",
		[LANES_DMA_LAZY] = "lazy",
	};

	return domain < LANES_NR_DMA_DOMAINS ? names[domain] : "?";
}

double mean_ns(const struct lanes_dma_timing *timing)
{
	return timing->nr ? (double)timing->total_ns / timing->nr : 0;
}

static uint64_t percentile_ns(const struct lanes_dma_timing *t, double part)
{
	return log2_percentile(t->log2_ns, LANES_DMA_BUCKETS, part * t->nr);
}

static void print_text(const struct result *r)
{
	const struct lanes_dma_run *run = &r->run;
	unsigned int i;

	printf("%s on %s, %s: %u rounds of %u bytes, %u with transfers, %u wrong\n",
	       r->experiment.out_name, function_name(run->function),
	       domain_name(run->out_domain), run->out_rounds, run->nr_bytes,
	       run->out_transfers, run->out_wrong);
	printf("segments %u, physical 0x%" PRIx64 ", device 0x%" PRIx64
	       ", bounced %u, unchanged %u, overwritten %u, invalid %u, restored %u\n",
	       run->out_segments, (uint64_t)run->out_physical,
	       (uint64_t)run->out_address, run->out_bounced, run->out_unchanged,
	       run->out_overwritten, run->out_invalid, run->out_restored);
	printf("%-9s %9s %12s %12s %12s %12s %12s\n", "step", "n", "mean ns",
	       "p50 below", "p99 below", "min", "max");
	for (i = 0; i < LANES_NR_DMA_STEPS; i++) {
		const struct lanes_dma_timing *t = &r->timings[i];

		if (t->nr)
			printf("%-9s %9" PRIu64 " %12.0f %12" PRIu64 " %12" PRIu64
			       " %12" PRIu64 " %12" PRIu64 "\n", step_name(i),
			       (uint64_t)t->nr, mean_ns(t), percentile_ns(t, 0.5),
			       percentile_ns(t, 0.99), (uint64_t)t->min_ns,
			       (uint64_t)t->max_ns);
	}
}

static void print_csv(const struct result *r)
{
	unsigned int i;

	for (i = 0; i < LANES_NR_DMA_STEPS; i++) {
		const struct lanes_dma_timing *t = &r->timings[i];

		if (t->nr)
			printf("%s,%s,%s,%u,%s,%" PRIu64 ",%.1f,%" PRIu64 ",%" PRIu64 "\n",
			       r->experiment.out_name, function_name(r->run.function),
			       domain_name(r->run.out_domain), r->run.nr_bytes,
			       step_name(i), (uint64_t)t->nr, mean_ns(t),
			       (uint64_t)t->min_ns, (uint64_t)t->max_ns);
	}
}

static struct json_object *timing_json(const struct lanes_dma_timing *t)
{
	struct json_object *o = json_object_new_object();
	struct json_object *buckets = json_object_new_array();
	unsigned int i;

	json_add(o, "n", t->nr);
	json_add(o, "total_ns", t->total_ns);
	json_add(o, "min_ns", t->min_ns);
	json_add(o, "max_ns", t->max_ns);
	for (i = 0; i < LANES_DMA_BUCKETS; i++)
		json_object_array_add(buckets, json_object_new_int64(t->log2_ns[i]));
	json_object_object_add(o, "log2_ns", buckets);
	return o;
}

static struct json_object *result_json(const struct result *r)
{
	struct json_object *o = json_object_new_object();
	struct json_object *steps = json_object_new_object();
	unsigned int i;

	json_add_text(o, "experiment", r->experiment.out_name);
	json_add_text(o, "function", function_name(r->run.function));
	json_add_text(o, "domain", domain_name(r->run.out_domain));
	json_add(o, "bytes", r->run.nr_bytes);
	json_add(o, "rounds", r->run.out_rounds);
	json_add(o, "transfers", r->run.out_transfers);
	json_add(o, "wrong", r->run.out_wrong);
	json_add(o, "segments", r->run.out_segments);
	json_add(o, "physical", r->run.out_physical);
	json_add(o, "address", r->run.out_address);
	json_add(o, "bounced", r->run.out_bounced);
	json_add(o, "unchanged", r->run.out_unchanged);
	json_add(o, "overwritten", r->run.out_overwritten);
	json_add(o, "invalid", r->run.out_invalid);
	json_add(o, "restored", r->run.out_restored);
	for (i = 0; i < LANES_NR_DMA_STEPS; i++) {
		if (r->timings[i].nr)
			json_object_object_add(steps, step_name(i),
					       timing_json(&r->timings[i]));
	}
	json_object_object_add(o, "steps", steps);
	return o;
}

void report(const struct options *options, const struct result *results,
	    size_t nr_results)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	if (options->format == FORMAT_CSV)
		printf("experiment,function,domain,bytes,step,n,mean_ns,min_ns,max_ns\n");
	for (i = 0; i < nr_results; i++) {
		if (options->format == FORMAT_CSV)
			print_csv(&results[i]);
		else if (options->format == FORMAT_JSON)
			json_object_array_add(all, result_json(&results[i]));
		else
			print_text(&results[i]);
	}
	if (options->format == FORMAT_JSON)
		json_print(all);
	else
		json_object_put(all);
}
