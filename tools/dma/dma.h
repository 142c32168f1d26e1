/* SPDX-License-Identifier: GPL-2.0 */
/* What the verbs of lanes-dma share. */
#ifndef __DMA_H
#define __DMA_H

#include "../client/client.h"

enum format {
	FORMAT_TEXT,
	FORMAT_CSV,
	FORMAT_JSON,
};

/**
 * struct options - what the command line said
 * @ask: what to run, as far as it is the same for all
 * @nr_samples: how many valid ones "safety" wants of each experiment
 * @format: what goes to stdout
 * @html: file to draw histograms into, or NULL
 */
struct options {
	struct lanes_dma_run ask;
	unsigned int nr_samples;
	enum format format;
	const char *html;
};

/**
 * struct result - an experiment that was run
 * @experiment: which one
 * @run: what was asked and answered
 * @timings: by enum lanes_dma_step
 */
struct result {
	struct lanes_dma_list experiment;
	struct lanes_dma_run run;
	struct lanes_dma_timing timings[LANES_NR_DMA_STEPS];
};

/* Each is main() of a verb: its name is argv[0]; returns an exit status. */
int verb_list(int argc, char **argv);
int verb_run(int argc, char **argv);
int verb_safety(int argc, char **argv);
int verb_costs(int argc, char **argv);
int verb_benchmark(int argc, char **argv);

/*
 * Reads those options whose letters are in @known, and ends the program where
 * they are wrong; optind is then at the first of what is left.
 */
void parse_options(int argc, char **argv, const char *known,
		   struct options *options);
/* The function that argv[optind] names, or else the only one that lanes has. */
uint32_t function_or_default(int argc, char **argv);

/* Whether there is an experiment of that number. */
bool experiment_get(int fd, uint32_t number, struct lanes_dma_list *out);
struct lanes_dma_list experiment_named(int fd, const char *name);
/* 0 or a negative errno; @result has what was done until then. */
int experiment_run(int fd, const struct lanes_dma_list *experiment,
		   const struct lanes_dma_run *ask, struct result *result);
__attribute__((noreturn))
void experiment_failed(const struct result *result, int err);

/* Return: whether all bytes were right, and the device has its own domain back. */
bool went_well(const struct result *result);

const char *step_name(unsigned int step);
const char *domain_name(unsigned int domain);
double mean_ns(const struct lanes_dma_timing *timing);

void report(const struct options *options, const struct result *results,
	    size_t nr_results);
void report_html(const char *path, const struct result *results,
		 size_t nr_results);

#endif /* __DMA_H */
