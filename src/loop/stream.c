/* SPDX-License-Identifier: MIT */
#include "loop/stream.h"

#include "loop/peer.h"
#include "loop/private.h"
#include "loop/timer.h"

#include <sys/socket.h>
#include <unistd.h>

#define HIGH_MARK       ((size_t)1 << 20)
#define LOW_MARK        ((size_t)256 << 10)
#define QUEUE_MAX       ((size_t)64 << 20)
#define KEEPALIVE_AFTER 60 /* seconds of silence until the first probe */

static void set_state(struct stream *stream, enum stream_state state)
{
	g_assert(state > stream->state);
	stream->state = state;
}

/* Making one */

static void attend(void *arg)
{
	struct stream *stream = arg;
	if (stream->tls)
		stream_tls_resume(stream);
	if (stream->state == STREAM_CLOSED)
		return;
	stream_send(stream, false);
	stream_update_pressure(stream);
}

static void run_ending(void *arg)
{
	stream_end(arg);
}

static struct stream *new_stream(struct loop *loop)
{
	struct stream *stream = g_new0(struct stream, 1);
	stream->loop = loop;
	stream->high_mark = HIGH_MARK;
	stream->low_mark = LOW_MARK;
	stream->max = QUEUE_MAX;
	buf_init(&stream->out, stream->max);
	loop_task_init(&stream->flush, attend, stream);
	loop_task_init(&stream->ending, run_ending, stream);
	return stream;
}

struct stream *stream_new_tcp(struct loop *loop)
{
	struct stream *stream = new_stream(loop);
	uv_tcp_init(&loop->uv, &stream->uv.tcp);
	stream->uv.handle.data = stream;
	return stream;
}

static char *peer_name(const struct stream *stream)
{
	struct sockaddr_storage address;
	int length = sizeof address;
	if (stream->uv.handle.type == UV_NAMED_PIPE)
		return g_strdup("local socket");
	if (uv_tcp_getpeername(&stream->uv.tcp, (struct sockaddr *)&address, &length) != 0)
		return g_strdup("unknown peer");
	return peer_text((struct sockaddr *)&address);
}

void stream_connected(struct stream *stream)
{
	if (stream->uv.handle.type == UV_TCP) {
		uv_tcp_nodelay(&stream->uv.tcp, 1);
		uv_tcp_keepalive(&stream->uv.tcp, 1, KEEPALIVE_AFTER);
	}
	stream->peer = peer_name(stream);
}

static void on_closed(uv_handle_t *handle)
{
	struct stream *stream = handle->data;
	buf_fini(&stream->out);
	stream_tls_free(&stream->tls);
	g_clear_error(&stream->why);
	g_free(stream->peer);
	g_free(stream);
}

struct stream *stream_from_fd(struct loop *loop, int fd, GError **error)
{
	int family = 0;
	socklen_t length = sizeof family;
	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length);
	struct stream *stream = new_stream(loop);
	int status;
	if (family == AF_UNIX) {
		uv_pipe_init(&loop->uv, &stream->uv.pipe, 0);
		status = uv_pipe_open(&stream->uv.pipe, fd);
	} else {
		uv_tcp_init(&loop->uv, &stream->uv.tcp);
		status = uv_tcp_open(&stream->uv.tcp, fd);
	}
	stream->uv.handle.data = stream;
	if (status != 0) {
		g_set_error(error, LOOP_ERROR, LOOP_ERROR_FAILED, "descriptor %d: %s", fd, uv_strerror(status));
		uv_close(&stream->uv.handle, on_closed);
		return NULL;
	}
	stream_connected(stream);
	return stream;
}

/* Reading */

static void offer_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct stream *stream = handle->data;
	loop_offer_buffer(stream->loop, &stream->quota, buf);
}

static void end_reading(struct stream *stream, int status)
{
	stream->eof = true;
	if (status != UV_EOF)
		stream_fail_uv(stream, status);
	stream_end(stream);
}

static void on_read(uv_stream_t *handle, ssize_t n, const uv_buf_t *buf)
{
	struct stream *stream = handle->data;
	if (n == 0 || n == UV_ENOBUFS) /* nothing there, or enough for this round */
		return;
	if (n < 0)
		end_reading(stream, (int)n);
	else if (stream->state == STREAM_FINISHING)
		return;
	else if (stream->tls)
		stream_tls_received(stream, buf->base, (size_t)n);
	else
		stream->events.data(stream->ctx, buf->base, (size_t)n);
}

static bool wants_reading(const struct stream *stream)
{
	if (stream->eof || stream->state == STREAM_CLOSED)
		return false;
	if (stream->state == STREAM_FINISHING || stream_tls_negotiating(stream))
		return true;
	return stream_delivers(stream) && !stream_tls_stalled(stream);
}

void stream_update_reading(struct stream *stream)
{
	bool wanted = wants_reading(stream);
	if (wanted == stream->reading)
		return;
	stream->reading = wanted;
	if (!wanted)
		uv_read_stop(&stream->uv.stream);
	else
		uv_read_start(&stream->uv.stream, offer_buffer, on_read);
}

void stream_start(struct stream *stream, const struct stream_events *events, void *ctx)
{
	g_assert(stream->state == STREAM_OPEN);
	stream->events = *events;
	stream->ctx = ctx;
	stream->started = true;
	stream_update_reading(stream);
	if (stream->why)
		loop_task_post(&stream->loop->endings, &stream->ending);
	if (stream->tls)
		stream_flush(stream);
}

void stream_pause(struct stream *stream)
{
	stream->paused = true;
	stream_update_reading(stream);
}

void stream_resume(struct stream *stream)
{
	stream->paused = false;
	stream_update_reading(stream);
	if (stream->tls)
		stream_flush(stream);
}

/* Ending */

static void close_handle(struct stream *stream)
{
	if (stream->state == STREAM_FINISHING)
		stream->loop->unfinished--;
	set_state(stream, STREAM_CLOSED);
	stream->reading = false;
	loop_task_cancel(&stream->flush);
	loop_task_cancel(&stream->ending);
	timer_free(&stream->limit);
	uv_close(&stream->uv.handle, on_closed);
}

void stream_fail(struct stream *stream, GError *why)
{
	stream->broken = true;
	loop_give_buffer(stream->loop, &stream->out);
	if (stream->why || stream->state != STREAM_OPEN)
		g_error_free(why);
	else
		stream->why = why;
	if (stream->state == STREAM_FINISHING)
		close_handle(stream);
	else if (stream->state == STREAM_OPEN)
		loop_task_post(&stream->loop->endings, &stream->ending);
}

void stream_fail_uv(struct stream *stream, int status)
{
	stream_fail(stream,
		    g_error_new(LOOP_ERROR, LOOP_ERROR_FAILED, "%s: %s", stream_peer(stream), uv_strerror(status)));
}

void stream_end(struct stream *stream)
{
	if (stream->state == STREAM_FINISHING && stream_queued(stream) == 0) {
		close_handle(stream);
		return;
	}
	bool negotiating = stream_tls_negotiating(stream);
	if (stream->state == STREAM_OPEN && (stream->started || negotiating)) {
		loop_task_cancel(&stream->ending);
		set_state(stream, STREAM_ENDED);
		g_autoptr(GError) why = g_steal_pointer(&stream->why);
		if (negotiating)
			stream_tls_end(stream, why);
		else
			stream->events.ended(stream->ctx, why);
	}
	stream_update_reading(stream);
}

void stream_close(struct stream **where)
{
	struct stream *stream = *where;
	if (!stream)
		return;
	*where = NULL;
	stream_send(stream, true);
	close_handle(stream);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
	struct stream *stream = request->data;
	g_free(request);
	if (status != 0 && stream->state == STREAM_FINISHING)
		close_handle(stream);
}

/* Closing a socket with unread input makes the kernel reset the connection, and the peer may lose what it
 * has not read yet (RFC 1122, section 4.2.2.13). So only our direction is closed until the peer closes. */
static void shut_down(struct stream *stream)
{
	uv_shutdown_t *request = g_new0(uv_shutdown_t, 1);
	request->data = stream;
	if (uv_shutdown(request, &stream->uv.stream, on_shutdown) == 0)
		return;
	g_free(request);
	close_handle(stream);
}

void stream_sent_all(struct stream *stream)
{
	if (stream_tls_close_notify(stream))
		stream_flush(stream);
	else if (stream->eof)
		close_handle(stream);
	else if (uv_is_writable(&stream->uv.stream))
		shut_down(stream);
}

static void on_limit(void *ctx)
{
	close_handle(ctx);
}

void stream_finish(struct stream **where, unsigned ms)
{
	struct stream *stream = *where;
	if (!stream)
		return;
	if (ms == 0 || stream->broken || stream_tls_negotiating(stream)) {
		stream_close(where);
		return;
	}
	*where = NULL;
	set_state(stream, STREAM_FINISHING);
	stream->loop->unfinished++;
	stream->limit = timer_new(stream->loop, on_limit, stream);
	timer_start(stream->limit, ms, 0);
	stream_update_reading(stream);
	stream_flush(stream);
}

/* What it is */

bool stream_is_tls(const struct stream *stream)
{
	return stream->tls && !stream_tls_negotiating(stream);
}

const char *stream_peer(const struct stream *stream)
{
	return stream->peer ? stream->peer : "unknown peer";
}

struct ends {
	struct sockaddr_storage local, peer;
};

static bool find_ends(const struct stream *stream, struct ends *ends)
{
	int local = sizeof ends->local, peer = sizeof ends->peer;
	const uv_tcp_t *tcp = &stream->uv.tcp;
	return uv_tcp_getsockname(tcp, (struct sockaddr *)&ends->local, &local) == 0 &&
	       uv_tcp_getpeername(tcp, (struct sockaddr *)&ends->peer, &peer) == 0;
}

bool stream_is_local(const struct stream *stream)
{
	struct ends ends;
	if (stream->uv.handle.type == UV_NAMED_PIPE)
		return true;
	return find_ends(stream, &ends) && peer_is_loopback((struct sockaddr *)&ends.local) &&
	       peer_is_loopback((struct sockaddr *)&ends.peer);
}

bool stream_peer_uid(const struct stream *stream, uid_t *uid)
{
	struct ends ends;
	uv_os_fd_t fd;
	if (stream->uv.handle.type == UV_NAMED_PIPE)
		return uv_fileno(&stream->uv.handle, &fd) == 0 && peer_uid_of_unix(fd, uid);
	return stream_is_local(stream) && find_ends(stream, &ends) &&
	       peer_uid_of_tcp((struct sockaddr *)&ends.peer, (struct sockaddr *)&ends.local, uid);
}
