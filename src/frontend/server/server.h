/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_SERVER_H
#define FRONTEND_SERVER_SERVER_H

#include "frontend/frontend.h"
#include "loop/loop.h"

/* Server mode: clients connect to us (RFC 6120) and log in with the account of the other network. Takes the place of
 * the gateway's link to a server; what passes between users and networks is the same. */
struct server;

struct server_options {
	struct loop *loop;
	const struct config *config; /* a reference is taken */
	struct metrics *metrics;
	struct frontend *frontend; /* borrowed; its route is set here, and it knows of the server from then on */
};

/* NULL with an error if the certificate cannot be had. Nothing listens yet. */
struct server *server_new(const struct server_options *options, GError **error);

/* Starts to listen on service.server:service.port, and on service.tls_port if it is set. */
bool server_open(struct server *server, GError **error);

/* No more connections. */
void server_stop(struct server *server);

/* Every stream is ended with system-shutdown and written out for at most two seconds. Users must have
 * been logged out by core_logout_all(). Frees the server. */
void server_close(struct server **server);

/* Another snapshot after a reload; the certificate is read again. */
void server_set_config(struct server *server, const struct config *config);

/* Has logged in with the password of administrators: the network vouches for none, it lets in whoever takes the name.
 */
bool server_vouches(const struct server *server, const struct jid *who);

/* Clients that are connected. */
size_t server_connections(const struct server *server);

#endif
