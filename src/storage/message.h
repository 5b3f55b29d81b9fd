/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_MESSAGE_H
#define STORAGE_MESSAGE_H

#include "base/arena.h"
#include "storage/database.h"

/* Messages kept for a user who is away, as the functions of storage/account.h. */

/* How many are kept; of more the oldest go. */
enum {
	MESSAGE_DIRECT_MAX = 1000, /* to the user himself */
	MESSAGE_ROOM_MAX = 100,    /* of one room */
	MESSAGE_ROOMS_MAX = 5000   /* of all rooms of a user, give or take a few */
};

/* `dropped` gets how many older ones had to go. There has to be a user of that id (account_check()). */
bool message_keep(struct database *db, int64_t user, const struct storage_message *message, unsigned *dropped,
		  GError **error);
/* The oldest `limit` of a room ("": those to the user himself), oldest first. */
bool message_list(struct database *db, int64_t user, const char *room, unsigned limit, struct arena *arena,
		  struct storage_answer *answer, GError **error);
bool message_drop(struct database *db, int64_t user, const char *room, int64_t up_to, GError **error);
/* Whether anything is kept for the user. */
bool message_any(struct database *db, int64_t user, bool *yes, GError **error);

#endif
