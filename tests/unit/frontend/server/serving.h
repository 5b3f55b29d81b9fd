/* SPDX-License-Identifier: MIT */
#ifndef TEST_FRONTEND_SERVER_SERVING_H
#define TEST_FRONTEND_SERVER_SERVING_H

#include "../rig.h"

#include "frontend/server/private.h"

/* Server mode from the stanzas of several clients to theirs: everything but the connections, which are buffers. */
#define DOMAIN "gate.localhost"
#define ME     "user@" DOMAIN

struct serving {
	struct rig *rig;
	struct server server;
	struct serving_line {
		struct client client; /* its resource is NULL: not there */
		struct buf out;
	} line[4];
};

/* ME is let in by the network. */
struct serving *serving_new(const char *const *overrides);
void serving_end(struct serving *serving);

/* A client of ME that has bound the resource. */
struct resource *serving_bind(struct serving *serving, unsigned line, const char *name);
/* The connection is gone for good. */
void serving_drop(struct serving *serving, unsigned line);

/* A stanza of the client. */
void say(struct serving *serving, unsigned line, const char *stanza);
/* What came to the client since the last look, as for expect() of the rig. */
void hears(struct serving *serving, unsigned line, const char *stanzas);
/* Nobody heard anything. */
void silence(struct serving *serving);
void forget_all(struct serving *serving);
/* The text that came to it, to be freed; it is forgotten. */
char *heard(struct serving *serving, unsigned line);

/* With presence and the roster, and nothing left to be heard. */
void serving_come(struct serving *serving, unsigned line, const char *name, int priority);

#endif
