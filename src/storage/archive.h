/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_ARCHIVE_H
#define STORAGE_ARCHIVE_H

#include "base/arena.h"
#include "storage/database.h"

/* Conversations of users, as the functions of storage/account.h. */

/* How much is kept of a user, give or take what comes between two looks at it; of more the oldest go. */
enum {
	ARCHIVE_MESSAGES_MAX = 20000,
	ARCHIVE_BYTES_MAX = 64 << 20,
	ARCHIVE_LOOK_EVERY = 64 /* messages of all users, about */
};

/* There has to be a user of that id (account_check()). */
bool archive_put(struct database *db, int64_t user, const struct storage_archived *archived, GError **error);
bool archive_find(struct database *db, int64_t user, const struct storage_archive_query *query, struct arena *arena,
		  struct storage_archive_page *page, GError **error);
/* 0: there is none. */
bool archive_last(struct database *db, int64_t *id, GError **error);
bool archive_expire(struct database *db, int64_t before, unsigned max, unsigned *dropped, GError **error);

#endif
