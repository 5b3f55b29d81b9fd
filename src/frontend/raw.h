/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_RAW_H
#define FRONTEND_RAW_H

#include "core/raw.h"
#include "frontend/private.h"

/* Raw mode (features.rawxml): the network speaks XMPP too. Stanzas pass with other addresses; what the gateway knows
 * of them is only what it must. */

/* Parts of a frontend's life. */
void raw_init(struct frontend *frontend);
void raw_fini(struct frontend *frontend);

/* raw_out.c: a stanza of a user. False: it is none for the network (alone), go on as in another mode. */
bool raw_forward(struct frontend *frontend, const struct stanza *stanza);

/* A call of the port. */
void raw_room(void *ctx, const char *user, const char *room, const char *nick, char **enter, char **leave);

/* raw_in.c: three calls of the port */
void raw_bytes(void *ctx, uint64_t source, const char *bytes, size_t n);
void raw_end(void *ctx, uint64_t source);
void raw_stanza(void *ctx, struct core_address from, const char *to, const struct core_raw *raw);

/* raw_write.c: an element with other addresses, which may be NULL, and another id (NULL: its own). Namespaces that
 * are its own become those around, and what only servers say to each other is left out. */
void raw_write(struct buf *out, const struct xml_element *stanza, const char *from, const char *to, const char *id);

/* raw_iq.c: requests that the network has not answered */
struct raw_iq {
	const char *asker, *asked;   /* who asked whom of ours; full JIDs */
	const char *id;              /* as the asker gave it */
	struct core_address address; /* of the asked */
	const char *name, *resource; /* of the asked on the network; NULL: the user's own account */
};

void raw_iq_init(struct frontend *frontend);
void raw_iq_fini(struct frontend *frontend);
/* The id to send the request under: its own, unless another one of that user is under way by that name. Borrowed until
 * the request is forgotten. If there are too many, the oldest is given up. */
const char *raw_iq_add(struct frontend *frontend, const struct stanza *request, const struct core_raw_target *target);
/* The request that was sent under this id; false if there is none. What is found lies in `arena`. */
bool raw_iq_find(struct frontend *frontend, struct str user, const char *id, struct arena *arena, struct raw_iq *found);
void raw_iq_forget(struct frontend *frontend, struct str user, const char *id);

#endif
