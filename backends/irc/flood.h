/* SPDX-License-Identifier: MIT */
#ifndef IRC_FLOOD_H
#define IRC_FLOOD_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Servers throw out who sends too fast: a queue of lines that lets a burst through and then one line
 * at a time. Plain data but for the queue. */
enum { IRC_FLOOD_BURST = 5, IRC_FLOOD_INTERVAL_MS = 1000, IRC_FLOOD_QUEUE_MAX = 500 };

struct irc_flood {
	GQueue lines;     /* of owned char * */
	uint64_t paid_to; /* the time up to which the sent lines have used what they may */
};

void irc_flood_init(struct irc_flood *flood);
void irc_flood_clear(struct irc_flood *flood);

/* How many lines fit. */
unsigned irc_flood_room(const struct irc_flood *flood);

/* Takes the line; there must be room. */
void irc_flood_push(struct irc_flood *flood, char *line);

/* The next line that may go at `now` (ms), owned by the caller, or NULL. */
char *irc_flood_pop(struct irc_flood *flood, uint64_t now);

/* When the next line may go; UINT64_MAX if there is none. */
uint64_t irc_flood_due(const struct irc_flood *flood);

#endif
