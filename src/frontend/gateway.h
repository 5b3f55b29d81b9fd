/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_GATEWAY_H
#define FRONTEND_GATEWAY_H

#include "frontend/frontend.h"
#include "loop/loop.h"

/* The link of a gateway to its XMPP server (XEP-0114): connects, keeps alive, comes back. One stream
 * for all users; the users outlive it. */
struct gateway;

struct gateway_events {
	/* The server accepted us (again). */
	void (*up)(void *ctx);
	/* The server does not take what we send fast enough / does again. */
	void (*pressure)(void *ctx, bool high);
};

struct gateway_options {
	struct loop *loop;
	const struct config *config; /* a reference is taken */
	struct metrics *metrics;
	struct frontend *frontend; /* borrowed; its route is set here */
	const struct gateway_events *events;
	void *ctx;
};

/* NULL with an error if service.tls is set and the authorities of service.tls_ca cannot be read. */
struct gateway *gateway_new(const struct gateway_options *options, GError **error);

/* Starts connecting; tries again for ever, ever more slowly. */
void gateway_open(struct gateway *gateway);

/* Ends the stream properly, writing what is queued for at most two seconds, and frees the link. */
void gateway_close(struct gateway **gateway);

void gateway_set_config(struct gateway *gateway, const struct config *config);

bool gateway_is_up(const struct gateway *gateway);

#endif
