/* SPDX-License-Identifier: MIT */
#ifndef IRC_LINK_H
#define IRC_LINK_H

#include "irc/server.h"

#include <glib.h>
#include <stdint.h>

/* The way to a server: the only part of the backend that touches sockets and the clock. Tests put
 * another one in its place. */
struct irc_link;

/* What all links share; link_uv.h says what it is. */
struct irc_link_host;

enum {
	IRC_LINK_CONNECT_MS = 30 * 1000,
	IRC_LINK_CLOSE_MS = 2 * 1000,
	IRC_LINK_QUEUE_MAX = 2 << 20 /* bytes a server does not take; more ends the link */
};

/* Any of them may free the link. */
struct irc_link_events {
	/* The server can be talked to, through TLS if it is to be. */
	void (*opened)(void *ctx);
	void (*data)(void *ctx, const char *bytes, size_t n);
	/* Could not be opened, or has ended. Once an irc_link_open(). */
	void (*ended)(void *ctx, const char *why);
	/* The time of irc_link_wake() has come. */
	void (*woken)(void *ctx);
};

struct irc_link *irc_link_new(struct irc_link_host *host, const struct irc_link_events *events, void *ctx);
void irc_link_free(struct irc_link **link);

/* The link must be closed. No event comes before this returned. */
void irc_link_open(struct irc_link *link, const struct irc_server *server);
void irc_link_write(struct irc_link *link, const char *bytes, size_t n);
/* What was written still goes out. No `ended` comes. */
void irc_link_close(struct irc_link *link);

/* Monotonic milliseconds. */
uint64_t irc_link_now(const struct irc_link *link);
/* In place of what was asked for before; UINT64_MAX for never. */
void irc_link_wake(struct irc_link *link, uint64_t when);

#endif
