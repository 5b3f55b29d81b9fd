/* SPDX-License-Identifier: MIT */
#include "frontend/server/archive.h"
#include "frontend/server/capacity.h"
#include "frontend/server/guard.h"
#include "frontend/server/identity.h"
#include "frontend/server/private.h"
#include "frontend/server/resume.h"
#include "frontend/server/upload.h"
#include "loop/timer.h"

LOG_AREA("Server");

enum { ASIDE_MAX = 4 << 20 /* bytes of one stanza */ };

/* --- listening -------------------------------------------------------------------------------- */

static void accepted(void *ctx, struct stream *stream)
{
	client_new(ctx, stream, false);
}

static void accepted_tls(void *ctx, struct stream *stream)
{
	client_new(ctx, stream, true);
}

static void close_listeners(struct server *server)
{
	listen_close(&server->listener);
	listen_close(&server->tls_listener);
}

/* True also where there is to be none. */
static bool open_upload(struct server *server, GError **error)
{
	GError *failure = NULL;
	server->upload = server->frontend->upload = upload_open(server->loop, server->config, &failure);
	if (failure)
		g_propagate_error(error, failure);
	return !failure;
}

static bool open_listeners(struct server *server, GError **error)
{
	const char *address = config_text(server->config, CONFIG_SERVICE_SERVER);
	unsigned port = (unsigned)config_int(server->config, CONFIG_SERVICE_PORT);
	unsigned tls_port = (unsigned)config_int(server->config, CONFIG_SERVICE_TLS_PORT);
	server->listener = listen_tcp(server->loop, address, port, accepted, server, error);
	if (server->listener && tls_port)
		server->tls_listener = listen_tcp(server->loop, address, tls_port, accepted_tls, server, error);
	return server->listener && (!tls_port || server->tls_listener);
}

/* Told at the start rather than when the first backend is there; nobody can connect before. */
static bool can_listen(const struct server *server, GError **error)
{
	const char *address = config_text(server->config, CONFIG_SERVICE_SERVER);
	unsigned tls_port = (unsigned)config_int(server->config, CONFIG_SERVICE_TLS_PORT);
	return listen_check(address, (unsigned)config_int(server->config, CONFIG_SERVICE_PORT), error) &&
	       (!tls_port || listen_check(address, tls_port, error));
}

static void tell_where(const struct server *server)
{
	g_autofree char *direct = server->tls_listener ? g_strdup_printf(", by TLS from the first byte on port %u",
									 listen_port(server->tls_listener))
						       : NULL;
	log_info("clients of %s are served on %s:%u%s", server->frontend->jid,
		 config_text(server->config, CONFIG_SERVICE_SERVER), listen_port(server->listener),
		 direct ? direct : "");
}

bool server_open(struct server *server, GError **error)
{
	if (!open_listeners(server, error))
		return false;
	capacity_tell(server->clients_max);
	tell_where(server);
	frontend_up(server->frontend);
	return true;
}

void server_stop(struct server *server)
{
	server->closing = true;
	close_listeners(server);
}

/* --- life ------------------------------------------------------------------------------------- */

struct server *server_new(const struct server_options *options, GError **error)
{
	struct server *server = g_new0(struct server, 1);
	server->loop = options->loop;
	server->config = config_ref(options->config);
	server->metrics = options->metrics;
	server->frontend = options->frontend;
	server->frontend->server = server;
	server->guard = guard_new(server->loop);
	server->clients_max = capacity_clients();
	server->accounts = g_hash_table_new(str_hash, str_equal);
	server->logins = idmap_new();
	server->resume = resume_new(server);
	server->reaper = timer_new(server->loop, resource_end_doomed, server);
	buf_init(&server->aside, ASIDE_MAX);
	buf_init(&server->unheard, ASIDE_MAX);
	deliver_init(server);
	server->tls = identity_tls(options->config, error);
	if (!server->tls || !can_listen(server, error) || !open_upload(server, error))
		server_close(&server);
	return server;
}

static void end_clients(struct server *server)
{
	GList *link;
	while ((link = server->clients.head)) {
		struct client *client = link->data;
		struct resource *resource = client->resource;
		client_end(client, XMPP_C2S_SYSTEM_SHUTDOWN, NULL);
		if (resource)
			resource_free(resource);
	}
	resource_end_doomed(server);
}

static void free_waiting(struct server *server)
{
	g_autoptr(GList) accounts = g_hash_table_get_keys(server->accounts);
	for (const GList *at = accounts; at; at = at->next) {
		struct str bare = *(const struct str *)at->data;
		g_autofree char *jid = g_strndup(bare.p, bare.n);
		struct account *account;
		while ((account = account_of(server, str_of(jid))))
			resource_free(account->resources);
	}
}

void server_close(struct server **serverp)
{
	struct server *server = *serverp;
	if (!server)
		return;
	*serverp = NULL;
	server_stop(server);
	end_clients(server);
	free_waiting(server);
	server->frontend->server = NULL;
	server->frontend->upload = NULL;
	upload_close(&server->upload);
	deliver_fini(server);
	archive_fini(server);
	resume_free(&server->resume);
	guard_free(&server->guard);
	timer_free(&server->reaper);
	idmap_free(&server->logins);
	g_hash_table_destroy(server->accounts);
	buf_fini(&server->aside);
	buf_fini(&server->unheard);
	tls_free(&server->tls);
	config_unref(&server->config);
	g_free(server);
}

/* A certificate is renewed in place, so it is read again even if its name is the same. */
void server_set_config(struct server *server, const struct config *config)
{
	g_autoptr(GError) error = NULL;
	struct config *old = server->config;
	struct tls *fresh = identity_tls(config, &error);
	server->config = config_ref(config);
	config_unref(&old);
	upload_set_config(server->upload, config);
	if (!fresh) {
		log_error("the certificate stays as it was: %s", error->message);
		return;
	}
	tls_free(&server->tls);
	server->tls = fresh;
}

size_t server_connections(const struct server *server)
{
	return server->clients.length;
}
