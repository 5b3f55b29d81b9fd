/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_ROOM_H
#define STORAGE_ROOM_H

#include "base/arena.h"
#include "storage/database.h"

/* The rooms a user is in, as the functions of storage/account.h. */

/* By name, into its rooms. */
bool room_load(struct database *db, int64_t user, struct arena *arena, struct storage_user *into, GError **error);
/* Adds or changes by name. There has to be a user of that id (account_check()). */
bool room_put(struct database *db, int64_t user, const struct storage_room *room, GError **error);
/* name NULL: all. */
bool room_remove(struct database *db, int64_t user, const char *name, GError **error);

#endif
