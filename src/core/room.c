/* SPDX-License-Identifier: MIT */
#include "core/room.h"

#include "base/hash.h"
#include "jid/prep.h"

LOG_AREA("Conversation");

static const char *const state_names[] = { "wanted", "entering", "entered" };

struct room *room_new(struct user *user, const char *key, const char *name, const char *node, const char *nick)
{
	struct room *room = g_new0(struct room, 1);
	room->key = (struct str){ g_strdup(key), strlen(key) };
	room->user = user;
	room->name = g_strdup(name);
	room->node = g_strdup(node);
	room->nick = g_strdup(nick);
	room->sessions = g_ptr_array_new();
	room->occupants = g_hash_table_new(str_hash, str_equal);
	room->history = CORE_HISTORY_ALL;
	room->fresh = true;
	return room;
}

static void free_occupant(struct occupant *occupant)
{
	g_free((char *)occupant->nickname);
	g_free(occupant->alias);
	g_free(occupant->text);
	g_free(occupant->icon);
	g_free(occupant);
}

void room_free(struct room *room)
{
	GHashTableIter iter;
	struct occupant *occupant;
	g_queue_clear_full(&room->sent, g_free);
	room_stay(room);
	if (room->kept)
		kept_end(room->kept);
	if (room->entering)
		g_queue_delete_link(&room->user->core->entering, room->entering);
	g_hash_table_iter_init(&iter, room->occupants);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&occupant))
		free_occupant(occupant);
	g_hash_table_destroy(room->occupants);
	g_ptr_array_unref(room->sessions);
	secret_free(&room->password);
	g_free(room->subject);
	g_free(room->subject_by);
	g_clear_pointer(&room->raw_enter, g_bytes_unref);
	g_clear_pointer(&room->raw_leave, g_bytes_unref);
	g_clear_pointer(&room->raw_subject, g_bytes_unref);
	g_clear_pointer(&room->missed, g_ptr_array_unref);
	g_free(room->returning);
	g_free(room->nick);
	g_free(room->wish);
	g_free(room->shown);
	g_free(room->node);
	g_free(room->name);
	g_free((char *)room->key.p);
	g_free(room);
}

static void stop_waiting(struct room *room)
{
	if (room->entering)
		g_queue_delete_link(&room->user->core->entering, room->entering);
	room->entering = NULL;
}

void room_await(struct room *room)
{
	struct core *core = room->user->core;
	room->asked_at = loop_now(core->loop);
	g_queue_push_tail(&core->entering, room);
	room->entering = core->entering.tail;
	core_need_tick(core);
}

void room_set_state(struct room *room, enum room_state state)
{
	log_debug("%s in %s: %s -> %s", room->user->key.p, room->name, state_names[room->state], state_names[state]);
	room->state = state;
	if (state != ROOM_WANTED)
		stop_waiting(room);
	if (state == ROOM_ENTERING)
		room_await(room);
}

void room_set_nick(struct room *room, const char *nick)
{
	if (strcmp(room->nick, nick)) {
		g_free(room->nick);
		room->nick = g_strdup(nick);
	}
}

void room_set_wish(struct room *room, const struct session *wisher, const char *nick)
{
	g_free(room->wish);
	room->wish = g_strdup(nick);
	room->wisher = wisher;
}

static void forget_returning(struct room *room, const char *resource)
{
	g_auto(GStrv) inside = room->returning ? g_strsplit(room->returning, "\n", -1) : NULL;
	g_autoptr(GString) rest = g_string_new(NULL);
	for (char **at = inside; at && *at; at++)
		if (strcmp(*at, resource))
			g_string_append_printf(rest, "%s%s", rest->len ? "\n" : "", *at);
	g_free(room->returning);
	room->returning = rest->len ? g_strdup(rest->str) : NULL;
}

void room_add_session(struct room *room, struct session *session)
{
	room_stay(room);
	forget_returning(room, session->resource);
	g_ptr_array_add(room->sessions, session);
}

void room_doubt(struct room *room, const struct session *leaver)
{
	struct core *core = room->user->core;
	room_stay(room);
	room->leaver = leaver;
	room->left_at = loop_now(core->loop);
	g_queue_push_tail(&core->leaving, room);
	room->leaving = core->leaving.tail;
	core_need_tick(core);
}

void room_stay(struct room *room)
{
	if (room->leaving)
		g_queue_delete_link(&room->user->core->leaving, room->leaving);
	room->leaving = NULL;
	room->leaver = NULL;
}

bool room_has(const struct room *room, const struct session *session)
{
	return g_ptr_array_find(room->sessions, session, NULL);
}

bool room_remove_session(struct room *room, const struct session *session)
{
	if (room->wisher == session)
		room_set_wish(room, NULL, NULL);
	if (room->leaver == session)
		room_stay(room);
	return g_ptr_array_remove(room->sessions, (struct session *)session);
}

struct occupant *room_occupant(const struct room *room, const char *nickname)
{
	struct str key = str_of(nickname);
	return g_hash_table_lookup(room->occupants, &key);
}

const char *occupant_name(const struct occupant *occupant)
{
	return occupant->alias ? occupant->alias : occupant->nickname;
}

/* Names come back from XMPP as resourceprep leaves them. */
static bool is_shown_as(const struct occupant *occupant, const char *name)
{
	char room[JID_PREP_ROOM];
	const char *shown = occupant_name(occupant);
	return !strcmp(shown, name) || str_is(jid_prep(JID_RESOURCE, str_of(shown), room), name);
}

struct occupant *room_occupant_shown(const struct room *room, const char *name)
{
	struct occupant *occupant = room_occupant(room, name);
	GHashTableIter iter;
	if (occupant && !occupant->alias)
		return occupant;
	g_hash_table_iter_init(&iter, room->occupants);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&occupant))
		if (is_shown_as(occupant, name))
			return occupant;
	return NULL;
}

static void replace_text(char **at, const char *text)
{
	if (g_strcmp0(*at, text && *text ? text : NULL) == 0)
		return;
	g_free(*at);
	*at = text && *text ? g_strndup(text, text_cut(text, strlen(text), CORE_TEXT_MAX)) : NULL;
}

struct occupant *room_put_occupant(struct room *room, const struct core_participant *seen)
{
	struct occupant *occupant = room_occupant(room, seen->nickname);
	if (!occupant) {
		if (g_hash_table_size(room->occupants) >= CORE_OCCUPANTS_MAX)
			return NULL;
		occupant = g_new0(struct occupant, 1);
		occupant->nickname = g_strdup(seen->nickname);
		occupant->key = str_of(occupant->nickname);
		g_hash_table_add(room->occupants, occupant);
	}
	if (seen->alias)
		replace_text(&occupant->alias, strcmp(seen->alias, seen->nickname) ? seen->alias : NULL);
	replace_text(&occupant->text, seen->text);
	replace_text(&occupant->icon, seen->icon_hash);
	occupant->status = (uint8_t)seen->status;
	occupant->moderator = seen->flags & CORE_FLAG_MODERATOR;
	occupant->stale = false;
	return occupant;
}

void room_remove_occupant(struct room *room, struct occupant *occupant)
{
	g_hash_table_remove(room->occupants, occupant);
	free_occupant(occupant);
}

static void send(struct room *room, const char *name, const char *to, const struct core_occupant *value)
{
	struct core *core = room->user->core;
	struct core_address from = { room->node, name };
	if (to) {
		core->frontend->occupant(core->frontend_ctx, from, to, value);
		return;
	}
	for (guint i = 0; i < room->sessions->len; i++) {
		const struct session *session = room->sessions->pdata[i];
		core->frontend->occupant(core->frontend_ctx, from, session->full, value);
	}
}

void room_show(struct room *room, const struct occupant *occupant, const char *to, bool own)
{
	struct core_occupant value = { .available = true,
				       .status = (enum core_status)occupant->status,
				       .text = occupant->text,
				       .moderator = occupant->moderator,
				       .icon_hash = occupant->icon };
	if (own)
		value.codes[value.code_count++] = ROOM_SELF;
	if (own && room->nick_changed)
		value.codes[value.code_count++] = ROOM_NICK_ASSIGNED;
	send(room, occupant_name(occupant), to, &value);
}

void room_show_gone(struct room *room, const char *name, const char *to, const struct core_occupant *how)
{
	if (!room->user->core->linked && room->sessions->len && !room->missed)
		room->missed = g_ptr_array_new_with_free_func(g_free);
	if (!room->user->core->linked && room->missed && room->missed->len < CORE_OCCUPANTS_MAX)
		g_ptr_array_add(room->missed, g_strdup(name));
	send(room, name, to, how);
}

/* XEP-0045, section 7.2.15: the subject ends the entry, an empty one if there is none. */
void room_show_subject(struct room *room, const char *to)
{
	struct core *core = room->user->core;
	struct core_message message = { .type = CORE_GROUPCHAT, .subject = room->subject ? room->subject : "" };
	struct core_address from = { room->node, room->subject_by };
	if (to) {
		core->frontend->message(core->frontend_ctx, from, to, &message);
		return;
	}
	room->subject_due = room->fresh = false;
	for (guint i = 0; i < room->sessions->len; i++) {
		const struct session *session = room->sessions->pdata[i];
		core->frontend->message(core->frontend_ctx, from, session->full, &message);
	}
}

void room_show_others(struct room *room, const char *to)
{
	const struct occupant *self = room_occupant(room, room->nick);
	GHashTableIter iter;
	struct occupant *occupant;
	if (raw_show_room(room, to))
		return;
	g_hash_table_iter_init(&iter, room->occupants);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&occupant))
		if (occupant != self && !occupant->stale)
			room_show(room, occupant, to, false);
}

void room_show_all(struct room *room, const char *to, bool renamed)
{
	const struct occupant *self = room_occupant(room, room->nick);
	if (raw_show_room(room, to))
		return;
	room_show_others(room, to);
	bool changed = room->nick_changed;
	room->nick_changed |= renamed;
	if (self)
		room_show(room, self, to, true);
	room->nick_changed = changed;
	if (room->kept)
		kept_replay(room->kept);
	else
		room_show_subject(room, to);
}

/* Networks tell a subject right after the entry, or never: after a while there is none. */
void room_settle(struct room *room)
{
	struct core *core = room->user->core;
	if (room->state != ROOM_ENTERED)
		return;
	if (room->kept && room->sessions->len) {
		kept_replay(room->kept);
	} else if (room->subject) {
		room_show_subject(room, NULL);
	} else {
		room->subject_due = core->subjects_due = true;
		core_need_tick(core);
	}
}

void room_welcome(struct room *room, struct session *session, bool renamed, const struct core_history *history)
{
	room_add_session(room, session);
	/* Who comes second has no say in what the first is being told. */
	if (room->sessions->len == 1)
		room->history = history ? *history : CORE_HISTORY_ALL;
	if (room->state == ROOM_ENTERING)
		room_show_others(room, session->full);
	else if (room->state == ROOM_ENTERED)
		room_show_all(room, session->full, renamed);
	rooms_store(room);
}

void room_show_again(struct room *room)
{
	const struct occupant *self = room_occupant(room, room->nick);
	struct core_occupant gone = { 0 };
	for (guint i = 0; room->missed && i < room->missed->len; i++)
		if (!room_occupant_shown(room, room->missed->pdata[i]))
			room_show_gone(room, room->missed->pdata[i], NULL, &gone);
	g_clear_pointer(&room->missed, g_ptr_array_unref);
	if (room->state != ROOM_ENTERED)
		return;
	for (guint i = 0; i < room->sessions->len; i++) {
		const struct session *session = room->sessions->pdata[i];
		room_show_others(room, session->full);
		if (self)
			room_show(room, self, session->full, true);
	}
}

/* --- what was said before -------------------------------------------------------------------- */

int64_t room_history_start(const struct room *room)
{
	const struct core_history *history = &room->history;
	int64_t now = g_get_real_time() / G_USEC_PER_SEC;
	return MAX(history->since, history->seconds >= 0 ? now - history->seconds : -1);
}

bool room_wants(const struct room *room, int64_t time)
{
	enum { PRESENT = 10 }; /* seconds: what is younger is said now */
	const struct core_history *history = &room->history;
	if (!room->fresh || !time || time > g_get_real_time() / G_USEC_PER_SEC - PRESENT)
		return true;
	return history->maxstanzas && history->maxchars && time >= room_history_start(room);
}

void room_keep(struct room *room, const char *sender, bool is_private, const struct core_message *message)
{
	if (!kept_is_worth(message))
		return;
	if (!room->kept)
		kept_begin(room->user, room);
	kept_put(room->kept, sender, is_private, message);
}

/* --- the user's own words -------------------------------------------------------------------- */

/* Words are known by their hash: it is the newest few that matter. */
struct sent {
	uint64_t hash;
	char id[];
};

enum { SENT_MAX = 32, SENT_ID_MAX = 256 };

void room_note_sent(struct room *room, const char *id, const char *body)
{
	size_t n = id ? strlen(id) : 0;
	if (!n || n > SENT_ID_MAX)
		return;
	if (room->sent.length >= SENT_MAX)
		g_free(g_queue_pop_head(&room->sent));
	struct sent *sent = g_malloc(sizeof(*sent) + n + 1);
	sent->hash = hash_bytes(body, strlen(body));
	memcpy(sent->id, id, n + 1);
	g_queue_push_tail(&room->sent, sent);
}

char *room_take_sent(struct room *room, const char *body)
{
	uint64_t hash = room->sent.length ? hash_bytes(body, strlen(body)) : 0;
	for (GList *at = room->sent.head; at; at = at->next) {
		struct sent *sent = at->data;
		if (sent->hash != hash)
			continue;
		char *id = g_strdup(sent->id);
		g_free(sent);
		g_queue_delete_link(&room->sent, at);
		return id;
	}
	return NULL;
}

void room_refuse(struct room *room, enum core_error error, const char *text)
{
	struct core *core = room->user->core;
	for (guint i = 0; i < room->sessions->len; i++) {
		const struct session *session = room->sessions->pdata[i];
		core->frontend->join_error(core->frontend_ctx, (struct core_address){ room->node, room->nick },
					   session->full, error, text);
	}
}

void room_put_out(struct room *room, enum core_error error, const char *text, int code)
{
	struct core_occupant gone = { .reason = text, .code_count = 2, .codes = { code, ROOM_SELF } };
	const struct occupant *self = room_occupant(room, room->nick);
	if (self || room->state == ROOM_ENTERED)
		room_show_gone(room, self ? occupant_name(self) : room->nick, NULL, &gone);
	else
		room_refuse(room, error, text);
}
