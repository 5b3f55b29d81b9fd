/* SPDX-License-Identifier: MIT */
#include "frontend/server/unconfirmed.h"

#include "frontend/server/archive.h"
#include "frontend/server/sm.h"
#include "frontend/server/written.h"

LOG_AREA("Server");

struct handing {
	const struct resource *resource;
	size_t messages;
};

/* --- words ------------------------------------------------------------------------------------ */

/* It was there then, and got the message itself or a copy (XEP-0280). */
static bool got_it(const struct resource *other, const struct stanza *message, int64_t stamp)
{
	return resource_listens(other) && other->since < stamp && (other->carbons || jid_is_bare(&message->to));
}

static bool somebody_got_it(const struct resource *gone, const struct stanza *message, int64_t stamp)
{
	for (const struct resource *each = gone->account->resources; each; each = each->next)
		if (each != gone && got_it(each, message, stamp))
			return true;
	return false;
}

/* XEP-0203; of a message that was late already it is the first time that counts. */
static int64_t sent_at(const struct stanza *message, int64_t stamp)
{
	const char *text = xml_attr(xml_child(message->element, NS_DELAY, "delay"), "stamp");
	g_autoptr(GDateTime) time = text ? g_date_time_new_from_iso8601(text, NULL) : NULL;
	return time ? g_date_time_to_unix(time) : stamp;
}

/* What was said in a room is there again when it is entered (XEP-0045, section 7.2.14). */
static bool is_of_people(const struct stanza *message)
{
	static const char *const types[] = { "", "normal", "chat" };
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (!strcmp(message->type, types[i]))
			return true;
	return false;
}

static void hand_on_message(struct handing *handing, const struct stanza *stanza, int64_t stamp)
{
	const struct resource *gone = handing->resource;
	struct core *core = gone->account->server->frontend->core;
	struct core_message message = { .type = CORE_CHAT_MESSAGE, .id = stanza->id };
	struct str node = jid_node(&stanza->from);
	struct core_address from = { node.n ? arena_strndup(stanza->arena, node.p, node.n) : NULL,
				     jid_resource(&stanza->from) };
	if (!is_of_people(stanza) || somebody_got_it(gone, stanza, stamp))
		return;
	incoming_payloads(&message, stanza);
	if (!message.body)
		return;
	message.from_occupant = xml_child(stanza->element, NS_MUC_USER, "x");
	message.time = sent_at(stanza, stamp);
	archive_unread(gone->account->server, gone->account->key, stanza);
	core_user_unread(core, &stanza->to, from, &message);
	handing->messages++;
}

/* --- questions -------------------------------------------------------------------------------- */

/* RFC 6120, section 8.2.3: everybody who asks is answered. */
static void answer_iq(const struct handing *handing, const struct stanza *request)
{
	const struct account *account = handing->resource->account;
	const struct resource *asker = jid_equal_bare(&request->from, &request->to)
					       ? account_resource(account, jid_resource(&request->from))
					       : NULL;
	if (strcmp(request->type, "get") != 0 && strcmp(request->type, "set") != 0)
		return;
	if (asker && asker != handing->resource)
		incoming_refuse(account->server->frontend, request, XMPP_SERVICE_UNAVAILABLE, NULL);
}

/* ---------------------------------------------------------------------------------------------- */

/* A stanza of ours has everything, but maybe no sender (RFC 6121, section 2.1.6); then nobody is told of it. */
static void hand_on(void *ctx, const char *text, size_t n, int64_t stamp)
{
	struct handing *handing = ctx;
	struct written written;
	struct stanza stanza;
	if (!written_read(&written, text, n) || written.kind == STANZA_PRESENCE)
		return;
	struct arena *arena = arena_new(2048);
	const struct xml_element *element = xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, n, NULL);
	if (element && stanza_read(&stanza, element, arena, handing->resource->full) == STANZA_OK) {
		if (written.kind == STANZA_MESSAGE)
			hand_on_message(handing, &stanza, stamp);
		else
			answer_iq(handing, &stanza);
	}
	arena_free(&arena);
}

void unconfirmed_hand_on(const struct resource *resource, const struct sm *sm)
{
	struct handing handing = { resource, 0 };
	sm_each(sm, hand_on, &handing);
	if (handing.messages)
		log_info("%s has not confirmed %zu messages, they are handed on", resource->full, handing.messages);
}
