/* SPDX-License-Identifier: MIT */
#ifndef TESTS_PLUGIN_FIXTURE_H
#define TESTS_PLUGIN_FIXTURE_H

#include "plugin/plugin.h"

#include <glib.h>

/* A plugin without a connection: what it tells the backend becomes lines of text, what it sends stays
 * in a buffer. */
struct fixture {
	struct plugin *plugin;
	struct buf out;
	GString *told;
	unsigned flushes;
	bool gone; /* there is no connection */
	bool ended;
};

struct fixture *fixture_new(void);
void fixture_free(struct fixture *fixture);

/* Feeds frames given in hex, in pieces of at most `piece` bytes, each in memory of its own. */
bool fixture_feed_hex(struct fixture *fixture, const char *hex, size_t piece);

/* Feeds one frame with a payload in hex. */
void fixture_feed_payload(struct fixture *fixture, int type, const char *hex);

/* What was told since the last call is this text. */
void assert_told(struct fixture *fixture, const char *lines);

/* What was sent since the last call is exactly these bytes. */
void assert_sent_hex(struct fixture *fixture, const char *hex);

/* The type of the first frame that was sent and not yet taken; its payload, in hex digits without
 * blanks, replaces *payload (free it with g_free). 0 if there is none. */
int take_sent(struct fixture *fixture, char **payload);

#endif
