/* SPDX-License-Identifier: MIT */
#include "core/room.h"

LOG_AREA("ConversationManager");

/* XEP-0045, section 15.6.2. */
enum { CODE_SELF = 110, CODE_NICK_ASSIGNED = 210, CODE_KICKED = 307, CODE_SHUTDOWN = 332, CODE_FAILURE = 333 };

struct room *rooms_find(const struct user *user, const char *key)
{
	struct str text = str_of(key);
	return user->rooms ? g_hash_table_lookup(user->rooms, &text) : NULL;
}

static struct room *find_node(const struct user *user, const struct jid *to)
{
	struct arena *scratch = user->core->scratch;
	if (!user->rooms)
		return NULL;
	const char *node = arena_strndup(scratch, to->full, to->node);
	return rooms_find(user, core_fold(user->core, jid_name_of_node(scratch, node, NULL)));
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

static void forget(struct room *room)
{
	g_hash_table_remove(room->user->rooms, room);
	room_free(room);
}

static void ask_network(struct room *room)
{
	struct core *core = room->user->core;
	room_set_state(room, ROOM_ENTERING);
	core->backend->join(core->backend_ctx, room->user, room->name, room->nick, room->password);
}

/* --- entering and leaving -------------------------------------------------------------------- */

static void take_password(struct room *room, const char *password)
{
	secret_free(&room->password);
	room->password = password && *password ? secret_dup(password) : NULL;
}

static struct room *add(struct user *user, const struct jid *to, const char *nick)
{
	struct arena *scratch = user->core->scratch;
	const char *node = arena_strndup(scratch, to->full, to->node);
	const char *name = jid_name_of_node(scratch, node, NULL);
	if (!user->rooms)
		user->rooms = g_hash_table_new(str_hash, str_equal);
	if (g_hash_table_size(user->rooms) >= CORE_ROOMS_MAX)
		return NULL;
	struct room *room = room_new(user, core_fold(user->core, name), name, node, nick);
	g_hash_table_add(user->rooms, room);
	room_await(room);
	return room;
}

/* A session that is inside already, or another one of the user: it is told all there is
 * (re-synchronised), and another nickname is a wish to be renamed. */
static void enter_again(struct room *room, struct session *session, const char *nick)
{
	struct core *core = room->user->core;
	if (!room_has(room, session))
		g_ptr_array_add(room->sessions, session);
	if (room->state != ROOM_ENTERED) {
		room_set_nick(room, nick);
		return;
	}
	struct occupant *self = room_occupant(room, room->nick);
	if (strcmp(self ? occupant_name(self) : room->nick, nick))
		core->backend->join(core->backend_ctx, room->user, room->name, nick, room->password);
	room_show_all(room, session->full);
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
	return session;
}

void core_user_join(struct core *core, const struct jid *from, const struct jid *to, const char *password)
{
	struct user *user = core_find_user(core, jid_bare(from));
	const char *nick = jid_resource(to);
	arena_reset(core->scratch);
	if (!*nick) {
		/* XEP-0045, section 7.2.1. */
		refuse_entry(core, to, from->full, CORE_JID_MALFORMED, "A nickname is missing: room@service/nickname");
		return;
	}
	struct session *session = imply_session(core, from, &user);
	struct room *room = session ? find_node(user, to) : NULL;
	if (room) {
		enter_again(room, session, nick);
		return;
	}
	room = session ? add(user, to, nick) : NULL;
	if (!room) {
		refuse_entry(core, to, from->full, CORE_RESOURCE_CONSTRAINT, "Too many rooms or sessions");
		return;
	}
	g_ptr_array_add(room->sessions, session);
	take_password(room, password);
	if (user->state == USER_ONLINE)
		ask_network(room);
}

static void leave(struct room *room)
{
	struct core *core = room->user->core;
	if (room->state != ROOM_WANTED && room->user->seat)
		core->backend->leave(core->backend_ctx, room->user, room->name);
	forget(room);
}

/* One session goes; the last one leaves the room on the network (and frees it). */
static void leave_one(struct room *room, struct session *session)
{
	struct occupant *self = room_occupant(room, room->nick);
	struct core_occupant gone = { .code_count = 1, .codes = { CODE_SELF } };
	if (!g_ptr_array_remove(room->sessions, session))
		return;
	room_show_gone(room, self ? occupant_name(self) : room->nick, session->full, &gone);
	if (!room->sessions->len)
		leave(room);
}

void core_user_leave(struct core *core, const struct jid *from, const struct jid *to)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	struct room *room = user ? find_node(user, to) : NULL;
	struct session *session = room ? user_session(user, jid_resource(from)) : NULL;
	if (!session)
		return;
	leave_one(room, session);
	if (!session->implicit)
		return;
	GHashTableIter iter;
	g_hash_table_iter_init(&iter, user->rooms);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&room))
		if (room_has(room, session))
			return;
	login_drop_session(user, session);
}

bool core_user_in_room(struct core *core, const struct jid *from, const struct jid *to)
{
	const struct user *user = core_find_user(core, jid_bare(from));
	return user && user->rooms && find_node(user, to);
}

void rooms_leave_session(struct user *user, struct session *session)
{
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	for (guint i = 0; i < rooms->len; i++)
		leave_one(rooms->pdata[i], session);
}

/* The gateway takes the user out of his rooms (XEP-0045, section 17.3). Rooms that were not entered yet are
 * refused. */
void rooms_close(struct user *user, const char *text, bool shutdown)
{
	struct core_occupant gone = { .reason = text,
				      .code_count = 2,
				      .codes = { CODE_SELF, shutdown ? CODE_SHUTDOWN : CODE_FAILURE } };
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	for (guint i = 0; i < rooms->len; i++) {
		struct room *room = rooms->pdata[i];
		struct occupant *self = room_occupant(room, room->nick);
		if (self || room->state == ROOM_ENTERED)
			room_show_gone(room, self ? occupant_name(self) : room->nick, NULL, &gone);
		else
			room_refuse(room, CORE_RECIPIENT_UNAVAILABLE, text);
		forget(room);
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

/* The rooms stay, and are entered again when the network is back; who is not there any more then is
 * found by the mark. */
void rooms_lost(struct user *user)
{
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	for (guint i = 0; i < rooms->len; i++) {
		struct room *room = rooms->pdata[i];
		GHashTableIter iter;
		struct occupant *occupant;
		g_hash_table_iter_init(&iter, room->occupants);
		while (g_hash_table_iter_next(&iter, NULL, (void **)&occupant))
			occupant->stale = true;
		g_clear_pointer(&room->subject, g_free);
		room_set_state(room, ROOM_WANTED);
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

bool rooms_expire(struct core *core)
{
	struct room *room;
	while ((room = g_queue_peek_head(&core->entering)) && loop_now(core->loop) - room->asked_at >= core->enter_ms) {
		room_refuse(room, CORE_REMOTE_SERVER_TIMEOUT, "The network did not answer the join in time");
		leave(room);
	}
	if (core->subjects_due)
		show_missing_subjects(core);
	return !g_queue_is_empty(&core->entering);
}

/* --- what the network reports ---------------------------------------------------------------- */

static struct room *find_name(struct user *user, const char *name)
{
	arena_reset(user->core->scratch);
	return user->rooms ? rooms_find(user, core_fold(user->core, name)) : NULL;
}

/* In order of weight: the first that is set decides. */
static const struct {
	int flag;
	enum core_error error;
	const char *text;
} refusals[] = {
	{ CORE_FLAG_CONFLICT, CORE_CONFLICT, "The nickname is in use" },
	{ CORE_FLAG_NOT_AUTHORIZED, CORE_NOT_AUTHORIZED, "The room does not let you in" },
	{ CORE_FLAG_ROOM_NOT_FOUND, CORE_ITEM_NOT_FOUND, "There is no such room" },
};

static bool refused(struct room *room, const struct core_participant *seen)
{
	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
		if (!(seen->flags & refusals[i].flag))
			continue;
		const char *text = seen->text && *seen->text ? seen->text : refusals[i].text;
		if (room->state == ROOM_ENTERED && refusals[i].flag != CORE_FLAG_ROOM_NOT_FOUND) {
			/* A rename that was refused: the user stays in, under the old name. */
			room_refuse(room, refusals[i].error, text);
			return true;
		}
		room_refuse(room, refusals[i].error, text);
		leave(room);
		return true;
	}
	return false;
}

/* The own presence ends the entry: who was not named again since the network was lost is gone. */
static void entered(struct room *room)
{
	struct core_occupant gone = { 0 };
	GHashTableIter iter;
	struct occupant *occupant;
	g_autoptr(GPtrArray) stale = g_ptr_array_new();
	if (room->state == ROOM_ENTERED)
		return;
	room_set_state(room, ROOM_ENTERED);
	g_hash_table_iter_init(&iter, room->occupants);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&occupant))
		if (occupant->stale)
			g_ptr_array_add(stale, occupant);
	for (guint i = 0; i < stale->len; i++) {
		room_show_gone(room, occupant_name(stale->pdata[i]), NULL, &gone);
		room_remove_occupant(room, stale->pdata[i]);
	}
	if (room->subject) {
		room_show_subject(room, NULL);
		return;
	}
	room->subject_due = room->user->core->subjects_due = true;
	core_need_tick(room->user->core);
}

static void rename_occupant(struct room *room, struct occupant *occupant, const struct core_participant *seen, bool own)
{
	struct core_participant renamed = *seen;
	struct core_occupant gone = { .newnick = seen->newname, .moderator = occupant && occupant->moderator };
	const char *old = occupant ? occupant_name(occupant) : seen->nickname;
	gone.codes[gone.code_count++] = 303;
	if (own)
		gone.codes[gone.code_count++] = CODE_SELF;
	room_show_gone(room, old, NULL, &gone);
	if (occupant)
		room_remove_occupant(room, occupant);
	if (own)
		room_set_nick(room, seen->newname);
	renamed.nickname = seen->newname;
	renamed.newname = renamed.alias = NULL;
	if (renamed.status == CORE_OFFLINE)
		renamed.status = CORE_ONLINE;
	struct occupant *now = room_put_occupant(room, &renamed);
	if (now)
		room_show(room, now, NULL, own);
	room->nick_changed = false;
}

static void left(struct room *room, struct occupant *occupant, const struct core_participant *seen, bool own)
{
	struct core_occupant gone = { .text = seen->text };
	if (own)
		gone.codes[gone.code_count++] = CODE_SELF;
	if (seen->flags & CORE_FLAG_BANNED)
		gone.codes[gone.code_count++] = 301;
	else if (seen->flags & CORE_FLAG_KICKED)
		gone.codes[gone.code_count++] = CODE_KICKED;
	if (seen->flags & (CORE_FLAG_BANNED | CORE_FLAG_KICKED)) {
		gone.reason = seen->text;
		gone.text = NULL;
	}
	room_show_gone(room, occupant ? occupant_name(occupant) : seen->nickname, NULL, &gone);
	if (occupant)
		room_remove_occupant(room, occupant);
	if (own)
		forget(room);
}

void core_legacy_participant(struct user *user, const struct core_participant *given)
{
	struct room *room = find_name(user, given->room);
	struct core_participant seen = *given;
	if (!room) {
		log_debug("%s: a participant of a room that is not entered", user->key.p);
		return;
	}
	seen.nickname = text_clean(user->core->scratch, given->nickname);
	seen.newname = text_clean(user->core->scratch, given->newname);
	bool own = seen.flags & CORE_FLAG_ME || !strcmp(seen.nickname, room->nick);
	if (!*seen.nickname || strlen(seen.nickname) > CORE_TEXT_MAX ||
	    (seen.newname && strlen(seen.newname) > CORE_TEXT_MAX)) {
		log_debug("%s: a participant whose name cannot be a nickname", user->key.p);
		return;
	}
	if (own && refused(room, &seen))
		return;
	struct occupant *occupant = room_occupant(room, seen.nickname);
	if (seen.newname && *seen.newname) {
		rename_occupant(room, occupant, &seen, own);
	} else if (seen.status == CORE_OFFLINE) {
		if (occupant || own)
			left(room, occupant, &seen, own);
	} else if ((occupant = room_put_occupant(room, &seen))) {
		if (own)
			room_set_nick(room, seen.nickname);
		room_show(room, occupant, NULL, own);
		if (own) {
			room->nick_changed = false;
			entered(room);
		}
	}
}

void core_legacy_nickname(struct user *user, const char *name, const char *nickname)
{
	struct room *room = find_name(user, name);
	const char *clean = text_clean(user->core->scratch, nickname);
	if (!room || !clean || !*clean || !strcmp(room->nick, clean))
		return;
	room->nick_changed = true;
	room_set_nick(room, clean);
}

void core_legacy_subject(struct user *user, const char *name, const char *nickname, const char *subject)
{
	struct room *room = find_name(user, name);
	if (!room)
		return;
	const struct occupant *author = nickname && *nickname ? room_occupant(room, nickname) : NULL;
	g_free(room->subject);
	g_free(room->subject_by);
	room->subject = g_strndup(subject, text_cut(subject, strlen(subject), CORE_SUBJECT_MAX));
	room->subject_by = nickname && *nickname ? g_strdup(author ? occupant_name(author) : nickname) : NULL;
	if (room->state == ROOM_ENTERED)
		room_show_subject(room, NULL);
}
