/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "base/secret.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif
#ifdef WATCHED
#include <sanitizer/asan_interface.h>
#else
/* So that reading what an arena has forgotten is found by AddressSanitizer all the same. */
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

#define ALIGNMENT 16
#define CHUNK_MIN 256

struct chunk {
	struct chunk *older; /* owned */
	size_t size, used;
	_Alignas(ALIGNMENT) char bytes[];
};

struct arena {
	struct chunk *current; /* owned, the head of the chain */
	struct chunk *first;   /* in the chain; a reset keeps this one */
	size_t chunk_size, handed_out;
};

static struct chunk *make_chunk(size_t size, struct chunk *older)
{
	struct chunk *chunk;
	g_assert(size <= SIZE_MAX - sizeof(*chunk));
	chunk = g_malloc(sizeof(*chunk) + size);
	chunk->older = older;
	chunk->size = size;
	chunk->used = 0;
	ASAN_POISON_MEMORY_REGION(chunk->bytes, size);
	return chunk;
}

static void free_chunk(struct chunk *chunk)
{
	ASAN_UNPOISON_MEMORY_REGION(chunk->bytes, chunk->size);
	g_free(chunk);
}

static size_t align(size_t n)
{
	g_assert(n <= SIZE_MAX - ALIGNMENT);
	return (n + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

struct arena *arena_new(size_t chunk)
{
	struct arena *arena = g_new0(struct arena, 1);
	arena->chunk_size = align(MAX(chunk, CHUNK_MIN));
	arena->first = arena->current = make_chunk(arena->chunk_size, NULL);
	return arena;
}

void arena_free(struct arena **arena)
{
	struct chunk *older;
	if (!*arena)
		return;
	for (struct chunk *chunk = (*arena)->current; chunk; chunk = older) {
		older = chunk->older;
		free_chunk(chunk);
	}
	g_free(*arena);
	*arena = NULL;
}

/* From a new chunk. Of that one and the current one, the roomier stays the current one. */
static void *alloc_slow(struct arena *arena, size_t n, size_t size)
{
	struct chunk *current = arena->current;
	struct chunk *chunk = make_chunk(MAX(size, arena->chunk_size), current);
	chunk->used = n;
	if (chunk->size - n >= current->size - current->used) {
		arena->current = chunk;
	} else {
		chunk->older = current->older;
		current->older = chunk;
	}
	return chunk->bytes;
}

static void *alloc_aligned(struct arena *arena, size_t n)
{
	struct chunk *chunk = arena->current;
	void *p;
	if (n > chunk->size - chunk->used)
		return alloc_slow(arena, n, n);
	p = chunk->bytes + chunk->used;
	chunk->used += n;
	return p;
}

void *arena_alloc(struct arena *arena, size_t n)
{
	size_t room = align(n);
	void *p = alloc_aligned(arena, room);
	arena->handed_out += room;
	ASAN_UNPOISON_MEMORY_REGION(p, n);
	return p;
}

void *arena_zalloc(struct arena *arena, size_t n)
{
	return memset(arena_alloc(arena, n), 0, n);
}

char *arena_strndup(struct arena *arena, const char *s, size_t n)
{
	char *copy;
	g_assert(n < SIZE_MAX);
	copy = arena_alloc(arena, n + 1);
	if (n > 0)
		memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *s)
{
	return arena_strndup(arena, s, strlen(s));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	char *text;
	int n;
	va_start(args, format);
	va_copy(again, args);
	g_assert(format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	g_assert(n >= 0);
	text = arena_alloc(arena, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	return text;
}

void *arena_grow(struct arena *arena, void *p, size_t old, size_t more)
{
	struct chunk *chunk = arena->current;
	size_t had = align(old), room;
	char *q = p;
	g_assert(more <= SIZE_MAX / 4 - had);
	room = align(old + more);
	arena->handed_out += room - had;
	if (q + had == chunk->bytes + chunk->used && room - had <= chunk->size - chunk->used) {
		chunk->used += room - had;
	} else {
		/* Twice what is asked, so that a text that grows piece by piece is seldom copied. */
		q = alloc_slow(arena, room, 2 * room);
		ASAN_UNPOISON_MEMORY_REGION(q, old + more);
		memcpy(q, p, old);
		ASAN_POISON_MEMORY_REGION(p, had);
	}
	ASAN_UNPOISON_MEMORY_REGION(q, old + more);
	return q;
}

void arena_reset(struct arena *arena)
{
	struct chunk *first = arena->first, *older;
	for (struct chunk *chunk = arena->current; chunk; chunk = older) {
		older = chunk->older;
		if (chunk != first)
			free_chunk(chunk);
	}
	first->older = NULL;
	first->used = 0;
	ASAN_POISON_MEMORY_REGION(first->bytes, first->size);
	arena->current = first;
	arena->handed_out = 0;
}

void arena_wipe(struct arena *arena)
{
	for (struct chunk *chunk = arena->current; chunk; chunk = chunk->older) {
		/* Also what arena_grow() has left behind, which is poisoned. */
		ASAN_UNPOISON_MEMORY_REGION(chunk->bytes, chunk->size);
		secret_wipe(chunk->bytes, chunk->size);
	}
	arena_reset(arena);
}

size_t arena_used(const struct arena *arena)
{
	return arena->handed_out;
}
