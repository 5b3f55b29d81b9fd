/* SPDX-License-Identifier: MIT */
#include "storage/message.h"

/* The total over all rooms takes a look at every row, so it is not looked at each time. */
enum { TOTAL_EVERY = 64 };

bool message_drop(struct database *db, int64_t user, const char *room, int64_t up_to, GError **error)
{
	return database_run(db, SQL_MESSAGES_DROP, VALUES(VALUE_INT(user), VALUE_TEXT(room), VALUE_INT(up_to)), error);
}

static bool trim_place(struct database *db, int64_t user, const char *room, unsigned *dropped, GError **error)
{
	int most = *room ? MESSAGE_ROOM_MAX : MESSAGE_DIRECT_MAX;
	int64_t row;

	if (!database_look_up_or_0(db, SQL_MESSAGES_OVERFLOW,
				   VALUES(VALUE_INT(user), VALUE_TEXT(room), VALUE_INT(most)), &row, error))
		return false;
	if (!row)
		return true;
	if (!message_drop(db, user, room, row, error))
		return false;
	*dropped += (unsigned)database_matched(db);
	return true;
}

static bool trim_rooms(struct database *db, int64_t user, unsigned *dropped, GError **error)
{
	int64_t row;

	if (!database_look_up_or_0(db, SQL_MESSAGES_ROOMS_OVERFLOW,
				   VALUES(VALUE_INT(user), VALUE_INT(MESSAGE_ROOMS_MAX)), &row, error))
		return false;
	if (!row)
		return true;
	if (!database_run(db, SQL_MESSAGES_DROP_OF_ROOMS, VALUES(VALUE_INT(user), VALUE_INT(row)), error))
		return false;
	*dropped += (unsigned)database_matched(db);
	return true;
}

bool message_keep(struct database *db, int64_t user, const struct storage_message *message, unsigned *dropped,
		  GError **error)
{
	*dropped = 0;
	if (!database_run(db, SQL_MESSAGE_ADD,
			  VALUES(VALUE_INT(user), VALUE_TEXT(message->room), VALUE_TEXT(message->sender),
				 VALUE_INT(message->is_private), VALUE_TEXT(message->message_id),
				 VALUE_TEXT(message->body), VALUE_TEXT(message->xhtml),
				 VALUE_TEXT(message->attachments), VALUE_INT(message->stamp)),
			  error))
		return false;
	int64_t id = database_last_id(db);
	if (!trim_place(db, user, message->room, dropped, error))
		return false;
	return !*message->room || id % TOTAL_EVERY || trim_rooms(db, user, dropped, error);
}

static void read_row(struct query *query, struct arena *arena, const char *room, GArray *found)
{
	struct storage_message message = {
		.id = query_int(query, 0),
		.room = room,
		.sender = arena_strdup(arena, query_text(query, 1)),
		.is_private = query_int(query, 2) != 0,
		.message_id = arena_strdup(arena, query_text(query, 3)),
		.body = arena_strdup(arena, query_text(query, 4)),
		.xhtml = arena_strdup(arena, query_text(query, 5)),
		.attachments = arena_strdup(arena, query_text(query, 6)),
		.stamp = query_int(query, 7),
	};
	g_array_append_val(found, message);
}

bool message_list(struct database *db, int64_t user, const char *room, unsigned limit, struct arena *arena,
		  struct storage_answer *answer, GError **error)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct storage_message));
	const char *place = arena_strdup(arena, room);
	struct query query;

	query_start(&query, db, SQL_MESSAGES_LIST, VALUES(VALUE_INT(user), VALUE_TEXT(room), VALUE_INT(limit)));
	while (query_row(&query))
		read_row(&query, arena, place, found);
	if (!query_end(&query, error))
		return false;
	size_t size = found->len * sizeof(struct storage_message);
	answer->message_count = found->len;
	answer->messages = size ? memcpy(arena_alloc(arena, size), found->data, size) : NULL;
	return true;
}

bool message_any(struct database *db, int64_t user, bool *yes, GError **error)
{
	int64_t one;

	if (!database_look_up_or_0(db, SQL_MESSAGES_ANY, VALUES(VALUE_INT(user)), &one, error))
		return false;
	*yes = one != 0;
	return true;
}
