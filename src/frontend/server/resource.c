/* SPDX-License-Identifier: MIT */
#include "frontend/server/csi.h"
#include "frontend/server/resume.h"
#include "frontend/server/sm.h"
#include "loop/timer.h"

LOG_AREA("Server");

static struct account *find_or_add_account(struct server *server, const struct jid *bare)
{
	struct account *account = account_find(server, jid_bare(bare));
	if (account)
		return account;
	account = g_malloc0(sizeof(*account) + bare->bare + 1);
	memcpy(account->jid, bare->full, bare->bare);
	account->key = (struct str){ account->jid, bare->bare };
	account->server = server;
	g_hash_table_add(server->accounts, account);
	return account;
}

struct resource *resource_new(struct server *server, const struct jid *bare, const char *name)
{
	struct account *account = find_or_add_account(server, bare);
	size_t size = account->key.n + 1 + strlen(name) + 1;
	struct resource *resource = g_malloc0(sizeof(*resource) + size);
	g_snprintf(resource->full, size, "%s/%s", account->jid, name);
	resource->account = account;
	struct resource **at = &account->resources;
	while (*at)
		at = &(*at)->next;
	*at = resource;
	server->bound++;
	return resource;
}

const char *resource_name(const struct resource *resource)
{
	return resource->full + resource->account->key.n + 1;
}

static void unlink_resource(struct resource *resource)
{
	struct account *account = resource->account;
	struct resource **at = &account->resources;
	while (*at != resource)
		at = &(*at)->next;
	*at = resource->next;
	account->server->bound--;
	if (!account->resources) {
		g_hash_table_remove(account->server->accounts, account);
		g_free(account);
	}
}

void resource_free(struct resource *resource)
{
	struct server *server = resource->account->server;
	uint64_t arrival = resource->arrival;
	g_assert(!resource->client);
	if (resource->doomed)
		g_queue_remove(&server->doomed, resource);
	resource->doomed = true; /* what its end brings about is not for it */
	resume_forget(resource);
	csi_free(&resource->csi);
	presence_end(resource);
	log_debug("%s is gone", resource->full);
	unlink_resource(resource);
	sm_free(&resource->sm);
	g_clear_pointer(&resource->presence, g_bytes_unref);
	g_clear_pointer(&resource->directed, g_hash_table_destroy);
	g_free(resource);
	core_depart(server->frontend->core, arrival);
}

void resource_doom(struct resource *resource)
{
	struct server *server = resource->account->server;
	if (resource->doomed)
		return;
	resource->doomed = true;
	g_queue_push_tail(&server->doomed, resource);
	timer_start(server->reaper, 0, 0);
}

void resource_end(struct resource *resource, enum xmpp_c2s_error error, const char *text)
{
	if (resource->client)
		client_end(resource->client, error, text);
	resource_doom(resource);
}

void resource_end_doomed(void *ctx)
{
	struct server *server = ctx;
	struct resource *resource;
	while ((resource = g_queue_pop_head(&server->doomed))) {
		if (resource->client) {
			log_info("%s takes too much at a time, it is ended", resource->full);
			client_end(resource->client, XMPP_C2S_RESOURCE_CONSTRAINT,
				   "Too much is waiting for this client");
		}
		resource_free(resource);
	}
}

/* --- stanzas out ------------------------------------------------------------------------------ */

/* Without a client a stanza is only remembered, if it can be. */
struct buf *resource_out(struct resource *resource)
{
	struct buf *unheard = &resource->account->server->unheard;
	if (resource->doomed)
		return NULL;
	if (resource->client)
		return client_out(resource->client);
	if (!resource->sm)
		return NULL;
	buf_clear(unheard);
	return unheard;
}

void resource_sent(struct resource *resource, struct buf *out, size_t start)
{
	const char *stanza = buf_data(out) + start;
	size_t n = buf_len(out) - start;
	if (out->failed)
		return;
	if (resource->csi && csi_holds(resource, stanza, n)) {
		buf_truncate(out, start);
		return;
	}
	if (resource->sm && !sm_sent(resource->sm, stanza, n))
		resource_doom(resource);
	else if (resource->client)
		client_flush(resource->client);
}

void resource_put(struct resource *resource, const char *stanza, size_t n)
{
	struct buf *out = resource_out(resource);
	if (!out)
		return;
	size_t start = buf_len(out);
	buf_append(out, stanza, n);
	resource_sent(resource, out, start);
}
