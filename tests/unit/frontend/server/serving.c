/* SPDX-License-Identifier: MIT */
#include "serving.h"

#include "core/arrival.h"
#include "frontend/server/resume.h"
#include "loop/timer.h"

enum { OUT_MAX = 16 << 20 };

/* --- in the place of client.c ------------------------------------------------------------------- */

void client_end(struct client *client, enum xmpp_c2s_error error, const char *text)
{
	if (client->resource)
		client->resource->client = NULL;
	client->resource = NULL;
}

struct buf *client_out(struct client *client)
{
	return &((struct serving_line *)client)->out;
}

void client_flush(struct client *client)
{
}

void client_allow(struct client *client, size_t n)
{
}

/* ------------------------------------------------------------------------------------------------ */

static void arrived(void *ctx, uint64_t id, const struct core_result *result)
{
	assert_int_equal(result->error, CORE_OK);
	*(bool *)ctx = true;
}

static void log_in(struct serving *serving)
{
	struct fakes *fakes = serving->rig->fakes;
	struct jid me = fakes_jid(fakes, ME);
	bool in = false;
	core_set_features(fakes->core, &(struct core_features){ .need_password = true, .receipts = true, .muc = true });
	core_arrive(fakes->core, &me, "secret", (struct core_reply){ arrived, &in, 0 });
	fakes_settle(fakes);
	net_connected(fakes, ME);
	wait_for(fakes, in);
	fakes_forget(fakes);
	forget(serving->rig);
}

struct serving *serving_new(const char *const *overrides)
{
	static const char *const mode[] = { "service.server_mode=1", NULL };
	struct serving *serving = g_new0(struct serving, 1);
	struct rig *rig = serving->rig = rig_new("sqlite3", overrides ? overrides : mode);
	struct server *server = &serving->server;
	rig->frontend->server = server;
	server->loop = rig->fakes->loop;
	server->config = rig->fakes->config;
	server->metrics = &rig->fakes->metrics;
	server->frontend = rig->frontend;
	server->accounts = g_hash_table_new(str_hash, str_equal);
	server->resume = resume_new(server);
	server->reaper = timer_new(server->loop, resource_end_doomed, server);
	buf_init(&server->aside, OUT_MAX);
	buf_init(&server->unheard, OUT_MAX);
	for (size_t i = 0; i < G_N_ELEMENTS(serving->line); i++)
		buf_init(&serving->line[i].out, OUT_MAX);
	deliver_init(server);
	log_in(serving);
	return serving;
}

void serving_end(struct serving *serving)
{
	struct server *server = &serving->server;
	for (unsigned i = 0; i < G_N_ELEMENTS(serving->line); i++)
		if (serving->line[i].client.resource)
			serving_drop(serving, i);
	assert_int_equal(g_hash_table_size(server->accounts), 0);
	deliver_fini(server);
	serving->rig->frontend->server = NULL;
	resume_free(&server->resume);
	timer_free(&server->reaper);
	g_hash_table_destroy(server->accounts);
	buf_fini(&server->aside);
	buf_fini(&server->unheard);
	for (size_t i = 0; i < G_N_ELEMENTS(serving->line); i++)
		buf_fini(&serving->line[i].out);
	rig_end(serving->rig);
	g_free(serving);
}

struct resource *serving_bind(struct serving *serving, unsigned line, const char *name)
{
	struct jid me = fakes_jid(serving->rig->fakes, ME);
	struct resource *resource = resource_new(&serving->server, &me, name);
	struct client *client = &serving->line[line].client;
	resource->arrival = UINT64_MAX; /* the user is kept logged in by the first one */
	resource->client = client;
	client->resource = resource;
	return resource;
}

void serving_drop(struct serving *serving, unsigned line)
{
	struct resource *resource = serving->line[line].client.resource;
	client_end(&serving->line[line].client, XMPP_C2S_CONFLICT, NULL);
	resource_free(resource);
	buf_clear(&serving->line[line].out);
}

void say(struct serving *serving, unsigned line, const char *stanza)
{
	struct arena *arena = arena_new(4096);
	g_autofree char *text = g_strdup_printf("<stream xmlns='jabber:client'>%s</stream>", stanza);
	const struct xml_element *root = xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, strlen(text), NULL);
	assert_non_null(root);
	server_receive(serving->line[line].client.resource, xml_first(root), arena);
	arena_free(&arena);
}

char *heard(struct serving *serving, unsigned line)
{
	struct buf *out = &serving->line[line].out;
	fakes_settle(serving->rig->fakes);
	assert_false(out->failed);
	char *text = g_strndup(buf_len(out) ? buf_data(out) : "", buf_len(out));
	buf_clear(out);
	return text;
}

void hears(struct serving *serving, unsigned line, const char *stanzas)
{
	/* Ids of the archive have their own tests. */
	g_autoptr(GRegex) id = g_regex_new("<stanza-id [^>]*/>", 0, 0, NULL);
	g_autofree char *all = heard(serving, line), *text = g_regex_replace_literal(id, all, -1, 0, "", 0, NULL);
	g_autofree char *came = rig_normal(text, strlen(text)), *wanted = rig_normal(stanzas, strlen(stanzas));
	assert_string_equal(came, wanted);
}

void silence(struct serving *serving)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(serving->line); i++)
		hears(serving, i, "");
}

void forget_all(struct serving *serving)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(serving->line); i++)
		g_free(heard(serving, i));
}

void serving_come(struct serving *serving, unsigned line, const char *name, int priority)
{
	g_autofree char *presence = g_strdup_printf("<presence><priority>%d</priority></presence>", priority);
	serving_bind(serving, line, name);
	say(serving, line, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
	say(serving, line, presence);
	forget_all(serving);
	fakes_forget(serving->rig->fakes);
}
