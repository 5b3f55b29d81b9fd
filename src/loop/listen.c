/* SPDX-License-Identifier: MIT */
#include "loop/listen.h"

#include "loop/private.h"

#include <netinet/in.h>

enum { BACKLOG = 511 };

struct listener {
	uv_tcp_t uv;
	struct loop *loop;
	void (*accepted)(void *ctx, struct stream *stream);
	void *ctx;
};

static void on_connection(uv_stream_t *handle, int status)
{
	struct listener *listener = handle->data;
	if (status != 0 || uv_is_closing((uv_handle_t *)handle))
		return;
	struct stream *stream = stream_new_tcp(listener->loop);
	if (uv_accept(handle, &stream->uv.stream) != 0) {
		stream_close(&stream);
		return;
	}
	stream_connected(stream);
	listener->accepted(listener->ctx, stream);
}

static void on_closed(uv_handle_t *handle)
{
	g_free(handle->data);
}

static int bind_and_listen(struct listener *listener, const char *address, unsigned port)
{
	struct sockaddr_storage to;
	int status = UV_EINVAL;
	if (port > G_MAXUINT16)
		return status;
	if (uv_ip4_addr(address, (int)port, (struct sockaddr_in *)&to) == 0 ||
	    uv_ip6_addr(address, (int)port, (struct sockaddr_in6 *)&to) == 0)
		status = uv_tcp_bind(&listener->uv, (struct sockaddr *)&to, 0);
	return status == 0 ? uv_listen((uv_stream_t *)&listener->uv, BACKLOG, on_connection) : status;
}

struct listener *listen_tcp(struct loop *loop, const char *address, unsigned port,
			    void (*accepted)(void *ctx, struct stream *stream), void *ctx, GError **error)
{
	struct listener *listener = g_new0(struct listener, 1);
	listener->loop = loop;
	listener->accepted = accepted;
	listener->ctx = ctx;
	uv_tcp_init(&loop->uv, &listener->uv);
	listener->uv.data = listener;
	int status = bind_and_listen(listener, address, port);
	if (status == 0)
		return listener;
	g_set_error(error, LOOP_ERROR, LOOP_ERROR_FAILED, "cannot listen on %s port %u: %s", address, port,
		    uv_strerror(status));
	listen_close(&listener);
	return NULL;
}

unsigned listen_port(const struct listener *listener)
{
	struct sockaddr_storage address;
	int length = sizeof address;
	g_assert(uv_tcp_getsockname(&listener->uv, (struct sockaddr *)&address, &length) == 0);
	return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
						   : ((struct sockaddr_in *)&address)->sin_port);
}

void listen_close(struct listener **where)
{
	struct listener *listener = *where;
	if (!listener)
		return;
	*where = NULL;
	uv_close((uv_handle_t *)&listener->uv, on_closed);
}
