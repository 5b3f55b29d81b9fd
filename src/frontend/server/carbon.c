/* SPDX-License-Identifier: MIT */
#include "frontend/raw.h"
#include "frontend/server/archive.h"
#include "frontend/server/private.h"
#include "frontend/server/written.h"

/* Copies of messages (XEP-0280) for the resources that did not send or get them. */

/* --- what is copied (section 6.1) ------------------------------------------------------------- */

/* What people use messages for besides words. */
static const char *const payloads[] = { NS_CHATSTATES, NS_RECEIPTS, NS_MARKERS };

static bool has_payload(const struct xml_element *message)
{
	for (const struct xml_element *at = xml_first(message); at; at = xml_next(at))
		for (size_t i = 0; i < G_N_ELEMENTS(payloads); i++)
			if (!strcmp(at->ns, payloads[i]))
				return true;
	return false;
}

static bool is_normal(struct str type)
{
	return !type.n || str_is(type, "normal");
}

/* Section 9, and XEP-0334. */
static bool may_be_copied(const struct xml_element *message)
{
	return !xml_child(message, NS_CARBONS, "private") && !xml_child(message, NS_HINTS, "no-copy");
}

static bool is_copied_when_sent(const struct stanza *message)
{
	const struct xml_element *element = message->element;
	bool of_people = !strcmp(message->type, "chat") || (is_normal(str_of(message->type)) &&
							    (xml_child(element, NULL, "body") || has_payload(element)));
	return of_people && may_be_copied(element);
}

/* An error comes with a body if it returns what was said. A copy is not copied. */
static bool is_copied_when_received(const struct written *message)
{
	bool of_people =
		str_is(message->type, "chat") ||
		((is_normal(message->type) || str_is(message->type, "error")) && written_has(message, "<body"));
	for (size_t i = 0; !of_people && is_normal(message->type) && i < G_N_ELEMENTS(payloads); i++)
		of_people = written_has(message, payloads[i]);
	return of_people && !written_has(message, NS_CARBONS) && !written_has(message, "<no-copy");
}

/* --- writing ---------------------------------------------------------------------------------- */

/* The message stands inside as it was, with the namespace that the stream gave it. */
static void put_copy(struct resource *to, const char *way, const struct written *message)
{
	struct buf *out = resource_out(to);
	size_t start = out ? buf_len(out) : 0;
	if (!out)
		return;
	xml_put(out, "<message from='");
	xml_escape(out, to->account->jid);
	xml_put(out, "' to='");
	xml_escape(out, to->full);
	xml_put(out, "' type='");
	if (message->type.n)
		buf_append(out, message->type.p, message->type.n);
	else
		xml_put(out, "normal");
	xml_put(out, "'><");
	buf_append_text(out, way);
	xml_put(out, " xmlns='" NS_CARBONS "'><forwarded xmlns='" NS_FORWARD "'><message xmlns='" NS_CLIENT "'");
	buf_append(out, message->p + sizeof("<message") - 1, message->n - (sizeof("<message") - 1));
	xml_put(out, "</forwarded></");
	buf_append_text(out, way);
	xml_put(out, "></message>");
	resource_sent(to, out, start);
}

/* --- sent ------------------------------------------------------------------------------------- */

static bool is_in_room(struct resource *resource, const struct stanza *message)
{
	struct jid full;
	struct core_room room;
	return jid_parse_text(&full, message->arena, resource->full) &&
	       core_user_room(resource->account->server->frontend->core, &full, &message->to, &room);
}

/* What is said to an occupant of a room makes sense to those who are in it too. */
static bool wants_sent(struct resource *resource, const struct stanza *message, bool in_room)
{
	return resource->carbons && (!in_room || is_in_room(resource, message));
}

void carbon_sent(struct resource *resource, const struct stanza *message)
{
	struct core *core = resource->account->server->frontend->core;
	struct resource *each = resource->account->resources;
	struct written written;
	struct buf text;
	while (each && (each == resource || !each->carbons))
		each = each->next;
	if (!each || !is_copied_when_sent(message))
		return;
	bool in_room = !jid_is_bare(&message->to) && core_user_in_room(core, &message->from, &message->to);
	buf_init(&text, FRONTEND_STANZA_MAX);
	raw_write(&text, message->element, message->from.full, message->to.full, NULL);
	if (!text.failed && written_read(&written, buf_data(&text), buf_len(&text)))
		for (; each; each = each->next)
			if (each != resource && wants_sent(each, message, in_room))
				put_copy(each, "sent", &written);
	buf_fini(&text);
}

void carbon_shown(struct server *server, struct str bare, const char *message, size_t n)
{
	const struct account *account = account_of(server, bare);
	struct written written;
	archive_own(server, bare, message, n);
	if (!account || !written_read(&written, message, n))
		return;
	for (struct resource *each = account->resources; each; each = each->next)
		if (each->carbons)
			put_copy(each, "sent", &written);
}

/* --- received --------------------------------------------------------------------------------- */

/* Nobody gets a copy of what he got. */
static bool wants_received(const struct resource *each, const struct resource *to)
{
	bool has_it = to ? each == to : resource_listens(each);
	return each->carbons && !has_it;
}

void carbon_received(struct account *account, const struct resource *to, const char *stanza, size_t n)
{
	struct written message;
	struct resource *each = account->resources;
	while (each && !wants_received(each, to))
		each = each->next;
	if (!each || !written_read(&message, stanza, n) || message.kind != STANZA_MESSAGE ||
	    !is_copied_when_received(&message))
		return;
	for (; each; each = each->next)
		if (wants_received(each, to))
			put_copy(each, "received", &message);
}
