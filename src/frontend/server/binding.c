/* SPDX-License-Identifier: MIT */
#include "frontend/server/csi.h"
#include "frontend/server/nonza.h"
#include "frontend/server/resume.h"

LOG_AREA("Server");

/* Resources: their names, and who gets one. */

enum { RESOURCES_MAX = 30 /* of an account */ };

static void make_tag(char *tag, size_t size)
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	for (size_t i = 0; i + 1 < size; i++)
		tag[i] = letters[g_random_int_range(0, sizeof(letters) - 1)];
	tag[size - 1] = '\0';
}

/* As it was asked for; what is asked for by a client's name only gets a part that makes it unlike others of the same
 * name (XEP-0386, section 4.2). */
static char *name_for(const struct xmpp_c2s_bind *bind, const char *tag)
{
	if (bind->tag && *bind->tag)
		return g_strdup_printf("%s~%s", bind->tag, tag);
	return g_strdup(bind->resource && *bind->resource ? bind->resource : tag);
}

static void replace(struct resource *old)
{
	if (old->client)
		client_end(old->client, XMPP_C2S_CONFLICT, "Replaced by a new connection");
	resource_free(old);
}

static size_t count(const struct account *account)
{
	size_t n = 0;
	for (const struct resource *each = account ? account->resources : NULL; each; each = each->next)
		n++;
	return n;
}

/* Who never resumes would leave one behind each time. */
static struct resource *find_left(const struct account *account)
{
	struct resource *resource = account ? account->resources : NULL;
	while (resource && resource->client)
		resource = resource->next;
	return resource;
}

/* RFC 6120, section 7.7.2.2: who comes anew with the same name has lost his connection; the old one goes. So do all
 * others where one is all that is allowed. */
static bool make_room(struct server *server, struct str bare, const char *name)
{
	bool only_one = !config_bool(server->config, CONFIG_SERVICE_MORE_RESOURCES);
	struct account *account = account_of(server, bare);
	struct resource *old = account ? account_resource(account, name) : NULL;
	if (old)
		replace(old);
	while (only_one && (account = account_of(server, bare)))
		replace(account->resources);
	if (count(account_of(server, bare)) >= RESOURCES_MAX && (old = find_left(account_of(server, bare))))
		replace(old);
	return count(account_of(server, bare)) < RESOURCES_MAX;
}

static void attach(struct client *client, struct resource *resource)
{
	client->resource = resource;
	resource->client = client;
	client_set_state(client, CLIENT_BOUND);
}

static void switch_on(struct resource *resource, unsigned wanted, struct xmpp_c2s_bound *bound)
{
	resource->carbons = wanted & XMPP_C2S_CARBONS;
	if (wanted & XMPP_C2S_INACTIVE)
		csi_set(resource, false);
	if (!(wanted & (XMPP_C2S_SM | XMPP_C2S_SM_RESUME)))
		return;
	bound->sm_id = nonza_begin(resource, wanted & XMPP_C2S_SM_RESUME);
	bound->sm_max = resume_seconds(resource->account->server);
}

/* Administrators have no arrival; whoever has one may have been logged out since. */
static bool is_in(const struct client *client)
{
	return !client->arrival || core_has_arrived(client->server->frontend->core, client->arrival);
}

bool binding_bind(void *ctx, const struct xmpp_c2s_bind *bind, struct xmpp_c2s_bound *bound)
{
	struct client *client = ctx;
	struct server *server = client->server;
	struct arena *arena = arena_new(512);
	struct jid bare, full;
	char tag[13];
	bool can = false;
	make_tag(tag, sizeof(tag));
	g_autofree char *name = name_for(bind, tag);
	*bound = (struct xmpp_c2s_bound){ 0 };
	if (!client->over && is_in(client) && jid_parse_text(&bare, arena, client->jid) &&
	    jid_build(&full, arena, NULL, server->frontend->jid, name) && make_room(server, jid_bare(&bare), name)) {
		struct resource *resource = resource_new(server, &bare, name);
		resource->arrival = client->arrival;
		client->arrival = 0;
		attach(client, resource);
		switch_on(resource, bind->wanted, bound);
		bound->full = resource->full;
		log_debug("%s is %s", client_peer(client), resource->full);
		can = true;
	}
	arena_free(&arena);
	return can;
}

/* The resource has an arrival of its own. */
static void take_over(struct client *client, struct resource *resource)
{
	uint64_t spare = client->arrival;
	client->arrival = 0;
	attach(client, resource);
	if (!resource->arrival)
		resource->arrival = spare;
	else if (spare)
		core_depart(client->server->frontend->core, spare);
}

bool binding_resume(void *ctx, const struct xmpp_c2s_resume *resume, const char **full, uint32_t *h, bool *known)
{
	struct client *client = ctx;
	*known = false;
	struct resource *resource =
		client->over ? NULL : resume_take(client->server, str_of(client->jid), resume, h, known);
	if (!resource)
		return false;
	log_debug("%s is %s again", client_peer(client), resource->full);
	take_over(client, resource);
	*full = resource->full;
	return true;
}

void binding_ready(void *ctx, bool resumed)
{
	struct client *client = ctx;
	if (client->over)
		return;
	if (resumed)
		resume_write_again(client->resource);
	stream_flush(client->stream);
}
