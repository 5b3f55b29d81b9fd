/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include "frontend/raw.h"
#include "frontend/roster.h"
#include "frontend/server/private.h"
#include "frontend/server/roster.h"

enum {
	PRESENCE_MAX = 64 << 10, /* bytes of one that is kept for the account's other resources */
	DIRECTED_MAX = 500       /* JIDs that hear of a resource's end by themselves */
};

static struct frontend *frontend_of(const struct resource *resource)
{
	return resource->account->server->frontend;
}

/* --- to the account's resources (RFC 6121, sections 4.2.2, 4.4.2 and 4.5.2) -------------------- */

/* As everybody of the account gets it. NULL: too large. */
static GBytes *write_presence(const struct resource *resource, const struct xml_element *presence)
{
	struct buf out;
	GBytes *text = NULL;
	buf_init(&out, PRESENCE_MAX);
	raw_write(&out, presence, resource->full, resource->account->jid, NULL);
	if (!out.failed)
		text = g_bytes_new(buf_data(&out), buf_len(&out));
	buf_fini(&out);
	return text;
}

static void put(struct resource *to, GBytes *presence)
{
	gsize n;
	const char *text = g_bytes_get_data(presence, &n);
	resource_put(to, text, n);
}

static void put_to_available(const struct account *account, GBytes *presence)
{
	for (struct resource *each = account->resources; each; each = each->next)
		if (each->presence)
			put(each, presence);
}

/* Every available one but `to`, whose own comes by its broadcast. */
static void show_others(struct resource *to)
{
	for (struct resource *each = to->account->resources; each; each = each->next)
		if (each != to && each->presence)
			put(to, each->presence);
}

/* --- to the core ------------------------------------------------------------------------------ */

/* Of an administrator, who is on no network, it is none of the core's business. */
static void tell_core(struct resource *resource, const struct stanza *stanza)
{
	if (resource->arrival)
		frontend_take(frontend_of(resource), stanza);
}

/* --- coming ----------------------------------------------------------------------------------- */

/* An administrator, who is on no network, has the gateway itself as a contact. */
static void greet_admin(struct resource *resource)
{
	struct frontend *frontend = frontend_of(resource);
	struct core_contact_item item = server_roster_admin();
	struct roster_change change = { resource->account->jid, &item, 1, false };
	roster_try(frontend, ROSTER_PUSHED, &change);
	struct buf *out = stanza_begin(frontend, "presence", (struct core_address){ 0 }, resource->full, false);
	if (!out)
		return;
	xml_put(out, ">");
	buf_append_text(out, caps_element(frontend, false));
	xml_put(out, "</presence>");
	route_end(frontend, out, resource->full);
}

static void come(struct resource *resource, const struct stanza *stanza)
{
	GBytes *presence = write_presence(resource, stanza->element);
	bool first = !resource->presence;
	if (!presence) {
		incoming_refuse(frontend_of(resource), stanza, XMPP_NOT_ACCEPTABLE, "The presence is too large");
		return;
	}
	g_clear_pointer(&resource->presence, g_bytes_unref);
	resource->presence = presence;
	resource->priority = incoming_priority(stanza);
	if (first) {
		resource->since = g_get_real_time() / G_USEC_PER_SEC;
		show_others(resource);
	}
	put_to_available(resource->account, presence);
	if (first && !resource->arrival)
		greet_admin(resource);
	tell_core(resource, stanza);
}

/* --- going ------------------------------------------------------------------------------------ */

static bool read_unavailable(struct stanza *stanza, struct arena *arena, const char *from, const char *to)
{
	struct xml_element *element = xml_new(arena, NS_CLIENT, "presence");
	xml_set_attr(arena, element, "type", "unavailable");
	xml_set_attr(arena, element, "from", from);
	xml_set_attr(arena, element, "to", to);
	return stanza_read(stanza, element, arena, to) == STANZA_OK;
}

static void deliver_own(const struct resource *resource, const struct stanza *stanza)
{
	struct buf out;
	buf_init(&out, PRESENCE_MAX);
	raw_write(&out, stanza->element, resource->full, stanza->to.full, NULL);
	if (!out.failed)
		deliver_text(resource->account, stanza->to.full, buf_data(&out), buf_len(&out));
	buf_fini(&out);
}

/* A room that the user is in goes by the session, which may be meant to stay (core/rooms.c). */
static void end_one(struct resource *resource, const char *to)
{
	struct frontend *frontend = frontend_of(resource);
	struct arena *arena = arena_new(1024);
	struct stanza stanza;
	bool read = read_unavailable(&stanza, arena, resource->full, to);
	if (read && str_eq(jid_bare(&stanza.to), resource->account->key))
		deliver_own(resource, &stanza);
	else if (read && !core_user_in_room(frontend->core, &stanza.from, &stanza.to))
		tell_core(resource, &stanza);
	arena_free(&arena);
}

/* RFC 6121, section 4.6.6: who was told directly hears of the end too. */
static void end_directed(struct resource *resource)
{
	GHashTable *directed = g_steal_pointer(&resource->directed);
	GHashTableIter iter;
	void *to;
	if (!directed)
		return;
	g_hash_table_iter_init(&iter, directed);
	while (g_hash_table_iter_next(&iter, &to, NULL))
		end_one(resource, to);
	g_hash_table_destroy(directed);
}

static void leave(struct resource *resource, const struct stanza *stanza)
{
	struct server *server = resource->account->server;
	GBytes *presence = resource->presence ? write_presence(resource, stanza->element) : NULL;
	if (presence)
		put_to_available(resource->account, presence);
	g_clear_pointer(&presence, g_bytes_unref);
	g_clear_pointer(&resource->presence, g_bytes_unref);
	resource->priority = 0;
	server->leaving = resource;
	end_directed(resource);
	tell_core(resource, stanza);
	server->leaving = NULL;
}

void presence_broadcast(struct resource *resource, const struct stanza *stanza)
{
	if (*stanza->type)
		leave(resource, stanza);
	else
		come(resource, stanza);
}

/* One that was never available may be in rooms all the same. */
void presence_end(struct resource *resource)
{
	struct arena *arena = arena_new(1024);
	struct stanza stanza;
	if (read_unavailable(&stanza, arena, resource->full, frontend_of(resource)->jid))
		leave(resource, &stanza);
	arena_free(&arena);
}

/* --- to one ----------------------------------------------------------------------------------- */

/* Rooms and contacts are told by the core; but where the network speaks XMPP itself, and of the own resources, we
 * have to remember. */
static void note_directed(struct resource *resource, const struct stanza *stanza)
{
	const char *to = stanza->to.full;
	if (!strcmp(stanza->type, "unavailable") && resource->directed) {
		g_hash_table_remove(resource->directed, to);
	} else if (!*stanza->type) {
		if (!resource->directed)
			resource->directed = g_hash_table_new_full(hash_text, g_str_equal, g_free, NULL);
		if (g_hash_table_size(resource->directed) < DIRECTED_MAX)
			g_hash_table_add(resource->directed, g_strdup(to));
	}
}

void presence_to_one(struct resource *resource, const struct stanza *stanza)
{
	if (core_features(frontend_of(resource)->core)->rawxml)
		note_directed(resource, stanza);
	tell_core(resource, stanza);
}

/* RFC 6121, section 4.3.2: who asks for himself is told of every available resource. */
static void answer_probe(struct resource *asker, const char *name)
{
	for (struct resource *each = asker->account->resources; each; each = each->next)
		if (each->presence && (!*name || !strcmp(resource_name(each), name)))
			put(asker, each->presence);
}

/* Nobody subscribes to himself. */
void presence_own(struct resource *resource, const struct stanza *stanza)
{
	if (!strcmp(stanza->type, "probe")) {
		answer_probe(resource, jid_resource(&stanza->to));
	} else if (!*stanza->type || !strcmp(stanza->type, "unavailable")) {
		note_directed(resource, stanza);
		deliver_own(resource, stanza);
	}
}
