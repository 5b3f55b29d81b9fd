/* SPDX-License-Identifier: MIT */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>

/* One benchmark. The work is the same in every run: fixed inputs, no clock, no randomness. */
struct bench {
	const char *name; /* "xml/parse message"; NULL ends a table */
	const char *unit; /* what one operation is: "stanza", "JID" */
	/* Does the work `times` times and returns the bytes one operation handles, 0 if that says
	 * nothing. Breaks off (g_assert) where the work goes wrong. */
	size_t (*run)(size_t times);
};

/* One table a file bench_NAME.c; bench.c lists them. */
extern const struct bench bench_xml[];
extern const struct bench bench_jid[];
extern const struct bench bench_wire[];
extern const struct bench bench_route[];

/* Keeps what was computed from being optimised away. */
static inline void bench_keep(const void *p)
{
	__asm__ volatile("" : : "g"(p) : "memory");
}

#endif
