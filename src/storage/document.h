/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_DOCUMENT_H
#define STORAGE_DOCUMENT_H

#include "base/arena.h"
#include "storage/database.h"

/* Texts that users keep, as the functions of storage/account.h. */

enum {
	DOCUMENTS_MAX = 2000,         /* of a user */
	DOCUMENTS_BYTES_MAX = 4 << 20 /* of a user, with their names */
};

/* `wanted` has the kind, and the node and item or NULL for any; newest first. */
bool document_find(struct database *db, int64_t user, const struct storage_document *wanted, unsigned max,
		   struct arena *arena, struct storage_answer *answer, GError **error);
/* STORAGE_ERROR_FULL if there would be too many or too much. */
bool document_put(struct database *db, int64_t user, const struct storage_document *document, unsigned keep,
		  GError **error);
bool document_drop(struct database *db, int64_t user, const struct storage_document *wanted, struct arena *arena,
		   struct storage_answer *answer, GError **error);

#endif
