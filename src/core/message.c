/* SPDX-License-Identifier: MIT */
#include "core/contact.h"
#include "core/conversation.h"
#include "core/private.h"
#include "core/repeat.h"
#include "core/room.h"

LOG_AREA("ConversationManager");

void message_tell(struct core *core, const char *to, const char *text)
{
	struct core_message message = { .type = CORE_CHAT_MESSAGE, .body = text };
	core->frontend->message(core->frontend_ctx, (struct core_address){ 0 }, to, &message);
}

static struct conversation *find(struct user *user, const char *key)
{
	struct str text = str_of(key);
	if (user->recent && str_eq(user->recent->key, text))
		return user->recent;
	if (!user->conversations)
		return NULL;
	struct conversation *found = g_hash_table_lookup(user->conversations, &text);
	if (found)
		user->recent = found;
	return found;
}

/* NULL if there are too many, or the name cannot be a JID: chatting goes on without a memory of it. */
static struct conversation *begin(struct user *user, const char *key, const char *name)
{
	struct core *core = user->core;
	const struct contact *contact = roster_find(user, key);
	const char *node = contact ? contact->node : core_node(core, name, core_escaping(core));
	if (!node)
		return NULL;
	if (!user->conversations)
		user->conversations = g_hash_table_new(str_hash, str_equal);
	if (g_hash_table_size(user->conversations) >= CORE_CONVERSATIONS_MAX)
		return NULL;
	size_t key_size = strlen(key) + 1, node_size = strlen(node) + 1, name_size = strlen(name) + 1;
	struct conversation *conversation = g_malloc0(sizeof(*conversation) + key_size + node_size + name_size);
	conversation->key = (struct str){ memcpy(conversation->text, key, key_size), key_size - 1 };
	conversation->node = memcpy(conversation->text + key_size, node, node_size);
	conversation->name = memcpy(conversation->text + key_size + node_size, name, name_size);
	g_hash_table_add(user->conversations, conversation);
	return conversation;
}

static struct conversation *rename_to(struct user *user, struct conversation *old, const char *name)
{
	struct arena *scratch = user->core->scratch;
	const char *key = arena_strdup(scratch, old->key.p);
	const struct session *last = old->last;
	g_hash_table_remove(user->conversations, old);
	if (user->recent == old)
		user->recent = NULL;
	g_free(old);
	struct conversation *now = begin(user, key, name);
	if (now)
		now->last = last;
	return now;
}

void message_rename(struct user *user, const char *key, const char *name)
{
	struct conversation *conversation = find(user, key);
	if (conversation && strcmp(conversation->name, name))
		rename_to(user, conversation, name);
}

/* session NULL: any. */
void message_forget_session(struct user *user, const struct session *session)
{
	GHashTableIter iter;
	struct conversation *conversation;
	struct room *room;
	if (user->conversations) {
		g_hash_table_iter_init(&iter, user->conversations);
		while (g_hash_table_iter_next(&iter, NULL, (void **)&conversation))
			if (!session || conversation->last == session)
				conversation->last = NULL;
	}
	if (!session || !user->rooms)
		return;
	g_hash_table_iter_init(&iter, user->rooms);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&room))
		room_remove_session(room, session);
}

void message_note_session(struct user *user, const char *node, const struct session *session)
{
	struct core *core = user->core;
	const char *name = jid_name_of_node(core->scratch, node, NULL), *key = core_fold(core, name);
	struct conversation *conversation = find(user, key);
	const struct contact *contact = conversation ? NULL : roster_find(user, key);
	if (!conversation)
		conversation = begin(user, key, contact ? contact->name : name);
	if (conversation)
		conversation->last = session;
}

const char *message_place(struct user *user, const char *key)
{
	const struct conversation *conversation = find(user, key);
	return conversation && conversation->last ? conversation->last->full : user->key.p;
}

/* --- from the user --------------------------------------------------------------------------- */

enum core_error message_outcome(int result, const char **text)
{
	if (!result)
		return CORE_OK;
	*text = result == -ENOBUFS ? "The network does not keep up, try again later"
				   : "The network cannot be reached at the moment";
	return result == -ENOBUFS ? CORE_RESOURCE_CONSTRAINT : CORE_RECIPIENT_UNAVAILABLE;
}

/* What went out by a call that does not know the message comes back with it all the same. */
static enum core_error remember(struct user *user, const struct core_message *message, int result, const char **text)
{
	struct core *core = user->core;
	if (!result && message->sender)
		core->backend->remember(core->backend_ctx, user, message);
	return message_outcome(result, text);
}

/* Nothing comes back for what nobody would read, such as a marker. */
static enum core_error not_inside(const struct core_message *message, const char **text)
{
	if (!message->body && !message->subject)
		return CORE_OK;
	*text = "You are not in this room";
	return CORE_NOT_ACCEPTABLE;
}

static enum core_error to_room(struct room *room, const struct session *session, const struct core_message *message,
			       const char **text)
{
	struct user *user = room->user;
	struct core *core = user->core;
	if (!session || !room_has(room, session) || room->state != ROOM_ENTERED)
		return not_inside(message, text);
	if (message->subject && !message->body)
		return remember(user, message,
				core->backend->subject(core->backend_ctx, user, room->name, message->subject), text);
	if (!message->body)
		return CORE_OK;
	enum core_error error =
		message_outcome(core->backend->message(core->backend_ctx, user, room->name, message), text);
	if (!error)
		room_note_sent(room, message->id, message->body);
	return error;
}

static enum core_error to_occupant(struct room *room, const char *name, const struct core_message *message,
				   const char **text)
{
	struct user *user = room->user;
	struct core *core = user->core;
	if (!message->body) {
		*text = "Only the room has a subject";
		return message->subject ? CORE_BAD_REQUEST : CORE_OK;
	}
	const struct occupant *occupant = room_occupant_shown(room, name);
	if (!occupant) {
		*text = "There is nobody of that name in the room";
		return CORE_ITEM_NOT_FOUND;
	}
	const char *full = arena_printf(core->scratch, "%s/%s", room->name, occupant->nickname);
	return message_outcome(core->backend->message(core->backend_ctx, user, full, message), text);
}

/* XEP-0191, section 3.6. */
static enum core_error to_blocked(const struct core_message *message, const char **text)
{
	*text = "You have blocked this contact";
	return message->body || message->attention ? CORE_BLOCKED : CORE_OK;
}

static enum core_error to_contact(struct user *user, const struct session *session, const char *node,
				  const struct core_message *message, const char **text)
{
	struct core *core = user->core;
	const char *name = jid_name_of_node(core->scratch, node, NULL), *key = core_fold(core, name);
	if (blocking_hides(user, key))
		return to_blocked(message, text);
	struct conversation *conversation = find(user, key);
	const struct contact *contact = conversation ? NULL : roster_find(user, key);
	name = conversation ? conversation->name : contact ? contact->name : name;
	if (!conversation && (message->body || message->attention))
		conversation = begin(user, key, name);
	if (conversation)
		conversation->last = session;
	if (message->state == CORE_STATE_ACTIVE || message->state == CORE_STATE_COMPOSING ||
	    message->state == CORE_STATE_PAUSED)
		core->backend->chat_state(core->backend_ctx, user, name, message->state);
	if (message->attention)
		return remember(
			user, message,
			core->backend->attention(core->backend_ctx, user, name, message->body ? message->body : ""),
			text);
	if (message->body)
		return message_outcome(core->backend->message(core->backend_ctx, user, name, message), text);
	if (!message->subject)
		return CORE_OK;
	*text = "The network knows subjects of rooms only";
	return CORE_FEATURE_NOT_IMPLEMENTED;
}

static enum core_error not_ready(const struct user *user, const struct core_message *message, const char **text)
{
	if (!message->body && !message->subject && !message->attention)
		return CORE_OK;
	*text = user ? user_unready_text(user)
		     : "You are not logged in: send your presence to the gateway, or register";
	return CORE_RECIPIENT_UNAVAILABLE;
}

static enum core_error take(struct core *core, struct user *user, const struct jid *from, const struct jid *to,
			    const struct core_message *message, const char **text)
{
	if (!user || user->state != USER_ONLINE)
		return not_ready(user, message, text);
	user->active_at = loop_now(core->loop);
	if (!to->node) {
		*text = "The gateway itself takes no messages";
		return message->body ? CORE_SERVICE_UNAVAILABLE : CORE_OK;
	}
	const struct session *session = user_session(user, jid_resource(from));
	const char *node = arena_strndup(core->scratch, to->full, to->node);
	struct room *room = rooms_find_node(user, node);
	if (message->type == CORE_GROUPCHAT && !jid_is_bare(to)) {
		/* XEP-0045, section 7.5. */
		*text = "A message to one occupant is of type chat";
		return CORE_BAD_REQUEST;
	}
	if (message->type == CORE_GROUPCHAT)
		return room ? to_room(room, session, message, text) : not_inside(message, text);
	if (room && !jid_is_bare(to))
		return to_occupant(room, jid_resource(to), message, text);
	return to_contact(user, session, node, message, text);
}

/* Who sends to a room again has not seen his words come back. */
static void reflect_again(struct user *user, const struct jid *from, const struct jid *to,
			  const struct core_message *message)
{
	struct core *core = user->core;
	const struct session *session = user_session(user, jid_resource(from));
	const struct room *room = rooms_find_jid(user, to);
	if (message->type != CORE_GROUPCHAT || !room || !session || !room_has(room, session))
		return;
	const struct occupant *self = room_occupant(room, room->nick);
	core->frontend->message(core->frontend_ctx,
				(struct core_address){ room->node, self ? occupant_name(self) : room->nick },
				session->full, message);
}

enum core_error core_user_message(struct core *core, const struct jid *from, const struct jid *to,
				  const struct core_message *message, const char **text)
{
	struct user *user = core_find_user(core, jid_bare(from));
	uint64_t mark = user ? repeat_mark(to, message) : 0, now = loop_now(core->loop);
	arena_reset(core->scratch);
	metrics_count(core->metrics, METRIC_MESSAGES_FROM_XMPP);
	if (mark && repeat_is_one(user->repeats, mark, now)) {
		log_debug("%s sends a message again", user->key.p);
		reflect_again(user, from, to, message);
		return CORE_OK;
	}
	enum core_error error = take(core, user, from, to, message, text);
	if (mark && !error)
		repeat_note(&user->repeats, mark, now);
	return error;
}

/* --- from the network ------------------------------------------------------------------------ */

static void to_inside(struct room *room, const char *sender, const struct core_message *message)
{
	struct core *core = room->user->core;
	struct core_address from = { room->node, sender };
	if (room->kept || !room->sessions->len) {
		room_keep(room, sender, message->type == CORE_CHAT_MESSAGE, message);
		return;
	}
	for (guint i = 0; i < room->sessions->len; i++) {
		const struct session *session = room->sessions->pdata[i];
		core->frontend->message(core->frontend_ctx, from, session->full, message);
	}
}

static void groupchat(struct room *room, const char *nickname, const struct core_message *given)
{
	const struct occupant *occupant = room_occupant(room, nickname);
	struct core_message message = *given;
	g_autofree char *id = given->body && !strcmp(nickname, room->nick) ? room_take_sent(room, given->body) : NULL;
	if (id)
		message.id = id;
	message.type = CORE_GROUPCHAT;
	if (room_wants(room, message.time))
		to_inside(room, occupant ? occupant_name(occupant) : nickname, &message);
}

/* XEP-0280: sent by another client of the user. For who is away the server keeps it, so it says when it was. Where we
 * are the server it is the account's, once. */
static void copy_to_sessions(struct user *user, struct core_address with, const struct core_message *given)
{
	struct core *core = user->core;
	struct core_message message = *given;
	bool by_account = core->server;
	for (const struct session *session = user->sessions; session && !by_account; session = session->next)
		core->frontend->carbon(core->frontend_ctx, with, session->full, &message);
	if (user->sessions && !by_account)
		return;
	if (!user->sessions && !message.time)
		message.time = g_get_real_time() / G_USEC_PER_SEC;
	core->frontend->carbon(core->frontend_ctx, with, user->key.p, &message);
}

/* XEP-0045, section 7.5. */
static void private_message(struct user *user, struct room *room, const struct core_legacy_message *given)
{
	struct core *core = user->core;
	const char *name = text_clean(core->scratch, given->name);
	const struct occupant *occupant = room ? room_occupant(room, given->nickname) : NULL;
	struct core_message message = given->message;
	struct core_address from = { room ? room->node : jid_node_of_room(core->scratch, name, false),
				     occupant ? occupant_name(occupant) : given->nickname };
	if (!from.node)
		return;
	message.type = CORE_CHAT_MESSAGE;
	message.from_occupant = true;
	message.state = CORE_STATE_ACTIVE;
	if (given->carbon) {
		message.state = CORE_STATE_NONE;
		copy_to_sessions(user, from, &message);
		return;
	}
	if (room)
		to_inside(room, from.resource, &message);
	else
		core->frontend->message(core->frontend_ctx, from, user->key.p, &message);
}

/* To the session that wrote last, else to the bare JID; for later if nobody listens. */
static void deliver(struct user *user, const char *key, const char *name, bool remember,
		    const struct core_message *message)
{
	struct core *core = user->core;
	struct conversation *conversation = find(user, key);
	struct core_address from = { NULL, CORE_RESOURCE };
	if (blocking_hides(user, key))
		return;
	if (!conversation && remember)
		conversation = begin(user, key, name);
	else if (remember && strcmp(conversation->name, name))
		conversation = rename_to(user, conversation, name);
	if (conversation) {
		from.node = conversation->node;
	} else {
		const struct contact *contact = roster_find(user, key);
		from.node = contact ? contact->node : core_node(core, name, core_escaping(core));
	}
	if (!from.node) {
		log_warn("%s: a message from a name that cannot be a JID", user->key.p);
		return;
	}
	if (user->kept && kept_is_worth(message)) {
		kept_put(user->kept, from.node, false, message);
		return;
	}
	/* What is of the moment only is for who is there. */
	if (user->kept && !user->sessions)
		return;
	core->frontend->message(core->frontend_ctx, from,
				conversation && conversation->last ? conversation->last->full : user->key.p, message);
}

static void own_message(struct user *user, const char *key, const char *name, const struct core_message *given)
{
	struct core_message message = *given;
	struct core *core = user->core;
	struct conversation *conversation = find(user, key);
	const struct contact *contact = conversation ? NULL : roster_find(user, key);
	const char *node = conversation ? conversation->node
			   : contact    ? contact->node
					: core_node(core, name, core_escaping(core));
	message.type = CORE_CHAT_MESSAGE;
	if (node)
		copy_to_sessions(user, (struct core_address){ node, NULL }, &message);
}

void core_legacy_message(struct user *user, const struct core_legacy_message *given)
{
	struct core *core = user->core;
	arena_reset(core->scratch);
	const char *name = text_clean(core->scratch, given->name), *key = text_fold(core->scratch, name);
	bool named = given->nickname && *given->nickname;
	struct room *room = named && user->rooms ? rooms_find(user, key) : NULL;
	metrics_count(core->metrics, METRIC_MESSAGES_TO_XMPP);
	user->active_at = loop_now(core->loop);
	if (named && given->pm) {
		private_message(user, room, given);
	} else if (room) {
		groupchat(room, given->nickname, &given->message);
	} else if (named) {
		log_debug("%s: a message of a room that is not entered", user->key.p);
	} else if (given->carbon) {
		own_message(user, key, name, &given->message);
	} else {
		struct core_message message = given->message;
		message.type =
			message.type == CORE_HEADLINE && user_wants_headlines(user) ? CORE_HEADLINE : CORE_CHAT_MESSAGE;
		message.state = CORE_STATE_ACTIVE;
		deliver(user, key, name, true, &message);
	}
}

void core_legacy_chat_state(struct user *user, const char *name, enum core_chat_state state)
{
	struct core *core = user->core;
	struct core_message message = { .type = CORE_CHAT_MESSAGE, .state = state };
	arena_reset(core->scratch);
	const char *clean = text_clean(core->scratch, name), *key = text_fold(core->scratch, clean);
	if (find(user, key))
		deliver(user, key, clean, false, &message);
}

void core_legacy_receipt(struct user *user, const char *name, const char *id)
{
	struct core *core = user->core;
	struct core_message message = { .type = CORE_CHAT_MESSAGE, .receipt_of = id };
	arena_reset(core->scratch);
	const char *clean = text_clean(core->scratch, name), *key = text_fold(core->scratch, clean);
	if (id && *id && strnlen(id, CORE_TEXT_MAX + 1) <= CORE_TEXT_MAX && find(user, key))
		deliver(user, key, clean, false, &message);
}
