/* SPDX-License-Identifier: MIT */
/* Values into frames. Empty optional texts are left out: every reader takes absent and empty alike. */
#include "base/log.h"
#include "base/text.h"
#include "pbnetwork.pb-c.h"
#include "plugin/state.h"

LOG_AREA("NetworkPlugin");

/* protobuf-c packs from char *; nothing of what is borrowed is written to. */
static char *required(const char *text)
{
	return (char *)(text ? text : "");
}

static char *optional(const char *text)
{
	return (char *)(text && *text ? text : NULL);
}

void plugin_connected(struct plugin *plugin, const char *user)
{
	Pbnetwork__Connected m = PBNETWORK__CONNECTED__INIT;
	m.user = required(user);
	plugin_put(plugin, WIRE_CONNECTED, &m.base);
}

void plugin_disconnected(struct plugin *plugin, const char *user, enum plugin_error error, const char *text)
{
	Pbnetwork__Disconnected m = PBNETWORK__DISCONNECTED__INIT;
	m.user = required(user);
	m.error = (int32_t)error;
	m.message = optional(text);
	plugin_put(plugin, WIRE_DISCONNECTED, &m.base);
}

void plugin_buddy(struct plugin *plugin, const struct plugin_buddy *buddy)
{
	Pbnetwork__Buddy m = PBNETWORK__BUDDY__INIT;
	m.username = required(buddy->user);
	m.buddyname = required(buddy->buddy);
	m.alias = optional(buddy->alias);
	m.n_group = buddy->groups ? g_strv_length((char **)buddy->groups) : 0;
	m.group = (char **)buddy->groups;
	m.has_status = true;
	m.status = (Pbnetwork__StatusType)buddy->status;
	m.statusmessage = optional(buddy->status_message);
	m.iconhash = optional(buddy->icon_hash);
	m.has_blocked = buddy->blocked;
	m.blocked = buddy->blocked;
	plugin_put(plugin, WIRE_BUDDY_CHANGED, &m.base);
}

/* The types that say no more than whom they are about. */
static void put_name(struct plugin *plugin, enum wire_type type, const char *user, const char *buddy)
{
	Pbnetwork__Buddy m = PBNETWORK__BUDDY__INIT;
	m.username = required(user);
	m.buddyname = required(buddy);
	plugin_put(plugin, type, &m.base);
}

void plugin_buddy_removed(struct plugin *plugin, const char *user, const char *buddy)
{
	put_name(plugin, WIRE_BUDDY_REMOVED, user, buddy);
}

void plugin_auth_request(struct plugin *plugin, const char *user, const char *buddy)
{
	put_name(plugin, WIRE_AUTH_REQUEST, user, buddy);
}

void plugin_typing(struct plugin *plugin, const char *user, const char *buddy, enum plugin_typing_state state)
{
	static const enum wire_type types[] = {
		[PLUGIN_COMPOSING] = WIRE_BUDDY_TYPING,
		[PLUGIN_PAUSED] = WIRE_BUDDY_TYPED,
		[PLUGIN_ACTIVE] = WIRE_BUDDY_STOPPED_TYPING,
	};
	g_assert((size_t)state < G_N_ELEMENTS(types));
	put_name(plugin, types[state], user, buddy);
}

/* XEP-0082's basic form in UTC, without zone. NULL for 0 and for years of not four digits. */
static char *format_time(struct arena *arena, int64_t seconds)
{
	g_autoptr(GDateTime) time = seconds > 0 ? g_date_time_new_from_unix_utc(seconds) : NULL;
	g_autofree char *text = time ? g_date_time_format(time, "%Y%m%dT%H%M%S") : NULL;
	return text ? arena_strdup(arena, text) : NULL;
}

static void add_attachments(Pbnetwork__ConversationMessage *m, struct arena *arena,
			    const struct plugin_message *message)
{
	m->n_attachment = message->attachments_count;
	m->attachment = arena_alloc(arena, (m->n_attachment + 1) * sizeof(*m->attachment));
	for (size_t i = 0; i < m->n_attachment; i++) {
		const struct plugin_attachment *from = &message->attachments[i];
		Pbnetwork__Attachment *to = m->attachment[i] = arena_alloc(arena, sizeof(*to));
		*to = (Pbnetwork__Attachment)PBNETWORK__ATTACHMENT__INIT;
		to->url = required(from->url);
		to->mimetype = optional(from->mime_type);
		to->description = optional(from->description);
	}
}

void plugin_message(struct plugin *plugin, const struct plugin_message *message)
{
	Pbnetwork__ConversationMessage m = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	m.username = required(message->user);
	m.buddyname = required(message->buddy);
	m.message = required(message->body);
	m.nickname = optional(message->nickname);
	m.xhtml = optional(message->xhtml);
	m.timestamp = format_time(plugin->out, message->timestamp);
	m.has_headline = m.headline = message->headline;
	m.id = optional(message->id);
	m.has_pm = m.pm = message->pm;
	m.has_carbon = m.carbon = message->carbon;
	if (message->attachments_count > 0)
		add_attachments(&m, plugin->out, message);
	plugin_put(plugin, WIRE_CONV_MESSAGE, &m.base);
}

void plugin_ack(struct plugin *plugin, const char *user, const char *buddy, const char *id)
{
	Pbnetwork__ConversationMessage m = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	m.username = required(user);
	m.buddyname = required(buddy);
	m.message = required(NULL);
	m.id = optional(id);
	plugin_put(plugin, WIRE_CONV_MESSAGE_ACK, &m.base);
}

void plugin_attention(struct plugin *plugin, const char *user, const char *buddy, const char *text)
{
	Pbnetwork__ConversationMessage m = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	m.username = required(user);
	m.buddyname = required(buddy);
	m.message = required(text);
	plugin_put(plugin, WIRE_ATTENTION, &m.base);
}

void plugin_participant(struct plugin *plugin, const struct plugin_participant *participant)
{
	Pbnetwork__Participant m = PBNETWORK__PARTICIPANT__INIT;
	m.username = required(participant->user);
	m.room = required(participant->room);
	m.nickname = required(participant->nickname);
	m.flag = (int32_t)participant->flags;
	m.status = (Pbnetwork__StatusType)participant->status;
	m.statusmessage = optional(participant->status_message);
	m.newname = optional(participant->new_name);
	m.iconhash = optional(participant->icon_hash);
	m.alias = optional(participant->alias);
	plugin_put(plugin, WIRE_PARTICIPANT_CHANGED, &m.base);
}

void plugin_nickname_changed(struct plugin *plugin, const char *user, const char *room, const char *nickname)
{
	Pbnetwork__Room m = PBNETWORK__ROOM__INIT;
	m.username = required(user);
	m.nickname = required(nickname);
	m.room = required(room);
	plugin_put(plugin, WIRE_ROOM_NICKNAME_CHANGED, &m.base);
}

void plugin_subject(struct plugin *plugin, const char *user, const char *room, const char *nickname,
		    const char *subject)
{
	Pbnetwork__ConversationMessage m = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	m.username = required(user);
	m.buddyname = required(room);
	m.message = required(subject);
	m.nickname = optional(nickname);
	plugin_put(plugin, WIRE_ROOM_SUBJECT_CHANGED, &m.base);
}

void plugin_room_list(struct plugin *plugin, const char *user, const struct plugin_room_name *rooms, size_t n)
{
	Pbnetwork__RoomList m = PBNETWORK__ROOM_LIST__INIT;
	m.n_room = m.n_name = n;
	m.room = arena_alloc(plugin->out, (n + 1) * sizeof(*m.room));
	m.name = arena_alloc(plugin->out, (n + 1) * sizeof(*m.name));
	for (size_t i = 0; i < n; i++) {
		m.room[i] = required(rooms[i].room);
		m.name[i] = required(rooms[i].name);
	}
	m.user = optional(user);
	plugin_put(plugin, WIRE_ROOM_LIST, &m.base);
}

void plugin_vcard(struct plugin *plugin, const struct plugin_vcard *vcard)
{
	Pbnetwork__VCard m = PBNETWORK__VCARD__INIT;
	m.username = required(vcard->user);
	m.buddyname = required(vcard->buddy);
	m.id = vcard->id;
	m.fullname = optional(vcard->full_name);
	m.nickname = optional(vcard->nickname);
	m.has_photo = vcard->photo != NULL && vcard->photo_len > 0;
	m.photo.data = (uint8_t *)vcard->photo;
	m.photo.len = vcard->photo_len;
	plugin_put(plugin, WIRE_VCARD, &m.base);
}

void plugin_raw_xml(struct plugin *plugin, const char *xml, size_t n)
{
	struct buf *output = plugin->port->output(plugin->port_ctx);
	if (!output)
		return;
	if (!text_is_clean(xml, n)) {
		xml = text_clean(plugin->out, arena_strndup(plugin->out, xml, n));
		n = strlen(xml);
	}
	if (!wire_put_raw(output, WIRE_RAW_XML, xml, n))
		log_error("RAW_XML: the frame does not fit and is dropped");
	plugin->port->flush(plugin->port_ctx);
	arena_reset(plugin->out);
}
