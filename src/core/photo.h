/* SPDX-License-Identifier: MIT */
#ifndef CORE_PHOTO_H
#define CORE_PHOTO_H

#include "core/core.h"

/* Pictures of contacts, and the user's own. */

/* What the network calls the picture of that contact (core_contact.icon_hash): "" if there is none, NULL if there is
 * no such contact, or `from` is not logged in. Borrowed until the next call into the core. */
const char *core_user_contact_icon(struct core *core, const struct jid *from, const struct jid *to);

/* The user's presence says that his picture is this one ("": none). If it is news to the network, the frontend port is
 * asked for it when the network is there, and says so by core_photo_came(). */
void core_user_photo(struct core *core, const struct jid *from, const char *hash);

/* `id` as the port was given it; vcard NULL: there was none to get. */
void core_photo_came(struct core *core, uint64_t id, const struct core_vcard *vcard);

#endif
