/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_DATABASE_H
#define STORAGE_DATABASE_H

#include "storage/driver.h"
#include "storage/seal.h"

/* A connection with its prepared statements and the prefix of its tables. All calls block. */
struct database;

enum { DATABASE_PREFIX_MAX = 64 };

/* Nothing is opened yet; the options are copied. */
struct database *database_new(const struct driver_type *type, const struct storage_options *options);
void database_free(struct database **db);

/* Opens, or opens again after the connection was lost; does nothing if it is open. */
bool database_open(struct database *db, GError **error);
void database_close(struct database *db);

/* What to call it in texts: the file, or the name. */
const char *database_name(const struct database *db);
const char *database_prefix(const struct database *db);

bool database_begin(struct database *db, bool write, GError **error);
bool database_commit(struct database *db, GError **error);
void database_rollback(struct database *db);
/* DRIVER_LOST if it is not open. */
enum driver_state database_state(struct database *db);
uint64_t database_matched(struct database *db);
int64_t database_last_id(struct database *db);

/* What passwords are sealed with; NULL: there is no key, they are stored as they are. */
const struct seal *database_seal(const struct database *db);

struct value {
	const char *text; /* NULL: it is the number */
	int64_t number;
};

#define VALUE_TEXT(s) ((struct value){ .text = (s) })
#define VALUE_INT(n)  ((struct value){ .number = (n) })
#define VALUES(...) \
	(const struct value[]){ __VA_ARGS__ }, sizeof((const struct value[]){ __VA_ARGS__ }) / sizeof(struct value)
#define NO_VALUES NULL, 0

/* Runs a statement that gives no rows, with its n parameters. */
bool database_run(struct database *db, enum sql_id id, const struct value *values, size_t n, GError **error);

/* The rows of a statement: start, then row until it is false, then end, which tells whether all went
 * well. Rows may be left. A statement is in one query at a time. */
struct query {
	struct database *db;
	struct driver_statement *statement;
	GError *error;
};

void query_start(struct query *query, struct database *db, enum sql_id id, const struct value *values, size_t n);
bool query_row(struct query *query);
int64_t query_int(struct query *query, int column);
const char *query_text(struct query *query, int column);
bool query_end(struct query *query, GError **error);

/* The first column of the first row; false without a row (no error then) or by an error. */
bool database_look_up(struct database *db, enum sql_id id, const struct value *values, size_t n, int64_t *number,
		      GError **error);
/* The same, 0 without a row; false by an error only. */
bool database_look_up_or_0(struct database *db, enum sql_id id, const struct value *values, size_t n, int64_t *number,
			   GError **error);

#endif
