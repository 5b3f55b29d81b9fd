/* SPDX-License-Identifier: MIT */
#include "core/raw.h"

#include "core/contact.h"
#include "core/private.h"
#include "core/room.h"

LOG_AREA("ConversationManager");

/* --- names ----------------------------------------------------------------------------------- */

enum core_error core_user_raw_target(struct core *core, const struct jid *from, const struct jid *to,
				     struct core_raw_target *target)
{
	const struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	*target = (struct core_raw_target){ .resource = "" };
	if (!user || user->state != USER_ONLINE)
		return CORE_RECIPIENT_UNAVAILABLE;
	if (!to->node)
		return CORE_OK;
	const char *node = arena_strndup(core->scratch, to->full, to->node);
	const char *name = jid_name_of_node(core->scratch, node, NULL), *key = core_fold(core, name);
	const struct room *room = rooms_find(user, key);
	const struct contact *contact = room ? NULL : roster_find(user, key);
	target->room = room;
	target->name = room ? room->name : contact ? contact->name : name;
	/* Ours, that contacts have in what we made of other frames: the network knows nothing of it. */
	if (room || strcmp(jid_resource(to), CORE_RESOURCE) || raw_has(user, node, CORE_RESOURCE))
		target->resource = jid_resource(to);
	return CORE_OK;
}

/* The user's own account on the network. */
static const char *own_name(const struct user *user)
{
	const char *uin = user->uin ? user->uin : "";
	return arena_strndup(user->core->scratch, uin, strcspn(uin, "/"));
}

bool raw_is_own(const struct user *user, const char *key)
{
	return !strcmp(key, core_fold(user->core, own_name(user)));
}

const char *raw_node(struct user *user, const char *key, const char *name)
{
	const struct room *room = rooms_find(user, key);
	const struct contact *contact = room ? NULL : roster_find(user, key);
	return room ? room->node : contact ? contact->node : core_node(user->core, name, core_escaping(user->core));
}

bool core_raw_address(struct user *user, struct core_raw_sender sender, struct core_address *address)
{
	struct core *core = user->core;
	arena_reset(core->scratch);
	const char *name = sender.name ? text_clean(core->scratch, sender.name) : own_name(user);
	*address = (struct core_address){ raw_node(user, core_fold(core, name), name), sender.resource };
	return address->node;
}

const char *core_raw_session(const struct user *user)
{
	const struct session *best = user_best(user);
	return best ? best->full : NULL;
}

struct user *core_raw_user(const struct core *core, struct str bare, uint64_t source)
{
	struct user *user = core_find_user(core, bare);
	return user && core->backend->source(core->backend_ctx, user) == source ? user : NULL;
}

/* --- from the user --------------------------------------------------------------------------- */

bool raw_is_on(const struct core *core)
{
	return core->features.rawxml;
}

void raw_put(struct user *user, GBytes *xml)
{
	struct core *core = user->core;
	gsize n = 0;
	if (!xml || !user->seat)
		return;
	const char *bytes = g_bytes_get_data(xml, &n);
	int result = core->backend->raw(core->backend_ctx, user, bytes, n);
	if (result)
		log_debug("%s: a presence did not reach the network: %s", user->key.p, g_strerror(-result));
}

enum core_error core_user_raw(struct core *core, const struct jid *from, const char *xml, size_t n, const char **text)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	bool online = user && user->state == USER_ONLINE;
	return message_outcome(online ? core->backend->raw(core->backend_ctx, user, xml, n) : -ENOTCONN, text);
}

enum core_error core_user_raw_message(struct core *core, const struct jid *from, const struct jid *to,
				      const struct core_message *message, const struct core_raw *raw, const char **text)
{
	bool groupchat = message->type == CORE_GROUPCHAT;
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	const struct session *session = user ? user_session(user, jid_resource(from)) : NULL;
	const struct room *room = user ? rooms_find_jid(user, to) : NULL;
	const char *node = arena_strndup(core->scratch, to->full, to->node);
	metrics_count(core->metrics, METRIC_MESSAGES_FROM_XMPP);
	if (groupchat && room && (!session || !room_has(room, session))) {
		*text = "You are not in this room";
		return CORE_NOT_ACCEPTABLE;
	}
	if (user && blocking_hides(user, core_fold(core, jid_name_of_node(core->scratch, node, NULL)))) {
		*text = "You have blocked this contact";
		return CORE_NOT_ACCEPTABLE;
	}
	if (user && !room && !groupchat)
		message_note_session(user, node, session);
	enum core_error error = core_user_raw(core, from, raw->bytes, raw->n, text);
	if (!error && message->body)
		core->backend->remember(core->backend_ctx, user, message);
	return error;
}

void core_user_raw_presence(struct core *core, const struct jid *from, bool available, const char *xml, size_t n)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	struct session *session = user ? user_session(user, jid_resource(from)) : NULL;
	if (!session)
		return;
	g_clear_pointer(&session->raw, g_bytes_unref);
	if (n && n <= CORE_RAW_PRESENCE_MAX)
		session->raw = g_bytes_new(xml, n);
	if (available)
		raw_tell(user);
	else if (session == user->sessions && !session->next && !user_stays(user) && user->state == USER_ONLINE)
		raw_put(user, session->raw);
}

/* Whoever speaks for the user now, unless the network has heard that. */
void raw_tell(struct user *user)
{
	const struct session *best = user_best(user);
	if (!best || !best->raw || best->raw == user->raw_said || user->state != USER_ONLINE)
		return;
	g_clear_pointer(&user->raw_said, g_bytes_unref);
	user->raw_said = g_bytes_ref(best->raw);
	raw_put(user, best->raw);
}

void raw_tell_anew(struct user *user)
{
	g_clear_pointer(&user->raw_said, g_bytes_unref);
	raw_tell(user);
}

/* --- rooms ----------------------------------------------------------------------------------- */

bool core_user_raw_inside(struct core *core, const struct jid *from, const struct jid *to, const char *xml, size_t n)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	struct room *room = user ? rooms_find_jid(user, to) : NULL;
	const struct session *session = room ? user_session(user, jid_resource(from)) : NULL;
	if (!session || !room_has(room, session) || room->state == ROOM_WANTED || !user->seat)
		return false;
	if (!jid_is_bare(to) && strcmp(jid_resource(to), room->nick))
		room_set_wish(room, session, jid_resource(to));
	core->backend->raw(core->backend_ctx, user, xml, n);
	return true;
}

static void wipe(void *text)
{
	char *secret = text;
	secret_free(&secret);
}

void core_user_raw_enter(struct core *core, const struct jid *from, const struct jid *to, const char *enter,
			 const char *leave)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	struct room *room = user ? rooms_find_jid(user, to) : NULL;
	size_t enter_len = strlen(enter), leave_len = strlen(leave);
	if (!room || room->raw_enter || enter_len > CORE_RAW_PRESENCE_MAX || leave_len > CORE_RAW_PRESENCE_MAX)
		return;
	/* The password of a room may stand in it. */
	char *secret = secret_dup(enter);
	room->raw_enter = g_bytes_new_with_free_func(secret, enter_len, wipe, secret);
	room->raw_leave = g_bytes_new(leave, leave_len);
	if (room->state != ROOM_WANTED)
		raw_put(user, room->raw_enter);
}

void raw_restore_room(struct room *room)
{
	struct user *user = room->user;
	struct core *core = user->core;
	char *enter = NULL, *leave = NULL;
	if (!raw_is_on(core) || room->raw_enter)
		return;
	core->frontend->raw_room(core->frontend_ctx, user->key.p, room->name, room->nick, &enter, &leave);
	room->raw_enter = g_bytes_new_take(enter, strlen(enter));
	room->raw_leave = g_bytes_new_take(leave, strlen(leave));
}

/* --- from the network ------------------------------------------------------------------------ */

void core_legacy_raw(struct core *core, uint64_t source, const char *bytes, size_t n)
{
	if (core->features.rawxml)
		core->frontend->raw_bytes(core->frontend_ctx, source, bytes, n);
	else
		log_debug("stanzas of a backend that did not announce them are not passed on");
}

void core_legacy_raw_end(struct core *core, uint64_t source)
{
	core->frontend->raw_end(core->frontend_ctx, source);
}

void raw_send(struct core *core, struct core_address from, const char *to, const struct core_raw *raw)
{
	core->frontend->raw(core->frontend_ctx, from, to, raw);
}

void raw_send_room(struct room *room, const char *resource, const struct core_raw *raw)
{
	for (guint i = 0; i < room->sessions->len; i++) {
		const struct session *session = room->sessions->pdata[i];
		raw_send(room->user->core, (struct core_address){ room->node, resource }, session->full, raw);
	}
}

static void room_message(struct room *room, const char *resource, enum core_raw_message type,
			 const struct core_raw *raw)
{
	if (type == CORE_RAW_SUBJECT && raw->n <= CORE_RAW_PRESENCE_MAX) {
		g_clear_pointer(&room->raw_subject, g_bytes_unref);
		room->raw_subject = g_bytes_new(raw->bytes, raw->n);
		g_free(room->subject_by);
		room->subject_by = g_strdup(resource);
	}
	raw_send_room(room, resource, raw);
}

void core_legacy_raw_message(struct user *user, struct core_raw_sender sender, enum core_raw_message type,
			     const struct core_raw *raw)
{
	struct core *core = user->core;
	arena_reset(core->scratch);
	const char *name = sender.name ? text_clean(core->scratch, sender.name) : own_name(user);
	const char *key = core_fold(core, name);
	struct room *room = rooms_find(user, key);
	struct core_address from = { raw_node(user, key, name), sender.resource };
	metrics_count(core->metrics, METRIC_MESSAGES_TO_XMPP);
	if (!from.node)
		log_warn("%s: a message from a name that cannot be a JID", user->key.p);
	else if (room)
		room_message(room, sender.resource, type, raw);
	else if (blocking_hides(user, key))
		log_debug("%s: a message of somebody he has blocked", user->key.p);
	else if (type == CORE_RAW_CHAT)
		raw_send(core, from, message_place(user, key), raw);
	else
		log_debug("%s: a message of a room that is not entered", user->key.p);
}
