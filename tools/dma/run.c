// SPDX-License-Identifier: GPL-2.0
/* lanes-dma list, run: the experiments by name. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "dma.h"

bool experiment_get(int fd, uint32_t number, struct lanes_dma_list *out)
{
	int err;

	memset(out, 0, sizeof(*out));
	out->experiment = number;
	err = call(fd, LANES_DMA_LIST, out);
	if (err && err != -ENOENT)
		fail(EXIT_FAILED, "list: %s", strerror(-err));
	return !err;
}

struct lanes_dma_list experiment_named(int fd, const char *name)
{
	struct lanes_dma_list e;
	uint32_t i;

	for (i = 0; experiment_get(fd, i, &e); i++) {
		if (!strcmp(e.out_name, name))
			return e;
	}
	fail(EXIT_USAGE, "'%s': no such experiment (see lanes-dma list)", name);
}

int experiment_run(int fd, const struct lanes_dma_list *experiment,
		   const struct lanes_dma_run *ask, struct result *result)
{
	memset(result, 0, sizeof(*result));
	result->experiment = *experiment;
	result->run = *ask;
	result->run.experiment = experiment->experiment;
	result->run.nr_timings = LANES_NR_DMA_STEPS;
	result->run.timings = (uintptr_t)result->timings;
	return call(fd, LANES_DMA_RUN, &result->run);
}

void experiment_failed(const struct result *result, int err)
{
	fail(EXIT_FAILED, "%s: %s: %s%s", result->experiment.out_name,
	     function_name(result->run.function), strerror(-err),
	     err == -EPERM ? " (this wants CAP_SYS_RAWIO and allow_unsafe=1)" : "");
}

bool went_well(const struct result *result)
{
	bool leaves_domain = result->experiment.out_needs & LANES_DMA_NEEDS_IOMMU;

	return !result->run.out_wrong && (!leaves_domain || result->run.out_restored);
}

int verb_list(int argc, char **argv)
{
	struct options options = { 0 };
	struct lanes_dma_list e;
	int fd;
	uint32_t i;

	parse_options(argc, argv, "", &options);
	if (optind < argc)
		fail(EXIT_USAGE, "list: takes no '%s'", argv[optind]);
	fd = device_open();
	for (i = 0; experiment_get(fd, i, &e); i++)
		printf("%-16s %s%s%s%s\n", e.out_name, e.out_what,
		       e.out_needs & LANES_DMA_NEEDS_ENGINE ? "; needs edu" : "",
		       e.out_needs & LANES_DMA_NEEDS_IOMMU ? "; needs an IOMMU" : "",
		       e.out_needs & LANES_DMA_NEEDS_UNSAFE ? "; unsafe" : "");
	return EXIT_DONE;
}

int verb_run(int argc, char **argv)
{
	struct options options = {
		.ask = { .nr_bytes = 4096, .count = 1, .transfers = UINT32_MAX },
	};
	struct lanes_dma_list experiment;
	struct result result;
	const char *name;
	bool may_transfer;
	int fd, err;

	parse_options(argc, argv, "ctbdmCJH", &options);
	if (optind >= argc)
		fail(EXIT_USAGE, "run: which experiment? (see lanes-dma list)");
	name = argv[optind++];
	options.ask.function = function_or_default(argc, argv);
	fd = device_open();
	experiment = experiment_named(fd, name);

	/* Whether the device can transfer is asked by trying. */
	may_transfer = options.ask.transfers == UINT32_MAX;
	if (may_transfer)
		options.ask.transfers = 1;
	err = experiment_run(fd, &experiment, &options.ask, &result);
	if (err == -EOPNOTSUPP && may_transfer) {
		options.ask.transfers = 0;
		err = experiment_run(fd, &experiment, &options.ask, &result);
	}
	if (err)
		experiment_failed(&result, err);
	report(&options, &result, 1);
	if (options.html)
		report_html(options.html, &result, 1);
	return went_well(&result) ? EXIT_DONE : EXIT_FAILED;
}
