/* SPDX-License-Identifier: MIT */
#ifndef JID_ESCAPE_H
#define JID_ESCAPE_H

#include "base/arena.h"

/* How names of other networks become JID nodes and back. */

/* XEP-0106: the ten characters as \20 \22 \26 \27 \2f \3a \3c \3e \40, and \5c where it would
 * otherwise read as one of them. Not prepared. `name` itself where nothing changes. */
const char *jid_escape(struct arena *arena, const char *name);
const char *jid_unescape(struct arena *arena, const char *node);

/* The other way in use: the last '@' becomes '%' (and back). `name` itself where nothing changes. */
const char *jid_at_to_percent(struct arena *arena, const char *name);
const char *jid_percent_to_at(struct arena *arena, const char *node);

/* The prepared node of a contact: escaped (XEP-0106) or with '%'. NULL if the name cannot be a
 * node (without escaping: a '/' in it, or what nodeprep forbids; too long). */
const char *jid_node_of_name(struct arena *arena, const char *name, bool escaping);

/* The prepared node of a room: the last '@' becomes '%', then XEP-0106; with `escaping` the '@' is
 * escaped too. NULL if it cannot be a node. */
const char *jid_node_of_room(struct arena *arena, const char *name, bool escaping);

/* The name behind a node: unescaped, if that changes anything (then *escaped is true), else with
 * the last '%' as '@'. `escaped` may be NULL. */
const char *jid_name_of_node(struct arena *arena, const char *node, bool *escaped);

#endif
