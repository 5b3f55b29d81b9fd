/* SPDX-License-Identifier: MIT */
#include "core/room.h"

/* What those inside may ask of a room. */

static const struct room *find(struct core *core, const struct jid *from, const struct jid *to)
{
	const struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	const struct room *room = user ? rooms_find_jid(user, to) : NULL;
	const struct session *session = room ? user_session(user, jid_resource(from)) : NULL;
	return session && room_has(room, session) && room->state == ROOM_ENTERED ? room : NULL;
}

bool core_user_room(struct core *core, const struct jid *from, const struct jid *to, struct core_room *view)
{
	const struct room *room = find(core, from, to);
	if (room)
		*view = (struct core_room){ .subject = room->subject,
					    .password = room->password,
					    .occupants = g_hash_table_size(room->occupants) };
	return room;
}

void core_user_each_occupant(struct core *core, const struct jid *from, const struct jid *to,
			     void (*each)(void *ctx, const char *nick, bool moderator), void *ctx)
{
	const struct room *room = find(core, from, to);
	GHashTableIter iter;
	struct occupant *occupant;
	if (!room)
		return;
	g_hash_table_iter_init(&iter, room->occupants);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&occupant))
		if (!occupant->stale)
			each(ctx, occupant_name(occupant), occupant->moderator);
}
