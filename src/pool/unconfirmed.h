/* SPDX-License-Identifier: MIT */
#ifndef POOL_UNCONFIRMED_H
#define POOL_UNCONFIRMED_H

#include "core/types.h"

#include <glib.h>

/* The messages a backend was handed and has not confirmed: it answers each PING by a PONG, in order, and so
 * with a PONG has taken what came before its PING. In two generations: before the PING that is not answered,
 * and since. */
struct unconfirmed_chunk;

struct unconfirmed_generation {
	struct unconfirmed_chunk *first, *last; /* owned */
	size_t size;                            /* bytes */
};

struct unconfirmed {
	struct unconfirmed_generation before, since;
	struct unconfirmed_chunk *spare; /* owned, the one used last first */
	size_t spares;
	uint64_t pings, pongs;
	uint64_t awaited; /* the PING that confirms `before`, by its number */
};

enum {
	UNCONFIRMED_MAX = 16 << 20, /* bytes of all */
	UNCONFIRMED_MANY = 1 << 20  /* bytes since the last ping that are worth one at once */
};

/* All zeros at first. */
void unconfirmed_fini(struct unconfirmed *unconfirmed);

bool unconfirmed_is_empty(const struct unconfirmed *unconfirmed);
bool unconfirmed_is_full(const struct unconfirmed *unconfirmed);
/* A PING now would confirm something that no PING on its way does. */
bool unconfirmed_wants_ping(const struct unconfirmed *unconfirmed);
bool unconfirmed_are_many(const struct unconfirmed *unconfirmed);

/* One copy of its sender, address, id and body. Not if it is full. */
void unconfirmed_note(struct unconfirmed *unconfirmed, const struct core_message *message);

void unconfirmed_pinged(struct unconfirmed *unconfirmed);
void unconfirmed_ponged(struct unconfirmed *unconfirmed);

/* Gives all of them, oldest first, borrowed for the call, and forgets them. `each` may note others. */
void unconfirmed_take(struct unconfirmed *unconfirmed,
		      void (*each)(void *ctx, const struct core_undelivered *undelivered), void *ctx);

/* Gives back the memory that is not used. */
void unconfirmed_rest(struct unconfirmed *unconfirmed);

#endif
