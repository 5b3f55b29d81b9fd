/* SPDX-License-Identifier: MIT */
#include "base/secret.h"
#include "loop/private.h"
#include "loop/tls_filter.h"

/* One read: nothing is read while bytes are held. */
#define HELD_MAX LOOP_READ_SIZE

struct stream_tls {
	struct tls_filter *filter;
	struct buf wire; /* encrypted, for the socket */
	struct buf held; /* encrypted bytes of the peer that came when the stream was paused */
	bool negotiating, notified;
	bool stalled; /* bytes of the peer may wait here or inside the filter, and the socket is not read */
	bool failed;  /* what comes is thrown away */
	void (*done)(void *ctx, const GError *error);
	void *ctx;
};

void stream_tls_free(struct stream_tls **where)
{
	struct stream_tls *tls = *where;
	if (!tls)
		return;
	*where = NULL;
	tls_filter_free(&tls->filter);
	buf_fini(&tls->wire);
	buf_fini(&tls->held);
	g_free(tls);
}

/* The alert that tells the peer why is to be sent before the stream breaks. */
static void fail(struct stream *stream, GError *why)
{
	stream->tls->failed = true;
	if (!stream->broken && stream->state == STREAM_OPEN) {
		buf_truncate(&stream->out, 0);
		stream_send(stream, false);
	}
	stream_fail(stream, why);
}

/* Records add to what the queue may hold, and alerts and key updates come on top. */
static void limit_wire(struct stream *stream)
{
	size_t max = stream->max + stream->max / 8 + LOOP_READ_SIZE;
	stream->tls->wire.max = MAX(max, buf_len(&stream->tls->wire));
}

static bool negotiate(struct stream *stream)
{
	struct stream_tls *tls = stream->tls;
	GError *why = NULL;
	enum tls_result result = tls_filter_negotiate(tls->filter, &why);
	if (result == TLS_FAILED)
		fail(stream, why);
	else if (result == TLS_END)
		stream_end(stream);
	if (result != TLS_DONE)
		return false;
	tls->negotiating = false;
	stream_update_reading(stream);
	tls->done(tls->ctx, NULL);
	return true;
}

static void deliver(struct stream *stream)
{
	char *plain = stream->loop->plain;
	GError *why = NULL;
	size_t n;
	while (stream_delivers(stream)) {
		enum tls_result result = tls_filter_read(stream->tls->filter, plain, LOOP_PLAIN_SIZE, &n, &why);
		if (result == TLS_DONE) {
			stream->events.data(stream->ctx, plain, n);
			continue;
		}
		if (result == TLS_FAILED) {
			fail(stream, why);
		} else if (result == TLS_END) {
			stream->eof = true;
			stream_end(stream);
		}
		return;
	}
	stream->tls->stalled = true;
}

/* Returns how many bytes are left, because the owner wants no more now. */
static size_t feed(struct stream *stream, const char *bytes, size_t n)
{
	struct stream_tls *tls = stream->tls;
	tls->stalled = false;
	tls_filter_offer(tls->filter, bytes, n);
	if (!tls->negotiating || negotiate(stream))
		deliver(stream);
	if (buf_len(&tls->wire) > 0)
		stream_flush(stream);
	size_t left = tls_filter_take_back(tls->filter);
	return tls->stalled ? left : 0;
}

void stream_tls_received(struct stream *stream, const char *bytes, size_t n)
{
	if (stream->tls->failed)
		return;
	size_t left = feed(stream, bytes, n);
	if (left > 0)
		g_assert(buf_append(&stream->tls->held, bytes + n - left, left));
}

bool stream_tls_stalled(const struct stream *stream)
{
	return stream->tls && stream->tls->stalled;
}

void stream_tls_resume(struct stream *stream)
{
	struct buf *held = &stream->tls->held;
	size_t n = buf_len(held);
	if (!stream->tls->stalled || !stream_delivers(stream))
		return;
	buf_consume(held, n - feed(stream, buf_data(held), n));
	if (buf_len(held) == 0)
		buf_fini(held);
	stream_update_reading(stream);
}

struct buf *stream_tls_encrypt(struct stream *stream)
{
	struct stream_tls *tls = stream->tls;
	struct buf *out = &stream->out;
	GError *why = NULL;
	limit_wire(stream);
	if (tls->negotiating || buf_len(out) == 0)
		return &tls->wire;
	enum tls_result result = tls_filter_write(tls->filter, buf_data(out), buf_len(out), &why);
	secret_wipe(buf_data(out), buf_len(out));
	loop_give_buffer(stream->loop, out);
	if (result == TLS_FAILED)
		stream_fail(stream, why);
	return &tls->wire;
}

bool stream_tls_close_notify(struct stream *stream)
{
	struct stream_tls *tls = stream->tls;
	if (!tls || tls->negotiating || tls->notified || stream->broken)
		return false;
	tls->notified = true;
	tls_filter_close(tls->filter);
	return true;
}

size_t stream_tls_queued(const struct stream *stream)
{
	return stream->tls ? buf_len(&stream->tls->wire) : 0;
}

bool stream_tls_negotiating(const struct stream *stream)
{
	return stream->tls && stream->tls->negotiating;
}

void stream_tls_end(struct stream *stream, const GError *why)
{
	struct stream_tls *tls = stream->tls;
	g_autoptr(GError) closed = NULL;
	if (!why)
		closed = g_error_new(LOOP_ERROR, LOOP_ERROR_TLS, "%s: closed the connection when TLS was to start",
				     stream_peer(stream));
	tls->done(tls->ctx, why ? why : closed);
}

void stream_start_tls(struct stream *stream, struct tls *settings, const char *host,
		      void (*done)(void *ctx, const GError *error), void *ctx)
{
	g_assert(!stream->tls && stream->state == STREAM_OPEN);
	struct stream_tls *tls = g_new0(struct stream_tls, 1);
	tls->negotiating = true;
	tls->done = done;
	tls->ctx = ctx;
	tls->wire = stream->out; /* still in the clear */
	buf_init(&stream->out, stream->out.max);
	buf_init(&tls->held, HELD_MAX);
	tls->filter = tls_filter_new(settings, host, stream_peer(stream), &tls->wire);
	stream->tls = tls;
	limit_wire(stream);
	negotiate(stream);
	if (stream->why) /* also what failed before anybody could be told */
		loop_task_post(&stream->loop->endings, &stream->ending);
	stream_update_reading(stream);
	stream_flush(stream);
}
