/* SPDX-License-Identifier: MIT */
#include "plugin/memory.h"

#include <glib.h>
#include <unistd.h>

static int32_t kibibytes(const char *pages)
{
	uint64_t n = g_ascii_strtoull(pages, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
	return (int32_t)MIN(n, (uint64_t)INT32_MAX);
}

struct plugin_memory plugin_memory_read(void)
{
	g_autofree char *text = NULL;
	if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
		return (struct plugin_memory){ 0 };
	g_auto(GStrv) columns = g_strsplit(text, " ", 4); /* proc(5): size, resident, shared, ... */
	if (g_strv_length(columns) < 3)
		return (struct plugin_memory){ 0 };
	return (struct plugin_memory){ .resident = kibibytes(columns[1]), .shared = kibibytes(columns[2]) };
}
