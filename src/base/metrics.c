/* SPDX-License-Identifier: MIT */
#include "base/metrics.h"

#include <glib.h>

static const struct {
	const char *name, *help;
} rows[METRIC_COUNT] = {
#define X(id, name, help) { name, help },
	METRICS_TABLE(X)
#undef X
};

const char *metrics_name(enum metric which)
{
	g_assert(which < METRIC_COUNT);
	return rows[which].name;
}

const char *metrics_help(enum metric which)
{
	g_assert(which < METRIC_COUNT);
	return rows[which].help;
}
