/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_DRIVER_H
#define STORAGE_DRIVER_H

#include "storage/sql.h"
#include "storage/storage.h"

/* What an engine has to do: a small blocking interface, used by one thread at a time. Errors are of
 * STORAGE_ERROR (FAILED, or EXISTS where a unique key forbids a row) and name the database. */
struct driver;           /* a connection, defined by the engine's source */
struct driver_statement; /* a prepared statement of it */

enum driver_step { DRIVER_ROW, DRIVER_DONE, DRIVER_FAILED };

enum driver_state {
	DRIVER_IDLE,   /* no transaction, or one that the engine has given up and only lets roll back */
	DRIVER_ACTIVE, /* in a transaction */
	DRIVER_LOST,   /* the connection is gone: close it and open another */
};

struct driver_type {
	const char *name; /* as in [database] type */
	enum sql_dialect dialect;
	char quote; /* around names */

	/* `options` are borrowed for the call. Waits are bounded. */
	struct driver *(*open)(const struct storage_options *options, GError **error);
	/* All statements are finalized before. */
	void (*close)(struct driver **driver);

	/* Parameters are written `?`, counted from 1; all are bound before the first step. Takes every
	 * statement of sql.c, also those an engine only runs unprepared (it then keeps the text). */
	struct driver_statement *(*prepare)(struct driver *driver, const char *sql, GError **error);
	void (*finalize)(struct driver_statement **statement);
	void (*bind_int)(struct driver_statement *statement, int parameter, int64_t value);
	/* Borrowed until the reset. Not NULL. */
	void (*bind_text)(struct driver_statement *statement, int parameter, const char *value);
	enum driver_step (*step)(struct driver_statement *statement, GError **error);
	/* Columns of the row, counted from 0. A boolean is 0 or 1, NULL is 0 or "". Text is borrowed
	 * until the next step or reset. */
	int64_t (*column_int)(struct driver_statement *statement, int column);
	const char *(*column_text)(struct driver_statement *statement, int column);
	/* Ends the execution (rows may be left) and forgets what is bound. */
	void (*reset)(struct driver_statement *statement);

	/* Rows that the last INSERT, UPDATE or DELETE matched, changed by it or not. */
	uint64_t (*matched)(struct driver *driver);
	/* The id that the last INSERT drew. */
	int64_t (*last_id)(struct driver *driver);

	/* `write`: it will change something, so locks are taken (and waited for) here. */
	bool (*begin)(struct driver *driver, bool write, GError **error);
	bool (*commit)(struct driver *driver, GError **error);
	/* Harmless without a transaction. */
	void (*rollback)(struct driver *driver);
	enum driver_state (*state)(struct driver *driver);
};

extern const struct driver_type sqlite_driver;

#endif
