// SPDX-License-Identifier: GPL-2.0
/*
 * Results side by side: a table, comma-separated values, JSON, or a page without
 * anything from elsewhere, whose histograms are drawn in SVG.
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "threads.h"

#define BAR_PX 24
#define HIGH_PX 120

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

void note_latency(struct result *result, uint64_t ns)
{
	unsigned int bucket = 63 - __builtin_clzll(ns | 1);

	if (bucket >= LANES_LATENCY_BUCKETS)
		bucket = LANES_LATENCY_BUCKETS - 1;
	result->latency[bucket]++;
	result->total_ns += ns;
	result->count++;
}

static double ns_each(const struct result *r)
{
	return r->count ? (double)r->total_ns / r->count : 0;
}

/* How much cheaper than the first one. */
static double gain(const struct result *first, const struct result *r)
{
	return r->total_ns ? ns_each(first) / ns_each(r) : 0;
}

static uint64_t percentile(const struct result *r, double part)
{
	return log2_percentile(r->latency, LANES_LATENCY_BUCKETS, part * r->count);
}

static void print_text(const struct result *results, size_t nr)
{
	size_t i;

	printf("%-14s %7s %12s %12s %12s %12s %8s\n", "", "count", "ns each",
	       "setup us", "p50 below", "p99 below", "gain");
	for (i = 0; i < nr; i++) {
		const struct result *r = &results[i];

		printf("%-14s %7llu %12.0f %12llu %12llu %12llu %7.1fx\n",
		       r->name, (unsigned long long)r->count, ns_each(r),
		       (unsigned long long)r->setup_ns / 1000,
		       (unsigned long long)percentile(r, 0.5),
		       (unsigned long long)percentile(r, 0.99),
		       gain(results, r));
	}
}

static void print_csv(const struct result *results, size_t nr)
{
	size_t i;

	puts("name,count,total_ns,setup_ns,ns_each,p50_below_ns,p99_below_ns,gain");
	for (i = 0; i < nr; i++) {
		const struct result *r = &results[i];

		printf("%s,%llu,%llu,%llu,%.0f,%llu,%llu,%.2f\n", r->name,
		       (unsigned long long)r->count,
		       (unsigned long long)r->total_ns,
		       (unsigned long long)r->setup_ns, ns_each(r),
		       (unsigned long long)percentile(r, 0.5),
		       (unsigned long long)percentile(r, 0.99),
		       gain(results, r));
	}
}

static void print_json(const struct result *results, size_t nr)
{
	struct json_object *all = json_object_new_array();
	size_t i, n;

	for (i = 0; i < nr; i++) {
		const struct result *r = &results[i];
		struct json_object *one = json_object_new_object();
		struct json_object *latency = json_object_new_array();

		json_add_text(one, "name", r->name);
		json_add(one, "count", r->count);
		json_add(one, "total_ns", r->total_ns);
		json_add(one, "setup_ns", r->setup_ns);
		json_add(one, "p50_below_ns", percentile(r, 0.5));
		json_add(one, "p99_below_ns", percentile(r, 0.99));
		for (n = 0; n < LANES_LATENCY_BUCKETS; n++)
			json_object_array_add(latency, json_object_new_int64(r->latency[n]));
		json_object_object_add(one, "latency_log2_ns", latency);
		json_object_array_add(all, one);
	}
	json_print(all);
}

static void draw(FILE *to, const struct result *r)
{
	unsigned int i, most = 1;

	for (i = 0; i < LANES_LATENCY_BUCKETS; i++)
		most = r->latency[i] > most ? r->latency[i] : most;
	fprintf(to, "<svg width=%d height=%d>\n",
		LANES_LATENCY_BUCKETS * BAR_PX, HIGH_PX + 20);
	for (i = 0; i < LANES_LATENCY_BUCKETS; i++) {
		double high = (double)r->latency[i] * HIGH_PX / most;

		fprintf(to, "<text x=%d y=%d>2^%u</text>", i * BAR_PX,
			HIGH_PX + 14, i);
		if (r->latency[i])
			fprintf(to, "<rect x=%d y=%.1f width=%d height=%.1f><title>%u from %llu ns</title></rect>",
				i * BAR_PX, HIGH_PX - high, BAR_PX - 3, high,
				r->latency[i], 1ull << i);
		fputc('\n', to);
	}
	fprintf(to, "</svg>\n");
}

static void write_page(const char *path, const char *title,
		       const struct result *results, size_t nr)
{
	FILE *to = fopen(path, "we");
	size_t i;

	if (!to)
		fail(EXIT_FAILED, "--html: %s: %s", path, strerror(errno));
	fprintf(to, "<!doctype html><meta charset=utf-8><title>%s</title>\n"
		"<style>body{font:13px monospace}td,th{padding:0 1em;text-align:right}"
		"rect{fill:#c2410c}text{font:9px monospace}</style>\n<h1>%s</h1>\n"
		"<table><tr><th><th>count<th>ns each<th>p50 below<th>p99 below<th>gain\n",
		title, title);
	for (i = 0; i < nr; i++)
		fprintf(to, "<tr><td>%s<td>%llu<td>%.0f<td>%llu<td>%llu<td>%.1f\n",
			results[i].name, (unsigned long long)results[i].count,
			ns_each(&results[i]),
			(unsigned long long)percentile(&results[i], 0.5),
			(unsigned long long)percentile(&results[i], 0.99),
			gain(results, &results[i]));
	fprintf(to, "</table>\n");
	for (i = 0; i < nr; i++) {
		fprintf(to, "<h2>%s</h2><p>how many took 2^n ns and more\n<p>",
			results[i].name);
		draw(to, &results[i]);
	}
	if (fclose(to))
		fail(EXIT_FAILED, "--html: %s: %s", path, strerror(errno));
}

void report(const struct options *options, const char *title,
	    const struct result *results, size_t nr)
{
	static void (*const print[])(const struct result *results, size_t nr) = {
		[AS_TEXT] = print_text,
		[AS_CSV] = print_csv,
		[AS_JSON] = print_json,
	};

	print[options->format](results, nr);
	if (options->html)
		write_page(options->html, title, results, nr);
}
