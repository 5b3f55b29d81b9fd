/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_RESUME_H
#define FRONTEND_SERVER_RESUME_H

#include "frontend/server/private.h"

/* Resumption (XEP-0198, section 5): resources whose clients are gone wait for them service.resume_time seconds. */

enum {
	RESUME_WAITING_MAX = 10000, /* resources without a client; the oldest goes first */
	RESUME_OVER_MAX = 10000,    /* resources that are gone, whose count is still known */
	RESUME_OVER_MS = 3600000    /* for so long */
};

/* How long a resource waits; 0: none does. */
unsigned resume_seconds(const struct server *server);

struct resume *resume_new(struct server *server);
/* All resources are gone. */
void resume_free(struct resume **resume);

/* A name that nobody can guess, by which the resource is asked for; the resource has stream management. "": it cannot
 * be resumed. */
const char *resume_offer(struct resource *resource);
/* The resource will not come back; of one that was never offered nothing is done. */
void resume_forget(struct resource *resource);

/* Its client is gone without a word. False: it cannot be resumed, and is the caller's to free. True: it waits, and is
 * freed when nobody comes. */
bool resume_wait(struct resource *resource);

/* The resource of the bare JID that is asked for; a client that it may have still is ended with `conflict`. NULL: there
 * is none; *h and *known as in xmpp_c2s_events.resume. */
struct resource *resume_take(struct server *server, struct str bare, const struct xmpp_c2s_resume *resume, uint32_t *h,
			     bool *known);
/* Writes to its new client what the old one has not confirmed, after <resumed/>. */
void resume_write_again(struct resource *resource);

#endif
