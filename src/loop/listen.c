/* SPDX-License-Identifier: MIT */
#include "loop/listen.h"

#include "loop/private.h"
#include "loop/timer.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	BACKLOG = 511,
	ACCEPTS_PER_ROUND = 32, /* a crowd at the door waits there, and nobody who is inside */
	FULL_PAUSE_MS = 100     /* until the next try when there is no descriptor for one more */
};

/* Not libuv's own way to accept: when there are no descriptors left it may never return. */
struct listener {
	uv_poll_t uv;
	struct loop *loop;
	int fd; /* -1: closed */
	struct timer *pause;
	void (*accepted)(void *ctx, struct stream *stream);
	void *ctx;
};

static void on_readable(uv_poll_t *handle, int status, int events);

static void go_on(void *ctx)
{
	struct listener *listener = ctx;
	uv_poll_start(&listener->uv, UV_READABLE, on_readable);
}

/* Who waits at the door does so in the kernel. */
static void pause_accepting(struct listener *listener)
{
	uv_poll_stop(&listener->uv);
	timer_start(listener->pause, FULL_PAUSE_MS, 0);
}

static void hand_over(struct listener *listener, int fd)
{
	struct stream *stream = stream_from_fd(listener->loop, fd, NULL);
	if (stream)
		listener->accepted(listener->ctx, stream);
	else
		close(fd);
}

/* Most errors are those of the one connection, which is gone then (accept(2)). */
static void on_readable(uv_poll_t *handle, int status, int events)
{
	struct listener *listener = handle->data;
	for (unsigned i = 0; i < ACCEPTS_PER_ROUND && listener->fd >= 0; i++) {
		int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			hand_over(listener, fd);
		} else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			pause_accepting(listener);
			return;
		} else if (errno == EAGAIN) {
			return;
		}
	}
}

static void on_closed(uv_handle_t *handle)
{
	g_free(handle->data);
}

static bool read_address(struct sockaddr_storage *to, socklen_t *length, const char *address, unsigned port)
{
	if (port > G_MAXUINT16)
		return false;
	*length = sizeof(struct sockaddr_in);
	if (uv_ip4_addr(address, (int)port, (struct sockaddr_in *)to) == 0)
		return true;
	*length = sizeof(struct sockaddr_in6);
	return uv_ip6_addr(address, (int)port, (struct sockaddr_in6 *)to) == 0;
}

/* A bound descriptor, or a negative errno. */
static int bind_socket(const char *address, unsigned port)
{
	struct sockaddr_storage to;
	socklen_t length;
	int on = 1;
	if (!read_address(&to, &length, address, port))
		return -EINVAL;
	int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) &&
	    !bind(fd, (struct sockaddr *)&to, length))
		return fd;
	int code = -errno;
	if (fd >= 0)
		close(fd);
	return code;
}

static int open_socket(const char *address, unsigned port)
{
	int fd = bind_socket(address, port);
	if (fd < 0 || !listen(fd, BACKLOG))
		return fd;
	int code = -errno;
	close(fd);
	return code;
}

static void tell(GError **error, const char *address, unsigned port, int code)
{
	g_set_error(error, LOOP_ERROR, LOOP_ERROR_FAILED, "cannot listen on %s port %u: %s", address, port,
		    uv_strerror(uv_translate_sys_error(code)));
}

bool listen_check(const char *address, unsigned port, GError **error)
{
	int fd = bind_socket(address, port);
	if (fd < 0)
		tell(error, address, port, fd);
	else
		close(fd);
	return fd >= 0;
}

struct listener *listen_tcp(struct loop *loop, const char *address, unsigned port,
			    void (*accepted)(void *ctx, struct stream *stream), void *ctx, GError **error)
{
	int fd = open_socket(address, port);
	if (fd < 0) {
		tell(error, address, port, fd);
		return NULL;
	}
	struct listener *listener = g_new0(struct listener, 1);
	listener->loop = loop;
	listener->fd = fd;
	listener->accepted = accepted;
	listener->ctx = ctx;
	listener->pause = timer_new(loop, go_on, listener);
	g_assert(uv_poll_init(&loop->uv, &listener->uv, fd) == 0);
	listener->uv.data = listener;
	go_on(listener);
	return listener;
}

unsigned listen_port(const struct listener *listener)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} address = { 0 };
	socklen_t length = sizeof address;
	g_assert(getsockname(listener->fd, &address.any, &length) == 0);
	return ntohs(address.any.sa_family == AF_INET6 ? address.in6.sin6_port : address.in.sin_port);
}

void listen_close(struct listener **where)
{
	struct listener *listener = *where;
	if (!listener)
		return;
	*where = NULL;
	timer_free(&listener->pause);
	uv_close((uv_handle_t *)&listener->uv, on_closed);
	close(listener->fd);
	listener->fd = -1;
}
