/* SPDX-License-Identifier: MIT */
#include "frontend/server/csi.h"
#include "frontend/server/resume.h"
#include "frontend/server/sm.h"
#include "frontend/server/unconfirmed.h"
#include "loop/timer.h"

LOG_AREA("Server");

static struct account *find_or_add_account(struct server *server, const struct jid *bare)
{
	struct account *account = account_of(server, jid_bare(bare));
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
	return resource;
}

const char *resource_name(const struct resource *resource)
{
	return resource->full + resource->account->key.n + 1;
}

bool resource_listens(const struct resource *resource)
{
	return resource->presence && resource->priority >= 0;
}

static void unlink_resource(struct resource *resource)
{
	struct account *account = resource->account;
	struct resource **at = &account->resources;
	while (*at != resource)
		at = &(*at)->next;
	*at = resource->next;
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
	struct sm *sm = g_steal_pointer(&resource->sm);
	csi_free(&resource->csi);
	presence_end(resource);
	log_debug("%s is gone", resource->full);
	if (sm)
		unconfirmed_hand_on(resource, sm);
	sm_free(&sm);
	unlink_resource(resource);
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

/* What is not confirmed is kept, whether it is written or not. */
static struct buf *only_kept(struct resource *resource)
{
	return resource->sm ? &resource->account->server->unheard : NULL;
}

struct buf *resource_out(struct resource *resource)
{
	struct buf *out = resource->client && !resource->doomed ? client_out(resource->client) : NULL;
	return out ? out : only_kept(resource);
}

static bool is_only_kept(const struct resource *resource, const struct buf *out)
{
	return out == &resource->account->server->unheard;
}

static void written(struct resource *resource, struct buf *out, size_t start)
{
	if (resource->sm && !sm_sent(resource->sm, buf_data(out) + start, buf_len(out) - start))
		resource_doom(resource);
	if (is_only_kept(resource, out)) {
		buf_truncate(out, start);
		return;
	}
	if (resource->sm)
		sm_ask(resource->sm, out);
	client_flush(resource->client);
}

/* What was held goes before it, through the same buffer. */
static void put_after_held(struct resource *resource, struct buf *out, size_t start)
{
	size_t n = buf_len(out) - start;
	g_autofree char *stanza = g_memdup2(buf_data(out) + start, n);
	buf_truncate(out, start);
	csi_flush(resource);
	if (!(out = resource_out(resource)))
		return;
	start = buf_len(out);
	if (buf_append(out, stanza, n))
		written(resource, out, start);
}

void resource_sent(struct resource *resource, struct buf *out, size_t start)
{
	if (out->failed) {
		/* A stream ends of it; this one goes on without the stanza. */
		if (is_only_kept(resource, out))
			buf_truncate(out, start);
		return;
	}
	if (resource->csi && csi_holds(resource, buf_data(out) + start, buf_len(out) - start))
		buf_truncate(out, start);
	else if (resource->csi && csi_has_any(resource->csi))
		put_after_held(resource, out, start);
	else
		written(resource, out, start);
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
