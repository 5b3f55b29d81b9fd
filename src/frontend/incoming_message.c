/* SPDX-License-Identifier: MIT */
#include "frontend/chat.h"
#include "frontend/privilege.h"

#include "xmpp/xhtml.h"

/* Of one message. */
enum { FILES_MAX = 16 };

static void refuse(struct frontend *frontend, const struct stanza *stanza, enum xmpp_condition condition,
		   const char *text, bool blocked)
{
	struct arena *arena = stanza->arena;
	struct str node = jid_node(&stanza->to);
	struct core_address from = { node.n ? arena_strndup(arena, node.p, node.n) : NULL, jid_resource(&stanza->to) };
	/* RFC 6120, section 8.3.1: an error is never answered by an error, nor is a result (8.2.3). */
	if (stanza_is_error(stanza) || (stanza->kind == STANZA_IQ && !strcmp(stanza->type, "result")))
		return;
	struct buf *out =
		stanza_begin(frontend, stanza->element->name, from, stanza->from.full, stanza->kind != STANZA_IQ);
	if (!out)
		return;
	xml_put(out, " type='error'");
	xml_put_attr(out, "id", stanza->id);
	xml_put(out, ">");
	if (blocked)
		xmpp_put_error_with(out, condition, NS_BLOCKING ":errors", "blocked");
	else
		xmpp_put_error(out, condition, text);
	xml_put(out, "</");
	buf_append_text(out, stanza->element->name);
	xml_put(out, ">");
	route_end(frontend, out, stanza->from.full);
}

void incoming_refuse(struct frontend *frontend, const struct stanza *stanza, enum xmpp_condition condition,
		     const char *text)
{
	refuse(frontend, stanza, condition, text, false);
}

/* XEP-0045, section 18.1.2 lists the errors that say an address is no longer there. */
static bool is_gone(const struct stanza *stanza)
{
	switch (xmpp_read_error(stanza->element)) {
	case XMPP_GONE:
	case XMPP_ITEM_NOT_FOUND:
	case XMPP_JID_MALFORMED:
	case XMPP_RECIPIENT_UNAVAILABLE:
	case XMPP_REDIRECT:
	case XMPP_REMOTE_SERVER_NOT_FOUND:
	case XMPP_REMOTE_SERVER_TIMEOUT:
		return true;
	default:
		return false;
	}
}

/* What a client of our own says of others does not make it go. */
void incoming_gone(struct frontend *frontend, const struct stanza *error)
{
	if (!frontend->server && !jid_is_bare(&error->from) && is_gone(error))
		core_user_gone(frontend->core, &error->from);
}

static enum core_chat_state state_of(const char *name)
{
	static const char *const names[] = {
		[CORE_STATE_NONE] = "",
		[CORE_STATE_ACTIVE] = "active",
		[CORE_STATE_COMPOSING] = "composing",
		[CORE_STATE_PAUSED] = "paused",
		[CORE_STATE_INACTIVE] = "inactive",
		[CORE_STATE_GONE] = "gone",
	};
	for (size_t i = 1; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(name, names[i]))
			return (enum core_chat_state)i;
	return CORE_STATE_NONE;
}

/* --- payloads -------------------------------------------------------------------------------- */

struct reading {
	struct core_message *message;
	struct arena *arena;
	bool has_file;
	const struct xml_element *request; /* for incoming_muc() */
};

static void read_state(struct reading *reading, const struct xml_element *payload)
{
	reading->message->state = state_of(payload->name);
}

/* Networks know of one confirmation only. */
static void read_wish(struct reading *reading, const struct xml_element *payload)
{
	reading->message->receipt_wanted = true;
}

static void read_attention(struct reading *reading, const struct xml_element *payload)
{
	reading->message->attention = true;
}

static void read_xhtml(struct reading *reading, const struct xml_element *payload)
{
	if (!reading->message->xhtml)
		reading->message->xhtml = xhtml_inner(payload, reading->arena);
}

static void read_file(struct reading *reading, const struct xml_element *payload)
{
	reading->has_file = true;
}

/* Some clients invite both ways in one message: then the room does it. */
static void read_request(struct reading *reading, const struct xml_element *payload)
{
	bool from_room = !strcmp(payload->ns, NS_MUC_USER);
	if (from_room ? xml_first(payload) != NULL : !reading->request)
		reading->request = payload;
}

static const struct {
	const char *ns, *name; /* NULL: any */
	void (*read)(struct reading *reading, const struct xml_element *payload);
} payloads[] = {
	{ NS_CHATSTATES, NULL, read_state },
	{ NS_RECEIPTS, "request", read_wish },
	{ NS_MARKERS, "markable", read_wish },
	{ NS_XHTML_IM, "html", read_xhtml },
	{ NS_ATTENTION, "attention", read_attention },
	{ NS_OOB, "x", read_file },
	{ NS_MUC_USER, "x", read_request },
	{ NS_CONFERENCE, "x", read_request },
	{ NS_FORM, "x", read_request },
};

static void read_payload(struct reading *reading, const struct xml_element *at)
{
	for (size_t i = 0; i < G_N_ELEMENTS(payloads); i++)
		if (!strcmp(at->ns, payloads[i].ns) && (!payloads[i].name || !strcmp(at->name, payloads[i].name))) {
			payloads[i].read(reading, at);
			return;
		}
}

/* Files (XEP-0066) go as their addresses, where the words do not hold them already, as those of an upload
 * (XEP-0363) do. */
static void add_files(struct core_message *message, const struct stanza *stanza)
{
	int left = FILES_MAX;
	for (const struct xml_element *at = xml_first(stanza->element); at && left; at = xml_next(at)) {
		const char *url = xml_is(at, NS_OOB, "x") ? xml_child_text(at, NULL, "url", stanza->arena) : NULL;
		if (!url || !*url || (message->body && strstr(message->body, url)))
			continue;
		message->body = message->body ? arena_printf(stanza->arena, "%s\n%s", message->body, url) : url;
		message->xhtml = NULL;
		left--;
	}
}

const struct xml_element *incoming_payloads(struct core_message *message, const struct stanza *stanza)
{
	const struct xml_element *root = stanza->element;
	struct reading reading = { .message = message, .arena = stanza->arena };
	for (const struct xml_element *at = xml_first(root); at; at = xml_next(at)) {
		if (strcmp(at->ns, root->ns) != 0)
			read_payload(&reading, at);
		else if (!strcmp(at->name, "body") && !message->body)
			message->body = xml_text(at, stanza->arena);
		else if (!strcmp(at->name, "subject") && !message->subject)
			message->subject = xml_text(at, stanza->arena);
	}
	if (message->xhtml && (!message->body || !*message->body))
		message->body = xhtml_text(xhtml_read(stanza->arena, message->xhtml), stanza->arena);
	if (message->body && !*message->body)
		message->body = NULL;
	if (reading.has_file)
		add_files(message, stanza);
	return reading.request;
}

void incoming_message(struct frontend *frontend, const struct stanza *stanza)
{
	struct core_message message = {
		.type = CORE_CHAT_MESSAGE, .id = stanza->id, .sender = stanza->from.full, .address = stanza->to.full
	};
	const char *text = NULL;
	if (stanza_is_error(stanza)) {
		if (!outgoing_carbon_refused(frontend, stanza))
			incoming_gone(frontend, stanza);
		return;
	}
	if (privilege_received(frontend, stanza))
		return;
	if (!strcmp(stanza->type, "groupchat"))
		message.type = CORE_GROUPCHAT;
	const struct xml_element *request = incoming_payloads(&message, stanza);
	if (request && incoming_muc(frontend, stanza, request, message.body))
		return;
	if (chat_received(frontend, stanza, message.body))
		return;
	enum core_error error = core_user_message(frontend->core, &stanza->from, &stanza->to, &message, &text);
	if (error == CORE_OK)
		return;
	metrics_count(frontend->metrics, METRIC_MESSAGES_RETURNED);
	refuse(frontend, stanza, condition_of(error), text, error == CORE_BLOCKED);
}
