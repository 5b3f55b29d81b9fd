/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_SM_H
#define FRONTEND_SERVER_SM_H

#include "frontend/server/private.h"

/* Stream management (XEP-0198): what a client has not confirmed is kept, so that it can be sent again. An idle one has
 * no memory but its own. */

enum {
	SM_STANZAS_MAX =
		25000, /* kept of one resource, as presence of all contacts may be; it is ended when it has more */
	SM_BYTES_MAX = 8 << 20, /* likewise */
	SM_ROUND_MAX =
		2 << 20,  /* bytes that are kept over it, as what is to be ended goes on to the end of the round */
	SM_ASK_AFTER = 20 /* stanzas that are not messages after which the client is asked what it has */
};

struct sm *sm_new(void);
/* One that has counted so far both ways, for tests. */
struct sm *sm_new_at(uint32_t h);
void sm_free(struct sm **sm);

/* A stanza was written, or is to be once the client is back. False: too many are kept; this one is all the same, up to
 * SM_ROUND_MAX. */
bool sm_sent(struct sm *sm, const char *stanza, size_t n);
/* Appends the question for what the client has, if it is time: when a message waits, or many other stanzas, and no
 * question is without an answer. So a client that nobody writes to is not woken up. */
void sm_ask(struct sm *sm, struct buf *out);
/* The client will not answer: it is another one from now on. */
void sm_forget_question(struct sm *sm);

/* A stanza of the client was taken. */
void sm_handled(struct sm *sm);
uint32_t sm_handled_count(const struct sm *sm);
/* The client has confirmed h stanzas. False: it never got so many (handled-count-too-high); *sent is how many it got.
 */
bool sm_acked(struct sm *sm, uint32_t h, uint32_t *sent);

/* What is not confirmed, oldest first, with the time it was written first, in seconds since 1970. The sm is not touched
 * from inside. */
void sm_each(const struct sm *sm, void (*each)(void *ctx, const char *stanza, size_t n, int64_t stamp), void *ctx);
size_t sm_count(const struct sm *sm);
size_t sm_bytes(const struct sm *sm);

#endif
