/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_SM_H
#define FRONTEND_SERVER_SM_H

#include "frontend/server/private.h"

/* Stream management (XEP-0198): what a client has not confirmed is kept, so that it can be sent again. */

enum {
	SM_STANZAS_MAX = 5000,  /* kept of one resource; it is ended when it has more */
	SM_BYTES_MAX = 4 << 20, /* likewise */
	SM_ASK_AFTER = 20,      /* stanzas after which the client is asked what it has, at most once a round */
};

struct sm *sm_new(void);
void sm_free(struct sm **sm);

/* A stanza was written, or is to be once the client is back. False: too many are kept. */
bool sm_sent(struct sm *sm, const char *stanza, size_t n);
/* A stanza of the client was taken. */
void sm_handled(struct sm *sm);
uint32_t sm_handled_count(const struct sm *sm);
/* The client has confirmed h stanzas. False: it never got so many (handled-count-too-high). */
bool sm_acked(struct sm *sm, uint32_t h, uint32_t *sent);
/* What is not confirmed, oldest first. */
void sm_each(const struct sm *sm, void (*each)(void *ctx, const char *stanza, size_t n), void *ctx);
size_t sm_count(const struct sm *sm);
size_t sm_bytes(const struct sm *sm);

/* An element of XEP-0198 from a client that has bound the resource: <enable/>, <r/>, <a/>. */
void sm_element(struct resource *resource, const struct xml_element *element, struct arena *arena);

#endif
