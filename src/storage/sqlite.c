/* SPDX-License-Identifier: MIT */
#include "storage/driver.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

LOG_AREA("SQLite3Backend");

enum { BUSY_MS = 1500 };

enum { BEGIN_READ, BEGIN_WRITE, COMMIT, ROLLBACK, CONTROL_COUNT };

static const char *const control_texts[CONTROL_COUNT] = { "BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK" };

struct driver {
	sqlite3 *db;
	char *file;                           /* owned */
	sqlite3_stmt *control[CONTROL_COUNT]; /* owned */
};

struct driver_statement {
	struct driver *driver;
	sqlite3_stmt *stmt; /* owned */
};

static void set_error(struct driver *driver, const char *sql, GError **error)
{
	int code = sqlite3_extended_errcode(driver->db), primary = code & 0xff;
	int system = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN ? sqlite3_system_errno(driver->db) : 0;
	bool exists = code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY;

	g_set_error(error, STORAGE_ERROR, exists ? STORAGE_ERROR_EXISTS : STORAGE_ERROR_FAILED,
		    "database %s: %s%s%s%s%s", driver->file, sqlite3_errmsg(driver->db), system ? ": " : "",
		    system ? g_strerror(system) : "", sql ? ", in " : "", sql ? sql : "");
}

/* Creates a missing file, so that it is ours alone; SQLite gives its journals the same mode. */
static bool create_file(const char *file, bool *created, GError **error)
{
	/* O_EXCL: an existing file must not be opened and closed here, that would drop the POSIX locks
	 * of a connection to it in this process. */
	int fd = open(file, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

	*created = fd >= 0;
	if (fd >= 0)
		close(fd);
	if (fd >= 0 || errno == EEXIST)
		return true;
	int why = errno;
	g_autofree char *folder = g_path_get_dirname(file);
	if (why == ENOENT && !g_file_test(folder, G_FILE_TEST_IS_DIR))
		g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_FAILED,
			    "database %s cannot be created: there is no folder %s", file, folder);
	else
		g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_FAILED, "database %s cannot be created: %s", file,
			    g_strerror(why));
	return false;
}

static bool run_text(struct driver *driver, const char *sql, GError **error)
{
	if (sqlite3_exec(driver->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	set_error(driver, NULL, error);
	return false;
}

static bool set_journal(struct driver *driver, bool created, GError **error)
{
	/* A file that is still empty has nothing to lose: save the fsyncs of its change to WAL. */
	if (created && !run_text(driver, "PRAGMA synchronous=OFF", error))
		return false;
	int result = sqlite3_exec(driver->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
	/* Somebody else has it open and in another mode: that mode works too. */
	if (result != SQLITE_OK && (result & 0xff) != SQLITE_BUSY) {
		set_error(driver, NULL, error);
		return false;
	}
	return run_text(driver, "PRAGMA synchronous=NORMAL", error);
}

static bool configure(struct driver *driver, bool created, GError **error)
{
	static const char *const pragmas[] = {
		"PRAGMA cache_size=-1024",           "PRAGMA mmap_size=0",        "PRAGMA temp_store=MEMORY",
		"PRAGMA journal_size_limit=4194304", "PRAGMA trusted_schema=OFF",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(pragmas); i++)
		if (!run_text(driver, pragmas[i], error))
			return false;
	/* Who is known can still log in; who wants to register is told. */
	if (sqlite3_db_readonly(driver->db, "main") == 1)
		log_error("database %s is read-only: nobody can register, nothing will be kept", driver->file);
	else if (!set_journal(driver, created, error))
		return false;
	for (size_t i = 0; i < CONTROL_COUNT; i++)
		if (sqlite3_prepare_v3(driver->db, control_texts[i], -1, SQLITE_PREPARE_PERSISTENT, &driver->control[i],
				       NULL) != SQLITE_OK) {
			set_error(driver, control_texts[i], error);
			return false;
		}
	return true;
}

static void sqlite_close(struct driver **driver)
{
	struct driver *gone = g_steal_pointer(driver);

	for (size_t i = 0; i < CONTROL_COUNT; i++)
		sqlite3_finalize(gone->control[i]);
	int result = sqlite3_close(gone->db);
	g_assert(result == SQLITE_OK);
	g_free(gone->file);
	g_free(gone);
}

static struct driver *sqlite_open(const struct storage_options *options, GError **error)
{
	enum { FLAGS = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX };
	bool created = true;

	if (strcmp(options->database, ":memory:") != 0 && !create_file(options->database, &created, error))
		return NULL;
	struct driver *driver = g_new0(struct driver, 1);
	driver->file = g_strdup(options->database);
	int result = sqlite3_open_v2(options->database, &driver->db, FLAGS, NULL);
	g_assert(driver->db);
	if (result != SQLITE_OK) {
		set_error(driver, NULL, error);
		sqlite_close(&driver);
		return NULL;
	}
	sqlite3_extended_result_codes(driver->db, 1);
	sqlite3_busy_timeout(driver->db, BUSY_MS);
	if (!configure(driver, created, error))
		sqlite_close(&driver);
	return driver;
}

static struct driver_statement *sqlite_prepare(struct driver *driver, const char *sql, GError **error)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v3(driver->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK) {
		set_error(driver, sql, error);
		return NULL;
	}
	struct driver_statement *statement = g_new0(struct driver_statement, 1);
	statement->driver = driver;
	statement->stmt = stmt;
	return statement;
}

static void sqlite_finalize(struct driver_statement **statement)
{
	sqlite3_finalize((*statement)->stmt);
	g_free(g_steal_pointer(statement));
}

static void sqlite_bind_int(struct driver_statement *statement, int parameter, int64_t value)
{
	int result = sqlite3_bind_int64(statement->stmt, parameter, value);
	g_assert(result == SQLITE_OK);
}

static void sqlite_bind_text(struct driver_statement *statement, int parameter, const char *value)
{
	int result = sqlite3_bind_text(statement->stmt, parameter, value, -1, SQLITE_STATIC);

	/* A text over SQLite's limit (1 GB) is the only other result; the step then sees NULL, which
	 * every column refuses. */
	g_assert(result == SQLITE_OK || result == SQLITE_TOOBIG);
}

static enum driver_step sqlite_step(struct driver_statement *statement, GError **error)
{
	switch (sqlite3_step(statement->stmt)) {
	case SQLITE_ROW:
		return DRIVER_ROW;
	case SQLITE_DONE:
		return DRIVER_DONE;
	default:
		set_error(statement->driver, NULL, error);
		return DRIVER_FAILED;
	}
}

static int64_t sqlite_column_int(struct driver_statement *statement, int column)
{
	return sqlite3_column_int64(statement->stmt, column);
}

static const char *sqlite_column_text(struct driver_statement *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement->stmt, column);

	return text ? (const char *)text : "";
}

static void sqlite_reset(struct driver_statement *statement)
{
	sqlite3_reset(statement->stmt);
	sqlite3_clear_bindings(statement->stmt);
}

static uint64_t sqlite_matched(struct driver *driver)
{
	return (uint64_t)sqlite3_changes64(driver->db);
}

static int64_t sqlite_last_id(struct driver *driver)
{
	return sqlite3_last_insert_rowid(driver->db);
}

static bool control(struct driver *driver, unsigned which, GError **error)
{
	bool done = sqlite3_step(driver->control[which]) == SQLITE_DONE;

	if (!done)
		set_error(driver, NULL, error);
	sqlite3_reset(driver->control[which]);
	return done;
}

static bool sqlite_begin(struct driver *driver, bool write, GError **error)
{
	/* With the write lock from the start: a transaction that read first could not wait for it. */
	return control(driver, write ? BEGIN_WRITE : BEGIN_READ, error);
}

static bool sqlite_commit(struct driver *driver, GError **error)
{
	return control(driver, COMMIT, error);
}

static void sqlite_rollback(struct driver *driver)
{
	if (!sqlite3_get_autocommit(driver->db))
		control(driver, ROLLBACK, NULL);
}

static enum driver_state sqlite_state(struct driver *driver)
{
	return sqlite3_get_autocommit(driver->db) ? DRIVER_IDLE : DRIVER_ACTIVE;
}

const struct driver_type sqlite_driver = {
	.name = "sqlite3",
	.dialect = SQL_SQLITE,
	.quote = '"',
	.open = sqlite_open,
	.close = sqlite_close,
	.prepare = sqlite_prepare,
	.finalize = sqlite_finalize,
	.bind_int = sqlite_bind_int,
	.bind_text = sqlite_bind_text,
	.step = sqlite_step,
	.column_int = sqlite_column_int,
	.column_text = sqlite_column_text,
	.reset = sqlite_reset,
	.matched = sqlite_matched,
	.last_id = sqlite_last_id,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.state = sqlite_state,
};
