/* SPDX-License-Identifier: MIT */
#ifndef LOOP_HTTP_H
#define LOOP_HTTP_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A small HTTP server (RFC 9110, 9112) for files, on a thread of its own, so that a slow disk stops nobody else. */
struct http;

enum {
	HTTP_CONNECTIONS_MAX = 200,
	HTTP_IDLE_SECONDS = 30,   /* without a byte either way */
	HTTP_UPLOAD_SECONDS = 900 /* for what a request brings */
};

/* A request; valid until the callback returns. */
struct http_request {
	const char *method, *path; /* of the path what is escaped is plain, without the query */
	int64_t length;            /* bytes that it brings; -1: that is not said */
	const struct http *http;
	void *connection;
};
/* NULL: there is none. */
const char *http_header(const struct http_request *request, const char *name);
const char *http_argument(const struct http_request *request, const char *name);

struct http_answer {
	unsigned status;
	int file;                   /* its body, taken over; -1: it has none */
	const char *const *headers; /* name, value, name, value..., NULL; constants. May be NULL */
};

/* All on the thread of the server. `answer` is 500 without a body until it is set. */
struct http_events {
	/* A request has come. NULL: it is answered now. Else what it brings goes to this. */
	void *(*begin)(void *ctx, const struct http_request *request, struct http_answer *answer);
	/* False: nothing more is wanted, and what is set here is the answer. */
	bool (*bytes)(void *upload, const char *bytes, size_t n, struct http_answer *answer);
	/* Once for each upload, also after false; `whole`: all has come, and is answered with what is set here. */
	void (*end)(void *upload, bool whole, struct http_answer *answer);
};

/* Listens on a numeric address and a port (0: one the kernel picks). Events are copied. NULL with an error that names
 * both, or says that libmicrohttpd is not installed. */
struct http *http_open(const char *address, unsigned port, const struct http_events *events, void *ctx, GError **error);
unsigned http_port(const struct http *http);
/* What is under way is broken off; no event comes after it has returned. */
void http_close(struct http **http);

#endif
