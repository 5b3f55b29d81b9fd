/* SPDX-License-Identifier: MIT */
#include "loop/connect.h"

#include "loop/private.h"

#include <netdb.h>

enum { ADDRESSES_MAX = 8 };

/* Lives until nothing of libuv points to it: `holds` counts the timer's handle, the resolver's request
 * and the request of the try that is on its way. */
struct connect {
	struct loop *loop;
	char *name; /* "host:port", for errors */
	uint64_t deadline;
	void (*done)(void *ctx, struct stream *stream, const GError *error);
	void *ctx;
	unsigned holds;
	bool over; /* done was called, or it was cancelled */
	bool resolving;
	uv_timer_t limit;
	uv_getaddrinfo_t resolver;
	struct addrinfo *addresses; /* owned */
	struct addrinfo *next;      /* of addresses */
	unsigned left;              /* addresses not tried */
	struct stream *stream;      /* owned: the try on its way */
	int status;                 /* of the last try */
};

/* A request of a stream that is closed comes back before the stream is freed. */
struct attempt {
	uv_connect_t request;
	struct connect *connect; /* held */
	struct stream *stream;   /* borrowed, to be compared only */
};

static void try_next(struct connect *connect);

static void release(struct connect *connect)
{
	if (--connect->holds > 0)
		return;
	if (connect->addresses)
		freeaddrinfo(connect->addresses);
	g_free(connect->name);
	g_free(connect);
}

static void on_timer_closed(uv_handle_t *handle)
{
	release(handle->data);
}

static void end(struct connect *connect)
{
	connect->over = true;
	if (connect->resolving)
		uv_cancel((uv_req_t *)&connect->resolver);
	stream_close(&connect->stream);
	uv_close((uv_handle_t *)&connect->limit, on_timer_closed);
}

static void fail(struct connect *connect, enum loop_error code, const char *reason)
{
	g_autoptr(GError) error = g_error_new(LOOP_ERROR, (int)code, "%s: %s", connect->name, reason);
	end(connect);
	connect->done(connect->ctx, NULL, error);
}

static void succeed(struct connect *connect)
{
	struct stream *stream = g_steal_pointer(&connect->stream);
	stream_connected(stream);
	end(connect);
	connect->done(connect->ctx, stream, NULL);
}

static void on_connected(uv_connect_t *request, int status)
{
	struct attempt *attempt = (struct attempt *)request;
	struct connect *connect = attempt->connect;
	bool current = !connect->over && connect->stream == attempt->stream;
	g_free(attempt);
	if (current && status == 0) {
		succeed(connect);
	} else if (current) {
		connect->status = status;
		stream_close(&connect->stream);
		try_next(connect);
	}
	release(connect);
}

static int start_attempt(struct connect *connect, const struct sockaddr *address)
{
	struct attempt *attempt = g_new0(struct attempt, 1);
	attempt->connect = connect;
	attempt->stream = connect->stream = stream_new_tcp(connect->loop);
	int status = uv_tcp_connect(&attempt->request, &connect->stream->uv.tcp, address, on_connected);
	if (status == 0) {
		connect->holds++;
		return 0;
	}
	g_free(attempt);
	stream_close(&connect->stream);
	return status;
}

static void on_limit(uv_timer_t *handle)
{
	struct connect *connect = handle->data;
	if (uv_now(&connect->loop->uv) >= connect->deadline) {
		fail(connect, LOOP_ERROR_TIMEOUT,
		     connect->resolving ? "name lookup timed out" : "connection timed out");
		return;
	}
	connect->status = UV_ETIMEDOUT;
	stream_close(&connect->stream);
	try_next(connect);
}

/* An address that does not answer must leave time for the others: each gets its share of what is left. */
static void start_limit(struct connect *connect)
{
	uint64_t now = uv_now(&connect->loop->uv);
	uint64_t rest = connect->deadline > now ? connect->deadline - now : 0;
	uv_timer_start(&connect->limit, on_limit, rest / MAX(connect->left, 1), 0);
}

static void try_next(struct connect *connect)
{
	while (connect->next && connect->left > 0) {
		const struct addrinfo *address = connect->next;
		start_limit(connect);
		connect->next = address->ai_next;
		connect->left--;
		connect->status = start_attempt(connect, address->ai_addr);
		if (connect->status == 0)
			return;
	}
	fail(connect, connect->status == UV_ETIMEDOUT ? LOOP_ERROR_TIMEOUT : LOOP_ERROR_FAILED,
	     uv_strerror(connect->status));
}

static void resolved(struct connect *connect, int status, struct addrinfo *addresses)
{
	connect->addresses = connect->next = addresses;
	for (struct addrinfo *each = addresses; each && connect->left < ADDRESSES_MAX; each = each->ai_next)
		connect->left++;
	if (status == 0)
		try_next(connect);
	else
		fail(connect, LOOP_ERROR_RESOLVE, status == UV_EAI_NONAME ? "no such host" : uv_strerror(status));
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *addresses)
{
	struct connect *connect = request->data;
	connect->resolving = false;
	if (!connect->over)
		resolved(connect, status, addresses);
	else
		uv_freeaddrinfo(addresses);
	release(connect);
}

/* What is known at once is told in the next round. */
static void on_known(uv_timer_t *handle)
{
	struct connect *connect = handle->data;
	resolved(connect, connect->status, connect->addresses);
}

/* A numeric address does not wait in the resolver's threads behind slow names. */
static void resolve(struct connect *connect, const char *host, unsigned port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV | AI_NUMERICHOST };
	char service[16];
	g_snprintf(service, sizeof service, "%u", port);
	if (getaddrinfo(host, service, &hints, &connect->addresses) == 0)
		return;
	connect->addresses = NULL;
	hints.ai_flags = AI_NUMERICSERV;
	connect->status = uv_getaddrinfo(&connect->loop->uv, &connect->resolver, on_resolved, host, service, &hints);
	connect->resolving = connect->status == 0;
	connect->holds += connect->resolving;
}

struct connect *connect_tcp(struct loop *loop, const char *host, unsigned port, unsigned ms,
			    void (*done)(void *ctx, struct stream *stream, const GError *error), void *ctx)
{
	struct connect *connect = g_new0(struct connect, 1);
	*connect = (struct connect){ .loop = loop, .done = done, .ctx = ctx, .holds = 1 };
	connect->name = g_strdup_printf(strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, port);
	loop_refresh(loop);
	connect->deadline = uv_now(&loop->uv) + ms;
	uv_timer_init(&loop->uv, &connect->limit);
	connect->limit.data = connect->resolver.data = connect;
	resolve(connect, host, port);
	if (connect->resolving)
		uv_timer_start(&connect->limit, on_limit, ms, 0);
	else
		uv_timer_start(&connect->limit, on_known, 0, 0);
	return connect;
}

void connect_cancel(struct connect **where)
{
	struct connect *connect = *where;
	if (!connect)
		return;
	*where = NULL;
	end(connect);
}
