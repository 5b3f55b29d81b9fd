/* SPDX-License-Identifier: MIT */
#ifndef IRC_NETWORK_H
#define IRC_NETWORK_H

#include "irc/connection.h"
#include "irc/link.h"

#include "loop/backoff.h"

/* One user's connection to one network with the servers that lead there: connecting, trying the next
 * server, coming back after a loss. Every call from outside (of the account or of the link) ends with
 * irc_network_settle(); what the connection reports in between only takes notes. */

enum {
	IRC_NETWORK_CONNECT_MS = 60 * 1000,    /* until a server can be talked to, through TLS if it is to be */
	IRC_NETWORK_RETRIES = 20,              /* in a row, before the rooms of a lost network are given up */
	IRC_NETWORK_RETRY_FIRST_MS = 2 * 1000, /* and the delays between them */
	IRC_NETWORK_RETRY_LIMIT_MS = 300 * 1000,
	IRC_NETWORK_STEADY_MS = 60 * 1000,  /* up for this long, the delays start anew */
	IRC_NETWORK_LINGER_MS = 600 * 1000, /* a network without rooms is kept for this long after a private message */
	IRC_NETWORK_PENDING_MAX = 20        /* private messages that wait for the network */
};

enum irc_network_state {
	IRC_NETWORK_IDLE,       /* new, or between two tries */
	IRC_NETWORK_CONNECTING, /* to servers[at] */
	IRC_NETWORK_OPEN,       /* registering */
	IRC_NETWORK_UP,
	IRC_NETWORK_DEAD /* to be freed at the end of the call */
};

struct irc_pending {
	char *target, *text, *where; /* whom, what, and the conversation main calls it */
	bool action;
};

struct irc_network {
	enum irc_network_state state;
	void *owner; /* borrowed: the account */
	const struct irc_network_events *events;
	bool persistent; /* comes back by itself after it was up, goes away when it is of no use */
	char *user;      /* for the log */
	char *key;       /* what users write behind '@', "" if there is only one network */
	struct irc_server *servers;
	unsigned count, at, tried;
	bool was_up; /* since it was opened by the user */
	struct irc_connection *connection;
	struct irc_link *link;
	struct backoff backoff;
	uint64_t due; /* when the next try begins (IDLE) or this one is given up (CONNECTING); else UINT64_MAX */
	uint64_t linger, up_since; /* times */
	GQueue pending;            /* of struct irc_pending */

	bool fallen; /* noted by the connection, seen to by settle */
	enum irc_failure why;
	char *text;
};

struct irc_network_events {
	/* What was said in the conversation `where` before the network was up. */
	void (*undelivered)(struct irc_network *network, const char *where, const char *text);
	/* Lost; it comes back by itself. */
	void (*interrupted)(struct irc_network *network, const char *text);
	/* Over: freed after this. The rooms are still there. */
	void (*down)(struct irc_network *network, enum irc_failure why, const char *text);
	/* Say good-bye, drop it from the account and call irc_network_free(). */
	void (*dead)(struct irc_network *network);
};

struct irc_network_setup {
	const char *user;
	const char *key;
	const struct irc_server *servers; /* copied */
	unsigned count;
	bool persistent;
	const struct irc_settings *settings;
	const struct irc_events *connection_events; /* their ctx is the network */
	const struct irc_network_events *events;
	struct irc_link_host *host;
	void *owner;
};

struct irc_network *irc_network_new(const struct irc_network_setup *setup);
void irc_network_free(struct irc_network **network);

/* Starts connecting. */
void irc_network_open(struct irc_network *network);

/* Notes for the connection's events `registered` and `closed`. */
void irc_network_note_up(struct irc_network *network);
void irc_network_note_fallen(struct irc_network *network, enum irc_failure why, const char *text);

/* A private message: the network is kept for a while. */
void irc_network_linger(struct irc_network *network);

/* A private message for when the network is up, which it was not yet. False if too many wait. */
bool irc_network_hold(struct irc_network *network, const struct irc_pending *pending);

/* Sends what is to be sent, sees to what has ended, sets the clock. The network may be freed by it. */
void irc_network_settle(struct irc_network *network);

#endif
