/* SPDX-License-Identifier: MIT */
#include "base/secret.h"
#include "loop/private.h"

/* What the kernel did not take at once. libuv keeps a pointer into the buffer, so it does not move and
 * new output gathers in another one. */
struct flight {
	uv_write_t request;
	struct stream *stream; /* borrowed */
	struct buf buf;
};

struct buf *stream_out(struct stream *stream)
{
	if (stream->broken)
		stream->out.failed = true;
	else if (stream->out.cap == 0)
		loop_take_buffer(stream->loop, &stream->out);
	return &stream->out;
}

/* This much is sent while it is still in the cache, and without growing the buffer. */
enum { EARLY_SIZE = 64 << 10 };

void stream_flush(struct stream *stream)
{
	if (stream->state == STREAM_CLOSED)
		return;
	if (buf_len(&stream->out) >= EARLY_SIZE && !stream->flight && !stream->out.failed)
		stream_send(stream, false);
	loop_task_post(&stream->loop->flushes, &stream->flush);
}

size_t stream_queued(const struct stream *stream)
{
	return buf_len(&stream->out) + stream->uv.stream.write_queue_size + stream_tls_queued(stream);
}

/* The maximum is for all that waits: what is in flight leaves less for the buffer. */
static void limit_out(struct stream *stream)
{
	size_t flying = stream->flight ? buf_len(&stream->flight->buf) : 0;
	size_t left = stream->max > flying ? stream->max - flying : 1;
	stream->out.max = MAX(left, buf_len(&stream->out));
}

void stream_set_marks(struct stream *stream, size_t high, size_t low, size_t max)
{
	g_assert(low <= high && high <= max && max > 0);
	stream->high_mark = high;
	stream->low_mark = low;
	stream->max = max;
	limit_out(stream);
}

static void on_written(uv_write_t *request, int status)
{
	struct flight *flight = request->data;
	struct stream *stream = flight->stream;
	stream->flight = NULL;
	secret_wipe(buf_data(&flight->buf), buf_len(&flight->buf));
	loop_give_buffer(stream->loop, &flight->buf);
	g_free(flight);
	if (stream->state == STREAM_CLOSED)
		return;
	limit_out(stream);
	if (status < 0)
		stream_fail_uv(stream, status);
	else
		stream_flush(stream);
}

static void launch(struct stream *stream, struct buf *source)
{
	struct flight *flight = g_new0(struct flight, 1);
	flight->stream = stream;
	flight->request.data = flight;
	flight->buf = *source;
	buf_init(source, source->max);
	uv_buf_t piece = { .base = buf_data(&flight->buf), .len = buf_len(&flight->buf) };
	int status = uv_write(&flight->request, &stream->uv.stream, &piece, 1, on_written);
	if (status == 0) {
		stream->flight = flight;
		limit_out(stream);
		return;
	}
	buf_fini(&flight->buf);
	g_free(flight);
	stream_fail_uv(stream, status);
}

static void write_some(struct stream *stream, struct buf *source, bool last)
{
	uv_buf_t piece = { .base = buf_data(source), .len = buf_len(source) };
	int n = uv_try_write(&stream->uv.stream, &piece, 1);
	if (n < 0 && n != UV_EAGAIN) {
		stream_fail_uv(stream, n);
		return;
	}
	/* There are passwords among what is sent, and the buffer is not soon used again. */
	if (n > 0 && !stream->tls)
		secret_wipe(buf_data(source), (size_t)n);
	buf_consume(source, (size_t)MAX(n, 0));
	if (buf_len(source) == 0)
		loop_give_buffer(stream->loop, source);
	else if (!last)
		launch(stream, source);
}

static void send_gathered(struct stream *stream, bool last)
{
	struct buf *source = stream->tls ? stream_tls_encrypt(stream) : &stream->out;
	if (last)
		stream_tls_close_notify(stream);
	if (buf_len(source) > 0 && !stream->broken)
		write_some(stream, source, last);
}

void stream_send(struct stream *stream, bool last)
{
	if (stream->broken) {
		loop_give_buffer(stream->loop, &stream->out);
		return;
	}
	if (stream->out.failed) {
		stream_fail(stream, g_error_new(LOOP_ERROR, LOOP_ERROR_FULL, "%s: does not read, over %zu bytes wait",
						stream_peer(stream), stream->max));
		return;
	}
	if (!stream->flight)
		send_gathered(stream, last);
	if (stream->state == STREAM_FINISHING && stream_queued(stream) == 0)
		stream_sent_all(stream);
}

void stream_update_pressure(struct stream *stream)
{
	if (stream->state != STREAM_OPEN || !stream->started || !stream->events.pressure)
		return;
	size_t queued = stream_queued(stream);
	bool high = stream->high ? queued > stream->low_mark : queued > stream->high_mark;
	if (high == stream->high)
		return;
	stream->high = high;
	stream->events.pressure(stream->ctx, high);
}
