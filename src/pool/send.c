/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "core/user.h"
#include "pool/private.h"

#include <errno.h>

LOG_AREA("NetworkPluginServer");

/* protobuf-c wants writable pointers and writes to none of them. Required texts may not be NULL. */
static char *text_or_empty(const char *text)
{
	return (char *)(text ? text : "");
}

static char *own(struct user *user)
{
	return (char *)user_jid(user);
}

static int put(struct user *user, enum wire_type type, const ProtobufCMessage *message)
{
	struct seat *seat = user_seat(user);
	if (!seat || !seat->backend || !seat->backend->peer)
		return -ENOTCONN;
	return peer_send(seat->backend->peer, type, message) ? 0 : -ENOBUFS;
}

static void fill_settings(struct arena *arena, const struct user_login *login, Pbnetwork__UserSettings *settings)
{
	size_t n = login->setting_count;
	Pbnetwork__SettingEntry *entries = arena_alloc(arena, n * sizeof(*entries));
	settings->value = arena_alloc(arena, n * sizeof(*settings->value));
	settings->n_value = n;
	for (size_t i = 0; i < n; i++) {
		pbnetwork__setting_entry__init(&entries[i]);
		entries[i].key = (char *)login->setting_names[i];
		entries[i].value = text_or_empty(login->setting_values[i]);
		settings->value[i] = &entries[i];
	}
}

static int put_login(struct pool *pool, struct user *user, const struct user_login *login)
{
	Pbnetwork__Login message = PBNETWORK__LOGIN__INIT;
	Pbnetwork__UserSettings settings = PBNETWORK__USER_SETTINGS__INIT;
	if (login->setting_count > 0)
		fill_settings(pool->out, login, &settings);
	message.user = own(user);
	message.legacyname = text_or_empty(login->legacy_name);
	message.password = text_or_empty(login->password);
	message.settings = &settings; /* also an empty one */
	int result = put(user, WIRE_LOGIN, &message.base);
	arena_reset(pool->out);
	return result;
}

static int status(void *ctx, struct user *user, enum core_status value, const char *text)
{
	Pbnetwork__Status message = PBNETWORK__STATUS__INIT;
	message.username = own(user);
	message.status = (Pbnetwork__StatusType)value;
	message.statusmessage = text_or_empty(text);
	return put(user, WIRE_STATUS_CHANGED, &message.base);
}

/* Neither side says in this message whether a contact is blocked: its mere presence would be the order to. */
static void fill_contact(struct user *user, const struct core_contact *contact, Pbnetwork__Buddy *message)
{
	pbnetwork__buddy__init(message);
	message->username = own(user);
	message->buddyname = text_or_empty(contact->name);
	message->alias = text_or_empty(contact->alias);
	message->n_group = contact->group_count;
	message->group = (char **)contact->groups;
	message->has_status = true;
	message->status = PBNETWORK__STATUS_TYPE__STATUS_NONE;
}

struct roster {
	struct arena *arena;
	struct user *user;
	GPtrArray *contacts;
};

/* The core lends the values for this call only. */
static void gather_contact(void *ctx, const struct core_contact *contact)
{
	struct roster *roster = ctx;
	Pbnetwork__Buddy *buddy = arena_alloc(roster->arena, sizeof(*buddy));
	fill_contact(roster->user, contact, buddy);
	buddy->buddyname = arena_strdup(roster->arena, buddy->buddyname);
	buddy->alias = arena_strdup(roster->arena, buddy->alias);
	buddy->iconhash = contact->icon_hash ? arena_strdup(roster->arena, contact->icon_hash) : NULL;
	buddy->group = arena_alloc(roster->arena, contact->group_count * sizeof(char *) + 1);
	for (size_t i = 0; i < contact->group_count; i++)
		buddy->group[i] = arena_strdup(roster->arena, contact->groups[i]);
	g_ptr_array_add(roster->contacts, buddy);
}

static int put_contacts(struct pool *pool, struct user *user)
{
	Pbnetwork__Buddies message = PBNETWORK__BUDDIES__INIT;
	g_autoptr(GPtrArray) contacts = g_ptr_array_new();
	struct roster roster = { pool->out, user, contacts };
	user_each_contact(user, gather_contact, &roster);
	message.n_buddy = contacts->len;
	message.buddy = (Pbnetwork__Buddy **)contacts->pdata;
	int result = put(user, WIRE_BUDDIES, &message.base);
	arena_reset(pool->out);
	return result;
}

static int put_first_status(struct pool *pool, struct user *user)
{
	struct user_login login;
	user_login(user, &login);
	return login.status == CORE_OFFLINE ? 0 : status(pool, user, login.status, login.status_text);
}

void send_login(struct pool *pool, struct seat *seat)
{
	struct user *user = seat->user;
	struct user_login login;
	user_login(user, &login);
	int result = put_login(pool, user, &login);
	if (!result && core_features(pool->core)->send_buddies_on_login)
		result = put_contacts(pool, user);
	if (!result)
		result = put_first_status(pool, user);
	if (result)
		log_warn("%s: the login of %s could not be sent: %s", seat->backend->name, user_jid(user),
			 g_strerror(-result));
}

void send_logout(struct pool *pool, struct seat *seat)
{
	Pbnetwork__Logout message = PBNETWORK__LOGOUT__INIT;
	struct user_login login;
	if (!seat->backend)
		return;
	user_login(seat->user, &login);
	message.user = own(seat->user);
	message.legacyname = text_or_empty(login.legacy_name);
	put(seat->user, WIRE_LOGOUT, &message.base);
}

static void logout(void *ctx, struct user *user)
{
	struct seat *seat = user_seat(user);
	if (!seat)
		return;
	send_logout(ctx, seat);
	seat_free(ctx, seat);
	seat_serve(ctx);
}

static int login(void *ctx, struct user *user)
{
	logout(ctx, user);
	seat_take(ctx, user);
	return 0;
}

static void remember(void *ctx, struct user *user, const struct core_message *message)
{
	struct backend *backend = ((const struct seat *)user_seat(user))->backend;
	unconfirmed_note(&backend->unconfirmed, message);
	health_confirm(backend);
}

static int message(void *ctx, struct user *user, const char *name, const struct core_message *value)
{
	Pbnetwork__ConversationMessage frame = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	frame.username = own(user);
	frame.buddyname = (char *)name;
	frame.message = text_or_empty(value->body);
	frame.xhtml = text_or_empty(value->xhtml);
	frame.id = value->receipt_wanted ? (char *)value->id : NULL;
	struct seat *seat = user_seat(user);
	/* What could not be remembered could be lost in silence. */
	if (seat && seat->backend && unconfirmed_is_full(&seat->backend->unconfirmed))
		return -ENOBUFS;
	int result = put(user, WIRE_CONV_MESSAGE, &frame.base);
	if (!result && value->sender)
		remember(ctx, user, value);
	return result;
}

static int chat_state(void *ctx, struct user *user, const char *name, enum core_chat_state state)
{
	static const enum wire_type types[] = {
		[CORE_STATE_ACTIVE] = WIRE_BUDDY_STOPPED_TYPING,
		[CORE_STATE_COMPOSING] = WIRE_BUDDY_TYPING,
		[CORE_STATE_PAUSED] = WIRE_BUDDY_TYPED,
		[CORE_STATE_GONE] = 0, /* as are the others: backends know no more */
	};
	Pbnetwork__Buddy frame = PBNETWORK__BUDDY__INIT;
	if (!types[state])
		return 0;
	frame.username = own(user);
	frame.buddyname = (char *)name;
	return put(user, types[state], &frame.base);
}

static int put_text(struct user *user, enum wire_type type, const char *name, const char *text)
{
	Pbnetwork__ConversationMessage frame = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	frame.username = own(user);
	frame.buddyname = (char *)name;
	frame.message = text_or_empty(text);
	return put(user, type, &frame.base);
}

static int attention(void *ctx, struct user *user, const char *name, const char *text)
{
	return put_text(user, WIRE_ATTENTION, name, text);
}

static int subject(void *ctx, struct user *user, const char *room, const char *text)
{
	return put_text(user, WIRE_ROOM_SUBJECT_CHANGED, room, text);
}

static int put_room(struct user *user, enum wire_type type, const char *room, const char *nickname,
		    const char *password)
{
	Pbnetwork__Room frame = PBNETWORK__ROOM__INIT;
	frame.username = own(user);
	frame.nickname = text_or_empty(nickname);
	frame.room = (char *)room;
	frame.password = text_or_empty(password);
	return put(user, type, &frame.base);
}

static int join(void *ctx, struct user *user, const char *room, const char *nickname, const char *password)
{
	return put_room(user, WIRE_JOIN_ROOM, room, nickname, password);
}

static int leave(void *ctx, struct user *user, const char *room)
{
	return put_room(user, WIRE_LEAVE_ROOM, room, NULL, NULL);
}

static int put_contact(void *ctx, struct user *user, const struct core_contact *contact)
{
	Pbnetwork__Buddy frame;
	fill_contact(user, contact, &frame);
	return put(user, WIRE_BUDDY_CHANGED, &frame.base);
}

/* Here the word is the order. */
static int block(void *ctx, struct user *user, const struct core_contact *contact)
{
	Pbnetwork__Buddy frame;
	fill_contact(user, contact, &frame);
	frame.has_blocked = true;
	frame.blocked = contact->blocked;
	return put(user, WIRE_BUDDY_CHANGED, &frame.base);
}

static int remove_contact(void *ctx, struct user *user, const struct core_contact *contact)
{
	Pbnetwork__Buddy frame;
	fill_contact(user, contact, &frame);
	return put(user, WIRE_BUDDY_REMOVED, &frame.base);
}

static int get_vcard(void *ctx, struct user *user, const char *name, uint32_t id)
{
	Pbnetwork__VCard frame = PBNETWORK__VCARD__INIT;
	frame.username = own(user);
	frame.buddyname = (char *)name;
	frame.id = (int32_t)id;
	return put(user, WIRE_VCARD, &frame.base);
}

/* That there is a photo, even an empty one, is what makes it an update. */
static int set_vcard(void *ctx, struct user *user, const struct core_vcard *vcard)
{
	Pbnetwork__VCard frame = PBNETWORK__VCARD__INIT;
	frame.username = own(user);
	frame.buddyname = text_or_empty(NULL);
	frame.nickname = text_or_empty(vcard->nickname);
	frame.has_photo = true;
	frame.photo.data = (uint8_t *)vcard->photo;
	frame.photo.len = vcard->photo_len;
	return put(user, WIRE_VCARD, &frame.base);
}

static int raw(void *ctx, struct user *user, const char *xml, size_t n)
{
	struct seat *seat = user_seat(user);
	if (!seat || !seat->backend || !seat->backend->peer)
		return -ENOTCONN;
	return peer_send_raw(seat->backend->peer, xml, n) ? 0 : -ENOBUFS;
}

static uint64_t source(void *ctx, struct user *user)
{
	const struct seat *seat = user_seat(user);
	return seat && seat->backend ? seat->backend->source : 0;
}

const struct core_backend *pool_backend_port(void)
{
	static const struct core_backend port = {
		.login = login,
		.logout = logout,
		.status = status,
		.message = message,
		.chat_state = chat_state,
		.attention = attention,
		.join = join,
		.leave = leave,
		.subject = subject,
		.put_contact = put_contact,
		.remove_contact = remove_contact,
		.block = block,
		.get_vcard = get_vcard,
		.set_vcard = set_vcard,
		.remember = remember,
		.raw = raw,
		.source = source,
	};
	return &port;
}
