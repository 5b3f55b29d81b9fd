/* SPDX-License-Identifier: MIT */
#include "frontend/gateway.h"

#include "frontend/private.h"
#include "loop/backoff.h"
#include "loop/connect.h"
#include "loop/timer.h"
#include "loop/tls.h"
#include "xmpp/component.h"

LOG_AREA("Component");

enum {
	CONNECT_MS = 30000, /* for the connection, and again for the handshake */
	PING_MS = 60000,    /* a server silent for this long is asked whether it lives */
	ANSWER_MS = 30000,  /* and has this long to say anything */
	FIRST_DELAY_MS = 1000,
	MAX_DELAY_MS = 60000,
	FINISH_MS = 2000,
	KEPT_MAX = 4 << 20,   /* bytes of messages kept while there is no server */
	QUEUE_MAX = 256 << 20 /* bytes for a server that does not read, before the link is given up */
};

/* CLOSED: not opened yet, or waiting for the next try. CONNECTING: no stream. GREETING: stream opened,
 * handshake under way. UP: stanzas go both ways. */
enum state { CLOSED, CONNECTING, GREETING, UP };

struct gateway {
	struct loop *loop;
	struct config *config;
	struct metrics *metrics;
	struct frontend *frontend;
	const struct gateway_events *events;
	void *ctx;
	enum state state;
	struct connect *connect;
	struct stream *stream;
	struct xmpp_component *component;
	struct tls *tls;     /* NULL unless service.tls is set */
	struct timer *timer; /* next try, time limit or keep-alive, by state */
	struct backoff backoff;
	struct buf kept;   /* stanzas for when the server is back */
	size_t kept_whole; /* of them, but for the one that is being written */
	bool heard, asked; /* since the last round of keep-alive */
};

static void set_state(struct gateway *gateway, enum state state)
{
	static const char *const names[] = { "closed", "connecting", "greeting", "up" };
	static const bool allowed[4][4] = {
		[CLOSED] = { [CONNECTING] = true },
		[CONNECTING] = { [CLOSED] = true, [GREETING] = true },
		[GREETING] = { [CLOSED] = true, [UP] = true },
		[UP] = { [CLOSED] = true },
	};
	g_assert(allowed[gateway->state][state]);
	log_debug("link %s -> %s", names[gateway->state], names[state]);
	gateway->state = state;
}

static void drop_stream(struct gateway *gateway)
{
	xmpp_component_free(&gateway->component);
	if (gateway->stream)
		stream_close(&gateway->stream);
}

/* The link is gone or never came to be; users stay. */
static void lose(struct gateway *gateway, const char *why)
{
	uint32_t delay = backoff_next(&gateway->backoff);
	if (gateway->state == UP) {
		metrics_count(gateway->metrics, METRIC_LINK_LOSSES);
		frontend_down(gateway->frontend);
	}
	g_autofree char *server = g_strdup_printf("%s:%d", config_text(gateway->config, CONFIG_SERVICE_SERVER),
						  config_int(gateway->config, CONFIG_SERVICE_PORT));
	/* What failed to connect names the server too. */
	if (g_str_has_prefix(why, server) && g_str_has_prefix(why + strlen(server), ": "))
		why += strlen(server) + 2;
	log_error("link to the XMPP server %s: %s; next try in %u.%u s", server, why, delay / 1000, delay % 1000 / 100);
	drop_stream(gateway);
	set_state(gateway, CLOSED);
	gateway->events->pressure(gateway->ctx, false);
	timer_start(gateway->timer, delay, 0);
}

/* --- the stream ------------------------------------------------------------------------------ */

static void on_up(void *ctx)
{
	struct gateway *gateway = ctx;
	struct buf *out = stream_out(gateway->stream);
	set_state(gateway, UP);
	backoff_reset(&gateway->backoff);
	log_info("link to the XMPP server %s is up as %s", stream_peer(gateway->stream),
		 frontend_jid(gateway->frontend));
	gateway->heard = true;
	gateway->asked = false;
	timer_start(gateway->timer, PING_MS, 0);
	buf_append(out, buf_data(&gateway->kept), buf_len(&gateway->kept));
	buf_clear(&gateway->kept);
	frontend_up(gateway->frontend);
	gateway->events->up(gateway->ctx);
}

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	struct gateway *gateway = ctx;
	frontend_receive(gateway->frontend, stanza, arena);
}

static const struct xmpp_component_events component_events = { .up = on_up, .stanza = on_stanza };

static void on_data(void *ctx, const char *bytes, size_t n)
{
	struct gateway *gateway = ctx;
	g_autoptr(GError) error = NULL;
	gateway->heard = true;
	bool alive = xmpp_component_feed(gateway->component, bytes, n, stream_out(gateway->stream), &error);
	stream_flush(gateway->stream);
	if (alive)
		return;
	if (g_error_matches(error, XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_SECRET))
		lose(gateway, "the server refuses service.password (the secret), or does not know this component");
	else
		lose(gateway, error->message);
}

static void on_ended(void *ctx, const GError *why)
{
	struct gateway *gateway = ctx;
	lose(gateway, why ? why->message : "the server closed the connection");
}

static void on_pressure(void *ctx, bool high)
{
	struct gateway *gateway = ctx;
	gateway->events->pressure(gateway->ctx, high);
}

static void open_stream(struct gateway *gateway)
{
	xmpp_component_open(gateway->component, stream_out(gateway->stream));
	stream_flush(gateway->stream);
}

static void on_tls(void *ctx, const GError *error)
{
	if (error)
		lose(ctx, error->message);
	else
		open_stream(ctx);
}

static void on_connected(void *ctx, struct stream *stream, const GError *error)
{
	static const struct stream_events events = { .data = on_data, .ended = on_ended, .pressure = on_pressure };
	struct gateway *gateway = ctx;
	gateway->connect = NULL;
	if (!stream) {
		lose(gateway, error->message);
		return;
	}
	gateway->stream = stream;
	stream_set_marks(stream, 1 << 20, 256 << 10, QUEUE_MAX);
	gateway->component =
		xmpp_component_new(frontend_jid(gateway->frontend),
				   config_text(gateway->config, CONFIG_SERVICE_PASSWORD), &component_events, gateway);
	set_state(gateway, GREETING);
	timer_start(gateway->timer, CONNECT_MS, 0);
	stream_start(stream, &events, gateway);
	if (gateway->tls)
		stream_start_tls(stream, gateway->tls, config_text(gateway->config, CONFIG_SERVICE_SERVER), on_tls,
				 gateway);
	else
		open_stream(gateway);
}

static void connect_server(struct gateway *gateway)
{
	set_state(gateway, CONNECTING);
	gateway->connect = connect_tcp(gateway->loop, config_text(gateway->config, CONFIG_SERVICE_SERVER),
				       (unsigned)config_int(gateway->config, CONFIG_SERVICE_PORT), CONNECT_MS,
				       on_connected, gateway);
}

/* XEP-0199. A ping to ourselves goes through the server and back, so it proves the whole way. */
static void keep_alive(struct gateway *gateway)
{
	if (!gateway->heard && gateway->asked) {
		lose(gateway, "the server does not answer");
		return;
	}
	gateway->asked = !gateway->heard;
	gateway->heard = false;
	timer_start(gateway->timer, gateway->asked ? ANSWER_MS : PING_MS, 0);
	if (!gateway->asked)
		return;
	struct buf *out = stream_out(gateway->stream);
	xml_put(out, "<iq type='get'");
	put_id(gateway->frontend, out, NULL);
	xml_put_attr(out, "from", frontend_jid(gateway->frontend));
	xml_put_attr(out, "to", frontend_jid(gateway->frontend));
	xml_put(out, "><ping xmlns='" NS_PING "'/></iq>");
	stream_flush(gateway->stream);
}

static void on_timer(void *ctx)
{
	struct gateway *gateway = ctx;
	switch (gateway->state) {
	case CLOSED:
		connect_server(gateway);
		break;
	case GREETING:
		lose(gateway, "the server does not answer the handshake");
		break;
	case UP:
		keep_alive(gateway);
		break;
	case CONNECTING:
		break;
	}
}

/* --- the route of stanzas -------------------------------------------------------------------- */

static struct buf *route_out(void *ctx, const char *to, bool lasting)
{
	struct gateway *gateway = ctx;
	if (gateway->state == UP)
		return stream_out(gateway->stream);
	gateway->kept_whole = buf_len(&gateway->kept);
	return lasting && gateway->kept_whole < KEPT_MAX ? &gateway->kept : NULL;
}

static void route_sent(void *ctx, const char *to)
{
	struct gateway *gateway = ctx;
	if (gateway->state == UP) {
		stream_flush(gateway->stream);
	} else if (gateway->kept.failed) {
		buf_truncate(&gateway->kept, gateway->kept_whole);
		metrics_count(gateway->metrics, METRIC_STANZAS_DROPPED);
	}
}

struct gateway *gateway_new(const struct gateway_options *options, GError **error)
{
	static const struct frontend_route route = { .out = route_out, .sent = route_sent };
	const char *ca = config_text(options->config, CONFIG_SERVICE_TLS_CA);
	struct tls *tls = NULL;
	if (config_bool(options->config, CONFIG_SERVICE_TLS) && !(tls = tls_new_client(*ca ? ca : NULL, TRUE, error)))
		return NULL;
	struct gateway *gateway = g_new0(struct gateway, 1);
	gateway->tls = tls;
	gateway->loop = options->loop;
	gateway->config = config_ref(options->config);
	gateway->metrics = options->metrics;
	gateway->frontend = options->frontend;
	gateway->events = options->events;
	gateway->ctx = options->ctx;
	gateway->backoff = backoff_make(FIRST_DELAY_MS, MAX_DELAY_MS);
	gateway->timer = timer_new(gateway->loop, on_timer, gateway);
	buf_init(&gateway->kept, 2 * KEPT_MAX);
	frontend_set_route(gateway->frontend, &route, gateway);
	return gateway;
}

void gateway_open(struct gateway *gateway)
{
	g_assert(gateway->state == CLOSED);
	connect_server(gateway);
}

void gateway_close(struct gateway **gatewayp)
{
	struct gateway *gateway = *gatewayp;
	if (!gateway)
		return;
	*gatewayp = NULL;
	if (gateway->connect)
		connect_cancel(&gateway->connect);
	if (gateway->state == UP || gateway->state == GREETING) {
		xmpp_component_close(gateway->component, stream_out(gateway->stream));
		stream_flush(gateway->stream);
		stream_finish(&gateway->stream, FINISH_MS);
	}
	drop_stream(gateway);
	tls_free(&gateway->tls);
	timer_free(&gateway->timer);
	buf_fini(&gateway->kept);
	config_unref(&gateway->config);
	g_free(gateway);
}

void gateway_set_config(struct gateway *gateway, const struct config *config)
{
	struct config *old = gateway->config;
	gateway->config = config_ref(config);
	config_unref(&old);
}

bool gateway_is_up(const struct gateway *gateway)
{
	return gateway->state == UP;
}
