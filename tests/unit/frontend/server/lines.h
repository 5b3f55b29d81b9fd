/* SPDX-License-Identifier: MIT */
#ifndef TEST_FRONTEND_SERVER_LINES_H
#define TEST_FRONTEND_SERVER_LINES_H

#include "../../core/fakes.h"

#include "frontend/server/private.h"

/* A server with resources whose clients are buffers: what private.h says of clients and resources, by itself. */
struct line {
	struct client client; /* first member */
	struct buf out;
	bool ended;
	enum xmpp_c2s_error error;
	char *text;
	size_t allowed;
};

struct lines {
	struct fakes *fakes;
	struct frontend frontend;
	struct server server;
	struct line line[3];
	GPtrArray *freed; /* full JIDs of resources that were freed */
};

struct lines *lines_new(const char *const *overrides);
void lines_free(struct lines *lines);
/* A resource with the client of that line; freed by the test or with the lines. */
struct resource *lines_resource(struct lines *lines, const char *bare, const char *name, unsigned line);
/* Its connection is lost: the line is as new. */
void lines_cut(struct lines *lines, unsigned line);
/* What was written to the line since the last look. */
void lines_expect(struct lines *lines, unsigned line, const char *text);
void lines_put(struct resource *resource, const char *stanza);
void lines_each_freed(struct lines *lines, const char *const *wanted);

#endif
