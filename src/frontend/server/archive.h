/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_ARCHIVE_H
#define FRONTEND_SERVER_ARCHIVE_H

#include "frontend/server/private.h"

/* What of a user's conversations goes into the archive (XEP-0313, section 5.1.1), and the ids by which clients know it
 * again (XEP-0359). Where there is no archive these do nothing. A message that waited for a user without a client is
 * archived when it is delivered, with the time it was sent. */

/* Chats with words or files, and what asks for it (XEP-0334); not what is for rooms, of the moment, or an error. */
bool archive_wants(const struct xml_element *message, struct arena *arena);

/* What a client sends to somebody else. */
void archive_sent(const struct resource *resource, const struct stanza *message);

/* What is about to be delivered to an account, from `start` to the end of `out`, once for all resources: appends the
 * id to it, in the place of what others have put there. */
void archive_deliver(struct server *server, struct str bare, struct buf *out, size_t start);
/* The same of words of the user himself, by another client of the network; the text stays as it is. */
void archive_own(struct server *server, struct str bare, const char *message, size_t n);

/* What was delivered, but not confirmed, will be delivered again: it is to keep its id, and not to be archived twice.
 * How many are remembered is bounded, and ends with the process. */
void archive_unread(struct server *server, struct str bare, const struct stanza *message);
void archive_fini(struct server *server);

#endif
