/* SPDX-License-Identifier: MIT */
#include "storage/account.h"

#include "base/secret.h"
#include "storage/contact.h"
#include "storage/message.h"
#include "storage/room.h"

static bool refuse_missing(struct database *db, GError **error, const char *what)
{
	g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_NOT_FOUND, "database %s: there is no user %s",
		    database_name(db), what);
	return false;
}

static bool refuse_missing_id(struct database *db, GError **error, int64_t id)
{
	char what[32];

	g_snprintf(what, sizeof(what), "with id %" G_GINT64_FORMAT, id);
	return refuse_missing(db, error, what);
}

/* *id is 0 if there is none. */
static bool find_id(struct database *db, const char *jid, int64_t *id, GError **error)
{
	return database_look_up_or_0(db, SQL_USER_ID, VALUES(VALUE_TEXT(jid)), id, error);
}

bool account_id(struct database *db, const char *jid, int64_t *id, GError **error)
{
	if (!find_id(db, jid, id, error))
		return false;
	return *id || refuse_missing(db, error, jid);
}

bool account_check(struct database *db, int64_t user, GError **error)
{
	GError *failure = NULL;
	int64_t one;

	if (database_look_up(db, SQL_USER_EXISTS, VALUES(VALUE_INT(user)), &one, &failure))
		return true;
	if (!failure)
		return refuse_missing_id(db, error, user);
	g_propagate_error(error, failure);
	return false;
}

static bool load_settings(struct database *db, struct arena *arena, struct storage_user *user, GError **error)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct storage_setting));
	struct query query;

	query_start(&query, db, SQL_SETTINGS_OF_USER, VALUES(VALUE_INT(user->id)));
	while (query_row(&query)) {
		struct storage_setting setting = {
			.name = arena_strdup(arena, query_text(&query, 0)),
			.type = (int)query_int(&query, 1),
			.value = arena_strdup(arena, query_text(&query, 2)),
		};
		g_array_append_val(found, setting);
	}
	if (!query_end(&query, error))
		return false;
	user->setting_count = found->len;
	if (found->len > 0) {
		struct storage_setting *settings = arena_alloc(arena, found->len * sizeof(*settings));
		memcpy(settings, found->data, found->len * sizeof(*settings));
		user->settings = settings;
	}
	return true;
}

/* The password of a user who was just read, as the network wants it. */
static bool open_password(struct database *db, struct arena *arena, struct storage_user *user, GError **error)
{
	const struct seal *seal = database_seal(db);
	user->unsealed = seal && *user->password && !seal_is_sealed(user->password);
	if (!seal_is_sealed(user->password))
		return true;
	char *password = seal ? seal_open(seal, user->jid, user->password) : NULL;
	if (password) {
		user->password = arena_strdup(arena, password);
		secret_free(&password);
		return true;
	}
	g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_SEALED,
		    "database %s: the password of %s is sealed, and database.encryption_key %s", database_name(db),
		    user->jid, seal ? "is not the key it was sealed under" : "is not set");
	return false;
}

static bool load_user(struct database *db, const char *jid, struct arena *arena, struct storage_user *user,
		      GError **error)
{
	struct query query;

	*user = (struct storage_user){ 0 };
	query_start(&query, db, SQL_USER_FIND, VALUES(VALUE_TEXT(jid)));
	bool found = query_row(&query);
	if (found)
		*user = (struct storage_user){
			.id = query_int(&query, 0),
			.jid = arena_strdup(arena, query_text(&query, 1)),
			.uin = arena_strdup(arena, query_text(&query, 2)),
			.password = arena_strdup(arena, query_text(&query, 3)),
			.language = arena_strdup(arena, query_text(&query, 4)),
			.encoding = arena_strdup(arena, query_text(&query, 5)),
			.vip = query_int(&query, 6) != 0,
			.online = query_int(&query, 7) != 0,
		};
	if (!query_end(&query, error))
		return false;
	return found ? open_password(db, arena, user, error) : refuse_missing(db, error, jid);
}

bool account_find(struct database *db, const char *jid, struct arena *arena, struct storage_user *user, GError **error)
{
	return load_user(db, jid, arena, user, error) && contact_load(db, user->id, arena, user, error) &&
	       load_settings(db, arena, user, error) && room_load(db, user->id, arena, user, error) &&
	       message_any(db, user->id, &user->has_messages, error);
}

/* The form in which a password is stored; NULL and an error if it is too long for that. */
static const char *seal_password(struct database *db, const char *jid, const char *password, struct arena *arena,
				 GError **error)
{
	const struct seal *seal = database_seal(db);
	/* That there is none is no secret, and no reason to need the key. */
	if (!seal || !*password)
		return password;
	g_autofree char *sealed = seal_close(seal, jid, password);
	if (sealed)
		return arena_strdup(arena, sealed);
	g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_TOO_LONG, "the password of %s is longer than %d bytes", jid,
		    SEAL_PASSWORD_MAX);
	return NULL;
}

/* A new user has nothing else yet, so that the answer needs no reading. */
static bool add_user(struct database *db, const struct storage_user *put, struct arena *arena,
		     struct storage_user *user, GError **error)
{
	const char *password = seal_password(db, put->jid, put->password, arena, error);
	if (!password || !database_run(db, SQL_USER_ADD,
				       VALUES(VALUE_TEXT(put->jid), VALUE_TEXT(put->uin), VALUE_TEXT(password),
					      VALUE_TEXT(put->language), VALUE_TEXT(put->encoding)),
				       error))
		return false;
	*user = (struct storage_user){
		.id = database_last_id(db),
		.jid = arena_strdup(arena, put->jid),
		.uin = arena_strdup(arena, put->uin),
		.password = arena_strdup(arena, put->password),
		.language = arena_strdup(arena, put->language),
		.encoding = arena_strdup(arena, put->encoding),
	};
	return true;
}

bool account_put(struct database *db, const struct storage_user *put, struct arena *arena, struct storage_user *user,
		 GError **error)
{
	int64_t id;

	if (!find_id(db, put->jid, &id, error))
		return false;
	if (!id)
		return add_user(db, put, arena, user, error);
	const char *password = seal_password(db, put->jid, put->password, arena, error);
	return password &&
	       database_run(db, SQL_USER_CHANGE,
			    VALUES(VALUE_TEXT(put->uin), VALUE_TEXT(password), VALUE_TEXT(put->language),
				   VALUE_TEXT(put->encoding), VALUE_INT(id)),
			    error) &&
	       account_find(db, put->jid, arena, user, error);
}

bool account_seal(struct database *db, int64_t user, const char *jid, const char *password, struct arena *arena,
		  GError **error)
{
	const char *sealed = seal_password(db, jid, password, arena, error);
	return sealed && database_run(db, SQL_USER_SEAL,
				      VALUES(VALUE_TEXT(sealed), VALUE_INT(user), VALUE_TEXT(password)), error);
}

bool account_remove(struct database *db, const char *jid, GError **error)
{
	static const enum sql_id removals[] = {
		SQL_USER_REMOVE_CONTACT_SETTINGS, SQL_USER_REMOVE_CONTACTS, SQL_USER_REMOVE_SETTINGS,
		SQL_USER_REMOVE_MESSAGES,         SQL_USER_REMOVE_ROOMS,    SQL_USER_REMOVE_ARCHIVE,
		SQL_USER_REMOVE_DOCUMENTS,        SQL_USER_REMOVE,
	};
	int64_t id;

	if (!find_id(db, jid, &id, error))
		return false;
	if (!id)
		return refuse_missing(db, error, jid);
	for (size_t i = 0; i < G_N_ELEMENTS(removals); i++)
		if (!database_run(db, removals[i], VALUES(VALUE_INT(id)), error))
			return false;
	return true;
}

bool account_set_online(struct database *db, int64_t user, bool online, GError **error)
{
	if (!database_run(db, online ? SQL_USER_ONLINE : SQL_USER_OFFLINE, VALUES(VALUE_INT(online), VALUE_INT(user)),
			  error))
		return false;
	return database_matched(db) > 0 ? true : refuse_missing_id(db, error, user);
}

bool account_list(struct database *db, bool only_online, struct arena *arena, const char *const **names, GError **error)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	struct query query;

	if (only_online)
		query_start(&query, db, SQL_USERS_ONLINE, VALUES(VALUE_INT(1)));
	else
		query_start(&query, db, SQL_USERS_ALL, NO_VALUES);
	while (query_row(&query))
		g_ptr_array_add(found, arena_strdup(arena, query_text(&query, 0)));
	if (!query_end(&query, error))
		return false;
	g_ptr_array_add(found, NULL);
	const char **list = arena_alloc(arena, found->len * sizeof(*list));
	memcpy(list, found->pdata, found->len * sizeof(*list));
	*names = list;
	return true;
}

bool account_list_returning(struct database *db, bool all, struct arena *arena, struct storage_answer *answer,
			    GError **error)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct storage_return));
	struct query query;

	if (all)
		query_start(&query, db, SQL_USERS_RETURNING_ALL, NO_VALUES);
	else
		query_start(&query, db, SQL_USERS_RETURNING, VALUES(VALUE_INT(1)));
	while (query_row(&query)) {
		struct storage_return one = {
			.jid = arena_strdup(arena, query_text(&query, 0)),
			.stay_connected = arena_strdup(arena, query_text(&query, 1)),
			.online = !all || query_int(&query, 2),
		};
		g_array_append_val(found, one);
	}
	if (!query_end(&query, error))
		return false;
	size_t size = found->len * sizeof(struct storage_return);
	answer->returning_count = found->len;
	answer->returning = size ? memcpy(arena_alloc(arena, size), found->data, size) : NULL;
	return true;
}

bool account_uin_in_use(struct database *db, const char *uin, const char *except_jid, bool *yes, GError **error)
{
	GError *failure = NULL;
	int64_t one;

	*yes = database_look_up(db, SQL_UIN_USED, VALUES(VALUE_TEXT(uin), VALUE_TEXT(except_jid)), &one, &failure);
	if (!failure)
		return true;
	g_propagate_error(error, failure);
	return false;
}

bool account_put_setting(struct database *db, int64_t user, const struct storage_setting *setting, GError **error)
{
	if (!database_run(db, SQL_SETTING_CHANGE,
			  VALUES(VALUE_INT(setting->type), VALUE_TEXT(setting->value), VALUE_INT(user),
				 VALUE_TEXT(setting->name)),
			  error))
		return false;
	if (database_matched(db) > 0)
		return true;
	return account_check(db, user, error) &&
	       database_run(db, SQL_SETTING_ADD,
			    VALUES(VALUE_INT(user), VALUE_TEXT(setting->name), VALUE_INT(setting->type),
				   VALUE_TEXT(setting->value)),
			    error);
}
