/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_RESEND_H
#define FRONTEND_RESEND_H

#include "base/buf.h"

#include <stdint.h>

/* The stanzas worth keeping that the server may not have: written since it last answered a ping, and
 * written while there was no link. They go out again, in their order, when the link is back. Positions
 * count bytes, and are never used twice. */
struct resend_chunk;
struct resend {
	struct resend_chunk *first, *last; /* owned; NULL: nothing is kept */
	struct resend_chunk *spare;        /* owned, the one used last first: it is still in the cache */
	size_t spares;
	uint64_t start, end;
};

enum {
	RESEND_UNCONFIRMED_MAX = 4 << 20, /* bytes that were written to a link that is lost */
	RESEND_MAX = 8 << 20              /* of all there are */
};

void resend_fini(struct resend *resend);

size_t resend_size(const struct resend *resend);
size_t resend_count(const struct resend *resend);

/* False if there is no room for it. */
bool resend_keep(struct resend *resend, const char *stanza, size_t n);
/* Drops the oldest until there is room for one of n bytes, if there can be; returns how many. */
size_t resend_make_room(struct resend *resend, size_t n);
/* The same, down to RESEND_UNCONFIRMED_MAX, so that the rest is free for what comes while there is no link. */
size_t resend_link_lost(struct resend *resend);

/* The position after the last stanza. */
uint64_t resend_position(const struct resend *resend);
/* The server has everything before this position, which is the end of a stanza. False: that was known. */
bool resend_confirm(struct resend *resend, uint64_t position);

/* The first one is borrowed; NULL if there is none. */
const char *resend_first(const struct resend *resend, size_t *n);
void resend_drop_first(struct resend *resend);
/* The position after the first one. */
uint64_t resend_second(const struct resend *resend);

/* Appends all of them; returns their number. */
size_t resend_write(const struct resend *resend, struct buf *out);

/* Gives back the memory that is not used. */
void resend_rest(struct resend *resend);

#endif
