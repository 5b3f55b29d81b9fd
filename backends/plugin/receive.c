/* SPDX-License-Identifier: MIT */
/* Frames into calls: one row for each type that main sends. */
#include "base/log.h"
#include "base/secret.h"
#include "pbnetwork.pb-c.h"
#include "plugin/state.h"
#include "wire/message.h"

LOG_AREA("NetworkPlugin");

/* Calls an event if the backend has it. */
#define TELL(plugin, event, ...)                                             \
	do {                                                                 \
		if ((plugin)->events->event)                                 \
			(plugin)->events->event((plugin)->ctx, __VA_ARGS__); \
	} while (0)

static const char *text(const char *s)
{
	return s ? s : "";
}

static enum plugin_status status_of(int status)
{
	return status >= PLUGIN_ONLINE && status <= PLUGIN_INVISIBLE ? (enum plugin_status)status : PLUGIN_ONLINE;
}

/* The same texts with NULL at the end. */
static const char *const *list(struct arena *arena, char *const *texts, size_t n)
{
	const char **copy = arena_alloc(arena, (n + 1) * sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = texts[i];
	copy[n] = NULL;
	return copy;
}

static const struct plugin_setting *settings(struct arena *arena, const Pbnetwork__UserSettings *from, size_t n)
{
	struct plugin_setting *to = arena_alloc(arena, (n + 1) * sizeof(*to));
	for (size_t i = 0; i < n; i++)
		to[i] = (struct plugin_setting){ text(from->value[i]->key), text(from->value[i]->value) };
	return to;
}

static void on_login(struct plugin *plugin, void *message)
{
	Pbnetwork__Login *m = message;
	size_t n = m->settings ? m->settings->n_value : 0;
	struct plugin_login login = {
		.user = m->user,
		.legacy_name = m->legacyname,
		.password = m->password,
		.extra_fields = list(plugin->in, m->extrafields, m->n_extrafields),
		.settings = settings(plugin->in, m->settings, n),
		.settings_count = n,
	};
	TELL(plugin, login, &login);
	secret_wipe(m->password, strlen(m->password));
}

static void on_logout(struct plugin *plugin, void *message)
{
	Pbnetwork__Logout *m = message;
	TELL(plugin, logout, m->user, m->legacyname);
}

static void on_status(struct plugin *plugin, void *message)
{
	Pbnetwork__Status *m = message;
	TELL(plugin, status, m->username, status_of((int)m->status), text(m->statusmessage));
}

static const struct plugin_attachment *attachments(struct arena *arena, const Pbnetwork__ConversationMessage *m)
{
	struct plugin_attachment *to = arena_alloc(arena, (m->n_attachment + 1) * sizeof(*to));
	for (size_t i = 0; i < m->n_attachment; i++) {
		const Pbnetwork__Attachment *from = m->attachment[i];
		to[i] = (struct plugin_attachment){ from->url, text(from->mimetype), text(from->description) };
	}
	return to;
}

static void on_conv_message(struct plugin *plugin, void *message)
{
	Pbnetwork__ConversationMessage *m = message;
	struct plugin_message value = {
		.user = m->username,
		.buddy = m->buddyname,
		.body = m->message,
		.nickname = text(m->nickname),
		.xhtml = text(m->xhtml),
		.id = text(m->id),
		.headline = m->headline,
		.pm = m->pm,
		.carbon = m->carbon,
		.attachments = attachments(plugin->in, m),
		.attachments_count = m->n_attachment,
	};
	TELL(plugin, message, &value);
}

static void on_typing(struct plugin *plugin, void *message)
{
	Pbnetwork__Buddy *m = message;
	TELL(plugin, typing, m->username, m->buddyname, PLUGIN_COMPOSING);
}

static void on_typed(struct plugin *plugin, void *message)
{
	Pbnetwork__Buddy *m = message;
	TELL(plugin, typing, m->username, m->buddyname, PLUGIN_PAUSED);
}

static void on_stopped_typing(struct plugin *plugin, void *message)
{
	Pbnetwork__Buddy *m = message;
	TELL(plugin, typing, m->username, m->buddyname, PLUGIN_ACTIVE);
}

static void on_attention(struct plugin *plugin, void *message)
{
	Pbnetwork__ConversationMessage *m = message;
	TELL(plugin, attention, m->username, m->buddyname, m->message);
}

static void on_join_room(struct plugin *plugin, void *message)
{
	Pbnetwork__Room *m = message;
	struct plugin_room room = { m->username, m->room, m->nickname, text(m->password) };
	TELL(plugin, join_room, &room);
}

static void on_leave_room(struct plugin *plugin, void *message)
{
	Pbnetwork__Room *m = message;
	TELL(plugin, leave_room, m->username, m->room);
}

static void on_subject(struct plugin *plugin, void *message)
{
	Pbnetwork__ConversationMessage *m = message;
	TELL(plugin, subject, m->username, m->buddyname, m->message);
}

static struct plugin_buddy buddy_of(struct arena *arena, const Pbnetwork__Buddy *m)
{
	return (struct plugin_buddy){
		.user = m->username,
		.buddy = m->buddyname,
		.alias = text(m->alias),
		.groups = list(arena, m->group, m->n_group),
		.status = status_of((int)m->status),
		.status_message = text(m->statusmessage),
		.icon_hash = text(m->iconhash),
		.blocked = m->blocked,
	};
}

/* The presence of `blocked` is what tells a toggle of the block from a change of the contact. */
static void on_buddy_changed(struct plugin *plugin, void *message)
{
	Pbnetwork__Buddy *m = message;
	if (m->has_blocked) {
		TELL(plugin, buddy_block, m->username, m->buddyname, m->blocked);
		return;
	}
	struct plugin_buddy buddy = buddy_of(plugin->in, m);
	TELL(plugin, buddy_changed, &buddy);
}

static void on_buddy_removed(struct plugin *plugin, void *message)
{
	Pbnetwork__Buddy *m = message;
	TELL(plugin, buddy_removed, m->username, m->buddyname);
}

static void on_buddies(struct plugin *plugin, void *message)
{
	Pbnetwork__Buddies *m = message;
	struct plugin_buddy *buddies = arena_alloc(plugin->in, (m->n_buddy + 1) * sizeof(*buddies));
	for (size_t i = 0; i < m->n_buddy; i++)
		buddies[i] = buddy_of(plugin->in, m->buddy[i]);
	TELL(plugin, buddies, buddies, m->n_buddy);
}

/* With a photo, even an empty one, the user's own card; without one, a question about `buddy`. */
static void on_vcard(struct plugin *plugin, void *message)
{
	Pbnetwork__VCard *m = message;
	struct plugin_vcard vcard = {
		.user = m->username,
		.buddy = m->buddyname,
		.id = m->id,
		.full_name = text(m->fullname),
		.nickname = text(m->nickname),
		.photo = m->photo.data,
		.photo_len = m->photo.len,
	};
	if (m->has_photo)
		TELL(plugin, vcard_update, &vcard);
	else if (*m->buddyname)
		TELL(plugin, vcard_request, m->username, m->buddyname, m->id);
}

static void on_ping(struct plugin *plugin, const struct wire_frame *frame)
{
	plugin_pong(plugin);
}

static void on_raw_xml(struct plugin *plugin, const struct wire_frame *frame)
{
	TELL(plugin, raw_xml, (const char *)frame->payload, frame->payload_len);
}

static void on_end(struct plugin *plugin, const struct wire_frame *frame)
{
	wire_reader_stop(&plugin->reader);
	if (plugin->events->exit)
		plugin->events->exit(plugin->ctx);
	if (plugin->port->exit)
		plugin->port->exit(plugin->port_ctx);
}

/* A row has a message to unpack and its function, or a function for the bare frame. */
static const struct row {
	const ProtobufCMessageDescriptor *descriptor;
	void (*on_message)(struct plugin *plugin, void *message);
	void (*on_frame)(struct plugin *plugin, const struct wire_frame *frame);
} rows[] = {
	[WIRE_LOGIN] = { &pbnetwork__login__descriptor, on_login },
	[WIRE_LOGOUT] = { &pbnetwork__logout__descriptor, on_logout },
	[WIRE_BUDDY_CHANGED] = { &pbnetwork__buddy__descriptor, on_buddy_changed },
	[WIRE_BUDDY_REMOVED] = { &pbnetwork__buddy__descriptor, on_buddy_removed },
	[WIRE_CONV_MESSAGE] = { &pbnetwork__conversation_message__descriptor, on_conv_message },
	[WIRE_PING] = { .on_frame = on_ping },
	[WIRE_JOIN_ROOM] = { &pbnetwork__room__descriptor, on_join_room },
	[WIRE_LEAVE_ROOM] = { &pbnetwork__room__descriptor, on_leave_room },
	[WIRE_ROOM_SUBJECT_CHANGED] = { &pbnetwork__conversation_message__descriptor, on_subject },
	[WIRE_VCARD] = { &pbnetwork__vcard__descriptor, on_vcard },
	[WIRE_STATUS_CHANGED] = { &pbnetwork__status__descriptor, on_status },
	[WIRE_BUDDY_TYPING] = { &pbnetwork__buddy__descriptor, on_typing },
	[WIRE_BUDDY_STOPPED_TYPING] = { &pbnetwork__buddy__descriptor, on_stopped_typing },
	[WIRE_BUDDY_TYPED] = { &pbnetwork__buddy__descriptor, on_typed },
	[WIRE_ATTENTION] = { &pbnetwork__conversation_message__descriptor, on_attention },
	[WIRE_EXIT] = { .on_frame = on_end },
	[WIRE_RAW_XML] = { .on_frame = on_raw_xml },
	[WIRE_BUDDIES] = { &pbnetwork__buddies__descriptor, on_buddies },
};

static void receive_message(struct plugin *plugin, const struct row *row, const struct wire_frame *frame)
{
	void *message = wire_unpack(row->descriptor, plugin->in, frame);
	if (message) {
		wire_clean(message, plugin->in);
		row->on_message(plugin, message);
	} else {
		log_warn("%s: the payload of %zu bytes does not parse", wire_type_name(frame->type),
			 frame->payload_len);
	}
	arena_reset(plugin->in);
}

void plugin_receive(void *plugin, const struct wire_frame *frame)
{
	static const struct row none;
	const struct row *row =
		frame->type > 0 && (size_t)frame->type < G_N_ELEMENTS(rows) ? &rows[frame->type] : &none;
	if (row->on_frame)
		row->on_frame(plugin, frame);
	else if (row->on_message)
		receive_message(plugin, row, frame);
	else
		log_debug("%s of %zu bytes ignored", wire_type_name(frame->type), frame->payload_len);
}
