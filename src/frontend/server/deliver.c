/* SPDX-License-Identifier: MIT */
#include "frontend/server/archive.h"
#include "frontend/server/written.h"

/* --- who gets it (RFC 6121, section 8.5) ------------------------------------------------------ */

static bool is_available(const struct resource *resource)
{
	return resource->presence != NULL;
}

static bool is_interested(const struct resource *resource)
{
	return resource->interested;
}

/* What goes to the bare JID, and to which resources; anything else goes to none. */
static const struct rule {
	enum stanza_kind kind;
	const char *type;
	bool (*takes)(const struct resource *resource);
	bool persistent; /* also if it was for a resource that is gone (section 8.5.3.2.1) */
} rules[] = {
	{ STANZA_MESSAGE, "", resource_listens, true },
	{ STANZA_MESSAGE, "normal", resource_listens, true },
	{ STANZA_MESSAGE, "chat", resource_listens, true },
	{ STANZA_MESSAGE, "headline", resource_listens, false },
	{ STANZA_PRESENCE, "", is_available, false },
	{ STANZA_PRESENCE, "unavailable", is_available, false },
	{ STANZA_PRESENCE, "subscribe", is_available, false },
	{ STANZA_PRESENCE, "subscribed", is_interested, false },
	{ STANZA_PRESENCE, "unsubscribe", is_interested, false },
	{ STANZA_PRESENCE, "unsubscribed", is_interested, false },
};

static const struct rule *rule_of(const struct written *written)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
		if (rules[i].kind == written->kind && str_is(written->type, rules[i].type))
			return &rules[i];
	return NULL;
}

/* --- delivering ------------------------------------------------------------------------------- */

static bool to_all(struct account *account, const struct rule *rule, const struct written *written)
{
	bool taken = false;
	for (struct resource *each = account->resources; each; each = each->next)
		if (rule->takes(each)) {
			resource_put(each, written->p, written->n);
			taken = true;
		}
	return taken;
}

static bool to_bare(struct account *account, bool gone, const struct written *written)
{
	const struct rule *rule = rule_of(written);
	if (!rule || (gone && !rule->persistent) || !to_all(account, rule, written))
		return false;
	if (written->kind == STANZA_MESSAGE)
		carbon_received(account, NULL, written->p, written->n);
	return true;
}

static void count_loss(struct server *server, const struct written *written)
{
	if (written->kind == STANZA_MESSAGE)
		metrics_count(server->metrics, METRIC_STANZAS_DROPPED);
}

void deliver_text(struct account *account, const char *to, const char *stanza, size_t n)
{
	struct written written;
	if (!written_read(&written, stanza, n))
		return;
	const char *name = to[account->key.n] ? to + account->key.n + 1 : NULL;
	struct resource *resource = name ? account_resource(account, name) : NULL;
	if (resource) {
		if (written.kind == STANZA_MESSAGE)
			carbon_received(account, resource, stanza, n);
		resource_put(resource, stanza, n);
	} else if (!to_bare(account, name != NULL, &written)) {
		count_loss(account->server, &written);
	}
}

/* --- the frontend's route --------------------------------------------------------------------- */

static struct buf *use_aside(struct server *server)
{
	buf_clear(&server->aside);
	server->writing = NULL;
	server->written_from = 0;
	return &server->aside;
}

/* What is for one resource with a client is written where it will leave from. */
static struct buf *route_out(void *ctx, const char *to, bool lasting)
{
	struct server *server = ctx;
	struct resource *resource = account_find_resource(server, to);
	struct buf *out = resource && resource->client && resource != server->leaving ? resource_out(resource) : NULL;
	/* What is only kept is in the way of the copies of it. */
	if (!out || out == &server->unheard)
		return use_aside(server);
	server->writing = resource;
	server->written_to = out;
	server->written_from = buf_len(out);
	return out;
}

static bool has_others(const struct account *account)
{
	return account->resources->next;
}

static void sent_directly(struct server *server)
{
	struct resource *resource = server->writing;
	struct buf *out = server->written_to;
	server->writing = NULL;
	archive_deliver(server, resource->account->key, out, server->written_from);
	if (has_others(resource->account) && !out->failed) {
		const char *stanza = buf_data(out) + server->written_from;
		carbon_received(resource->account, resource, stanza, buf_len(out) - server->written_from);
	}
	resource_sent(resource, out, server->written_from);
}

static void sent_aside(struct server *server, const char *to)
{
	struct account *account = account_of(server, account_bare(to));
	struct written written;
	if (server->aside.failed || !buf_len(&server->aside))
		return;
	if (account && server->leaving && !strcmp(to, server->leaving->full))
		return;
	archive_deliver(server, account_bare(to), &server->aside, 0);
	if (account)
		deliver_text(account, to, buf_data(&server->aside), buf_len(&server->aside));
	else if (written_read(&written, buf_data(&server->aside), buf_len(&server->aside)))
		count_loss(server, &written);
}

static void route_sent(void *ctx, const char *to)
{
	struct server *server = ctx;
	if (server->writing)
		sent_directly(server);
	else
		sent_aside(server, to);
}

static struct buf *no_way_out(void *ctx, const char *to, bool lasting)
{
	return NULL;
}

static void nothing_sent(void *ctx, const char *to)
{
}

void deliver_init(struct server *server)
{
	static const struct frontend_route route = { .out = route_out, .sent = route_sent };
	frontend_set_route(server->frontend, &route, server);
}

/* The frontend outlives the server. */
void deliver_fini(struct server *server)
{
	static const struct frontend_route nowhere = { .out = no_way_out, .sent = nothing_sent };
	frontend_set_route(server->frontend, &nowhere, NULL);
}
