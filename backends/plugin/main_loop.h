/* SPDX-License-Identifier: MIT */
#ifndef PLUGIN_MAIN_LOOP_H
#define PLUGIN_MAIN_LOOP_H

#include "config/config.h"
#include "loop/loop.h"
#include "plugin/plugin.h"

/* The main() of a backend on our own loop (src/loop). */

/* What a backend is given; all of it lives until after plugin_program.stop. */
struct plugin_host {
	struct loop *loop;
	struct plugin *plugin;
	const struct config *config;
};

struct plugin_program {
	const char *name; /* as in "spectrum2_echo_backend" */
	const struct plugin_events *events;
	/* Configuration and logging are there, the connection to main is not yet. Says what it can do by
	 * plugin_set_features() and returns the `ctx` of the events, or NULL with an error. */
	void *(*start)(const struct plugin_host *host, GError **error);
	/* The end, after all events. Frees everything it made on the loop. */
	void (*stop)(void *ctx);
};

/* Parses the arguments, opens the log, connects to main (within 10 s), and runs until main says EXIT or
 * closes, no PING came for 60 s, or a signal (TERM, INT) ends it. Returns the exit code: 0, or 1 with a
 * message on stderr if it could not start or its stream broke. */
int plugin_run(int argc, char **argv, const struct plugin_program *program);

#endif
