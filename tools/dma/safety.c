// SPDX-License-Identifier: GPL-2.0
/*
 * lanes-dma safety: does the IOMMU keep a device out of memory that is not, or no
 * more, mapped for it? Each experiment is repeated until it has enough samples
 * that count, and its verdict is compared with what this kind of domain should
 * do. Beside it stands how often the IOMMU complained meanwhile: its interrupts in
 * /proc/interrupts, which are not rate-limited as its messages in the log are.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dma.h"

#define MAX_ATTEMPTS 20

enum verdict {
	UNCHANGED,
	OVERWRITTEN,
	/* it was not tried: there is nothing to try it with */
	NOT_THERE,
};

/* What should become of the page, by enum lanes_dma_domain. */
static const struct {
	const char *name;
	enum verdict expected[LANES_NR_DMA_DOMAINS];
} experiments[] = {
	{ "never-mapped", { OVERWRITTEN, OVERWRITTEN, UNCHANGED, UNCHANGED } },
	{ "read-only", { OVERWRITTEN, OVERWRITTEN, UNCHANGED, UNCHANGED } },
	{ "domain-unmapped", { NOT_THERE, UNCHANGED, UNCHANGED, UNCHANGED } },
	{ "stale-warm", { OVERWRITTEN, OVERWRITTEN, UNCHANGED, OVERWRITTEN } },
	{ "stale-cold", { OVERWRITTEN, OVERWRITTEN, UNCHANGED, UNCHANGED } },
};

#define NR_EXPERIMENTS ARRAY_SIZE(experiments)

/**
 * struct row - an experiment's samples
 * @result: the sum of its runs
 * @expected: what should become of the page
 * @nr_complaints: interrupts of the IOMMU's while the device wrote
 * @is_good: enough samples, and all as expected
 */
struct row {
	struct result result;
	enum verdict expected;
	uint64_t nr_complaints;
	bool is_good;
};

static const char *verdict_name(enum verdict verdict)
{
	static const char * const names[] = {
		[UNCHANGED] = "unchanged",
		[OVERWRITTEN] = "overwritten",
		[NOT_THERE] = "not there",
	};

	return names[verdict];
}

/*
 * Intel's are of "dmar0", AMD's of "AMD-Vi0-Evt"; virtio's of the device that the
 * driver is bound to, "virtio0" or, where each queue has its own, "virtio0-event".
 */
static bool is_of_iommu(const char *line)
{
	const char *name = strrchr(line, ' ');
	char path[128];

	if (!name || !strncmp(++name, "dmar", 4) || !strncmp(name, "AMD-Vi", 6))
		return name;
	snprintf(path, sizeof(path), "/sys/bus/virtio/drivers/virtio_iommu/%.*s",
		 (int)strcspn(name, "-"), name);
	return !strncmp(name, "virtio", 6) && !access(path, F_OK);
}

static uint64_t nr_complaints(void)
{
	FILE *file = fopen("/proc/interrupts", "re");
	char *line = NULL, *at, *end;
	size_t room = 0;
	uint64_t nr = 0, value;

	while (file && getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = 0;
		at = strchr(line, ':');
		if (!at || !is_of_iommu(line))
			continue;
		for (at++;; at = end) {
			value = strtoull(at, &end, 10);
			if (end == at)
				break;
			nr += value;
		}
	}
	free(line);
	if (file)
		fclose(file);
	return nr;
}

static unsigned int nr_valid(const struct lanes_dma_run *run)
{
	return run->out_unchanged + run->out_overwritten;
}

static void add(struct lanes_dma_run *sum, const struct lanes_dma_run *run)
{
	sum->out_domain = run->out_domain;
	sum->out_wrong += run->out_wrong;
	sum->out_unchanged += run->out_unchanged;
	sum->out_overwritten += run->out_overwritten;
	sum->out_invalid += run->out_invalid;
	sum->out_restored = run->out_restored;
}

static void judge(struct row *row, const struct options *options)
{
	const struct lanes_dma_run *sum = &row->result.run;
	bool is_blocked = row->expected == UNCHANGED;
	unsigned int nr_expected = is_blocked ? sum->out_unchanged :
						sum->out_overwritten;

	row->is_good = nr_expected >= options->nr_samples &&
		       nr_expected == nr_valid(sum) && !sum->out_wrong;
	/* What was blocked was complained of, and nothing else was. */
	if (is_blocked ? row->nr_complaints < nr_expected : row->nr_complaints)
		row->is_good = false;
}

static void run_row(int fd, size_t i, const struct options *options,
		    struct row *row)
{
	struct lanes_dma_list e = experiment_named(fd, experiments[i].name);
	struct lanes_dma_run *sum = &row->result.run;
	uint64_t before = nr_complaints();
	struct result sample;
	unsigned int attempt;
	int err;

	row->result.experiment = e;
	*sum = options->ask;
	for (attempt = 0; attempt < MAX_ATTEMPTS + options->nr_samples &&
			  nr_valid(sum) < options->nr_samples; attempt++) {
		err = experiment_run(fd, &e, &options->ask, &sample);
		if (err == -EOPNOTSUPP && e.out_needs & LANES_DMA_NEEDS_IOMMU) {
			sum->out_domain = LANES_DMA_DIRECT;
			break;
		}
		if (err)
			experiment_failed(&sample, err);
		add(sum, &sample.run);
	}
	row->nr_complaints = nr_complaints() - before;
	row->expected = experiments[i].expected[sum->out_domain];
	if (row->expected == NOT_THERE)
		row->is_good = !attempt;
	else
		judge(row, options);
	/* The device's own domain is back, and works. */
	if (e.out_needs & LANES_DMA_NEEDS_IOMMU && !sum->out_restored &&
	    row->expected != NOT_THERE)
		row->is_good = false;
}

static void print_text(const struct row *rows)
{
	size_t i;

	printf("%-16s %-12s %-12s %9s %11s %8s %11s\n", "experiment", "domain",
	       "expected", "unchanged", "overwritten", "invalid", "complaints");
	for (i = 0; i < NR_EXPERIMENTS; i++) {
		const struct lanes_dma_run *sum = &rows[i].result.run;

		printf("%-16s %-12s %-12s %9u %11u %8u %11llu%s\n",
		       experiments[i].name, domain_name(sum->out_domain),
		       verdict_name(rows[i].expected), sum->out_unchanged,
		       sum->out_overwritten, sum->out_invalid,
		       (unsigned long long)rows[i].nr_complaints,
		       rows[i].is_good ? "" : " NOT AS EXPECTED");
	}
}

static void print_csv(const struct row *rows)
{
	size_t i;

	printf("experiment,domain,expected,unchanged,overwritten,invalid,complaints,restored,good\n");
	for (i = 0; i < NR_EXPERIMENTS; i++) {
		const struct lanes_dma_run *sum = &rows[i].result.run;

		printf("%s,%s,%s,%u,%u,%u,%llu,%u,%u\n", experiments[i].name,
		       domain_name(sum->out_domain), verdict_name(rows[i].expected),
		       sum->out_unchanged, sum->out_overwritten, sum->out_invalid,
		       (unsigned long long)rows[i].nr_complaints,
		       sum->out_restored, rows[i].is_good);
	}
}

static void print_json(const struct row *rows)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	for (i = 0; i < NR_EXPERIMENTS; i++) {
		const struct lanes_dma_run *sum = &rows[i].result.run;
		struct json_object *o = json_object_new_object();

		json_add_text(o, "experiment", experiments[i].name);
		json_add_text(o, "domain", domain_name(sum->out_domain));
		json_add_text(o, "expected", verdict_name(rows[i].expected));
		json_add(o, "unchanged", sum->out_unchanged);
		json_add(o, "overwritten", sum->out_overwritten);
		json_add(o, "invalid", sum->out_invalid);
		json_add(o, "complaints", rows[i].nr_complaints);
		json_add(o, "restored", sum->out_restored);
		json_object_object_add(o, "good",
				       json_object_new_boolean(rows[i].is_good));
		json_object_array_add(all, o);
	}
	json_print(all);
}

int verb_safety(int argc, char **argv)
{
	struct options options = {
		.ask = { .nr_bytes = 4096, .count = 1, .transfers = 1 },
		.nr_samples = 3,
	};
	struct row rows[NR_EXPERIMENTS] = { 0 };
	int fd, status = EXIT_DONE;
	size_t i;

	parse_options(argc, argv, "sCJ", &options);
	options.ask.function = function_or_default(argc, argv);
	fd = device_open();
	for (i = 0; i < NR_EXPERIMENTS; i++) {
		run_row(fd, i, &options, &rows[i]);
		if (!rows[i].is_good)
			status = EXIT_FAILED;
	}
	if (options.format == FORMAT_JSON)
		print_json(rows);
	else if (options.format == FORMAT_CSV)
		print_csv(rows);
	else
		print_text(rows);
	return status;
}
