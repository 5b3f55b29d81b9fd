/* SPDX-License-Identifier: MIT */
#include "frontend/account_check.h"
#include "frontend/avatar.h"
#include "frontend/media.h"
#include "frontend/private.h"
#include "frontend/raw.h"
#include "frontend/roster.h"
#include "frontend/server/private.h"

#include "jid/prep.h"
#include "xmpp/xhtml.h"

/* The frontend port: values of the core become stanzas, written straight into the output. */

/* A nickname of a network need not be a resource; a server may end the link for a JID that is none. */
static const char *safe_resource(struct frontend *frontend, const char *resource)
{
	const char *prepared = jid_resourceprep(frontend->scratch, resource, strlen(resource));
	arena_reset(frontend->scratch);
	return prepared ? resource : "?";
}

void put_address(struct frontend *frontend, struct buf *out, struct core_address from)
{
	if (from.node) {
		xml_escape(out, from.node);
		xml_put(out, "@");
	}
	buf_append_text(out, frontend->jid);
	if (from.resource && *from.resource) {
		xml_put(out, "/");
		xml_escape(out, safe_resource(frontend, from.resource));
	}
}

void put_short(struct buf *out, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	xml_put(out, "<");
	buf_append_text(out, name);
	xml_put(out, ">");
	xml_escape_n(out, text, text_cut(text, strlen(text), FRONTEND_TEXT_MAX));
	xml_put(out, "</");
	buf_append_text(out, name);
	xml_put(out, ">");
}

struct buf *stanza_begin(struct frontend *frontend, const char *name, struct core_address from, const char *to,
			 bool lasting)
{
	struct buf *out = route_begin(frontend, to, lasting);
	if (!out)
		return NULL;
	xml_put(out, "<");
	buf_append_text(out, name);
	xml_put(out, " from='");
	put_address(frontend, out, from);
	xml_put(out, "' to='");
	xml_escape(out, to);
	xml_put(out, "'");
	return out;
}

static bool is_id(const char *id)
{
	return id && *id && strnlen(id, FRONTEND_ID_MAX + 1) <= FRONTEND_ID_MAX;
}

/* One of our own if the network gave none. */
void put_id(struct frontend *frontend, struct buf *out, const char *id)
{
	static const char digits[] = "0123456789abcdef";
	char own[16], *at = own + sizeof(own);
	if (is_id(id)) {
		xml_put_attr(out, "id", id);
		return;
	}
	for (uint64_t n = ++frontend->last_id; n; n >>= 4)
		*--at = digits[n & 15];
	xml_put(out, " id='");
	buf_append_text(out, frontend->id_prefix);
	buf_append(out, at, (size_t)(own + sizeof(own) - at));
	xml_put(out, "'");
}

enum xmpp_condition condition_of(enum core_error error)
{
	static const enum xmpp_condition conditions[] = {
		[CORE_OK] = XMPP_UNDEFINED_CONDITION,
		[CORE_BAD_REQUEST] = XMPP_BAD_REQUEST,
		[CORE_BLOCKED] = XMPP_NOT_ACCEPTABLE,
		[CORE_CONFLICT] = XMPP_CONFLICT,
		[CORE_FEATURE_NOT_IMPLEMENTED] = XMPP_FEATURE_NOT_IMPLEMENTED,
		[CORE_FORBIDDEN] = XMPP_FORBIDDEN,
		[CORE_INTERNAL_SERVER_ERROR] = XMPP_INTERNAL_SERVER_ERROR,
		[CORE_ITEM_NOT_FOUND] = XMPP_ITEM_NOT_FOUND,
		[CORE_JID_MALFORMED] = XMPP_JID_MALFORMED,
		[CORE_NOT_ACCEPTABLE] = XMPP_NOT_ACCEPTABLE,
		[CORE_NOT_ALLOWED] = XMPP_NOT_ALLOWED,
		[CORE_NOT_AUTHORIZED] = XMPP_NOT_AUTHORIZED,
		[CORE_RECIPIENT_UNAVAILABLE] = XMPP_RECIPIENT_UNAVAILABLE,
		[CORE_REGISTRATION_REQUIRED] = XMPP_REGISTRATION_REQUIRED,
		[CORE_REMOTE_SERVER_TIMEOUT] = XMPP_REMOTE_SERVER_TIMEOUT,
		[CORE_RESOURCE_CONSTRAINT] = XMPP_RESOURCE_CONSTRAINT,
		[CORE_SERVICE_UNAVAILABLE] = XMPP_SERVICE_UNAVAILABLE,
	};
	return conditions[error];
}

/* --- messages -------------------------------------------------------------------------------- */

/* A text too long for any client is cut, and says so. */
static void put_body(struct buf *out, const char *body)
{
	size_t n = strlen(body), kept = text_cut(body, n, FRONTEND_BODY_MAX);
	xml_put(out, "<body>");
	xml_escape_n(out, body, kept);
	if (kept < n)
		xml_put(out, " [...]");
	xml_put(out, "</body>");
}

/* An empty one says that there is none. */
static void put_subject(struct buf *out, const char *subject)
{
	xml_put(out, "<subject>");
	xml_escape_n(out, subject, text_cut(subject, strlen(subject), FRONTEND_SUBJECT_MAX));
	xml_put(out, "</subject>");
}

static void put_state(struct buf *out, enum core_chat_state state)
{
	static const char *const elements[] = {
		[CORE_STATE_ACTIVE] = "<active xmlns='" NS_CHATSTATES "'/>",
		[CORE_STATE_COMPOSING] = "<composing xmlns='" NS_CHATSTATES "'/>",
		[CORE_STATE_PAUSED] = "<paused xmlns='" NS_CHATSTATES "'/>",
		[CORE_STATE_INACTIVE] = "<inactive xmlns='" NS_CHATSTATES "'/>",
		[CORE_STATE_GONE] = "<gone xmlns='" NS_CHATSTATES "'/>",
	};
	if (state != CORE_STATE_NONE)
		buf_append_text(out, elements[state]);
}

/* XEP-0203; the date in the form of XEP-0082. Of what was said in a room it is the room that says when (XEP-0045,
 * section 7.2.13). */
static void put_delay(struct frontend *frontend, struct buf *out, const char *room, int64_t time)
{
	g_autoptr(GDateTime) when = time ? g_date_time_new_from_unix_utc(time) : NULL;
	g_autofree char *stamp = when ? g_date_time_format(when, "%Y-%m-%dT%H:%M:%SZ") : NULL;
	if (!stamp)
		return;
	xml_put(out, "<delay xmlns='" NS_DELAY "' from='");
	put_address(frontend, out, (struct core_address){ room, NULL });
	xml_put(out, "'");
	xml_put_attr(out, "stamp", stamp);
	xml_put(out, "/>");
}

static void put_attachments(struct buf *out, const struct core_message *message)
{
	size_t start = buf_len(out);
	for (size_t i = 0; i < message->attachment_count && buf_len(out) - start < FRONTEND_FILES_MAX; i++) {
		const struct core_attachment *each = &message->attachments[i];
		xml_put(out, "<x xmlns='" NS_OOB "'>");
		put_short(out, "url", each->url);
		put_short(out, "desc", each->description);
		xml_put(out, "</x>");
	}
}

/* The format is that of the whole text (XEP-0071, "Business Rules"): without it there is none. */
static void put_xhtml(const struct frontend *frontend, struct buf *out, const struct core_message *message)
{
	if (!message->body || !*message->body || !config_bool(frontend->config, CONFIG_SERVICE_ENABLE_XHTML) ||
	    strnlen(message->body, FRONTEND_BODY_MAX + 1) > FRONTEND_BODY_MAX)
		return;
	struct arena *arena = arena_new(4096);
	xhtml_put(out, arena, message->xhtml);
	arena_free(&arena);
}

void put_payloads(struct frontend *frontend, struct buf *out, const char *node, const struct core_message *message)
{
	bool only_file = message->attachment_count && (!message->body || !*message->body);
	if (only_file)
		put_body(out, message->attachments[0].url);
	else if (message->body)
		put_body(out, message->body);
	if (message->xhtml)
		put_xhtml(frontend, out, message);
	if (message->subject)
		put_subject(out, message->subject);
	put_attachments(out, message);
	if (message->receipt_of) {
		xml_put(out, "<received xmlns='" NS_RECEIPTS "'");
		xml_put_attr(out, "id", message->receipt_of);
		xml_put(out, "/>");
	}
	if (message->attention)
		xml_put(out, "<attention xmlns='" NS_ATTENTION "'/>");
	if (message->from_occupant)
		xml_put(out, "<x xmlns='" NS_MUC_USER "'/>");
	/* Some clients know their own words in a room by this only (XEP-0359), not by the id of the stanza. */
	if (message->type == CORE_GROUPCHAT && is_id(message->id)) {
		xml_put(out, "<origin-id xmlns='" NS_SID "'");
		xml_put_attr(out, "id", message->id);
		xml_put(out, "/>");
	}
	put_state(out, message->state);
	if (message->time)
		put_delay(frontend, out, message->type == CORE_GROUPCHAT ? node : NULL, message->time);
}

/* What a server that keeps and copies messages cannot see by itself (XEP-0334). */
static void put_hints(struct buf *out, const char *to, const struct core_message *message)
{
	bool empty = !message->body && !message->subject && !message->attachment_count;
	/* Each client in the room gets its own (XEP-0280, section 6.1 on private messages of rooms). */
	if (message->from_occupant && strchr(to, '/'))
		xml_put(out, HINTS_NOT_COPIED);
	if (message->receipt_of)
		xml_put(out, "<store xmlns='" NS_HINTS "'/>");
	else if (empty && message->state != CORE_STATE_NONE && !message->attention)
		xml_put(out, "<no-store xmlns='" NS_HINTS "'/>");
}

/* That somebody types is soon no news any more. */
static bool message_is_lasting(const struct core_message *message)
{
	return message->body || message->subject || message->attachment_count || message->receipt_of ||
	       message->attention;
}

static void put_message(struct frontend *frontend, struct core_address from, const char *to,
			const struct core_message *message)
{
	static const char *const types[] = {
		[CORE_CHAT_MESSAGE] = " type='chat'",
		[CORE_GROUPCHAT] = " type='groupchat'",
		[CORE_HEADLINE] = " type='headline'",
	};
	struct buf *out = stanza_begin(frontend, "message", from, to, message_is_lasting(message));
	if (!out)
		return;
	buf_append_text(out, types[message->type]);
	put_id(frontend, out, message->id);
	xml_put(out, ">");
	put_payloads(frontend, out, from.node, message);
	put_hints(out, to, message);
	xml_put(out, "</message>");
	route_end(frontend, out, to);
}

/* With pictures inside it may be several. */
static void put_all(struct frontend *frontend, struct core_address address, const char *to,
		    const struct core_message *message,
		    void (*put)(struct frontend *frontend, struct core_address address, const char *to,
				const struct core_message *message))
{
	if (!media_is_in(message)) {
		put(frontend, address, to, message);
		return;
	}
	struct arena *arena = arena_new(4096);
	struct media_messages parts = media_messages(frontend, arena, message);
	for (size_t i = 0; i < parts.count; i++)
		put(frontend, address, to, &parts.first[i]);
	arena_free(&arena);
}

static void message(void *ctx, struct core_address from, const char *to, const struct core_message *message)
{
	put_all(ctx, from, to, message, put_message);
}

static void carbon(void *ctx, struct core_address with, const char *to, const struct core_message *message)
{
	put_all(ctx, with, to, message, outgoing_carbon);
}

/* With its body, for clients that do not remember ids (RFC 6120, section 8.3.1). */
static void undelivered(void *ctx, const struct core_undelivered *given, const char *text)
{
	struct frontend *frontend = ctx;
	struct buf *out = route_begin(frontend, given->sender, true);
	if (!out)
		return;
	xml_put(out, "<message type='error'");
	xml_put_attr(out, "from", given->address);
	xml_put_attr(out, "to", given->sender);
	xml_put_attr(out, "id", given->id);
	xml_put(out, ">");
	if (*given->body)
		put_body(out, given->body);
	xmpp_put_error(out, XMPP_RECIPIENT_UNAVAILABLE, text);
	xml_put(out, "</message>");
	route_end(frontend, out, given->sender);
}

/* --- presence -------------------------------------------------------------------------------- */

static void put_show(struct buf *out, enum core_status status)
{
	static const char *const shows[] = {
		[CORE_AWAY] = "<show>away</show>", [CORE_CHAT] = "<show>chat</show>", [CORE_XA] = "<show>xa</show>",
		[CORE_DND] = "<show>dnd</show>",   [CORE_INVISIBLE] = NULL,
	};
	if (shows[status])
		buf_append_text(out, shows[status]);
}

/* XEP-0153: an empty photo says that there is none. */
void put_icon(struct frontend *frontend, struct buf *out, const char *hash)
{
	if (!*hash) {
		xml_put(out, "<x xmlns='" NS_VCARD_X "'><photo/></x>");
		return;
	}
	xml_put(out, "<x xmlns='" NS_VCARD_X "'>");
	xml_put_text(out, "photo", avatar_id(frontend, hash));
	xml_put(out, "</x>");
}

static void put_available(struct frontend *frontend, struct buf *out, bool contact,
			  const struct core_presence *presence)
{
	put_show(out, presence->status);
	put_short(out, "status", presence->text);
	if (presence->icon_hash)
		put_icon(frontend, out, presence->icon_hash);
	buf_append_text(out, caps_element(frontend, contact));
}

/* Presence is announced again after the link was away, but for what ends something, and subscriptions. */
static bool is_lasting(struct core_address from, const struct core_presence *presence)
{
	enum core_presence_type type = presence->type;
	return type == CORE_SUBSCRIBE || type == CORE_SUBSCRIBED || type == CORE_UNSUBSCRIBE ||
	       type == CORE_UNSUBSCRIBED || (type == CORE_UNAVAILABLE && !from.node);
}

static void presence(void *ctx, struct core_address from, const char *to, const struct core_presence *presence)
{
	static const char *const types[] = {
		[CORE_AVAILABLE] = ">",
		[CORE_UNAVAILABLE] = " type='unavailable'>",
		[CORE_SUBSCRIBE] = " type='subscribe'>",
		[CORE_SUBSCRIBED] = " type='subscribed'>",
		[CORE_UNSUBSCRIBE] = " type='unsubscribe'>",
		[CORE_UNSUBSCRIBED] = " type='unsubscribed'>",
		[CORE_PROBE] = " type='probe'>",
	};
	struct frontend *frontend = ctx;
	/* A server is no contact of its users. */
	if (frontend->server && !from.node)
		return;
	struct buf *out = stanza_begin(frontend, "presence", from, to, is_lasting(from, presence));
	if (!out)
		return;
	buf_append_text(out, types[presence->type]);
	if (presence->type == CORE_AVAILABLE)
		put_available(frontend, out, from.node != NULL, presence);
	else
		put_short(out, "status", presence->text);
	if (presence->nick) {
		xml_put(out, "<nick xmlns='" NS_NICK "'>");
		xml_escape(out, presence->nick);
		xml_put(out, "</nick>");
	}
	xml_put(out, "</presence>");
	route_end(frontend, out, to);
}

static void ended(void *ctx, const char *user, const char *text)
{
	struct frontend *frontend = ctx;
	/* It may be closed already. */
	if (frontend->server)
		server_user_ended(frontend->server, user, text);
}

const struct core_frontend *frontend_port(void)
{
	static const struct core_frontend port = {
		.message = message,
		.undelivered = undelivered,
		.carbon = carbon,
		.presence = presence,
		.occupant = outgoing_occupant,
		.join_error = outgoing_join_error,
		.blocked = outgoing_blocked,
		.own_photo = avatar_fetch_own,
		.raw_room = raw_room,
		.raw = raw_stanza,
		.raw_bytes = raw_bytes,
		.raw_end = raw_end,
		.contacts = roster_contacts,
		.contacts_gone = roster_contacts_gone,
		.roster_wanted = roster_wanted,
		.check_account = account_check_start,
		.ended = ended,
	};
	return &port;
}
