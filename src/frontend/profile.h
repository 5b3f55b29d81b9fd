/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_PROFILE_H
#define FRONTEND_PROFILE_H

#include "frontend/pep.h"

/* Server mode: how a user presents himself. His vCard (XEP-0054) is kept; a nickname (XEP-0172) or an avatar
 * (XEP-0084) that he publishes goes into it, and its photo is published as an avatar (XEP-0398). Either way the network
 * is told. */

#define NS_AVATAR_METADATA "urn:xmpp:avatar:metadata"
#define NS_AVATAR_DATA     "urn:xmpp:avatar:data"

/* A client of the user has published it. */
void profile_published(struct frontend *frontend, const struct jid *who, const char *node, const struct pep_item *item);

/* A client of the user has set his vCard, whose photo the others are to see as an avatar. */
void profile_vcard_set(struct frontend *frontend, const struct jid *who, const char *vcard);

/* Parts of a frontend's life. */
void profiles_init(struct frontend *frontend);
void profiles_fini(struct frontend *frontend);

#endif
