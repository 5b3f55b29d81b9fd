/* SPDX-License-Identifier: MIT */
/* Runs the benchmarks whose names contain one of the arguments (without arguments: all), prints a
 * table and, as the last line, the same as JSON. Compare numbers of one run only. */
#include "bench.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct bench *const tables[] = { bench_xml, bench_jid, bench_wire, bench_route };

/* How long a benchmark runs, and in how many rounds: the fastest counts, the others were disturbed. */
#define RUN_NS 300e6
#define ROUNDS 10

struct result {
	const struct bench *bench;
	double ns; /* an operation */
	size_t bytes;
};

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double time_run(const struct bench *bench, size_t times, size_t *bytes)
{
	double start = now();
	*bytes = bench->run(times);
	return now() - start;
}

static struct result measure(const struct bench *bench)
{
	struct result result = { .bench = bench };
	size_t times = 1;
	double took;
	while ((took = time_run(bench, times, &result.bytes)) < RUN_NS / ROUNDS / 2)
		times *= 2;
	result.ns = took;
	for (int round = 0; round < ROUNDS; round++)
		result.ns = MIN(result.ns, time_run(bench, times, &result.bytes));
	result.ns /= (double)times;
	return result;
}

static double megabytes_per_second(const struct result *result)
{
	return (double)result->bytes * 1e3 / result->ns;
}

static void print_row(const struct result *result)
{
	printf("%-34s %10.1f ns/%-8s", result->bench->name, result->ns, result->bench->unit);
	if (result->bytes)
		printf(" %9.1f MB/s", megabytes_per_second(result));
	printf("\n");
	fflush(stdout);
}

static void print_json(const GArray *results)
{
	printf("{\"bench\":[");
	for (guint i = 0; i < results->len; i++) {
		const struct result *result = &g_array_index(results, struct result, i);
		printf("%s{\"name\":\"%s\",\"unit\":\"%s\",\"ns\":%.2f,\"bytes\":%zu,\"mb_s\":%.1f}", i ? "," : "",
		       result->bench->name, result->bench->unit, result->ns, result->bytes,
		       megabytes_per_second(result));
	}
	printf("]}\n");
}

static bool is_wanted(const struct bench *bench, int argc, char **argv)
{
	bool wanted = argc < 2;
	for (int i = 1; i < argc && !wanted; i++)
		wanted = strstr(bench->name, argv[i]) != NULL;
	return wanted;
}

int main(int argc, char **argv)
{
	g_autoptr(GArray) results = g_array_new(FALSE, FALSE, sizeof(struct result));
	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
		for (const struct bench *bench = tables[i]; bench->name; bench++) {
			struct result result;
			if (!is_wanted(bench, argc, argv))
				continue;
			result = measure(bench);
			print_row(&result);
			g_array_append_val(results, result);
		}
	}
	print_json(results);
	return results->len ? 0 : 1;
}
