/* SPDX-License-Identifier: MIT */
#include "frontend/foreign.h"
#include "frontend/raw.h"
#include "frontend/server/archive.h"

LOG_AREA("Server");

/* A copy that says who sent it (RFC 6120, section 8.1.2.1); its children are those of the other. */
static struct xml_element *stamped(const struct resource *resource, const struct xml_element *stanza,
				   struct arena *arena)
{
	struct xml_element *copy = xml_new(arena, stanza->ns, stanza->name);
	xml_set_attr(arena, copy, "from", resource->full);
	struct xml_attribute **at = &copy->attributes->next;
	for (const struct xml_attribute *each = stanza->attributes; each; each = each->next) {
		if (!*each->ns && !strcmp(each->name, "from"))
			continue;
		*at = arena_alloc(arena, sizeof(**at));
		**at = *each;
		(*at)->next = NULL;
		at = &(*at)->next;
	}
	copy->first = stanza->first;
	copy->last = stanza->last;
	return copy;
}

static void pass_on(struct resource *resource, const struct stanza *stanza)
{
	struct buf text;
	buf_init(&text, FRONTEND_STANZA_MAX);
	raw_write(&text, stanza->element, stanza->from.full, stanza->to.full, NULL);
	archive_deliver(resource->account->server, resource->account->key, &text, 0);
	if (!text.failed)
		deliver_text(resource->account, stanza->to.full, buf_data(&text), buf_len(&text));
	buf_fini(&text);
}

static bool is_request(const struct stanza *stanza)
{
	return !strcmp(stanza->type, "get") || !strcmp(stanza->type, "set");
}

/* Between the clients of one account, and to the account itself (RFC 6120, section 10.5.3). */
static void receive_own(struct resource *resource, const struct stanza *stanza)
{
	const char *name = jid_resource(&stanza->to);
	struct resource *other = *name ? account_resource(resource->account, name) : NULL;
	if (stanza->kind == STANZA_IQ && !*name)
		frontend_take(resource->account->server->frontend, stanza);
	else if (stanza->kind == STANZA_IQ && !other && is_request(stanza))
		incoming_refuse(resource->account->server->frontend, stanza, XMPP_SERVICE_UNAVAILABLE, NULL);
	else if (stanza->kind == STANZA_PRESENCE)
		presence_own(resource, stanza);
	else if (stanza->kind == STANZA_MESSAGE || other)
		pass_on(resource, stanza);
}

/* Without an address it is for everybody who sees the user (RFC 6121, section 4.2). */
static void receive_presence(struct resource *resource, const struct stanza *stanza)
{
	bool addressed = xml_attr(stanza->element, "to");
	if (!addressed && (!*stanza->type || !strcmp(stanza->type, "unavailable")))
		presence_broadcast(resource, stanza);
	else if (stanza->to.node)
		presence_to_one(resource, stanza);
}

/* The others of the account see what one says. */
static void receive_message(struct resource *resource, const struct stanza *stanza)
{
	carbon_sent(resource, stanza);
	archive_sent(resource, stanza);
	frontend_take(resource->account->server->frontend, stanza);
}

static void receive(struct resource *resource, const struct stanza *stanza)
{
	struct frontend *frontend = resource->account->server->frontend;
	struct str bare = jid_bare(&stanza->to);
	if (foreign_is(frontend, stanza))
		foreign_received(frontend, stanza);
	else if (str_eq(bare, resource->account->key))
		receive_own(resource, stanza);
	else if (stanza->kind == STANZA_PRESENCE)
		receive_presence(resource, stanza);
	else if (stanza->kind == STANZA_MESSAGE)
		receive_message(resource, stanza);
	else
		frontend_take(frontend, stanza);
}

/* What is for nobody in particular is for the account (RFC 6120, section 10.3), but for presence. */
static const char *addressee(const struct resource *resource, const struct xml_element *stanza)
{
	const struct account *account = resource->account;
	return strcmp(stanza->name, "presence") ? account->jid : account->server->frontend->jid;
}

static void read_and(struct resource *resource, const struct xml_element *element, struct arena *arena,
		     void (*go_on)(struct resource *resource, const struct stanza *stanza))
{
	struct frontend *frontend = resource->account->server->frontend;
	struct stanza stanza;
	route_received(element);
	switch (stanza_read(&stanza, element, arena, addressee(resource, element))) {
	case STANZA_OK:
		go_on(resource, &stanza);
		break;
	case STANZA_BAD_TO:
		if (jid_parse_text(&stanza.to, arena, frontend->jid))
			incoming_refuse(frontend, &stanza, XMPP_JID_MALFORMED, NULL);
		break;
	case STANZA_UNKNOWN:
		resource_end(resource, XMPP_C2S_UNSUPPORTED_STANZA_TYPE, NULL);
		break;
	case STANZA_NO_FROM:
	case STANZA_BAD_FROM:
		g_assert_not_reached();
	}
}

void server_receive(struct resource *resource, const struct xml_element *stanza, struct arena *arena)
{
	read_and(resource, stamped(resource, stanza, arena), arena, receive);
}

static void refuse_skipped(struct resource *resource, const struct stanza *stanza)
{
	incoming_refuse(resource->account->server->frontend, stanza, XMPP_NOT_ACCEPTABLE,
			"The stanza has too many elements or attributes");
}

void server_skipped(struct resource *resource, const struct xml_element *start, const char *why, struct arena *arena)
{
	log_info("a <%s/> of %s is skipped: %s", start->name, resource->full, why);
	read_and(resource, stamped(resource, start, arena), arena, refuse_skipped);
}
