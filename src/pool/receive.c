/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "core/raw.h"
#include "core/user.h"
#include "pool/private.h"
#include "pool/timestamp.h"
#include "wire/message.h"

LOG_AREA("NetworkPluginServer");

enum { CODE_MAX = PBNETWORK__CONNECTION_ERROR__CONNECTION_ERROR_OTHER_ERROR };

/* Writers that set every field, and writers that leave out what is empty, mean the same. */
static const char *given(const char *text)
{
	return text && *text ? text : NULL;
}

static enum core_status status_of(int value)
{
	return value >= CORE_ONLINE && value <= CORE_INVISIBLE ? (enum core_status)value : CORE_ONLINE;
}

/* The user of that bare JID, if this backend has it; no other may speak for it. */
static struct user *find_user(const struct peer *peer, const char *jid)
{
	struct user *user = peer->backend ? core_find_user(peer->pool->core, str_of(jid)) : NULL;
	const struct seat *seat = user ? user_seat(user) : NULL;
	if (seat && seat->backend == peer->backend)
		return user;
	log_debug("a frame about %s, who is not on that backend, ignored", jid);
	return NULL;
}

/* --- about a user --------------------------------------------------------------------------- */

static void connected(struct pool *pool, struct user *user, const void *payload)
{
	core_legacy_connected(user);
}

static void disconnected(struct pool *pool, struct user *user, const void *payload)
{
	const Pbnetwork__Disconnected *message = payload;
	int code = message->error >= 0 && message->error <= CODE_MAX ? message->error : CODE_MAX;
	core_legacy_disconnected(user, code, given(message->message));
}

static void contact_changed(struct pool *pool, struct user *user, const void *payload)
{
	const Pbnetwork__Buddy *message = payload;
	struct core_contact contact = {
		.name = message->buddyname,
		.alias = given(message->alias),
		.group_count = message->n_group,
		.groups = (const char *const *)message->group,
		.status = status_of(message->status),
		.text = given(message->statusmessage),
		.icon_hash = message->iconhash ? message->iconhash : "",
		.blocked = message->blocked,
	};
	core_legacy_contact(user, &contact);
}

static void contact_removed(struct pool *pool, struct user *user, const void *payload)
{
	core_legacy_contact_removed(user, ((const Pbnetwork__Buddy *)payload)->buddyname);
}

static void auth_request(struct pool *pool, struct user *user, const void *payload)
{
	core_legacy_auth_request(user, ((const Pbnetwork__Buddy *)payload)->buddyname);
}

static void typing(struct pool *pool, struct user *user, const void *payload)
{
	core_legacy_chat_state(user, ((const Pbnetwork__Buddy *)payload)->buddyname, CORE_STATE_COMPOSING);
}

static void typed(struct pool *pool, struct user *user, const void *payload)
{
	core_legacy_chat_state(user, ((const Pbnetwork__Buddy *)payload)->buddyname, CORE_STATE_PAUSED);
}

static void stopped_typing(struct pool *pool, struct user *user, const void *payload)
{
	core_legacy_chat_state(user, ((const Pbnetwork__Buddy *)payload)->buddyname, CORE_STATE_ACTIVE);
}

static void take_attachments(struct pool *pool, const Pbnetwork__ConversationMessage *from, struct core_message *to)
{
	size_t n = MIN(from->n_attachment, (size_t)POOL_ATTACHMENTS_MAX);
	struct core_attachment *attachments = arena_alloc(pool->in, n * sizeof(*attachments));
	for (size_t i = 0; i < n; i++) {
		attachments[i].url = from->attachment[i]->url;
		attachments[i].mime = given(from->attachment[i]->mimetype);
		attachments[i].description = given(from->attachment[i]->description);
	}
	to->attachments = attachments;
	to->attachment_count = n;
}

static enum core_message_type type_of(const Pbnetwork__ConversationMessage *message)
{
	if (message->headline)
		return CORE_HEADLINE;
	return given(message->nickname) && !message->pm ? CORE_GROUPCHAT : CORE_CHAT_MESSAGE;
}

static void pass_message(struct pool *pool, struct user *user, const void *payload, bool attention)
{
	const Pbnetwork__ConversationMessage *from = payload;
	struct core_legacy_message message = {
		.name = from->buddyname,
		.nickname = given(from->nickname),
		.pm = from->pm,
		.carbon = from->carbon,
		.message = {
			.type = type_of(from),
			.id = given(from->id),
			.body = given(from->message),
			.xhtml = given(from->xhtml),
			.time = from->timestamp ? timestamp_parse(from->timestamp) : 0,
			.attention = attention,
			.from_occupant = from->pm,
		},
	};
	if (from->n_attachment > 0)
		take_attachments(pool, from, &message.message);
	core_legacy_message(user, &message);
}

static void conversation_message(struct pool *pool, struct user *user, const void *payload)
{
	pass_message(pool, user, payload, false);
}

static void attention(struct pool *pool, struct user *user, const void *payload)
{
	pass_message(pool, user, payload, true);
}

static void message_ack(struct pool *pool, struct user *user, const void *payload)
{
	const Pbnetwork__ConversationMessage *message = payload;
	if (given(message->id))
		core_legacy_receipt(user, message->buddyname, message->id);
	else
		log_debug("%s: a receipt of %s without an id", user_jid(user), message->buddyname);
}

static void participant(struct pool *pool, struct user *user, const void *payload)
{
	const Pbnetwork__Participant *message = payload;
	struct core_participant value = {
		.room = message->room,
		.nickname = message->nickname,
		.flags = message->flag,
		.status = status_of(message->status),
		.text = given(message->statusmessage),
		.newname = given(message->newname),
		.icon_hash = given(message->iconhash),
		.alias = given(message->alias),
	};
	core_legacy_participant(user, &value);
}

static void room_nickname(struct pool *pool, struct user *user, const void *payload)
{
	const Pbnetwork__Room *message = payload;
	core_legacy_nickname(user, message->room, message->nickname);
}

static void room_subject(struct pool *pool, struct user *user, const void *payload)
{
	const Pbnetwork__ConversationMessage *message = payload;
	core_legacy_subject(user, message->buddyname, given(message->nickname), message->message);
}

static void vcard(struct pool *pool, struct user *user, const void *payload)
{
	const Pbnetwork__VCard *message = payload;
	struct core_vcard value = {
		.full_name = given(message->fullname),
		.nickname = given(message->nickname),
		.photo = message->photo.data,
		.photo_len = message->photo.len,
		.has_photo = message->has_photo,
	};
	core_legacy_vcard(user, (uint32_t)message->id, &value);
}

/* --- about the backend, or anybody ---------------------------------------------------------- */

static void pong(struct peer *peer, const void *payload)
{
	if (peer->backend)
		unconfirmed_ponged(&peer->backend->unconfirmed);
	peer_answered(peer);
}

static void stats(struct peer *peer, const void *payload)
{
	const Pbnetwork__Stats *message = payload;
	guint64 pid;
	bool named = g_ascii_string_to_unsigned(message->id, 10, 1, G_MAXINT32, &pid, NULL);
	if (!peer->backend && named) {
		peer_identified(peer, (pid_t)pid);
	} else if (peer->backend) {
		if (named)
			peer->pid = (pid_t)pid;
		peer->backend->res = message->res;
		peer->backend->init_res = message->init_res;
		peer->backend->shared = message->shared;
	}
}

static void backend_config(struct peer *peer, const void *payload)
{
	features_announce(peer->pool, ((const Pbnetwork__BackendConfig *)payload)->config);
}

static void query(struct peer *peer, const void *payload)
{
	query_received(peer, ((const Pbnetwork__BackendConfig *)payload)->config);
}

/* The list of one user, or with no user that of the whole instance. */
static void room_list(struct peer *peer, const void *payload)
{
	const Pbnetwork__RoomList *message = payload;
	struct core *core = peer->pool->core;
	struct user *user = NULL;
	if (given(message->user)) {
		user = find_user(peer, message->user);
		if (!user)
			return;
	}
	core_legacy_room_list(core, user, (const char *const *)message->room, (const char *const *)message->name,
			      MIN(message->n_room, message->n_name));
}

/* Of many users: whose each stanza is, is found when it is complete. */
static void raw_xml(struct peer *peer, const struct wire_frame *frame)
{
	if (peer->backend)
		core_legacy_raw(peer->pool->core, peer->backend->source, (const char *)frame->payload,
				frame->payload_len);
}

/* --- the table ------------------------------------------------------------------------------ */

/* One row for each type that backends send. Every message about a user begins with its bare JID. */
static const struct row {
	const ProtobufCMessageDescriptor *descriptor; /* NULL: no payload that is looked at */
	size_t user;                                  /* where the JID is */
	void (*of_user)(struct pool *pool, struct user *user, const void *payload);
	void (*of_peer)(struct peer *peer, const void *payload);
} rows[] = {
#define ABOUT_USER(kind, type, member, fn)                                                      \
	{                                                                                       \
		&pbnetwork__##kind##__descriptor, offsetof(Pbnetwork__##type, member), fn, NULL \
	}
#define ABOUT_PEER(kind, fn)                                  \
	{                                                     \
		&pbnetwork__##kind##__descriptor, 0, NULL, fn \
	}
	[WIRE_CONNECTED] = ABOUT_USER(connected, Connected, user, connected),
	[WIRE_DISCONNECTED] = ABOUT_USER(disconnected, Disconnected, user, disconnected),
	[WIRE_BUDDY_CHANGED] = ABOUT_USER(buddy, Buddy, username, contact_changed),
	[WIRE_BUDDY_REMOVED] = ABOUT_USER(buddy, Buddy, username, contact_removed),
	[WIRE_CONV_MESSAGE] = ABOUT_USER(conversation_message, ConversationMessage, username, conversation_message),
	[WIRE_PONG] = { .of_peer = pong },
	[WIRE_PARTICIPANT_CHANGED] = ABOUT_USER(participant, Participant, username, participant),
	[WIRE_ROOM_NICKNAME_CHANGED] = ABOUT_USER(room, Room, username, room_nickname),
	[WIRE_ROOM_SUBJECT_CHANGED] = ABOUT_USER(conversation_message, ConversationMessage, username, room_subject),
	[WIRE_VCARD] = ABOUT_USER(vcard, VCard, username, vcard),
	[WIRE_BUDDY_TYPING] = ABOUT_USER(buddy, Buddy, username, typing),
	[WIRE_BUDDY_STOPPED_TYPING] = ABOUT_USER(buddy, Buddy, username, stopped_typing),
	[WIRE_BUDDY_TYPED] = ABOUT_USER(buddy, Buddy, username, typed),
	[WIRE_AUTH_REQUEST] = ABOUT_USER(buddy, Buddy, username, auth_request),
	[WIRE_ATTENTION] = ABOUT_USER(conversation_message, ConversationMessage, username, attention),
	[WIRE_STATS] = ABOUT_PEER(stats, stats),
	[WIRE_BACKEND_CONFIG] = ABOUT_PEER(backend_config, backend_config),
	[WIRE_QUERY] = ABOUT_PEER(backend_config, query),
	[WIRE_ROOM_LIST] = ABOUT_PEER(room_list, room_list),
	[WIRE_CONV_MESSAGE_ACK] = ABOUT_USER(conversation_message, ConversationMessage, username, message_ack),
#undef ABOUT_USER
#undef ABOUT_PEER
};

/* A peer's nonsense is said at most once in a while, with how often it came. */
static void note_unreadable(struct peer *peer, int type)
{
	uint64_t now = loop_now(peer->pool->loop);
	peer->bad++;
	if (peer->bad_logged && now - peer->bad_logged < POOL_BAD_LOG_MS)
		return;
	log_warn("%s sent %u unreadable messages, the last a %s", peer->backend ? peer->backend->name : "a connection",
		 peer->bad, wire_type_name(type));
	peer->bad_logged = now;
	peer->bad = 0;
}

static void dispatch(struct peer *peer, const struct row *row, const struct wire_frame *frame)
{
	struct pool *pool = peer->pool;
	ProtobufCMessage *message = NULL;
	if (row->descriptor) {
		message = wire_unpack(row->descriptor, pool->in, frame);
		if (!message) {
			note_unreadable(peer, frame->type);
			return;
		}
		if (wire_clean(message, pool->in))
			metrics_count(pool->metrics, METRIC_TEXT_CLEANED);
	}
	if (row->of_peer) {
		row->of_peer(peer, message);
		return;
	}
	g_assert(message); /* every row about a user has a payload */
	struct user *user = find_user(peer, *(char **)((char *)message + row->user));
	if (user)
		row->of_user(pool, user, message);
}

void receive_frame(struct peer *peer, const struct wire_frame *frame)
{
	struct pool *pool = peer->pool;
	struct backend *backend = peer->backend;
	if (frame->type == 0) {
		peer_fail(peer, "sent what is no frame");
		return;
	}
	if (backend)
		backend->alive = true;
	else
		peer_touch(peer);
	if (pool->stopping || (backend && backend->state >= BACKEND_STOPPING))
		return;
	if (frame->type == WIRE_RAW_XML) {
		raw_xml(peer, frame);
		return;
	}
	const struct row *row = (size_t)frame->type < G_N_ELEMENTS(rows) ? &rows[frame->type] : NULL;
	if (!row || (!row->of_user && !row->of_peer)) {
		log_debug("%s from a backend skipped", wire_type_name(frame->type));
		return;
	}
	dispatch(peer, row, frame);
	arena_reset(pool->in);
}
