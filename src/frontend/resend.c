/* SPDX-License-Identifier: MIT */
#include "frontend/resend.h"

#include <glib.h>

enum { CHUNK_SIZE = 64 << 10, SPARES_MAX = RESEND_MAX / CHUNK_SIZE, HEAD = sizeof(uint32_t) };

/* Stanzas, each with its length before it; none is in two chunks. */
struct resend_chunk {
	struct resend_chunk *next;
	uint64_t start; /* the position of its first byte */
	size_t used, size;
	char bytes[];
};

static void free_all(struct resend_chunk *chunk)
{
	while (chunk) {
		struct resend_chunk *next = chunk->next;
		g_free(chunk);
		chunk = next;
	}
}

void resend_rest(struct resend *resend)
{
	free_all(g_steal_pointer(&resend->spare));
	resend->spares = 0;
}

void resend_fini(struct resend *resend)
{
	resend_rest(resend);
	free_all(g_steal_pointer(&resend->first));
	resend->last = NULL;
	resend->start = resend->end;
}

size_t resend_size(const struct resend *resend)
{
	return resend->end - resend->start;
}

static struct resend_chunk *take_chunk(struct resend *resend, size_t size)
{
	struct resend_chunk *chunk = resend->spare;
	if (size <= CHUNK_SIZE && chunk) {
		resend->spare = chunk->next;
		resend->spares--;
		return chunk;
	}
	chunk = g_malloc(sizeof(*chunk) + MAX(size, (size_t)CHUNK_SIZE));
	chunk->size = MAX(size, (size_t)CHUNK_SIZE);
	return chunk;
}

static void add_chunk(struct resend *resend, size_t size)
{
	struct resend_chunk *chunk = take_chunk(resend, size);
	chunk->next = NULL;
	chunk->start = resend->end;
	chunk->used = 0;
	if (resend->last)
		resend->last->next = chunk;
	else
		resend->first = chunk;
	resend->last = chunk;
}

static void drop_chunk(struct resend *resend)
{
	struct resend_chunk *chunk = resend->first;
	resend->first = chunk->next;
	if (!resend->first)
		resend->last = NULL;
	if (chunk->size > CHUNK_SIZE || resend->spares >= SPARES_MAX) {
		g_free(chunk);
		return;
	}
	chunk->next = resend->spare;
	resend->spare = chunk;
	resend->spares++;
}

bool resend_keep(struct resend *resend, const char *stanza, size_t n)
{
	struct resend_chunk *chunk = resend->last;
	size_t size = HEAD + n;
	if (n == 0 || n > RESEND_MAX || resend_size(resend) + size > RESEND_MAX)
		return false;
	if (!chunk || chunk->size - chunk->used < size) {
		add_chunk(resend, size);
		chunk = resend->last;
	}
	memcpy(chunk->bytes + chunk->used, &(uint32_t){ (uint32_t)n }, HEAD);
	memcpy(chunk->bytes + chunk->used + HEAD, stanza, n);
	chunk->used += size;
	resend->end += size;
	return true;
}

bool resend_confirm(struct resend *resend, uint64_t position)
{
	g_assert(position <= resend->end);
	if (position <= resend->start)
		return false;
	resend->start = position;
	while (resend->first && resend->first->start + resend->first->used <= resend->start)
		drop_chunk(resend);
	return true;
}

/* The stanza at a position that is kept, as it is preceded by its length. */
static const char *stanza_at(const struct resend_chunk *chunk, uint64_t position, uint32_t *n)
{
	const char *at = chunk->bytes + (position - chunk->start);
	memcpy(n, at, HEAD);
	return at + HEAD;
}

const char *resend_first(const struct resend *resend, size_t *n)
{
	uint32_t length = 0;
	const char *stanza = resend->first ? stanza_at(resend->first, resend->start, &length) : NULL;
	*n = length;
	return stanza;
}

uint64_t resend_second(const struct resend *resend)
{
	size_t n;
	return resend_first(resend, &n) ? resend->start + HEAD + n : resend->end;
}

void resend_drop_first(struct resend *resend)
{
	resend_confirm(resend, resend_second(resend));
}

static size_t shrink_to(struct resend *resend, size_t max)
{
	size_t dropped = 0;
	for (; resend_size(resend) > max; dropped++)
		resend_drop_first(resend);
	return dropped;
}

size_t resend_make_room(struct resend *resend, size_t n)
{
	if (G_LIKELY(resend_size(resend) + HEAD + n <= RESEND_MAX) || n > RESEND_MAX - HEAD)
		return 0;
	return shrink_to(resend, RESEND_MAX - HEAD - n);
}

size_t resend_link_lost(struct resend *resend)
{
	return shrink_to(resend, RESEND_UNCONFIRMED_MAX);
}

uint64_t resend_position(const struct resend *resend)
{
	return resend->end;
}

/* To `out`, if there is one; returns the number. */
static size_t walk(const struct resend *resend, struct buf *out)
{
	size_t count = 0;
	uint64_t position = resend->start;
	for (const struct resend_chunk *chunk = resend->first; chunk; chunk = chunk->next) {
		for (; position < chunk->start + chunk->used; count++) {
			uint32_t n;
			const char *stanza = stanza_at(chunk, position, &n);
			if (out)
				buf_append(out, stanza, n);
			position += HEAD + n;
		}
	}
	return count;
}

size_t resend_count(const struct resend *resend)
{
	return walk(resend, NULL);
}

size_t resend_write(const struct resend *resend, struct buf *out)
{
	return walk(resend, out);
}
