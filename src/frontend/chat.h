/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_CHAT_H
#define FRONTEND_CHAT_H

#include "frontend/private.h"

/* Chat with the gateway itself: the door to the commands that every client has. */

/* True: it was for the gateway, and is dealt with. `body` NULL: it has none. */
bool chat_received(struct frontend *frontend, const struct stanza *message, const char *body);

/* Somebody has asked for the gateway's presence, by adding it: it asks for his, and a newcomer is welcome. */
void chat_added(struct frontend *frontend, const struct stanza *presence);

/* Parts of a frontend's life. */
void chats_init(struct frontend *frontend);
void chats_fini(struct frontend *frontend);

#endif
