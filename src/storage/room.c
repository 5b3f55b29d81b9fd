/* SPDX-License-Identifier: MIT */
#include "storage/room.h"

#include "base/text.h"

/* What no XML stream could carry was not written by us. */
static void read_row(struct query *query, struct arena *arena, GArray *found)
{
	const char *node = query_text(query, 0), *nick = query_text(query, 1);

	if (!*node || !text_is_clean(node, strlen(node)) || !*nick || !text_is_clean(nick, strlen(nick)))
		return;
	struct storage_room room = {
		.node = arena_strdup(arena, node),
		.nick = arena_strdup(arena, nick),
		.resources = arena_strdup(arena, text_clean(arena, query_text(query, 2))),
	};
	g_array_append_val(found, room);
}

bool room_load(struct database *db, int64_t user, struct arena *arena, struct storage_user *into, GError **error)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct storage_room));
	struct query query;

	query_start(&query, db, SQL_ROOMS_OF_USER, VALUES(VALUE_INT(user)));
	while (query_row(&query))
		read_row(&query, arena, found);
	if (!query_end(&query, error))
		return false;
	size_t size = found->len * sizeof(struct storage_room);
	into->room_count = found->len;
	into->rooms = size ? memcpy(arena_alloc(arena, size), found->data, size) : NULL;
	return true;
}

bool room_put(struct database *db, int64_t user, const struct storage_room *room, GError **error)
{
	if (!database_run(db, SQL_ROOM_CHANGE,
			  VALUES(VALUE_TEXT(room->nick), VALUE_TEXT(room->resources), VALUE_INT(user),
				 VALUE_TEXT(room->node)),
			  error))
		return false;
	return database_matched(db) > 0 || database_run(db, SQL_ROOM_ADD,
							VALUES(VALUE_INT(user), VALUE_TEXT(room->node),
							       VALUE_TEXT(room->nick), VALUE_TEXT(room->resources)),
							error);
}

bool room_remove(struct database *db, int64_t user, const char *name, GError **error)
{
	if (!name)
		return database_run(db, SQL_USER_REMOVE_ROOMS, VALUES(VALUE_INT(user)), error);
	return database_run(db, SQL_ROOM_REMOVE, VALUES(VALUE_INT(user), VALUE_TEXT(name)), error);
}
