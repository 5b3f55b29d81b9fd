/* SPDX-License-Identifier: MIT */
#ifndef IRC_ECHOES_H
#define IRC_ECHOES_H

#include <glib.h>

/* A server with echo-message gives a user's own words back, without the id main knows them by: what
 * was said lately, to find it. */
enum { IRC_ECHOES_MAX = 50 };

struct irc_echoes {
	GQueue said; /* oldest first */
};

void irc_echoes_init(struct irc_echoes *echoes);
void irc_echoes_clear(struct irc_echoes *echoes);

/* Remembers; the oldest is forgotten when there are too many. */
void irc_echoes_add(struct irc_echoes *echoes, const char *channel, const char *text, const char *id);

/* The id of a text that came back from a channel, "" if it is unknown. What was said there before is forgotten,
 * as it will not come any more. Free with g_free. */
char *irc_echoes_take(struct irc_echoes *echoes, const char *channel, const char *text);

#endif
