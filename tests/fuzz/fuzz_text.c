/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(1024);
	const char *text = arena_strndup(arena, size ? (const char *)data : "", size);
	const char *clean = text_clean(arena, text);
	size_t n = strlen(clean), max = size % 64, cut = text_cut(clean, n, max);
	g_assert(text_is_clean(clean, n) && g_utf8_validate(clean, (gssize)n, NULL));
	g_assert(n <= strlen(text) && (clean == text) == text_is_clean(text, strlen(text)));
	g_assert(cut <= max && text_is_clean(clean, cut) && text_is_clean(clean + cut, n - cut));
	g_assert(g_utf8_validate(text_fold(arena, clean), -1, NULL));
	arena_free(&arena);
	return 0;
}
