/* SPDX-License-Identifier: MIT */
#include "pool/unconfirmed.h"

#include <string.h>

enum { CHUNK_SIZE = 16 << 10, SPARES_MAX = 128, TEXTS = 4 };

struct unconfirmed_chunk {
	struct unconfirmed_chunk *next;
	size_t used, size;
	char bytes[];
};

/* Its texts follow, each with a NUL. */
struct head {
	uint32_t length[TEXTS];
};

static void free_all(struct unconfirmed_chunk *chunk)
{
	while (chunk) {
		struct unconfirmed_chunk *next = chunk->next;
		g_free(chunk);
		chunk = next;
	}
}

void unconfirmed_rest(struct unconfirmed *unconfirmed)
{
	free_all(g_steal_pointer(&unconfirmed->spare));
	unconfirmed->spares = 0;
}

void unconfirmed_fini(struct unconfirmed *unconfirmed)
{
	free_all(unconfirmed->before.first);
	free_all(unconfirmed->since.first);
	unconfirmed_rest(unconfirmed);
	*unconfirmed = (struct unconfirmed){ 0 };
}

bool unconfirmed_is_empty(const struct unconfirmed *unconfirmed)
{
	return !unconfirmed->before.first && !unconfirmed->since.first;
}

bool unconfirmed_is_full(const struct unconfirmed *unconfirmed)
{
	return unconfirmed->before.size + unconfirmed->since.size >= UNCONFIRMED_MAX;
}

bool unconfirmed_wants_ping(const struct unconfirmed *unconfirmed)
{
	return unconfirmed->since.first && !unconfirmed->before.first;
}

bool unconfirmed_are_many(const struct unconfirmed *unconfirmed)
{
	return unconfirmed->since.size >= UNCONFIRMED_MANY && !unconfirmed->before.first;
}

static struct unconfirmed_chunk *take_chunk(struct unconfirmed *unconfirmed, size_t size)
{
	struct unconfirmed_chunk *chunk = unconfirmed->spare;
	if (chunk && size <= CHUNK_SIZE) {
		unconfirmed->spare = chunk->next;
		unconfirmed->spares--;
	} else {
		chunk = g_malloc(sizeof(*chunk) + MAX(size, (size_t)CHUNK_SIZE));
		chunk->size = MAX(size, (size_t)CHUNK_SIZE);
	}
	chunk->next = NULL;
	chunk->used = 0;
	return chunk;
}

static void add_chunk(struct unconfirmed *unconfirmed, size_t size)
{
	struct unconfirmed_generation *since = &unconfirmed->since;
	struct unconfirmed_chunk *chunk = take_chunk(unconfirmed, size);
	if (since->last)
		since->last->next = chunk;
	else
		since->first = chunk;
	since->last = chunk;
}

static void drop_chunk(struct unconfirmed *unconfirmed, struct unconfirmed_chunk *chunk)
{
	if (chunk->size > CHUNK_SIZE || unconfirmed->spares >= SPARES_MAX) {
		g_free(chunk);
		return;
	}
	chunk->next = unconfirmed->spare;
	unconfirmed->spare = chunk;
	unconfirmed->spares++;
}

void unconfirmed_note(struct unconfirmed *unconfirmed, const struct core_message *message)
{
	struct unconfirmed_generation *since = &unconfirmed->since;
	const char *texts[TEXTS] = { message->sender, message->address, message->id ? message->id : "",
				     message->body ? message->body : "" };
	struct head head;
	size_t size = sizeof(head);
	if (unconfirmed_is_full(unconfirmed))
		return;
	for (size_t i = 0; i < TEXTS; i++) {
		head.length[i] = (uint32_t)strlen(texts[i]);
		size += head.length[i] + 1;
	}
	if (!since->last || since->last->size - since->last->used < size)
		add_chunk(unconfirmed, size);
	char *at = since->last->bytes + since->last->used;
	memcpy(at, &head, sizeof(head));
	at += sizeof(head);
	for (size_t i = 0; i < TEXTS; i++) {
		memcpy(at, texts[i], head.length[i] + 1);
		at += head.length[i] + 1;
	}
	since->last->used += size;
	since->size += size;
}

void unconfirmed_pinged(struct unconfirmed *unconfirmed)
{
	unconfirmed->pings++;
	if (!unconfirmed_wants_ping(unconfirmed))
		return;
	unconfirmed->before = unconfirmed->since;
	unconfirmed->since = (struct unconfirmed_generation){ 0 };
	unconfirmed->awaited = unconfirmed->pings;
}

/* One that nobody asked for confirms nothing that comes later. */
void unconfirmed_ponged(struct unconfirmed *unconfirmed)
{
	if (unconfirmed->pongs < unconfirmed->pings)
		unconfirmed->pongs++;
	if (unconfirmed->pongs < unconfirmed->awaited)
		return;
	struct unconfirmed_chunk *chunk = unconfirmed->before.first;
	unconfirmed->before = (struct unconfirmed_generation){ 0 };
	while (chunk) {
		struct unconfirmed_chunk *next = chunk->next;
		drop_chunk(unconfirmed, chunk);
		chunk = next;
	}
}

/* Returns the size of the record. */
static size_t read_record(const char *at, struct core_undelivered *undelivered)
{
	const char *texts[TEXTS], *start = at;
	struct head head;
	memcpy(&head, at, sizeof(head));
	at += sizeof(head);
	for (size_t i = 0; i < TEXTS; i++) {
		texts[i] = at;
		at += head.length[i] + 1;
	}
	*undelivered = (struct core_undelivered){ texts[0], texts[1], *texts[2] ? texts[2] : NULL, texts[3] };
	return (size_t)(at - start);
}

static void give(struct unconfirmed_chunk *chunk, void (*each)(void *ctx, const struct core_undelivered *undelivered),
		 void *ctx)
{
	for (; chunk; chunk = chunk->next) {
		struct core_undelivered undelivered;
		for (size_t at = 0; at < chunk->used; each(ctx, &undelivered))
			at += read_record(chunk->bytes + at, &undelivered);
	}
}

void unconfirmed_take(struct unconfirmed *unconfirmed,
		      void (*each)(void *ctx, const struct core_undelivered *undelivered), void *ctx)
{
	struct unconfirmed taken = *unconfirmed;
	*unconfirmed = (struct unconfirmed){ .pings = taken.pings, .pongs = taken.pongs };
	give(taken.before.first, each, ctx);
	give(taken.since.first, each, ctx);
	unconfirmed_fini(&taken);
}
