/* SPDX-License-Identifier: MIT */
#ifndef IRC_CONNECTION_H
#define IRC_CONNECTION_H

#include "irc/channel.h"

#include "base/buf.h"

/* One user on one network, without I/O: takes the bytes of the server, gives bytes for it and events.
 * It outlives a lost transport: what channels the user is in is kept for the next one. The connection must not be freed
 * inside an event. */
struct irc_connection;

enum {
	IRC_OUTPUT_MAX = 1 << 20,
	IRC_CHANNELS_MAX = 200,
	IRC_MEMBERS_MAX = 50000,         /* of all channels together; who is beyond it is not seen */
	IRC_WHO_MEMBERS_MAX = 1000,      /* larger channels are not asked who is away */
	IRC_WHOIS_MAX = 8,               /* questions under way */
	IRC_WHOIS_TEXT_MAX = 4096,       /* bytes of an answer */
	IRC_REGISTRATION_MS = 60 * 1000, /* from the transport to 001 */
	IRC_WELCOME_MS = 10 * 1000,      /* from 001 to the end of the MOTD */
	IRC_JOIN_MS = 120 * 1000,        /* from a JOIN to its answer */
	IRC_IDLE_MS = 120 * 1000,        /* of silence before we ask if the server is there */
	IRC_PING_MS = 60 * 1000,         /* for the answer */
	IRC_OLD_MESSAGE_S = 10           /* a message's time is told from this age on */
};

struct irc_settings {
	const char *nick;
	const char *password; /* "" for none */
	bool send_pass;       /* the password is the server's, else it is of the account */
	const char *identify; /* "SERVICE TEXT" with $name and $password */
	const char *name;     /* what $name stands for */
	unsigned away_ms;     /* between two questions who is away */
};

enum irc_failure { IRC_FAILURE_NETWORK, IRC_FAILURE_NICKNAME, IRC_FAILURE_NICKNAME_TAKEN, IRC_FAILURE_PASSWORD };
enum irc_refusal { IRC_REFUSED_NO_ROOM, IRC_REFUSED_NOT_ALLOWED, IRC_REFUSED_NICKNAME };

struct irc_occupant {
	const char *nick;
	bool present, me, moderator, away, kicked;
	const char *reason;   /* of leaving, or "" */
	const char *new_nick; /* `nick` is called so from now on, or "" */
};

enum irc_message_kind { IRC_MESSAGE_TEXT, IRC_MESSAGE_NOTICE, IRC_MESSAGE_ERROR };

struct irc_message {
	enum irc_message_kind kind;
	struct irc_channel *channel; /* NULL: private */
	const char *nick;            /* who wrote it; of an ERROR about a private message: whom it did not reach */
	const char *text;            /* plain, an action begins with "/me " */
	int64_t when;                /* seconds since 1970 of an older message, else 0 */
};

/* Texts are UTF-8, borrowed for the call. Channels that were not asked for give no events. */
struct irc_events {
	/* Monotonic milliseconds. */
	uint64_t (*now)(void *ctx);
	void (*registered)(void *ctx);
	/* The server or we gave up: the transport is to be closed and irc_connection_lost() to be said. At
	 * most once a transport. */
	void (*closed)(void *ctx, enum irc_failure why, const char *text);
	/* All others first and oneself last when a channel is joined. */
	void (*occupant)(void *ctx, struct irc_channel *channel, const struct irc_occupant *occupant);
	void (*subject)(void *ctx, struct irc_channel *channel, const char *text, const char *by);
	/* The channel is gone after this. */
	void (*refused)(void *ctx, struct irc_channel *channel, enum irc_refusal why, const char *text);
	void (*message)(void *ctx, const struct irc_message *message);
	void (*invited)(void *ctx, const char *nick, const char *channel);
	/* The wish of irc_connection_set_nick(), said in `where`, is not granted. */
	void (*nick_refused)(void *ctx, const char *where, const char *text);
	/* The server has something to say in the conversation `where`, which is a channel's label or what
	 * was given with a command. */
	void (*told)(void *ctx, const char *where, const char *text);
};

/* Copies the settings, borrows the events. */
struct irc_connection *irc_connection_new(const struct irc_settings *settings, const struct irc_events *events,
					  void *ctx);
void irc_connection_free(struct irc_connection **connection);

/* The transport is there (again). */
void irc_connection_open(struct irc_connection *connection);
void irc_connection_feed(struct irc_connection *connection, const char *bytes, size_t n);
/* The transport is gone. No event but of the messages that were not sent. */
void irc_connection_lost(struct irc_connection *connection);

/* To be sent; consume it after every call of this header. */
struct buf *irc_connection_output(struct irc_connection *connection);

/* When irc_connection_tick() wants to be called; UINT64_MAX for never. */
uint64_t irc_connection_due(const struct irc_connection *connection);
void irc_connection_tick(struct irc_connection *connection);

/* True between 001 and the end of the transport. */
bool irc_connection_is_registered(const struct irc_connection *connection);
const char *irc_connection_nick(const struct irc_connection *connection);
bool irc_connection_same_name(const struct irc_connection *connection, const char *a, const char *b);
bool irc_connection_is_channel(const struct irc_connection *connection, const char *name);

/* The user asks for a channel, now or when the connection is ready; one the user is in is told again. False if
 * the name is none, or there are too many. */
bool irc_connection_join(struct irc_connection *connection, const char *name, const char *label, const char *nick,
			 const char *password);
/* Leaves the channel, without event; it may be freed. */
void irc_connection_part(struct irc_connection *connection, struct irc_channel *channel);
struct irc_channel *irc_connection_find(const struct irc_connection *connection, const char *name);
/* Those that were asked for. */
unsigned irc_connection_channels(const struct irc_connection *connection);
void irc_connection_each(struct irc_connection *connection, void (*each)(void *ctx, struct irc_channel *channel),
			 void *ctx);
/* Frees all channels, without a word to the server or event. */
void irc_connection_forget(struct irc_connection *connection);

/* Private messages with `nick` belong to this channel (NULL: to none) as long as they are in it. */
void irc_connection_set_pm(struct irc_connection *connection, const char *nick, struct irc_channel *channel);
struct irc_channel *irc_connection_find_pm(const struct irc_connection *connection, const char *nick);

/* One PRIVMSG a line of the text, more for long ones. False if it cannot be taken (not ready, too much waits,
 * bad target); then nothing is sent. */
bool irc_connection_say(struct irc_connection *connection, const char *target, const char *text, bool action);

/* One line through the queue, cut at its first line end. False as above. */
bool irc_connection_command(struct irc_connection *connection, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* `where` is the conversation that learns of a failure, or of the answer. */
bool irc_connection_set_nick(struct irc_connection *connection, const char *nick, const char *where);
bool irc_connection_whois(struct irc_connection *connection, const char *nick, const char *where);

/* NULL: not away. */
void irc_connection_set_away(struct irc_connection *connection, const char *text);

/* Says good-bye. */
void irc_connection_quit(struct irc_connection *connection, const char *text);

#endif
