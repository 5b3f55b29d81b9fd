/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEPT_H
#define CORE_KEPT_H

#include "core/private.h"

/* Messages that wait until somebody is there: of one user, or of one of his rooms. They lie in the database, or,
 * of users who are not stored, in memory. While there is a `struct kept`, everything new goes in at its end, so that
 * nothing overtakes; it ends when all of it was handed on. */
struct kept;

/* The owner (user->kept or room->kept) gets it; room NULL: what is said to the user himself. */
void kept_begin(struct user *user, struct room *room);
/* What lies in the database stays there; what lies in memory goes to the user's server if he is its owner. */
void kept_end(struct kept *kept);

/* Chat states, receipts and headlines are of the moment. */
bool kept_is_worth(const struct core_message *message);

/* `sender` as in struct storage_message. */
void kept_put(struct kept *kept, const char *sender, bool is_private, const struct core_message *message);

/* Hands everything on, oldest first: to the user, or, as far as room->history wants it, to who is in the room. That
 * ends it; a room is settled then. A replay that is under way goes on. */
void kept_replay(struct kept *kept);

/* Forgets what is kept, in the database too. */
void kept_drop(struct kept *kept);

#endif
