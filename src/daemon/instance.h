/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_INSTANCE_H
#define DAEMON_INSTANCE_H

#include "config/config.h"

/* One running gateway: everything built in order, run, and taken down in reverse. */
struct instance;

struct instance_options {
	const struct config *config; /* a reference is taken */
	struct config_source source; /* for reloads; borrowed */
	void (*started)(void *ctx);  /* the database is open and backends can connect */
	void *ctx;
};

/* NULL with an error that names what could not be had. Writes the port file. */
struct instance *instance_new(const struct instance_options *options, GError **error);

/* Until SIGTERM or SIGINT (true), or until it cannot go on (false, with an error). */
bool instance_run(struct instance *instance, GError **error);

/* Removes the port file. */
void instance_free(struct instance **instance);

#endif
