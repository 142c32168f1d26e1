// SPDX-License-Identifier: GPL-2.0
/* Results side by side: a table, comma-separated values, JSON, or a page. */
#include <time.h>

#include "threads.h"

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

static void write_page(const char *path, const char *title,
		       const struct result *results, size_t nr)
{
	FILE *to = page_begin(path, title);
	size_t i;

	fputs("<table><tr><th></th><th>count</th><th>ns each</th><th>p50 below, ns</th><th>p99 below, ns</th><th>gain</th></tr>\n",
	      to);
	for (i = 0; i < nr; i++)
		fprintf(to, "<tr><td>%s</td><td>%llu</td><td>%.0f</td><td>%llu</td><td>%llu</td><td>%.1f</td></tr>\n",
			results[i].name, (unsigned long long)results[i].count,
			ns_each(&results[i]),
			(unsigned long long)percentile(&results[i], 0.5),
			(unsigned long long)percentile(&results[i], 0.99),
			gain(results, &results[i]));
	fputs("</table>\n", to);
	for (i = 0; i < nr; i++) {
		fprintf(to, "<h2>%s</h2>\n", results[i].name);
		page_histogram(to, results[i].name, results[i].latency, LANES_LATENCY_BUCKETS);
	}
	page_end(to, path);
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
