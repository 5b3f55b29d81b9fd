/* SPDX-License-Identifier: MIT */
#include "storage/database.h"

#include "base/secret.h"

struct database {
	const struct driver_type *type;
	struct storage_options options;                 /* its texts are owned */
	struct driver *driver;                          /* owned; NULL: not open */
	struct seal *seal;                              /* owned; made when first opened; NULL: no key */
	struct driver_statement *statements[SQL_COUNT]; /* owned; prepared when first needed */
};

struct database *database_new(const struct driver_type *type, const struct storage_options *options)
{
	struct database *db = g_new0(struct database, 1);

	db->type = type;
	db->options.type = type->name;
	db->options.database = g_strdup(options->database ? options->database : "");
	db->options.server = g_strdup(options->server ? options->server : "");
	db->options.user = g_strdup(options->user ? options->user : "");
	db->options.password = secret_dup(options->password ? options->password : "");
	db->options.port = options->port;
	db->options.prefix = g_strdup(options->prefix ? options->prefix : "");
	db->options.encryption_key = secret_dup(options->encryption_key ? options->encryption_key : "");
	return db;
}

void database_free(struct database **db)
{
	struct database *gone = g_steal_pointer(db);

	if (!gone)
		return;
	database_close(gone);
	seal_free(&gone->seal);
	char *secrets[] = { (char *)gone->options.password, (char *)gone->options.encryption_key };
	for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++)
		secret_free(&secrets[i]);
	g_free((char *)gone->options.database);
	g_free((char *)gone->options.server);
	g_free((char *)gone->options.user);
	g_free((char *)gone->options.prefix);
	g_free(gone);
}

bool database_open(struct database *db, GError **error)
{
	if (database_state(db) != DRIVER_LOST)
		return true;
	database_close(db);
	if (strlen(db->options.prefix) > DATABASE_PREFIX_MAX) {
		g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_FAILED,
			    "database %s: the prefix of the tables is longer than %d bytes", database_name(db),
			    DATABASE_PREFIX_MAX);
		return false;
	}
	if (!db->seal && *db->options.encryption_key)
		db->seal = seal_new(db->options.encryption_key);
	db->driver = db->type->open(&db->options, error);
	return db->driver != NULL;
}

void database_close(struct database *db)
{
	if (!db->driver)
		return;
	for (size_t i = 0; i < SQL_COUNT; i++)
		if (db->statements[i])
			db->type->finalize(&db->statements[i]);
	db->type->close(&db->driver);
}

const char *database_name(const struct database *db)
{
	return db->options.database;
}

const char *database_prefix(const struct database *db)
{
	return db->options.prefix;
}

const struct seal *database_seal(const struct database *db)
{
	return db->seal;
}

bool database_begin(struct database *db, bool write, GError **error)
{
	return db->type->begin(db->driver, write, error);
}

bool database_commit(struct database *db, GError **error)
{
	return db->type->commit(db->driver, error);
}

void database_rollback(struct database *db)
{
	db->type->rollback(db->driver);
}

enum driver_state database_state(struct database *db)
{
	return db->driver ? db->type->state(db->driver) : DRIVER_LOST;
}

uint64_t database_matched(struct database *db)
{
	return db->type->matched(db->driver);
}

int64_t database_last_id(struct database *db)
{
	return db->type->last_id(db->driver);
}

static struct driver_statement *find_statement(struct database *db, enum sql_id id, GError **error)
{
	if (G_UNLIKELY(!db->statements[id])) {
		g_autofree char *sql = sql_expand(id, db->type->dialect, db->options.prefix, db->type->quote);
		db->statements[id] = db->type->prepare(db->driver, sql, error);
	}
	return db->statements[id];
}

void query_start(struct query *query, struct database *db, enum sql_id id, const struct value *values, size_t n)
{
	const struct driver_type *type = db->type;

	*query = (struct query){ .db = db };
	query->statement = find_statement(db, id, &query->error);
	for (size_t i = 0; query->statement && i < n; i++) {
		if (values[i].text)
			type->bind_text(query->statement, (int)i + 1, values[i].text);
		else
			type->bind_int(query->statement, (int)i + 1, values[i].number);
	}
}

bool query_row(struct query *query)
{
	if (query->error)
		return false;
	return query->db->type->step(query->statement, &query->error) == DRIVER_ROW;
}

int64_t query_int(struct query *query, int column)
{
	return query->db->type->column_int(query->statement, column);
}

const char *query_text(struct query *query, int column)
{
	return query->db->type->column_text(query->statement, column);
}

bool query_end(struct query *query, GError **error)
{
	if (query->statement)
		query->db->type->reset(query->statement);
	if (!query->error)
		return true;
	g_propagate_error(error, g_steal_pointer(&query->error));
	return false;
}

bool database_run(struct database *db, enum sql_id id, const struct value *values, size_t n, GError **error)
{
	struct query query;

	query_start(&query, db, id, values, n);
	query_row(&query);
	return query_end(&query, error);
}

bool database_look_up(struct database *db, enum sql_id id, const struct value *values, size_t n, int64_t *number,
		      GError **error)
{
	struct query query;

	query_start(&query, db, id, values, n);
	bool found = query_row(&query);
	if (found)
		*number = query_int(&query, 0);
	return query_end(&query, error) && found;
}

bool database_look_up_or_0(struct database *db, enum sql_id id, const struct value *values, size_t n, int64_t *number,
			   GError **error)
{
	GError *failure = NULL;

	*number = 0;
	if (database_look_up(db, id, values, n, number, &failure) || !failure)
		return true;
	g_propagate_error(error, failure);
	return false;
}
