/* SPDX-License-Identifier: MIT */
#include "core/room.h"

LOG_AREA("UserManager");

/* After a start: who was online comes back, and into the rooms he was in. */

struct comeback {
	bool stays; /* is logged in without being asked for */
	char jid[];
};

static void remember(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	if (answer->error) {
		if (!storage_is_none(core->storage))
			log_warn("users who were online are not known: %s", answer->error->message);
		return;
	}
	for (size_t i = 0; i < answer->returning_count; i++) {
		const struct storage_return *row = &answer->returning[i];
		size_t size = strlen(row->jid) + 1;
		struct comeback *comeback = g_malloc(sizeof(*comeback) + size);
		comeback->stays = config_bool(core->config, CONFIG_SETTINGS_STAY_CONNECTED);
		config_parse_bool(row->stay_connected, &comeback->stays);
		comeback->stays &= row->online;
		memcpy(comeback->jid, row->jid, size);
		g_ptr_array_add(core->returning, comeback);
	}
	if (!core->returning->len)
		return;
	log_info("%u users are asked whether they are online", core->returning->len);
	core_need_tick(core);
}

/* XEP-0114 knows no presence at connect: those we served before are probed (RFC 6121, section 4.3). */
void comeback_start(struct core *core)
{
	bool all = config_bool(core->config, CONFIG_SERVICE_RECONNECT_ALL_USERS);
	core->probed = true;
	core->back_until = loop_now(core->loop) + core->return_ms;
	core_need_tick(core);
	storage_list_returning(core->storage, all, (struct storage_reply){ remember, core, 0 });
}

/* Clients that were inside had their time. */
static void leave_deserted(struct user *user)
{
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	for (guint i = 0; i < rooms->len; i++) {
		struct room *room = rooms->pdata[i];
		bool awaited = room->returning;
		g_clear_pointer(&room->returning, g_free);
		if (!room->sessions->len && !user_stays(user))
			rooms_quit(room);
		else if (awaited)
			rooms_store(room);
	}
}

static void end_wait(struct core *core)
{
	g_autoptr(GPtrArray) users = core_values(core->users);
	core->back_until = 0;
	for (guint i = 0; i < users->len; i++)
		leave_deserted(users->pdata[i]);
}

bool comeback_tick(struct core *core)
{
	/* Without a link nobody would hear the question. */
	int rate = core->linked ? config_int(core->config, CONFIG_SERVICE_LOGIN_RATE) : 0;
	for (int i = rate; i > 0 && core->returning->len; i--) {
		g_autofree struct comeback *comeback =
			g_ptr_array_steal_index_fast(core->returning, core->returning->len - 1);
		arena_reset(core->scratch);
		if (comeback->stays)
			login_return(core, comeback->jid);
		core_probe(core, comeback->jid);
	}
	if (core->back_until && core->linked && loop_now(core->loop) >= core->back_until)
		end_wait(core);
	return core->returning->len || core->back_until;
}

/* --- rooms ----------------------------------------------------------------------------------- */

static void restore(struct user *user, const struct storage_room *stored)
{
	struct room *room = rooms_find_node(user, stored->node);
	if (!room)
		room = rooms_add(user, stored->node, stored->nick);
	if (!room)
		return;
	raw_restore_room(room);
	room->stored = true;
	g_free(room->returning);
	/* Later than that clients have been told that they are out, and enter by themselves. */
	room->returning = *stored->resources && user->core->back_until ? g_strdup(stored->resources) : NULL;
}

/* Rooms that were asked for before it was known that messages wait in some. */
static void keep_waiting(struct user *user)
{
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	for (guint i = 0; user->has_messages && i < rooms->len; i++) {
		struct room *room = rooms->pdata[i];
		if (!room->kept)
			kept_begin(user, room);
	}
}

void comeback_rooms(struct user *user, const struct storage_user *stored)
{
	keep_waiting(user);
	if (!stored->room_count)
		return;
	/* From long ago, or left behind by a fault: nobody waits for these. */
	if (!user_stays(user) && !user->core->back_until) {
		storage_remove_room(user->core->storage, user->row, NULL, (struct storage_reply){ 0 });
		return;
	}
	for (size_t i = 0; i < stored->room_count; i++)
		restore(user, &stored->rooms[i]);
	for (struct session *session = user->sessions; session; session = session->next)
		comeback_session(user, session);
}

void comeback_session(struct user *user, struct session *session)
{
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	for (guint i = 0; i < rooms->len; i++) {
		struct room *room = rooms->pdata[i];
		g_auto(GStrv) inside = room->returning ? g_strsplit(room->returning, "\n", -1) : NULL;
		if (inside && g_strv_contains((const char *const *)inside, session->resource) &&
		    !room_has(room, session))
			room_welcome(room, session, false, NULL);
	}
}
