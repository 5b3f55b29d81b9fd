/* SPDX-License-Identifier: MIT */
#ifndef IRC_CHANNEL_H
#define IRC_CHANNEL_H

#include "irc/isupport.h"

#include "base/str.h"

#include <glib.h>
#include <stdint.h>

/* One channel and who is in it. */

enum irc_channel_state {
	IRC_CHANNEL_WANTED,  /* JOIN not sent: the connection is not ready */
	IRC_CHANNEL_JOINING, /* JOIN sent */
	IRC_CHANNEL_FILLING, /* we are in, the names are coming */
	IRC_CHANNEL_JOINED   /* all is known */
};

struct irc_member {
	char *nick;     /* owned, as the server spells it */
	struct str key; /* folded, owned */
	unsigned modes; /* bits of irc_isupport_mode_bit() */
	bool away;
	bool stale; /* of before the connection was lost; not seen since */
	bool pm;    /* the user talks to them by way of this channel */
};

struct irc_channel {
	enum irc_channel_state state;
	bool inside;    /* the user was told to be in it, and not of leaving since */
	bool asked;     /* the user asked for it; a bouncer or server may put us in others */
	unsigned parts; /* PARTs under way that were sent before the JOIN was answered */
	char *name;     /* owned, as first asked for or named by the server */
	char *label;    /* owned, what the user calls it */
	char *nick;     /* owned, the nickname the user wants or has in it, as last told */
	char *password; /* owned secret, "" for none */
	char *topic;    /* owned, NULL for none */
	char *topic_by; /* owned, "" if unknown */
	uint64_t due;   /* when a JOIN without answer is given up, or the next WHO, in ms */
	GHashTable *members;
};

struct irc_channel *irc_channel_new(const char *name);
void irc_channel_free(struct irc_channel **channel);

/* Checks and logs the change. */
void irc_channel_set_state(struct irc_channel *channel, enum irc_channel_state state);

/* NULL if there is none. */
struct irc_member *irc_channel_find(const struct irc_channel *channel, enum irc_casemap casemap, const char *nick);

/* The one of this nick, new if needed. */
struct irc_member *irc_channel_put(struct irc_channel *channel, enum irc_casemap casemap, const char *nick);
void irc_channel_remove(struct irc_channel *channel, struct irc_member *member);

/* Gives a member another name; who had it before is dropped. */
void irc_channel_rename(struct irc_channel *channel, enum irc_casemap casemap, struct irc_member *member,
			const char *nick);

void irc_channel_set_topic(struct irc_channel *channel, const char *topic, const char *by);

/* The server has taken us out, a further JOIN is under way. */
void irc_channel_begin_again(struct irc_channel *channel);

/* Marks all members as of before. */
void irc_channel_make_stale(struct irc_channel *channel);

#endif
