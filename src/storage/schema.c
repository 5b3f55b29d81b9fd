/* SPDX-License-Identifier: MIT */
#include "storage/schema.h"

struct index {
	const char *table, *columns;
	bool unique;
	enum sql_id create;
};

/* All but the one on uin are the original's, found again by their columns. */
static const struct index indexes[] = {
	{ "users", "jid", true, SQL_INDEX_USER_JID },
	{ "users", "uin", false, SQL_INDEX_USER_UIN },
	{ "buddies", "user_id,uin", true, SQL_INDEX_CONTACT_NAME },
	{ "buddies_settings", "user_id", false, SQL_INDEX_CONTACT_SETTING_USER },
	{ "users_settings", "user_id", false, SQL_INDEX_USER_SETTING_USER },
};

static bool run_all(struct database *db, const enum sql_id *ids, size_t n, GError **error)
{
	for (size_t i = 0; i < n; i++)
		if (!database_run(db, ids[i], NO_VALUES, error))
			return false;
	return true;
}

/* 1 or 0, -1 by an error. */
static int exists(struct database *db, enum sql_id id, const struct value *values, size_t n, GError **error)
{
	GError *failure = NULL;
	int64_t number;
	bool found = database_look_up(db, id, values, n, &number, &failure);

	if (!failure)
		return found;
	g_propagate_error(error, failure);
	return -1;
}

static bool ensure_index(struct database *db, const struct index *index, GError **error)
{
	g_autofree char *table = g_strconcat(database_prefix(db), index->table, NULL);
	int there = exists(db, SQL_INDEX_EXISTS,
			   VALUES(VALUE_TEXT(table), VALUE_INT(index->unique), VALUE_TEXT(index->columns)), error);

	if (there != 0)
		return there > 0;
	/* Where the original lost this index nothing kept it from storing a contact twice. */
	if (index->create == SQL_INDEX_CONTACT_NAME && !database_run(db, SQL_DROP_DOUBLE_CONTACTS, NO_VALUES, error))
		return false;
	return database_run(db, index->create, NO_VALUES, error);
}

/* From nothing, from part of it, or from the original's tables. */
static bool migrate_to_100(struct database *db, GError **error)
{
	static const enum sql_id tables[] = {
		SQL_CREATE_USERS,         SQL_CREATE_CONTACTS, SQL_CREATE_CONTACT_SETTINGS,
		SQL_CREATE_USER_SETTINGS, SQL_CREATE_VERSION,
	};
	/* The original removed a user in several steps and could leave rows behind, which SQLite would
	 * hand to the next user with the same id. */
	static const enum sql_id lost[] = { SQL_DROP_LOST_CONTACTS, SQL_DROP_LOST_USER_SETTINGS };

	if (!run_all(db, tables, G_N_ELEMENTS(tables), error) || !run_all(db, lost, G_N_ELEMENTS(lost), error))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(indexes); i++)
		if (!ensure_index(db, &indexes[i], error))
			return false;
	return database_run(db, SQL_DROP_LOST_CONTACT_SETTINGS, NO_VALUES, error);
}

/* Messages kept for who is away, and the rooms users are in. */
static bool migrate_to_101(struct database *db, GError **error)
{
	static const enum sql_id ids[] = { SQL_CREATE_MESSAGES, SQL_CREATE_ROOMS, SQL_INDEX_MESSAGE_PLACE };

	return run_all(db, ids, G_N_ELEMENTS(ids), error);
}

/* Conversations of server mode. */
static bool migrate_to_102(struct database *db, GError **error)
{
	static const enum sql_id ids[] = { SQL_CREATE_ARCHIVE, SQL_INDEX_ARCHIVE_USER, SQL_INDEX_ARCHIVE_PEER };

	return run_all(db, ids, G_N_ELEMENTS(ids), error);
}

/* Texts that users keep in server mode. */
static bool migrate_to_103(struct database *db, GError **error)
{
	static const enum sql_id ids[] = { SQL_CREATE_DOCUMENTS, SQL_COPY_BOOKMARKS };

	return run_all(db, ids, G_N_ELEMENTS(ids), error);
}

static const struct step {
	int64_t version;
	bool (*migrate)(struct database *db, GError **error);
} steps[] = {
	{ 100, migrate_to_100 },
	{ 101, migrate_to_101 },
	{ 102, migrate_to_102 },
	{ 103, migrate_to_103 },
};
G_STATIC_ASSERT(G_N_ELEMENTS(steps) == SCHEMA_VERSION - 99);

static bool read_version(struct database *db, int64_t *version, GError **error)
{
	g_autofree char *table = g_strconcat(database_prefix(db), "db_version", NULL);
	int there = exists(db, SQL_TABLE_EXISTS, VALUES(VALUE_TEXT(table)), error);

	*version = 0;
	if (there <= 0)
		return there == 0;
	return database_look_up(db, SQL_VERSION_READ, NO_VALUES, version, error);
}

static bool check_version(struct database *db, int64_t version, GError **error)
{
	if (version <= SCHEMA_ORIGINAL_LAST || (version >= steps[0].version && version <= SCHEMA_VERSION))
		return true;
	g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_TOO_NEW,
		    "database %s was written by a newer version: its tables are of version %" G_GINT64_FORMAT
		    ", this program knows those up to %d",
		    database_name(db), version, SCHEMA_VERSION);
	return false;
}

/* In a transaction. The version is read again, for another process may have been faster. */
static bool migrate(struct database *db, GError **error)
{
	int64_t version;

	if (!read_version(db, &version, error) || !check_version(db, version, error))
		return false;
	if (version == SCHEMA_VERSION)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		if (version < steps[i].version && !steps[i].migrate(db, error))
			return false;
	return database_run(db, SQL_VERSION_CLEAR, NO_VALUES, error) &&
	       database_run(db, SQL_VERSION_WRITE, VALUES(VALUE_INT(SCHEMA_VERSION)), error);
}

bool schema_ensure(struct database *db, int64_t *before, GError **error)
{
	if (!read_version(db, before, error) || !check_version(db, *before, error))
		return false;
	if (*before == SCHEMA_VERSION)
		return true;
	if (!database_begin(db, true, error))
		return false;
	if (migrate(db, error) && database_commit(db, error))
		return true;
	database_rollback(db);
	return false;
}
