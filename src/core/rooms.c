/* SPDX-License-Identifier: MIT */
#include "core/room.h"

struct room *rooms_find(const struct user *user, const char *key)
{
	struct str text = str_of(key);
	return user->rooms ? g_hash_table_lookup(user->rooms, &text) : NULL;
}

struct room *rooms_find_node(const struct user *user, const char *node)
{
	struct core *core = user->core;
	return user->rooms ? rooms_find(user, core_fold(core, jid_name_of_node(core->scratch, node, NULL))) : NULL;
}

struct room *rooms_find_jid(const struct user *user, const struct jid *to)
{
	bool possible = user->rooms && to->node;
	return possible ? rooms_find_node(user, arena_strndup(user->core->scratch, to->full, to->node)) : NULL;
}

const char *rooms_first_nick(const struct user *user)
{
	GHashTableIter iter;
	struct room *room;
	if (!user->rooms)
		return NULL;
	g_hash_table_iter_init(&iter, user->rooms);
	return g_hash_table_iter_next(&iter, NULL, (void **)&room) ? room->nick : NULL;
}

void rooms_forget(struct room *room)
{
	/* They wait for the next entry. */
	room->user->has_messages |= room->kept != NULL;
	g_hash_table_remove(room->user->rooms, room);
	raw_forget_node(room->user, room->node);
	room_free(room);
}

static void ask_network(struct room *room)
{
	struct core *core = room->user->core;
	room_set_state(room, ROOM_ENTERING);
	core->backend->join(core->backend_ctx, room->user, room->name, room->nick, room->password);
	raw_put(room->user, room->raw_enter);
}

/* --- entering and leaving -------------------------------------------------------------------- */

static void take_password(struct room *room, const char *password)
{
	secret_free(&room->password);
	room->password = password && *password ? secret_dup(password) : NULL;
}

/* A room with a password cannot be entered again without, and that one lies nowhere in the clear. */
void rooms_store(struct room *room)
{
	struct user *user = room->user;
	g_autoptr(GString) resources = g_string_new(room->returning);
	if (!user->row || room->password || room->state != ROOM_ENTERED)
		return;
	for (guint i = 0; i < room->sessions->len; i++) {
		const struct session *session = room->sessions->pdata[i];
		g_string_append_printf(resources, "%s%s", resources->len ? "\n" : "", session->resource);
	}
	struct storage_room row = { .node = room->node, .nick = room->nick, .resources = resources->str };
	storage_put_room(user->core->storage, user->row, &row, (struct storage_reply){ 0 });
	room->stored = true;
}

void rooms_unstore(struct room *room)
{
	struct user *user = room->user;
	if (room->stored && user->row)
		storage_remove_room(user->core->storage, user->row, room->node, (struct storage_reply){ 0 });
	room->stored = false;
}

struct room *rooms_add(struct user *user, const char *node, const char *nick)
{
	const char *name = jid_name_of_node(user->core->scratch, node, NULL);
	if (!user->rooms)
		user->rooms = g_hash_table_new(str_hash, str_equal);
	if (g_hash_table_size(user->rooms) >= CORE_ROOMS_MAX)
		return NULL;
	struct room *room = room_new(user, core_fold(user->core, name), name, node, nick);
	g_hash_table_add(user->rooms, room);
	if (user->has_messages)
		kept_begin(user, room);
	return room;
}

/* Another nickname of a session that is inside is a wish to be renamed. */
static void ask_nick(struct room *room, const struct session *session, const char *nick)
{
	struct core *core = room->user->core;
	const struct occupant *self = room_occupant(room, room->nick);
	if (!strcmp(self ? occupant_name(self) : room->nick, nick))
		return;
	room_set_wish(room, session, nick);
	core->backend->join(core->backend_ctx, room->user, room->name, nick, room->password);
}

/* A session that is inside already is told all there is (re-synchronised), and so is another one of the
 * user, under the nickname that the user has. */
static void enter_again(struct room *room, struct session *session, const char *nick,
			const struct core_history *history)
{
	const struct occupant *self = room_occupant(room, room->nick);
	if (room->state == ROOM_WANTED)
		room_set_nick(room, nick);
	if (!room_has(room, session)) {
		room_welcome(room, session, strcmp(self ? occupant_name(self) : room->nick, nick), history);
	} else if (room->state == ROOM_ENTERING) {
		room_show_others(room, session->full);
	} else if (room->state == ROOM_ENTERED) {
		room_show_all(room, session->full, false);
		ask_nick(room, session, nick);
	}
}

static void refuse_entry(struct core *core, const struct jid *to, const char *full, enum core_error error,
			 const char *text)
{
	const char *node = arena_strndup(core->scratch, to->full, to->node);
	core->frontend->join_error(core->frontend_ctx, (struct core_address){ node, jid_resource(to) }, full, error,
				   text);
}

/* Entering a room is enough to be logged in: the session it comes from is then implied. */
static struct session *imply_session(struct core *core, const struct jid *from, struct user **user)
{
	struct core_presence presence = { .type = CORE_AVAILABLE };
	struct session *session;
	bool added;
	if (!*user)
		*user = login_start(core, from, &presence);
	else if ((session = user_session(*user, jid_resource(from))))
		return session;
	session = user_put_session(*user, from, &presence, &added);
	if (session)
		session->implicit = true;
	user_review(*user);
	return session;
}

void core_user_join(struct core *core, const struct jid *from, const struct jid *to, const char *password,
		    const struct core_history *history)
{
	struct user *user = core_find_user(core, jid_bare(from));
	const char *nick = jid_resource(to);
	arena_reset(core->scratch);
	if (!*nick) {
		/* XEP-0045, section 7.2.1. */
		refuse_entry(core, to, from->full, CORE_JID_MALFORMED, "A nickname is missing: room@service/nickname");
		return;
	}
	if (!user && core->server) {
		refuse_entry(core, to, from->full, CORE_RECIPIENT_UNAVAILABLE, "You are not logged in any more");
		return;
	}
	struct session *session = imply_session(core, from, &user);
	struct room *room = session ? rooms_find_jid(user, to) : NULL;
	if (room) {
		enter_again(room, session, nick, history);
		return;
	}
	room = session ? rooms_add(user, arena_strndup(core->scratch, to->full, to->node), nick) : NULL;
	if (!room) {
		refuse_entry(core, to, from->full, CORE_RESOURCE_CONSTRAINT, "Too many rooms or sessions");
		rooms_end_implied(user);
		return;
	}
	room_await(room);
	room_welcome(room, session, false, history);
	take_password(room, password);
	if (user->state == USER_ONLINE)
		ask_network(room);
}

void core_user_room_presence(struct core *core, const struct jid *from, const struct jid *to)
{
	const struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	struct room *room = user ? rooms_find_jid(user, to) : NULL;
	const struct session *session = room ? user_session(user, jid_resource(from)) : NULL;
	if (!session || !room_has(room, session))
		core_user_join(core, from, to, NULL, NULL);
	else if (room->state == ROOM_ENTERED && !jid_is_bare(to))
		ask_nick(room, session, jid_resource(to));
}

void rooms_quit(struct room *room)
{
	struct core *core = room->user->core;
	if (room->state != ROOM_WANTED && room->user->seat) {
		core->backend->leave(core->backend_ctx, room->user, room->name);
		raw_put(room->user, room->raw_leave);
	}
	rooms_unstore(room);
	if (room->kept)
		kept_drop(room->kept);
	rooms_forget(room);
}

/* One session goes; the last one leaves the room on the network (and frees it), unless the user stays connected: then
 * it does so only if it goes from the room alone and not altogether, which it says in any order. */
static void leave_one(struct room *room, struct session *session, bool altogether)
{
	struct occupant *self = room_occupant(room, room->nick);
	struct core_occupant gone = { .code_count = 1, .codes = { ROOM_SELF } };
	if (!room_remove_session(room, session))
		return;
	room_show_gone(room, self ? occupant_name(self) : room->nick, session->full, &gone);
	if (!room->sessions->len && !user_stays(room->user)) {
		rooms_quit(room);
		return;
	}
	if (!room->sessions->len && !altogether)
		room_doubt(room, session);
	rooms_store(room);
}

void core_user_leave(struct core *core, const struct jid *from, const struct jid *to)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	struct room *room = user ? rooms_find_jid(user, to) : NULL;
	struct session *session = room ? user_session(user, jid_resource(from)) : NULL;
	if (!session)
		return;
	leave_one(room, session, false);
	rooms_end_implied(user);
}

static bool is_in_a_room(const struct user *user, const struct session *session)
{
	GHashTableIter iter;
	struct room *room;
	if (!user->rooms)
		return false;
	g_hash_table_iter_init(&iter, user->rooms);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&room))
		if (room_has(room, session))
			return true;
	return false;
}

void rooms_end_implied(struct user *user)
{
	struct session *session, *next;
	for (session = user->sessions; session; session = next) {
		next = session->next;
		if (session->implicit && !session->directed && !is_in_a_room(user, session))
			presence_drop_session(user, session);
	}
}

bool core_user_in_room(struct core *core, const struct jid *from, const struct jid *to)
{
	const struct user *user = core_find_user(core, jid_bare(from));
	return user && user->rooms && rooms_find_jid(user, to);
}

enum core_error core_user_ping(struct core *core, const struct jid *from, const struct jid *to)
{
	const struct user *user = core_find_user(core, jid_bare(from));
	const char *nick = jid_resource(to);
	arena_reset(core->scratch);
	const struct room *room = user ? rooms_find_jid(user, to) : NULL;
	const struct session *session = room ? user_session(user, jid_resource(from)) : NULL;
	/* Contacts have this one resource; any other is a nickname. */
	if (!*nick || (!room && !strcmp(nick, CORE_RESOURCE)))
		return CORE_OK;
	if (!session || !room_has(room, session))
		return CORE_NOT_ACCEPTABLE;
	return !strcmp(nick, room->nick) || room_occupant_shown(room, nick) ? CORE_OK : CORE_ITEM_NOT_FOUND;
}

void rooms_leave_session(struct user *user, struct session *session)
{
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	for (guint i = 0; i < rooms->len; i++)
		leave_one(rooms->pdata[i], session, true);
}

/* The gateway takes the user out of his rooms (XEP-0045, section 17.3). */
void rooms_close(struct user *user, const char *text, bool shutdown)
{
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	for (guint i = 0; i < rooms->len; i++) {
		room_put_out(rooms->pdata[i], CORE_RECIPIENT_UNAVAILABLE, text,
			     shutdown ? ROOM_SHUTDOWN : ROOM_FAILURE);
		if (!shutdown && !user_stays(user))
			rooms_unstore(rooms->pdata[i]);
		rooms_forget(rooms->pdata[i]);
	}
}

void rooms_refuse(struct user *user, enum core_error error, const char *text)
{
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	for (guint i = 0; i < rooms->len; i++)
		room_refuse(rooms->pdata[i], error, text);
}

/* --- the network comes and goes -------------------------------------------------------------- */

void rooms_enter_all(struct user *user)
{
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	for (guint i = 0; i < rooms->len; i++)
		ask_network(rooms->pdata[i]);
}

static void lose(struct room *room)
{
	GHashTableIter iter;
	struct occupant *occupant;
	g_hash_table_iter_init(&iter, room->occupants);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&occupant))
		occupant->stale = true;
	raw_lose_room(room);
	g_clear_pointer(&room->subject, g_free);
	g_clear_pointer(&room->subject_by, g_free);
	room->subject_due = false;
	/* What the network tells on the next entry was heard, but for what comes from now on. */
	room->fresh = true;
	room->history = CORE_HISTORY_ALL;
	room->history.since = g_get_real_time() / G_USEC_PER_SEC;
	room_set_wish(room, NULL, NULL);
	room_set_state(room, ROOM_WANTED);
}

/* The rooms stay, and are entered again when the network is back; who is not there any more then is
 * found by the mark. */
void rooms_lost(struct user *user)
{
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	for (guint i = 0; i < rooms->len; i++) {
		struct room *room = rooms->pdata[i];
		if (room->state != ROOM_WANTED)
			lose(room);
	}
}

/* Networks tell a room's subject right after the entry, or never: then there is none. */
static void show_missing_subjects(struct core *core)
{
	GHashTableIter users, rooms;
	struct user *user;
	struct room *room;
	core->subjects_due = false;
	g_hash_table_iter_init(&users, core->users);
	while (g_hash_table_iter_next(&users, NULL, (void **)&user)) {
		if (!user->rooms)
			continue;
		g_hash_table_iter_init(&rooms, user->rooms);
		while (g_hash_table_iter_next(&rooms, NULL, (void **)&room))
			if (room->subject_due)
				room_show_subject(room, NULL);
	}
}

static void give_up(struct room *room)
{
	struct user *user = room->user;
	room_put_out(room, CORE_REMOTE_SERVER_TIMEOUT, "The network did not answer the join in time", ROOM_FAILURE);
	if (room->sessions->len)
		rooms_quit(room);
	else
		rooms_forget(room); /* nobody asked for it: it is tried again at the next login */
	rooms_end_implied(user);
}

void rooms_show_again(struct user *user)
{
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	for (guint i = 0; i < rooms->len; i++)
		room_show_again(rooms->pdata[i]);
}

bool rooms_expire(struct core *core)
{
	struct room *room;
	uint64_t now = loop_now(core->loop);
	while ((room = g_queue_peek_head(&core->entering)) && now - room->asked_at >= core->enter_ms)
		if (!participant_assume_self(room))
			give_up(room);
	while ((room = g_queue_peek_head(&core->leaving)) && now - room->left_at >= core->leave_ms)
		rooms_quit(room);
	if (core->subjects_due)
		show_missing_subjects(core);
	return !g_queue_is_empty(&core->entering) || !g_queue_is_empty(&core->leaving);
}
