/* SPDX-License-Identifier: MIT */
#include "base/secret.h"
#include "frontend/server/csi.h"
#include "frontend/server/guard.h"
#include "frontend/server/nonza.h"
#include "frontend/server/resume.h"
#include "frontend/server/sm.h"
#include "loop/timer.h"

LOG_AREA("Server");

enum {
	STRANGER_MS = 60000,    /* to log in */
	KNOWN_MS = 60000,       /* to bind a resource after it */
	REST_MS = 10000,        /* a client that is silent for this long costs no memory for reading, */
	QUIET_MS = 150000,      /* is asked whether it lives after this time more, */
	GONE_MS = 60000,        /* and has this long to say anything */
	FINISH_MS = 2000,       /* to take its last bytes */
	QUEUE_HIGH = 256 << 10, /* bytes a client has not taken: it is not listened to until it reads, */
	QUEUE_LOW = 64 << 10,
	QUEUE_MAX = 4 << 20, /* and is closed; what it gets again after it was resumed may come on top, */
	QUEUE_AGAIN_MAX = 16 << 20,
	STRANGER_QUEUE_MAX = 64 << 10
};

static const char *const state_names[] = { "stranger", "asking", "known", "bound" };

void client_set_state(struct client *client, enum client_state state)
{
	static const bool allowed[4][4] = {
		[CLIENT_STRANGER] = { [CLIENT_ASKING] = true },
		[CLIENT_ASKING] = { [CLIENT_STRANGER] = true, [CLIENT_KNOWN] = true },
		[CLIENT_KNOWN] = { [CLIENT_BOUND] = true },
	};
	g_assert(allowed[client->state][state]);
	log_debug("%s: %s -> %s", client_peer(client), state_names[client->state], state_names[state]);
	client->state = state;
	client->heard = true;
	if (state == CLIENT_ASKING)
		g_queue_unlink(&client->server->strangers, &client->stranger);
	else if (state == CLIENT_STRANGER)
		g_queue_push_tail_link(&client->server->strangers, &client->stranger);
	if (state == CLIENT_KNOWN) {
		guard_leave(client->server->guard, client_peer(client));
		client->counted = false;
		timer_start(client->timer, KNOWN_MS, 0);
	} else if (state == CLIENT_BOUND) {
		stream_set_marks(client->stream, QUEUE_HIGH, QUEUE_LOW, QUEUE_MAX + QUEUE_AGAIN_MAX);
		timer_start(client->timer, REST_MS, 0);
	}
}

/* Nothing of it is on the stack. */
static void free_client(struct client *client)
{
	struct server *server = client->server;
	client_login_drop(client);
	if (client->counted)
		guard_leave(server->guard, client_peer(client));
	g_queue_unlink(&server->clients, &client->link);
	if (client->state == CLIENT_STRANGER)
		g_queue_unlink(&server->strangers, &client->stranger);
	timer_free(&client->timer);
	xmpp_c2s_free(&client->c2s);
	if (client->stream)
		stream_finish(&client->stream, FINISH_MS);
	if (client->arrival)
		core_depart(server->frontend->core, client->arrival);
	g_free(client->jid);
	g_free(client->text);
	g_free(client);
}

static void detach(struct client *client)
{
	if (client->resource)
		client->resource->client = NULL;
	client->resource = NULL;
}

void client_end(struct client *client, enum xmpp_c2s_error error, const char *text)
{
	if (client->over)
		return;
	detach(client);
	client->over = true;
	client->error = error;
	client->text = g_strdup(text);
	if (client->busy)
		return;
	xmpp_c2s_end(client->c2s, error, text, stream_out(client->stream));
	stream_flush(client->stream);
	free_client(client);
}

/* The stream has ended, properly or not; its last words are written. */
static void leave_resource(struct client *client, bool lost)
{
	struct resource *resource = client->resource;
	detach(client);
	if (resource && !(lost && resume_wait(resource)))
		resource_free(resource);
}

static void close_client(struct client *client, bool lost)
{
	client->over = true;
	leave_resource(client, lost);
	free_client(client);
}

void client_close(struct client *client)
{
	stream_flush(client->stream);
	close_client(client, false);
}

void client_enter(struct client *client)
{
	g_assert(!client->busy);
	client->busy = true;
}

bool client_leave(struct client *client)
{
	client->busy = false;
	stream_flush(client->stream);
	if (!client->over)
		return true;
	xmpp_c2s_end(client->c2s, client->error, client->text, stream_out(client->stream));
	free_client(client);
	return false;
}

/* Somewhere on the stack its resource is being written to, so it goes a little later. */
static void give_up(struct client *client)
{
	client->stuck = true;
	timer_start(client->timer, 0, 0);
}

/* One with stream management is left while there is room for what comes until it is back. */
static bool is_deaf(const struct client *client)
{
	const struct sm *sm = client->resource->sm;
	size_t queued = stream_queued(client->stream);
	return queued > QUEUE_MAX + client->again ||
	       (sm && queued > QUEUE_HIGH && sm_bytes(sm) > SM_BYTES_MAX / 2 + client->again);
}

struct buf *client_out(struct client *client)
{
	if (client->over || client->stuck)
		return NULL;
	if (client->state == CLIENT_BOUND && is_deaf(client))
		give_up(client);
	return client->stuck ? NULL : stream_out(client->stream);
}

void client_allow(struct client *client, size_t n)
{
	g_assert(n <= QUEUE_AGAIN_MAX);
	client->again = n;
}

void client_flush(struct client *client)
{
	stream_flush(client->stream);
}

const char *client_peer(const struct client *client)
{
	return stream_peer(client->stream);
}

/* --- time ------------------------------------------------------------------------------------- */

/* XEP-0199, from the server to the client. */
static void ask_whether_it_lives(struct client *client)
{
	struct resource *resource = client->resource;
	struct buf *out = resource_out(resource);
	if (!out)
		return;
	size_t start = buf_len(out);
	xml_put(out, "<iq type='get' id='alive'");
	xml_put_attr(out, "from", client->server->frontend->jid);
	xml_put_attr(out, "to", resource->full);
	xml_put(out, "><ping xmlns='" NS_PING "'/></iq>");
	resource_sent(resource, out, start);
}

/* With stream management it may come back. */
static void leave_behind(struct client *client)
{
	log_info("%s: %s does not read, %zu bytes wait for it", client->resource->full, client_peer(client),
		 stream_queued(client->stream));
	close_client(client, true);
}

/* Bytes of any kind are a sign of life, white space too (RFC 6120, section 4.6.1). */
static void look_after(struct client *client)
{
	if (client->heard) {
		client->heard = client->rests = false;
		timer_start(client->timer, REST_MS, 0);
	} else if (!client->rests) {
		client->rests = true;
		xmpp_c2s_rest(client->c2s);
		timer_start(client->timer, QUIET_MS, 0);
	} else if (!client->asked) {
		client->asked = true;
		timer_start(client->timer, GONE_MS, 0);
		ask_whether_it_lives(client);
	} else {
		log_info("%s: %s does not answer", client->resource->full, client_peer(client));
		xmpp_c2s_end(client->c2s, XMPP_C2S_CONNECTION_TIMEOUT, NULL, stream_out(client->stream));
		stream_flush(client->stream);
		close_client(client, true);
	}
}

static void time_is_over(void *ctx)
{
	struct client *client = ctx;
	switch (client->state) {
	case CLIENT_BOUND:
		(client->stuck ? leave_behind : look_after)(client);
		break;
	case CLIENT_ASKING:
		client_login_try(client);
		break;
	case CLIENT_STRANGER:
	case CLIENT_KNOWN:
		client_end(client, XMPP_C2S_CONNECTION_TIMEOUT, "Too slow");
		break;
	}
}

/* --- events of the stream of stanzas ----------------------------------------------------------- */

static void on_starttls(void *ctx)
{
	struct client *client = ctx;
	client->tls_begins = true;
}

/* Its end is only a matter of getting off the stack: nothing more is done for it, as one read may hold hundreds of
 * questions with large answers. */
static bool is_leaving(const struct client *client)
{
	return client->over || client->stuck || client->resource->doomed;
}

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	struct client *client = ctx;
	if (is_leaving(client))
		return;
	if (client->resource->sm)
		sm_handled(client->resource->sm);
	server_receive(client->resource, stanza, arena);
}

static void on_skipped(void *ctx, const struct xml_element *start, const char *why, struct arena *arena)
{
	struct client *client = ctx;
	if (is_leaving(client))
		return;
	if (client->resource->sm)
		sm_handled(client->resource->sm);
	server_skipped(client->resource, start, why, arena);
}

static void on_element(void *ctx, const struct xml_element *element, struct arena *arena)
{
	struct client *client = ctx;
	if (is_leaving(client))
		return;
	if (!strcmp(element->ns, NS_SM))
		nonza_received(client->resource, element);
	else if (!strcmp(element->ns, NS_CSI))
		csi_element(client->resource, element);
	else
		resource_end(client->resource, XMPP_C2S_UNSUPPORTED_STANZA_TYPE, NULL);
}

static const struct xmpp_c2s_events c2s_events = { .starttls = on_starttls,
						   .login = client_login,
						   .login_aborted = client_login_aborted,
						   .bind = binding_bind,
						   .resume = binding_resume,
						   .ready = binding_ready,
						   .stanza = on_stanza,
						   .element = on_element,
						   .skipped = on_skipped };

/* --- the connection ---------------------------------------------------------------------------- */

static struct xmpp_c2s_offer offer(const struct client *client, bool tls)
{
	const struct config *config = client->server->config;
	/* A password in the clear is for nobody else to read on the way. */
	bool plain =
		tls || stream_is_local(client->stream) || config_bool(config, CONFIG_SERVICE_ALLOW_PLAIN_WITHOUT_TLS);
	return (struct xmpp_c2s_offer){ .starttls = !tls, .plain = plain };
}

static void on_secured(void *ctx, const GError *error)
{
	struct client *client = ctx;
	if (error) {
		log_debug("%s", error->message);
		close_client(client, true);
		return;
	}
	if (!client->tls_begins)
		return;
	client->tls_begins = false;
	struct xmpp_c2s_offer now = offer(client, true);
	xmpp_c2s_secured(client->c2s, &now);
}

static void begin_tls(struct client *client)
{
	stream_start_tls(client->stream, client->server->tls, NULL, on_secured, client);
}

/* What strangers send is nothing to fill a log with. */
static void note_fault(const struct client *client, const GError *error)
{
	if (error && client->resource)
		log_info("%s: %s", client->resource->full, error->message);
	else if (error)
		log_debug("%s: %s", client_peer(client), error->message);
}

static void on_data(void *ctx, const char *bytes, size_t n)
{
	struct client *client = ctx;
	g_autoptr(GError) error = NULL;
	client->heard = true;
	if (client->asked && !client->stuck) {
		client->asked = false;
		timer_start(client->timer, REST_MS, 0);
	}
	client_enter(client);
	bool goes_on = xmpp_c2s_feed(client->c2s, bytes, n, stream_out(client->stream), &error);
	if (!client_leave(client))
		return;
	if (!goes_on) {
		note_fault(client, error);
		close_client(client, error != NULL);
	} else if (client->tls_begins) {
		begin_tls(client);
	}
}

static void on_ended(void *ctx, const GError *why)
{
	struct client *client = ctx;
	if (why)
		log_debug("%s", why->message);
	close_client(client, true);
}

/* Who does not read is not listened to: his questions make answers. */
static void on_pressure(void *ctx, bool high)
{
	struct client *client = ctx;
	if (high)
		stream_pause(client->stream);
	else
		stream_resume(client->stream);
}

static bool is_full(const struct server *server)
{
	return server->clients.length >= server->clients_max;
}

/* The oldest stranger has had his time: who does nothing keeps nobody out. */
static void make_room(struct server *server)
{
	const GList *oldest = server->strangers.head;
	if (oldest && (guard_is_full(server->guard) || is_full(server)))
		client_end(oldest->data, XMPP_C2S_RESOURCE_CONSTRAINT, NULL);
}

void client_new(struct server *server, struct stream *stream, bool direct_tls)
{
	static const struct stream_events events = { on_data, on_ended, on_pressure };
	make_room(server);
	if (server->closing || is_full(server) || !guard_enter(server->guard, stream_peer(stream))) {
		stream_close(&stream);
		return;
	}
	struct client *client = g_new0(struct client, 1);
	client->server = server;
	client->stream = stream;
	client->counted = true;
	client->link.data = client;
	g_queue_push_tail_link(&server->clients, &client->link);
	client->stranger.data = client;
	g_queue_push_tail_link(&server->strangers, &client->stranger);
	client->timer = timer_new(server->loop, time_is_over, client);
	timer_start(client->timer, STRANGER_MS, 0);
	struct xmpp_c2s_offer now = offer(client, direct_tls);
	client->c2s = xmpp_c2s_new(server->frontend->jid, &now, &c2s_events, client);
	stream_set_marks(stream, STRANGER_QUEUE_MAX, STRANGER_QUEUE_MAX / 2, STRANGER_QUEUE_MAX);
	stream_start(stream, &events, client);
	if (direct_tls)
		begin_tls(client);
}
