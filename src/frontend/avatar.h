/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_AVATAR_H
#define FRONTEND_AVATAR_H

#include "frontend/picture_store.h"
#include "frontend/private.h"

/* Pictures of contacts and of users. Clients know a picture by the SHA-1 of its bytes (XEP-0153, XEP-0084), networks
 * call it what they like. */

/* Parts of a frontend's life. */
void avatars_init(struct frontend *frontend);
void avatars_fini(struct frontend *frontend);

/* What clients are told it is called, for what the network calls it: "" is none. What cannot be a SHA-1 stands for one
 * that is found when the picture comes. Borrowed until the next call. */
const char *avatar_id(struct frontend *frontend, const char *hash);

/* The picture of a contact came, which its network calls `hash` (NULL: nobody knows): it is kept. Its id; borrowed
 * until the next call. True in *news if clients were told another one. */
const char *avatar_learn(struct frontend *frontend, const char *hash, const void *photo, size_t n, bool *news);

/* The same for the answer to a request of `asker` about `asked`, who then hears the right id. */
void avatar_came(struct frontend *frontend, const char *asker, const char *asked, const struct core_vcard *vcard);

/* Image type, by how the bytes begin; NULL: unknown. */
const char *avatar_type(const void *photo, size_t n);

/* What a presence of the user says of his own picture. */
void avatar_own(struct frontend *frontend, const struct stanza *presence);
/* A call of the port. */
bool avatar_fetch_own(void *ctx, uint64_t id, const char *user);

/* iq/pubsub.c: a request for a picture that was not answered. */
void avatar_wait_free(struct frontend *frontend, uint64_t id);

/* What a vCard holds that networks know; false if its photo is too large. Borrowed from `arena`. */
bool avatar_read_vcard(const struct xml_element *vcard, struct arena *arena, struct core_vcard *value);

#endif
