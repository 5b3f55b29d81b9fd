/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_CONTACT_H
#define STORAGE_CONTACT_H

#include "base/arena.h"
#include "storage/database.h"

/* The contacts of a user, as the functions of storage/account.h. There has to be a user of that id
 * (account_check()). */

/* By id, into its contacts. Contacts whose name no XML stream could carry are left out. */
bool contact_load(struct database *db, int64_t user, struct arena *arena, struct storage_user *into, GError **error);
bool contact_put(struct database *db, int64_t user, const struct storage_contact *contacts, size_t n, GError **error);
bool contact_remove(struct database *db, int64_t user, const char *name, GError **error);

#endif
