/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "pool/private.h"

#include <unistd.h>

LOG_AREA("NetworkPluginServer");

static void free_peer(void *arg)
{
	struct peer *peer = arg;
	wire_reader_fini(&peer->reader);
	g_free(peer);
}

/* The memory stays until the end of the round: a frame of it may be on the stack. */
static void forget(struct peer *peer)
{
	if (!peer->backend)
		g_queue_unlink(&peer->pool->guests, &peer->link);
	peer->backend = NULL;
	query_forget(peer);
	timer_free(&peer->timer);
	wire_reader_stop(&peer->reader);
	loop_defer(peer->pool->loop, free_peer, peer);
}

void peer_close(struct peer *peer)
{
	stream_close(&peer->stream);
	forget(peer);
}

void peer_finish(struct peer *peer)
{
	stream_finish(&peer->stream, peer->pool->exit_ms);
	forget(peer);
}

void peer_fail(struct peer *peer, const char *fault)
{
	if (!peer->fault)
		peer->fault = fault;
	wire_reader_stop(&peer->reader);
}

static void drop(struct peer *peer, const char *why)
{
	if (peer->backend) {
		backend_lose(peer->backend, why);
		return;
	}
	if (why)
		log_warn("connection of %s %s", stream_peer(peer->stream), why);
	peer_close(peer);
}

bool peer_send(struct peer *peer, enum wire_type type, const ProtobufCMessage *message)
{
	if (!peer->stream || stream_queued(peer->stream) > POOL_OUT_MAX)
		return false;
	if (!wire_put(stream_out(peer->stream), type, message))
		return false;
	stream_flush(peer->stream);
	return true;
}

bool peer_send_raw(struct peer *peer, const char *bytes, size_t n)
{
	if (!peer->stream || stream_queued(peer->stream) > POOL_OUT_MAX)
		return false;
	if (!wire_put_raw(stream_out(peer->stream), WIRE_RAW_XML, bytes, n))
		return false;
	stream_flush(peer->stream);
	return true;
}

static void take_frame(void *ctx, const struct wire_frame *frame)
{
	receive_frame(ctx, frame);
}

static void on_data(void *ctx, const char *bytes, size_t n)
{
	struct peer *peer = ctx;
	if (!wire_reader_feed(&peer->reader, bytes, n, take_frame, peer))
		peer->fault = "sent a frame over the maximum";
	if (peer->fault && peer->stream)
		drop(peer, peer->fault);
}

static void on_ended(void *ctx, const GError *why)
{
	struct peer *peer = ctx;
	const char *text = why ? why->message : NULL;
	if (!why && buf_len(&peer->reader.rest) > 0)
		text = "closed its connection in the middle of a frame";
	drop(peer, text);
}

/* Which child is it? The pid in STATS says so; without one, or if it is none of ours (a script may
 * stand between), the one that was started first. None is starting: it came by itself. */
static struct backend *match(const struct peer *peer, bool guess)
{
	struct backend *oldest = NULL;
	size_t starting = 0;
	for (GList *at = peer->pool->backends.head; at; at = at->next) {
		struct backend *backend = at->data;
		if (backend->state != BACKEND_STARTING)
			continue;
		if (peer->pid && backend->pid == peer->pid)
			return backend;
		oldest = backend;
		starting++;
	}
	return starting <= 1 || guess ? oldest : NULL;
}

static void identify(struct peer *peer, bool guess)
{
	struct pool *pool = peer->pool;
	struct backend *backend = match(peer, guess);
	if (backend) {
		backend_adopt(backend, peer);
	} else if (backend_count(pool, BACKEND_STARTING) > 0) {
		timer_start(peer->timer, POOL_STATS_MS, 0);
	} else if (pool->backends.length < POOL_BACKENDS_MAX) {
		log_info("connection of %s is a backend that we did not start", stream_peer(peer->stream));
		backend_adopt(backend_new(pool), peer);
	} else {
		peer_fail(peer, "is a backend too many");
	}
}

void peer_answered(struct peer *peer)
{
	if (peer->backend || peer->answered)
		return;
	peer->answered = true;
	identify(peer, false);
}

void peer_identified(struct peer *peer, pid_t pid)
{
	peer->pid = pid;
	if (!peer->backend && peer->answered)
		identify(peer, true);
}

void peer_touch(struct peer *peer)
{
	if (!peer->answered)
		timer_start(peer->timer, peer->pool->answer_ms, 0);
}

static void time_is_up(void *ctx)
{
	struct peer *peer = ctx;
	if (peer->answered)
		identify(peer, true);
	else if (peer->pool->paused || peer->query) /* what it says is not read; it waits for us */
		peer_touch(peer);
	else
		peer_fail(peer, "has not said what it is");
	if (peer->fault)
		drop(peer, peer->fault);
}

static bool is_trusted(const struct stream *stream)
{
	uid_t uid;
	return stream_is_local(stream) && stream_peer_uid(stream, &uid) && (uid == 0 || uid == geteuid());
}

void peer_accept(void *ctx, struct stream *stream)
{
	static const struct stream_events events = { .data = on_data, .ended = on_ended };
	struct pool *pool = ctx;
	if (!pool->core || pool->guests.length >= POOL_GUESTS_MAX || !is_trusted(stream)) {
		log_warn("connection of %s to the backend port refused", stream_peer(stream));
		stream_close(&stream);
		return;
	}
	struct peer *peer = g_new0(struct peer, 1);
	peer->pool = pool;
	peer->link.data = peer;
	peer->stream = stream;
	wire_reader_init(&peer->reader, WIRE_FRAME_MAX);
	peer->timer = timer_new(pool->loop, time_is_up, peer);
	g_queue_push_tail_link(&pool->guests, &peer->link);
	stream_start(stream, &events, peer);
	if (pool->paused)
		stream_pause(stream);
	peer_send(peer, WIRE_PING, NULL);
	peer_touch(peer);
}
