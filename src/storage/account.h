/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_ACCOUNT_H
#define STORAGE_ACCOUNT_H

#include "base/arena.h"
#include "storage/database.h"

/* The operations of storage.h on an open database, each inside the transaction of its caller, who
 * undoes what a failed one left. What they give lives in the arena. */

bool account_find(struct database *db, const char *jid, struct arena *arena, struct storage_user *user, GError **error);
bool account_put(struct database *db, const struct storage_user *put, struct arena *arena, struct storage_user *user,
		 GError **error);
/* Seals a password that lies there in the clear, unless it has changed meanwhile. */
bool account_seal(struct database *db, int64_t user, const char *jid, const char *password, struct arena *arena,
		  GError **error);
bool account_remove(struct database *db, const char *jid, GError **error);
bool account_set_online(struct database *db, int64_t user, bool online, GError **error);
bool account_list(struct database *db, bool only_online, struct arena *arena, const char *const **names,
		  GError **error);
/* Who is to be brought back after a start: those with the online flag, or all. */
bool account_list_returning(struct database *db, bool all, struct arena *arena, struct storage_answer *answer,
			    GError **error);
bool account_uin_in_use(struct database *db, const char *uin, const char *except_jid, bool *yes, GError **error);
bool account_put_setting(struct database *db, int64_t user, const struct storage_setting *setting, GError **error);

/* Also STORAGE_ERROR_NOT_FOUND if there is none. */
bool account_id(struct database *db, const char *jid, int64_t *id, GError **error);

/* Sets STORAGE_ERROR_NOT_FOUND if there is no user of this id. */
bool account_check(struct database *db, int64_t user, GError **error);

#endif
