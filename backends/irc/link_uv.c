/* SPDX-License-Identifier: MIT */
#include "irc/link_uv.h"

#include "loop/connect.h"
#include "loop/stream.h"
#include "loop/timer.h"

struct irc_link {
	struct irc_link_host *host;
	const struct irc_link_events *events;
	void *ctx;
	struct connect *connect; /* while connecting */
	struct stream *stream;   /* from then on */
	struct timer *timer;
	char *name; /* of the server the stream goes to, for its certificate */
	bool tls;
};

static void on_fired(void *ctx)
{
	struct irc_link *link = ctx;
	link->events->woken(link->ctx);
}

struct irc_link *irc_link_new(struct irc_link_host *host, const struct irc_link_events *events, void *ctx)
{
	struct irc_link *link = g_new0(struct irc_link, 1);
	link->host = host;
	link->events = events;
	link->ctx = ctx;
	link->timer = timer_new(host->loop, on_fired, link);
	return link;
}

void irc_link_free(struct irc_link **at)
{
	struct irc_link *link = *at;
	*at = NULL;
	if (!link)
		return;
	irc_link_close(link);
	timer_free(&link->timer);
	g_free(link->name);
	g_free(link);
}

void irc_link_close(struct irc_link *link)
{
	if (link->connect)
		connect_cancel(&link->connect);
	if (link->stream)
		stream_finish(&link->stream, IRC_LINK_CLOSE_MS);
}

static void end(struct irc_link *link, const GError *why)
{
	g_autofree char *text = g_strdup(why ? why->message : "The server closed the connection");
	if (link->stream)
		stream_close(&link->stream);
	link->events->ended(link->ctx, text);
}

static void on_data(void *ctx, const char *bytes, size_t n)
{
	struct irc_link *link = ctx;
	link->events->data(link->ctx, bytes, n);
}

static void on_ended(void *ctx, const GError *why)
{
	end(ctx, why);
}

static const struct stream_events stream_events = { .data = on_data, .ended = on_ended };

static void on_tls(void *ctx, const GError *error)
{
	struct irc_link *link = ctx;
	if (error)
		end(link, error);
	else
		link->events->opened(link->ctx);
}

static void on_connected(void *ctx, struct stream *stream, const GError *error)
{
	struct irc_link *link = ctx;
	link->connect = NULL;
	link->stream = stream;
	if (!stream) {
		end(link, error);
		return;
	}
	stream_set_marks(stream, IRC_LINK_QUEUE_MAX / 2, IRC_LINK_QUEUE_MAX / 4, IRC_LINK_QUEUE_MAX);
	stream_start(stream, &stream_events, link);
	if (link->tls)
		stream_start_tls(stream, link->host->tls, link->name, on_tls, link);
	else
		link->events->opened(link->ctx);
}

void irc_link_open(struct irc_link *link, const struct irc_server *server)
{
	g_assert(!link->connect && !link->stream);
	g_free(link->name);
	link->name = g_strdup(server->host);
	link->tls = server->tls;
	link->connect =
		connect_tcp(link->host->loop, server->host, server->port, IRC_LINK_CONNECT_MS, on_connected, link);
}

void irc_link_write(struct irc_link *link, const char *bytes, size_t n)
{
	if (link->stream)
		stream_write(link->stream, bytes, n);
}

uint64_t irc_link_now(const struct irc_link *link)
{
	return loop_now(link->host->loop);
}

void irc_link_wake(struct irc_link *link, uint64_t when)
{
	uint64_t now = loop_now(link->host->loop);
	if (when == UINT64_MAX)
		timer_stop(link->timer);
	else
		timer_start(link->timer, when > now ? when - now : 0, 0);
}
