/* SPDX-License-Identifier: MIT */
#include "loop/http.h"

#include "loop/http_library.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CONNECTION_MEMORY = 32 << 10 };

struct http {
	const struct http_library *library;
	struct MHD_Daemon *daemon;
	struct http_events events;
	void *ctx;
	unsigned port;
};

/* Of one request, from its first line to its end. */
struct exchange {
	struct http *http;
	void *upload; /* NULL: it brings nothing, or nothing more is wanted */
	gint64 until; /* monotonic; it has to have come by then */
	struct http_answer answer;
};

const char *http_header(const struct http_request *request, const char *name)
{
	return request->http->library->lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *http_argument(const struct http_request *request, const char *name)
{
	return request->http->library->lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

static const struct http_answer broken = { .status = MHD_HTTP_INTERNAL_SERVER_ERROR, .file = -1 };

static int64_t length_of(const struct http_request *request)
{
	const char *text = http_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
	guint64 length;
	return text && g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &length, NULL) ? (int64_t)length : -1;
}

/* --- answers ---------------------------------------------------------------------------------- */

static struct MHD_Response *response_of(const struct http_library *library, const struct http_answer *answer)
{
	struct stat status;
	if (answer->file < 0)
		return library->create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
	if (fstat(answer->file, &status) == 0 && S_ISREG(status.st_mode)) {
		struct MHD_Response *response =
			library->create_response_from_fd64((uint64_t)status.st_size, answer->file);
		if (response)
			return response;
	}
	close(answer->file);
	return NULL;
}

static enum MHD_Result reply(const struct http *http, struct MHD_Connection *connection,
			     const struct http_answer *answer)
{
	const struct http_library *library = http->library;
	struct MHD_Response *response = response_of(library, answer);
	if (!response)
		return MHD_NO;
	for (const char *const *at = answer->headers; at && *at; at += 2)
		library->add_response_header(response, at[0], at[1]);
	enum MHD_Result result = library->queue_response(connection, answer->status, response);
	library->destroy_response(response);
	return result;
}

/* --- requests --------------------------------------------------------------------------------- */

static void end_upload(struct exchange *exchange, bool whole, struct http_answer *answer)
{
	void *upload = g_steal_pointer(&exchange->upload);
	if (upload)
		exchange->http->events.end(upload, whole, answer);
}

static enum MHD_Result begin(struct http *http, struct MHD_Connection *connection, const char *url, const char *method,
			     void **ctx)
{
	struct http_request request = { method, url, -1, http, connection };
	struct http_answer answer = broken;
	struct exchange *exchange = g_new0(struct exchange, 1);
	request.length = length_of(&request);
	exchange->http = http;
	exchange->answer = broken;
	exchange->until = g_get_monotonic_time() + HTTP_UPLOAD_SECONDS * G_TIME_SPAN_SECOND;
	exchange->upload = http->events.begin(http->ctx, &request, &answer);
	*ctx = exchange;
	return exchange->upload ? MHD_YES : reply(http, connection, &answer);
}

/* A refusal is said when all has come: before that nobody would read it. */
static enum MHD_Result take(struct exchange *exchange, const char *bytes, size_t n)
{
	struct http_answer unused = broken;
	if (g_get_monotonic_time() > exchange->until)
		return MHD_NO;
	if (exchange->upload && !exchange->http->events.bytes(exchange->upload, bytes, n, &exchange->answer))
		end_upload(exchange, false, &unused);
	return MHD_YES;
}

static enum MHD_Result handle(void *ctx, struct MHD_Connection *connection, const char *url, const char *method,
			      const char *version, const char *bytes, size_t *n, void **exchange_ctx)
{
	struct exchange *exchange = *exchange_ctx;
	size_t come = *n;
	*n = 0;
	if (!exchange)
		return begin(ctx, connection, url, method, exchange_ctx);
	if (come)
		return take(exchange, bytes, come);
	end_upload(exchange, true, &exchange->answer);
	return reply(exchange->http, connection, &exchange->answer);
}

static void completed(void *ctx, struct MHD_Connection *connection, void **exchange_ctx,
		      enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = *exchange_ctx;
	struct http_answer unused = broken;
	if (!exchange)
		return;
	end_upload(exchange, false, &unused);
	g_free(exchange);
	*exchange_ctx = NULL;
}

/* --- life ------------------------------------------------------------------------------------- */

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static bool read_address(union address *to, const char *text, unsigned port)
{
	*to = (union address){ 0 };
	if (inet_pton(AF_INET, text, &to->v4.sin_addr) == 1) {
		to->v4.sin_family = AF_INET;
		to->v4.sin_port = htons((uint16_t)port);
		return true;
	}
	to->v6.sin6_family = AF_INET6;
	to->v6.sin6_port = htons((uint16_t)port);
	return inet_pton(AF_INET6, text, &to->v6.sin6_addr) == 1;
}

static unsigned port_of(const struct http *http)
{
	const union MHD_DaemonInfo *info = http->library->get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT);
	return info ? info->port : 0;
}

struct http *http_open(const char *address, unsigned port, const struct http_events *events, void *ctx, GError **error)
{
	union address at;
	if (port > UINT16_MAX || !read_address(&at, address, port)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s:%u is no numeric address and port", address,
			    port);
		return NULL;
	}
	const struct http_library *library = http_library(error);
	if (!library)
		return NULL;
	struct http *http = g_new0(struct http, 1);
	unsigned flags = MHD_USE_AUTO_INTERNAL_THREAD | (at.any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0);
	http->library = library;
	http->events = *events;
	http->ctx = ctx;
	errno = 0;
	http->daemon = library->start_daemon(
		flags, 0, NULL, NULL, handle, http, MHD_OPTION_SOCK_ADDR, &at.any, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_SECONDS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
		MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_END);
	if (!http->daemon) {
		int why = errno;
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s:%u cannot be listened on: %s",
			    address, port, g_strerror(why));
		g_free(http);
		return NULL;
	}
	http->port = port_of(http);
	return http;
}

unsigned http_port(const struct http *http)
{
	return http->port;
}

void http_close(struct http **http)
{
	struct http *gone = g_steal_pointer(http);
	if (!gone)
		return;
	gone->library->stop_daemon(gone->daemon);
	g_free(gone);
}
