/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_IQ_ROOM_H
#define FRONTEND_IQ_ROOM_H

#include "frontend/iq/iq.h"

/* Rooms in service discovery (XEP-0045, sections 6.2 to 6.5). */

/* The bare JID of a room: by its name, by a list of the network, or by being entered. */
bool room_is_addressed(struct frontend *frontend, const struct stanza *request);

/* The answer about a room; `base` is what all rooms have in common. */
void room_put_info(struct frontend *frontend, struct buf *out, const struct stanza *request,
		   const struct disco_info *base, const char *node);

/* Answers a disco#info request for one of the nodes that only rooms have. False: it is none. */
bool room_get_node(struct frontend *frontend, const struct stanza *request, const char *node);

/* Answers disco#items: the listed rooms of the transport, in pages if that was asked; the occupants of a room
 * for who is inside; nothing else has any. */
void room_get_items(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload);

#endif
