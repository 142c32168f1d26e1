// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-dma costs: what each way of mapping costs a page, in ns.
 * lanes-dma benchmark: what the kernel's own benchmark (CONFIG_DMA_MAP_BENCHMARK)
 * says of dma_map_single(), for comparison in the same boot.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "dma.h"

#define PAGE_BYTES 4096u

/* With how many bytes each time: batches are of pages that are mapped by one. */
static const struct {
	const char *name;
	uint32_t nr_bytes;
	/* its steps are each of one page, and not of all */
	bool is_by_page;
} rows[] = {
	{ "coherent", PAGE_BYTES, false },
	{ "streaming", PAGE_BYTES, false },
	{ "sg", 16 * PAGE_BYTES, false },
	{ "domain", 64 * PAGE_BYTES, true },
	{ "domain-batched", 64 * PAGE_BYTES, true },
	{ "domain-deferred", 64 * PAGE_BYTES, true },
};

#define NR_ROWS ARRAY_SIZE(rows)

/* The sum of a step, by the pages that were mapped. */
static double page_ns(const struct result *r, unsigned int step)
{
	uint64_t nr_pages = (uint64_t)r->run.out_rounds *
			    ((r->run.nr_bytes + PAGE_BYTES - 1) / PAGE_BYTES);

	return nr_pages ? (double)r->timings[step].total_ns / nr_pages : 0;
}

static double undo_ns(const struct result *r)
{
	return page_ns(r, LANES_DMA_UNMAP) + page_ns(r, LANES_DMA_FLUSH);
}

static void print_table(const struct result *results, size_t nr_results)
{
	size_t i;

	printf("%-16s %-12s %7s %9s %9s %9s %9s %9s\n", "experiment", "domain",
	       "pages", "iova", "map", "sync", "unmap", "flush");
	for (i = 0; i < nr_results; i++) {
		const struct result *r = &results[i];

		printf("%-16s %-12s %7u %9.0f %9.0f %9.0f %9.0f %9.0f\n",
		       r->experiment.out_name, domain_name(r->run.out_domain),
		       r->run.nr_bytes / PAGE_BYTES, page_ns(r, LANES_DMA_IOVA),
		       page_ns(r, LANES_DMA_MAP),
		       mean_ns(&r->timings[LANES_DMA_SYNC]),
		       page_ns(r, LANES_DMA_UNMAP), page_ns(r, LANES_DMA_FLUSH));
	}
	printf("ns a page; sync: ns each\n");
	if (nr_results == NR_ROWS)
		printf("undoing a page costs %.0f ns one by one, %.0f ns batched (%.1f times less), %.0f ns deferred (%.1f times less)\n",
		       undo_ns(&results[3]), undo_ns(&results[4]),
		       undo_ns(&results[3]) / undo_ns(&results[4]),
		       undo_ns(&results[5]),
		       undo_ns(&results[3]) / undo_ns(&results[5]));
}

/* Returns false where the machine lacks what it takes. */
static bool run_row(int fd, size_t i, const struct options *options,
		    struct result *result)
{
	struct lanes_dma_list e = experiment_named(fd, rows[i].name);
	struct lanes_dma_run ask = options->ask;
	int err;

	ask.nr_bytes = rows[i].nr_bytes;
	if (rows[i].is_by_page)
		ask.transfers = 0;
	err = experiment_run(fd, &e, &ask, result);
	if (err == -EOPNOTSUPP && ask.transfers) {
		ask.transfers = 0;
		err = experiment_run(fd, &e, &ask, result);
	}
	if (err == -EOPNOTSUPP && e.out_needs & LANES_DMA_NEEDS_IOMMU)
		return false;
	if (err)
		experiment_failed(result, err);
	return true;
}

int verb_costs(int argc, char **argv)
{
	struct options options = {
		.ask = { .count = 1000, .transfers = 1 },
	};
	struct result results[NR_ROWS];
	bool is_good = true;
	size_t i, nr = 0;
	int fd;

	parse_options(argc, argv, "cCJH", &options);
	options.ask.function = function_or_default(argc, argv);
	fd = device_open();
	for (i = 0; i < NR_ROWS; i++)
		nr += run_row(fd, i, &options, &results[nr]);
	if (options.format == FORMAT_TEXT)
		print_table(results, nr);
	else
		report(&options, results, nr);
	if (options.html)
		report_html(options.html, results, nr);
	for (i = 0; i < nr; i++)
		is_good &= went_well(&results[i]);
	return is_good ? EXIT_DONE : EXIT_FAILED;
}

/* As in the kernel's map_benchmark.h, which not all kernels tell us of. */
struct map_benchmark {
	uint64_t avg_map_100ns;
	uint64_t map_stddev;
	uint64_t avg_unmap_100ns;
	uint64_t unmap_stddev;
	uint32_t threads;
	uint32_t seconds;
	int32_t node;
	uint32_t dma_bits;
	uint32_t dma_dir;
	uint32_t dma_trans_ns;
	uint32_t granule;
	uint8_t expansion[76];
};

#define BENCHMARK_FILE	"/sys/kernel/debug/dma_map_benchmark"
#define BENCHMARK_RUN	_IOWR('d', 1, struct map_benchmark)

int verb_benchmark(int argc, char **argv)
{
	struct options options = {
		.ask = { .nr_bytes = PAGE_BYTES, .mask_bits = 32 },
	};
	struct map_benchmark b = { .threads = 1, .seconds = 1, .node = -1 };
	int fd;

	parse_options(argc, argv, "bdmJ", &options);
	if (optind < argc)
		fail(EXIT_USAGE, "benchmark: takes no '%s'", argv[optind]);
	b.dma_bits = options.ask.mask_bits;
	b.dma_dir = options.ask.direction;
	b.granule = (options.ask.nr_bytes + PAGE_BYTES - 1) / PAGE_BYTES;
	fd = open(BENCHMARK_FILE, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail(EXIT_FAILED, BENCHMARK_FILE ": %s%s", strerror(errno),
		     errno == ENOENT ? " (is a device bound to dma_map_benchmark?)" : "");
	if (ioctl(fd, BENCHMARK_RUN, &b))
		fail(EXIT_FAILED, BENCHMARK_FILE ": %s", strerror(errno));
	if (options.format == FORMAT_JSON) {
		struct json_object *o = json_object_new_object();

		json_add(o, "map_ns", b.avg_map_100ns * 100);
		json_add(o, "unmap_ns", b.avg_unmap_100ns * 100);
		json_print(o);
	} else {
		printf("map %llu ns, unmap %llu ns, of %u pages\n",
		       (unsigned long long)b.avg_map_100ns * 100,
		       (unsigned long long)b.avg_unmap_100ns * 100, b.granule);
	}
	return EXIT_DONE;
}
