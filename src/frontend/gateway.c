/* SPDX-License-Identifier: MIT */
#include "frontend/gateway.h"

#include "frontend/ask.h"
#include "frontend/losses.h"
#include "frontend/resend.h"
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
	CONFIRM_MS = 5000,         /* after this the server is asked whether it has what was written, */
	CONFIRM_BYTES = 256 << 10, /* or after this much */
	FAILURES_MAX = 2,          /* then it may be what is sent again that the server ends the link for */
	ASIDE_MAX = 4 << 20,       /* of one stanza */
	QUEUE_MAX = 256 << 20      /* bytes for a server that does not read, before the link is given up */
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
	bool heard, asked; /* since the last round of keep-alive */
	struct resend resend;
	struct buf aside;     /* the stanza that is being written, while there is no link */
	struct buf *out;      /* where it is written, */
	size_t out_start;     /* and where there */
	bool lasting;         /* it is worth keeping */
	struct losses losses; /* of what it had no room for */
	unsigned failures;    /* links lost since the server last confirmed anything */
	bool careful;         /* what is kept goes out one by one, each when the one before is confirmed */
	unsigned pings;       /* not answered yet */
	struct timer *confirm_timer;
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

/* It was the only one on its way when the link was lost, and was on its way when others were. */
static void drop_suspect(struct gateway *gateway)
{
	size_t n;
	const char *text = resend_first(&gateway->resend, &n);
	if (!text)
		return;
	struct arena *arena = arena_new(4096);
	const struct xml_element *stanza = xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, n, NULL);
	const char *to = stanza ? xml_attr(stanza, "to") : NULL;
	log_error("a stanza of %zu bytes for %s is given up: the link was lost each time it was sent", n,
		  to ? to : "nobody");
	metrics_count(gateway->metrics, METRIC_STANZAS_DROPPED);
	if (to)
		losses_note(&gateway->losses, to);
	arena_free(&arena);
	resend_drop_first(&gateway->resend);
}

static void note_loss(struct gateway *gateway)
{
	metrics_count(gateway->metrics, METRIC_LINK_LOSSES);
	gateway->failures++;
	if (gateway->careful)
		drop_suspect(gateway);
	gateway->metrics->value[METRIC_STANZAS_UNCONFIRMED] += resend_link_lost(&gateway->resend);
	ask_forget(gateway->frontend, gateway);
	gateway->pings = 0;
	frontend_down(gateway->frontend);
}

/* The link is gone or never came to be; users stay. */
static void lose(struct gateway *gateway, const char *why)
{
	uint32_t delay = backoff_next(&gateway->backoff);
	if (gateway->state == UP)
		note_loss(gateway);
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

/* --- pings ----------------------------------------------------------------------------------- */

static void on_pong(void *ctx, uint64_t position, const struct xml_element *answer, struct arena *arena);

/* XEP-0199. A ping to ourselves goes through the server and back, so it proves the whole way, and that the server
 * has taken what was written before it. */
static void ping(struct gateway *gateway)
{
	const char *jid = frontend_jid(gateway->frontend);
	struct buf *out = ask_begin(gateway->frontend, "get", (struct core_address){ 0 }, jid);
	if (!out)
		return;
	xml_put(out, "<ping xmlns='" NS_PING "'/>");
	gateway->pings++;
	uint64_t written = gateway->careful ? resend_second(&gateway->resend) : resend_position(&gateway->resend);
	ask_end(gateway->frontend, out, (struct ask_reply){ on_pong, gateway, written });
}

static void send_first(struct gateway *gateway)
{
	size_t n;
	const char *stanza = resend_first(&gateway->resend, &n);
	gateway->careful = stanza != NULL;
	if (!stanza)
		return;
	buf_append(stream_out(gateway->stream), stanza, n);
	ping(gateway);
}

static void send_all(struct gateway *gateway)
{
	gateway->careful = false;
	resend_write(&gateway->resend, stream_out(gateway->stream));
	stream_flush(gateway->stream);
}

static void confirm_soon(struct gateway *gateway)
{
	size_t size = resend_size(&gateway->resend);
	if (gateway->pings > 0 || gateway->state != UP)
		return;
	if (size >= CONFIRM_BYTES && !gateway->careful)
		ping(gateway);
	else if (!timer_active(gateway->confirm_timer))
		timer_start(gateway->confirm_timer, CONFIRM_MS, 0);
}

/* An error is an answer too. */
static void on_pong(void *ctx, uint64_t position, const struct xml_element *answer, struct arena *arena)
{
	struct gateway *gateway = ctx;
	gateway->pings--;
	if (answer && resend_confirm(&gateway->resend, position) && gateway->careful)
		send_first(gateway);
	if (!answer && gateway->careful)
		send_all(gateway); /* a server that answers no pings is not waited for */
	if (answer && !gateway->careful)
		gateway->failures = 0;
	confirm_soon(gateway);
}

static void on_confirm_timer(void *ctx)
{
	struct gateway *gateway = ctx;
	resend_rest(&gateway->resend);
	if (gateway->state == UP && gateway->pings == 0 && resend_size(&gateway->resend) > 0)
		ping(gateway);
}

/* --- the stream ------------------------------------------------------------------------------ */

static void send_again(struct gateway *gateway)
{
	gateway->metrics->value[METRIC_STANZAS_RESENT] += resend_count(&gateway->resend);
	if (gateway->failures >= FAILURES_MAX)
		send_first(gateway);
	else
		send_all(gateway);
	confirm_soon(gateway);
}

static void on_up(void *ctx)
{
	struct gateway *gateway = ctx;
	set_state(gateway, UP);
	backoff_reset(&gateway->backoff);
	log_info("link to the XMPP server %s is up as %s", stream_peer(gateway->stream),
		 frontend_jid(gateway->frontend));
	gateway->heard = true;
	gateway->asked = false;
	timer_start(gateway->timer, PING_MS, 0);
	send_again(gateway);
	frontend_up(gateway->frontend);
	losses_tell(&gateway->losses, gateway->frontend);
	gateway->events->up(gateway->ctx);
}

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	struct gateway *gateway = ctx;
	frontend_receive(gateway->frontend, stanza, arena);
}

static void on_skipped(void *ctx, const struct xml_element *start, const char *why, struct arena *arena)
{
	struct gateway *gateway = ctx;
	frontend_skipped(gateway->frontend, start, why, arena);
}

static const struct xmpp_component_events component_events = { .up = on_up,
							       .stanza = on_stanza,
							       .skipped = on_skipped };

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

static void keep_alive(struct gateway *gateway)
{
	if (!gateway->heard && gateway->asked) {
		lose(gateway, "the server does not answer");
		return;
	}
	gateway->asked = !gateway->heard;
	gateway->heard = false;
	timer_start(gateway->timer, gateway->asked ? ANSWER_MS : PING_MS, 0);
	if (gateway->asked)
		ping(gateway);
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

/* The stream may have broken before it said so: what is lost then is gone. */
static struct buf *choose_out(struct gateway *gateway, bool lasting)
{
	struct buf *out = gateway->state == UP ? stream_out(gateway->stream) : NULL;
	if (out && !out->failed && !(lasting && gateway->careful))
		return out;
	if (!lasting)
		return NULL;
	buf_clear(&gateway->aside);
	return &gateway->aside;
}

static struct buf *route_out(void *ctx, const char *to, bool lasting)
{
	struct gateway *gateway = ctx;
	gateway->out = choose_out(gateway, lasting);
	gateway->lasting = lasting;
	if (gateway->out)
		gateway->out_start = buf_len(gateway->out);
	return gateway->out;
}

static void keep(struct gateway *gateway, const char *to)
{
	const char *stanza = buf_data(gateway->out) + gateway->out_start;
	size_t n = buf_len(gateway->out) - gateway->out_start;
	if (gateway->state == UP && !gateway->careful)
		gateway->metrics->value[METRIC_STANZAS_UNCONFIRMED] += resend_make_room(&gateway->resend, n);
	if (!gateway->out->failed && resend_keep(&gateway->resend, stanza, n))
		return;
	metrics_count(gateway->metrics, METRIC_STANZAS_DROPPED);
	losses_note(&gateway->losses, to);
}

static void route_sent(void *ctx, const char *to)
{
	struct gateway *gateway = ctx;
	if (gateway->lasting)
		keep(gateway, to);
	if (gateway->state != UP)
		return;
	stream_flush(gateway->stream);
	if (gateway->lasting)
		confirm_soon(gateway);
}

static struct buf *no_way_out(void *ctx, const char *to, bool lasting)
{
	return NULL;
}

static void nothing_sent(void *ctx, const char *to)
{
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
	gateway->confirm_timer = timer_new(gateway->loop, on_confirm_timer, gateway);
	buf_init(&gateway->aside, ASIDE_MAX);
	frontend_set_route(gateway->frontend, &route, gateway);
	return gateway;
}

void gateway_open(struct gateway *gateway)
{
	g_assert(gateway->state == CLOSED);
	connect_server(gateway);
}

/* The frontend outlives the link. */
static void leave_frontend(struct gateway *gateway)
{
	static const struct frontend_route nowhere = { .out = no_way_out, .sent = nothing_sent };
	frontend_set_route(gateway->frontend, &nowhere, NULL);
	ask_forget(gateway->frontend, gateway);
}

void gateway_close(struct gateway **gatewayp)
{
	struct gateway *gateway = *gatewayp;
	if (!gateway)
		return;
	*gatewayp = NULL;
	leave_frontend(gateway);
	if (gateway->state != UP && resend_count(&gateway->resend) + gateway->losses.count > 0)
		log_warn("%zu messages kept for the XMPP server are lost",
			 resend_count(&gateway->resend) + gateway->losses.count);
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
	timer_free(&gateway->confirm_timer);
	buf_fini(&gateway->aside);
	resend_fini(&gateway->resend);
	losses_fini(&gateway->losses);
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
