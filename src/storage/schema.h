/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_SCHEMA_H
#define STORAGE_SCHEMA_H

#include "storage/database.h"

/* Versions of the tables. Those of the original program are 1 (PostgreSQL), 2 (MySQL) and 3
 * (SQLite); ours begin at 100. */
enum { SCHEMA_ORIGINAL_LAST = 3, SCHEMA_VERSION = 103 };

/* Creates what is missing and migrates what is older, in one transaction; touches nothing where there
 * is nothing to do. `before` gets the version that was found, 0 for none. Tables of a newer version
 * are refused with STORAGE_ERROR_TOO_NEW. */
bool schema_ensure(struct database *db, int64_t *before, GError **error);

#endif
