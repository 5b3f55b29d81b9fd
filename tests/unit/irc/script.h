/* SPDX-License-Identifier: MIT */
#ifndef TESTS_IRC_SCRIPT_H
#define TESTS_IRC_SCRIPT_H

#include "irc/connection.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A connection whose server is the test: what it says is fed in pieces of a given size, what the
 * connection sends and reports is compared as lines. */
struct script {
	struct irc_connection *connection;
	GString *events;
	uint64_t now;
	size_t piece;
};

/* One row for a test fed whole, one for it fed byte by byte: the state is the size of a piece. */
extern size_t script_whole, script_bytes;
#define SCRIPT(test)                                                     \
	{ #test, test, NULL, NULL, &script_whole },                      \
	{                                                                \
#test " (byte by byte)", test, NULL, NULL, &script_bytes \
	}

struct script *script_new(void **state, const struct irc_settings *settings);
void script_free(struct script *script);

/* Alice without a password. */
extern const struct irc_settings script_alice;

/* A connection of alice that is through with the MOTD, nothing left to compare. The server offers
 * `caps` (NULL: knows none). */
struct script *script_ready(void **state, const char *caps);

/* alice is in #c with bob, who moderates it. */
struct script *script_in_channel(void **state);

/* The server says these lines (ended by \n). */
void script_server(struct script *script, const char *lines);
void script_tick(struct script *script, uint64_t ms);

/* What was sent, what was reported since the last call. */
void assert_sent(struct script *script, const char *lines);
void assert_events(struct script *script, const char *lines);
void script_forget(struct script *script);

#endif
