/* SPDX-License-Identifier: MIT */
#include "storage/contact.h"

#include "base/text.h"

#include <stdlib.h>

/* In the order of names, as the index on (user_id, uin) gives them; contact_load() sorts. */
static void read_row(struct query *query, struct arena *arena, GArray *found)
{
	const char *name = query_text(query, 1);

	if (!text_is_clean(name, strlen(name)))
		return;
	struct storage_contact contact = {
		.id = query_int(query, 0),
		.name = arena_strdup(arena, name),
		.subscription = arena_strdup(arena, query_text(query, 2)),
		.alias = arena_strdup(arena, text_clean(arena, query_text(query, 3))),
		.groups = arena_strdup(arena, text_clean(arena, query_text(query, 4))),
		.flags = (unsigned)query_int(query, 5),
		.icon_hash = "",
	};
	g_array_append_val(found, contact);
}

static int compare_ids(const void *a, const void *b)
{
	int64_t left = ((const struct storage_contact *)a)->id, right = ((const struct storage_contact *)b)->id;

	return left < right ? -1 : left > right;
}

static bool load_icons(struct database *db, int64_t user, struct arena *arena, struct storage_contact *contacts,
		       size_t n, GError **error)
{
	struct query query;

	query_start(&query, db, SQL_CONTACT_ICONS_OF_USER, VALUES(VALUE_INT(user)));
	while (query_row(&query)) {
		struct storage_contact key = { .id = query_int(&query, 0) };
		struct storage_contact *contact =
			n > 0 ? bsearch(&key, contacts, n, sizeof(*contacts), compare_ids) : NULL;
		if (contact)
			contact->icon_hash = arena_strdup(arena, text_clean(arena, query_text(&query, 1)));
	}
	return query_end(&query, error);
}

bool contact_load(struct database *db, int64_t user, struct arena *arena, struct storage_user *into, GError **error)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct storage_contact));
	struct query query;

	query_start(&query, db, SQL_CONTACTS_OF_USER, VALUES(VALUE_INT(user)));
	while (query_row(&query))
		read_row(&query, arena, found);
	if (!query_end(&query, error))
		return false;
	into->contact_count = found->len;
	if (found->len == 0)
		return true;
	struct storage_contact *contacts = arena_alloc(arena, found->len * sizeof(*contacts));
	memcpy(contacts, found->data, found->len * sizeof(*contacts));
	qsort(contacts, found->len, sizeof(*contacts), compare_ids);
	into->contacts = contacts;
	return load_icons(db, user, arena, contacts, found->len, error);
}

static bool add_icon(struct database *db, int64_t user, int64_t contact, const char *hash, GError **error)
{
	return database_run(db, SQL_CONTACT_ICON_ADD, VALUES(VALUE_INT(user), VALUE_INT(contact), VALUE_TEXT(hash)),
			    error);
}

static bool add_contact(struct database *db, int64_t user, const struct storage_contact *contact, GError **error)
{
	if (!database_run(db, SQL_CONTACT_ADD,
			  VALUES(VALUE_INT(user), VALUE_TEXT(contact->name), VALUE_TEXT(contact->subscription),
				 VALUE_TEXT(contact->alias), VALUE_TEXT(contact->groups), VALUE_INT(contact->flags)),
			  error))
		return false;
	return !*contact->icon_hash || add_icon(db, user, database_last_id(db), contact->icon_hash, error);
}

static bool change_icon(struct database *db, int64_t user, int64_t contact, const char *hash, GError **error)
{
	if (!database_run(db, SQL_CONTACT_ICON_CHANGE, VALUES(VALUE_TEXT(hash), VALUE_INT(contact)), error))
		return false;
	return database_matched(db) > 0 || add_icon(db, user, contact, hash, error);
}

/* A contact's row as it is. */
struct kept {
	int64_t id; /* 0: there is none */
	bool same_row, same_icon;
};

static bool find_contact(struct database *db, int64_t user, const struct storage_contact *contact, struct kept *kept,
			 GError **error)
{
	struct query query;

	*kept = (struct kept){ 0 };
	query_start(&query, db, SQL_CONTACT_FIND, VALUES(VALUE_INT(user), VALUE_TEXT(contact->name)));
	if (query_row(&query)) {
		kept->id = query_int(&query, 0);
		kept->same_row = strcmp(query_text(&query, 1), contact->subscription) == 0 &&
				 strcmp(query_text(&query, 2), contact->alias) == 0 &&
				 strcmp(query_text(&query, 3), contact->groups) == 0 &&
				 query_int(&query, 4) == (int64_t)contact->flags;
		kept->same_icon = strcmp(query_text(&query, 5), contact->icon_hash) == 0;
	}
	return query_end(&query, error);
}

/* Writes what differs: the core puts whole rosters of which little changed. */
static bool put_contact(struct database *db, int64_t user, const struct storage_contact *contact, GError **error)
{
	struct kept kept;

	if (!find_contact(db, user, contact, &kept, error))
		return false;
	if (!kept.id)
		return add_contact(db, user, contact, error);
	if (!kept.same_row &&
	    !database_run(db, SQL_CONTACT_CHANGE,
			  VALUES(VALUE_TEXT(contact->subscription), VALUE_TEXT(contact->alias),
				 VALUE_TEXT(contact->groups), VALUE_INT(contact->flags), VALUE_INT(kept.id)),
			  error))
		return false;
	return kept.same_icon || change_icon(db, user, kept.id, contact->icon_hash, error);
}

bool contact_put(struct database *db, int64_t user, const struct storage_contact *contacts, size_t n, GError **error)
{
	for (size_t i = 0; i < n; i++)
		if (!put_contact(db, user, &contacts[i], error))
			return false;
	return true;
}

bool contact_remove(struct database *db, int64_t user, const char *name, GError **error)
{
	struct storage_contact contact = {
		.name = name, .subscription = "", .alias = "", .groups = "", .icon_hash = ""
	};
	struct kept kept;

	if (!find_contact(db, user, &contact, &kept, error))
		return false;
	if (!kept.id)
		return true;
	return database_run(db, SQL_CONTACT_REMOVE_SETTINGS, VALUES(VALUE_INT(kept.id)), error) &&
	       database_run(db, SQL_CONTACT_REMOVE, VALUES(VALUE_INT(kept.id)), error);
}
