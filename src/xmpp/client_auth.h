/* SPDX-License-Identifier: MIT */
#ifndef XMPP_CLIENT_AUTH_H
#define XMPP_CLIENT_AUTH_H

#include "base/buf.h"
#include "xml/parser.h"

/* A client's stream to a server up to the moment at which the server has accepted the password (RFC
 * 6120, sections 4 to 6), without I/O. No resource is bound: nobody sees that somebody logged in. */
struct client_auth;

enum client_auth_step {
	CLIENT_AUTH_MORE,      /* waits for the server */
	CLIENT_AUTH_START_TLS, /* TLS begins now: then client_auth_open() again */
	CLIENT_AUTH_ACCEPTED,
	CLIENT_AUTH_REFUSED, /* name or password are wrong, or the account is closed */
	CLIENT_AUTH_FAILED   /* no answer can be had */
};

enum client_auth_error {
	CLIENT_AUTH_ERROR_REFUSED, /* the server's words, if it has any, or its condition */
	CLIENT_AUTH_ERROR_FAILED
};
#define CLIENT_AUTH_ERROR (client_auth_error_quark())
GQuark client_auth_error_quark(void);

/* `name` is a prepared localpart. Texts are copied. `trusted`: nobody can listen on the way to the server, so that
 * the password may be told it in the clear; else that takes TLS, or SCRAM, which tells no password. */
struct client_auth *client_auth_new(const char *domain, const char *name, const char *password, bool trusted);
void client_auth_free(struct client_auth **auth);

/* Writes the stream header: at first, and again once TLS stands. */
void client_auth_open(struct client_auth *auth, struct buf *out);

/* Takes what the server sent; answers go to `out`. With the last three steps it is over, and `error` is set
 * but for the first of them; what is fed after that is discarded, and the step stays. */
enum client_auth_step client_auth_feed(struct client_auth *auth, const char *bytes, size_t n, struct buf *out,
				       GError **error);

#endif
