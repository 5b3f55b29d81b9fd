/* SPDX-License-Identifier: MIT */
#include "lines.h"

#include "frontend/server/csi.h"
#include "frontend/server/resume.h"
#include "frontend/server/sm.h"

static struct lines *now;

/* --- in the place of client.c and resource.c ---------------------------------------------------- */

void client_end(struct client *client, enum xmpp_c2s_error error, const char *text)
{
	struct line *line = (struct line *)client;
	if (client->resource)
		client->resource->client = NULL;
	client->resource = NULL;
	line->ended = true;
	line->error = error;
	g_free(line->text);
	line->text = g_strdup(text);
}

struct buf *client_out(struct client *client)
{
	return client->over ? NULL : &((struct line *)client)->out;
}

void client_flush(struct client *client)
{
}

void client_allow(struct client *client, size_t n)
{
	((struct line *)client)->allowed = n;
}

void resource_end(struct resource *resource, enum xmpp_c2s_error error, const char *text)
{
	if (resource->client)
		client_end(resource->client, error, text);
	resource->doomed = true;
}

void resource_free(struct resource *resource)
{
	struct account *account = resource->account;
	g_ptr_array_add(now->freed, g_strdup(resource->full));
	resume_forget(resource);
	csi_free(&resource->csi);
	sm_free(&resource->sm);
	g_free(resource);
	g_free(account);
}

void resource_put(struct resource *resource, const char *stanza, size_t n)
{
	if (resource->csi && csi_holds(resource, stanza, n))
		return;
	if (resource->csi && csi_has_any(resource->csi))
		csi_flush(resource);
	if (resource->sm)
		sm_sent(resource->sm, stanza, n);
	if (resource->client)
		buf_append(client_out(resource->client), stanza, n);
}

/* ------------------------------------------------------------------------------------------------ */

struct lines *lines_new(const char *const *overrides)
{
	static const struct xmpp_c2s_offer offer;
	static const struct xmpp_c2s_events events;
	struct lines *lines = now = g_new0(struct lines, 1);
	lines->fakes = fakes_new("none", overrides);
	lines->freed = g_ptr_array_new_with_free_func(g_free);
	lines->server.loop = lines->fakes->loop;
	lines->server.config = lines->fakes->config;
	lines->server.frontend = &lines->frontend;
	for (size_t i = 0; i < G_N_ELEMENTS(lines->line); i++) {
		buf_init(&lines->line[i].out, 32 << 20);
		lines->line[i].client.c2s = xmpp_c2s_new("localhost", &offer, &events, NULL);
	}
	lines->server.resume = resume_new(&lines->server);
	return lines;
}

void lines_free(struct lines *lines)
{
	for (size_t i = 0; i < G_N_ELEMENTS(lines->line); i++) {
		if (lines->line[i].client.resource)
			resource_free(lines->line[i].client.resource);
		buf_fini(&lines->line[i].out);
		g_free(lines->line[i].text);
		xmpp_c2s_free(&lines->line[i].client.c2s);
	}
	resume_free(&lines->server.resume);
	g_ptr_array_free(lines->freed, TRUE);
	fakes_free(lines->fakes);
	g_free(lines);
}

struct resource *lines_resource(struct lines *lines, const char *bare, const char *name, unsigned line)
{
	size_t size = strlen(bare) + strlen(name) + 2;
	struct account *account = g_malloc0(sizeof(*account) + size);
	struct resource *resource = g_malloc0(sizeof(*resource) + size);
	g_strlcpy(account->jid, bare, size);
	account->key = str_of(account->jid);
	account->server = &lines->server;
	account->resources = resource;
	resource->account = account;
	g_snprintf(resource->full, size, "%s/%s", bare, name);
	resource->client = &lines->line[line].client;
	lines->line[line].client.resource = resource;
	return resource;
}

void lines_cut(struct lines *lines, unsigned line)
{
	struct client *client = &lines->line[line].client;
	if (client->resource)
		client->resource->client = NULL;
	client->resource = NULL;
	buf_clear(&lines->line[line].out);
}

void lines_expect(struct lines *lines, unsigned line, const char *text)
{
	struct buf *out = &lines->line[line].out;
	buf_append(out, "", 1);
	assert_string_equal(buf_data(out), text);
	buf_clear(out);
}

void lines_put(struct resource *resource, const char *stanza)
{
	resource_put(resource, stanza, strlen(stanza));
}

void lines_each_freed(struct lines *lines, const char *const *wanted)
{
	for (guint i = 0; i < lines->freed->len; i++) {
		assert_non_null(wanted[i]);
		assert_string_equal(lines->freed->pdata[i], wanted[i]);
	}
	assert_null(wanted[lines->freed->len]);
}
