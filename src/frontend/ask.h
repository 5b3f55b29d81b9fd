/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_ASK_H
#define FRONTEND_ASK_H

#include "frontend/private.h"

/* IQ requests of our own: to users, to their clients, to their servers. */

struct ask_reply {
	/* `answer` is the whole <iq/> of type result or error, borrowed with its arena; NULL: none came in
	 * time (30 s). Once for each ask_end(), never before that returned; never after frontend_free(). */
	void (*done)(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena);
	void *ctx;
	uint64_t id;
};

/* Starts `<iq type=.. id=.. from=.. to=..>`, whose payload the caller appends. `to` is a prepared JID: only
 * it can answer. NULL: it cannot be sent now (no link, or too many are under way), and `done` is not called. */
struct buf *ask_begin(struct frontend *frontend, const char *type, struct core_address from, const char *to);
void ask_end(struct frontend *frontend, struct buf *out, struct ask_reply reply);

/* Forgets those whose reply has this ctx; `done` is not called. */
void ask_forget(struct frontend *frontend, const void *ctx);

/* True if this answer was waited for. */
bool ask_answered(struct frontend *frontend, const struct stanza *answer);

bool ask_succeeded(const struct xml_element *answer);

/* Parts of a frontend's life. */
void asks_init(struct frontend *frontend);
void asks_fini(struct frontend *frontend);

#endif
