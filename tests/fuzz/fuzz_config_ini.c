/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "config/ini.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_row(void *ctx, const char *key, const char *value, unsigned line)
{
	unsigned *last = ctx;
	g_assert(strchr(key, '.') && text_is_clean(key, strlen(key)) && text_is_clean(value, strlen(value)));
	g_assert(!strchr(key, '\n') && !strchr(value, '\n') && line > *last);
	*last = line;
}

static void take_fault(void *ctx, unsigned line, const char *what)
{
	unsigned *last = ctx;
	g_assert(*what && line > *last);
	*last = line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct config_ini_sink sink = { take_row, take_fault };
	unsigned last = 0;
	config_ini_parse(size ? (const char *)data : "", size, &sink, &last);
	return 0;
}
