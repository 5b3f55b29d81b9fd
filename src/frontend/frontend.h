/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_FRONTEND_H
#define FRONTEND_FRONTEND_H

#include "admin/admin.h"
#include "base/metrics.h"
#include "config/config.h"
#include "core/core.h"
#include "loop/loop.h"

/* XMPP in and out of the core: stanzas become calls of the core, calls of the frontend port become
 * stanzas. How stanzas travel is the route's business (frontend/gateway.h). */
struct frontend;
struct xml_element;
struct buf;

/* Where stanzas go. `out` gives the buffer to append one stanza to; the call of `sent` ends it. It does not come
 * for a stanza that was taken out of the buffer again.
 * NULL: it cannot be sent and is lost (and counted). `lasting` says that the stanza is worth keeping
 * for a while, as a message is, and sending twice rather than not at all; an availability is neither. */
struct frontend_route {
	struct buf *(*out)(void *ctx, const char *to, bool lasting);
	void (*sent)(void *ctx, const char *to);
};

struct frontend *frontend_new(struct loop *loop, const struct config *config, struct metrics *metrics);
void frontend_free(struct frontend **frontend);

/* All before the first stanza; borrowed. */
void frontend_set_core(struct frontend *frontend, struct core *core);
void frontend_set_admin(struct frontend *frontend, struct admin *admin);
void frontend_set_route(struct frontend *frontend, const struct frontend_route *route, void *ctx);

void frontend_set_config(struct frontend *frontend, const struct config *config);

/* The frontend port; its ctx is the frontend. */
const struct core_frontend *frontend_port(void);

/* The way in is open: what backends announced is known, the core is told. */
void frontend_up(struct frontend *frontend);
/* The way is closed until the next frontend_up(). */
void frontend_down(struct frontend *frontend);

/* A stanza from XMPP. */
void frontend_receive(struct frontend *frontend, const struct xml_element *element, struct arena *arena);

/* The start tag of a stanza that was skipped, and why: its sender is told. */
void frontend_skipped(struct frontend *frontend, const struct xml_element *start, const char *why, struct arena *arena);

/* The domain we answer for. */
const char *frontend_jid(const struct frontend *frontend);

#endif
