/* SPDX-License-Identifier: MIT */
#ifndef IRC_CONNECTION_INTERNAL_H
#define IRC_CONNECTION_INTERNAL_H

#include "irc/connection.h"
#include "irc/flood.h"
#include "irc/line.h"

/* What the parts of a connection share: connection.c (life, dispatch), registration.c (up to 001),
 * membership.c (who is in which channel), talk.c (messages and answers), send.c (to the server). */

enum irc_state {
	IRC_STATE_IDLE,        /* no transport */
	IRC_STATE_CAPS,        /* CAP LS, NICK and USER are sent */
	IRC_STATE_SASL,        /* the account's password is checked */
	IRC_STATE_REGISTERING, /* CAP END is sent */
	IRC_STATE_WELCOME,     /* 001 came */
	IRC_STATE_READY,       /* the server said all about itself */
	IRC_STATE_CLOSED       /* waits for the end of the transport */
};

enum irc_cap {
	IRC_CAP_MULTI_PREFIX = 1 << 0,
	IRC_CAP_AWAY_NOTIFY = 1 << 1,
	IRC_CAP_SERVER_TIME = 1 << 2,
	IRC_CAP_SASL = 1 << 3
};

struct irc_connection {
	enum irc_state state;
	const struct irc_events *events; /* borrowed */
	void *ctx;
	struct buf out;
	struct irc_lines lines;
	struct irc_flood flood;
	struct irc_isupport isupport;
	GPtrArray *channels; /* of owned struct irc_channel */
	GQueue whois;        /* of owned struct irc_whois, oldest first */

	uint64_t deadline; /* of CAPS to WELCOME */
	uint64_t heard;    /* when the server last said something */
	bool pinged;

	char *wish, *nick; /* nickname that is wanted, that is used */
	char *user;        /* user@host as the server shows us, "" if unknown */
	unsigned nick_tries;
	char *nick_where; /* the conversation that asked for a nickname */

	char *password; /* secret */
	char *identify, *name;
	bool send_pass, sasl_done;
	bool identifying; /* the service was told the password, and may not be there */
	unsigned away_ms;
	unsigned offered, caps; /* enum irc_cap */

	char *away;  /* NULL: not away */
	char *error; /* the last reason the server gave for an end, "" if none */
};

void irc_connection_set_state(struct irc_connection *connection, enum irc_state state);

uint64_t irc_connection_now(const struct irc_connection *connection);

/* Ends: CLOSED and the event. */
void irc_connection_fail(struct irc_connection *connection, enum irc_failure why, const char *text);
bool irc_connection_is_me(const struct irc_connection *connection, const char *nick);
/* channels.c: a new one; NULL if the name is none, or there are too many. */
struct irc_channel *irc_connection_add_channel(struct irc_connection *connection, const char *name);
void irc_connection_drop_channel(struct irc_connection *connection, struct irc_channel *channel);

/* send.c: past the queue; cut at its first line end and at the limit of a line. */
void irc_connection_send(struct irc_connection *connection, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* What may go now. */
void irc_connection_pump(struct irc_connection *connection);
/* What waits will not be sent: says so where it was said. */
void irc_connection_drop_queue(struct irc_connection *connection);

/* registration.c */
void irc_registration_begin(struct irc_connection *connection);
/* All is known about the server: tells it what waited. */
void irc_registration_ready(struct irc_connection *connection);

/* membership.c */
void irc_membership_join(struct irc_connection *connection, struct irc_channel *channel);
/* Only the command. False if it cannot be sent: then the channel is refused. */
bool irc_membership_send_join(struct irc_connection *connection, struct irc_channel *channel);
void irc_membership_refuse(struct irc_connection *connection, struct irc_channel *channel, enum irc_refusal why,
			   const char *text);
/* All names are there, or will not come any more. */
void irc_membership_complete(struct irc_connection *connection, struct irc_channel *channel);
/* Now or, when the channel is due, later. */
void irc_membership_ask_away(struct irc_connection *connection, struct irc_channel *channel);
void irc_membership_announce(struct irc_connection *connection, struct irc_channel *channel);

/* talk.c */
void irc_talk_clear(struct irc_connection *connection);
/* An error of the server whose second parameter says what it is about. */
void irc_talk_error(struct irc_connection *connection, const struct irc_line *line);

/* Handlers of the table in connection.c; the line has the parameters the table demands. */
typedef void irc_connection_handler(struct irc_connection *connection, const struct irc_line *line);
irc_connection_handler irc_registration_on_cap, irc_registration_on_authenticate, irc_registration_on_sasl_done,
	irc_registration_on_sasl_failed, irc_registration_on_welcome, irc_registration_on_isupport,
	irc_registration_on_motd_end, irc_registration_on_bad_nick, irc_registration_on_nick_taken,
	irc_registration_on_nick_refused, irc_registration_on_bad_password, irc_registration_on_banned;
irc_connection_handler irc_membership_on_join, irc_membership_on_part, irc_membership_on_kick, irc_membership_on_quit,
	irc_membership_on_nick, irc_membership_on_mode, irc_membership_on_away, irc_membership_on_names,
	irc_membership_on_names_end, irc_membership_on_who, irc_membership_on_no_topic, irc_membership_on_topic_is,
	irc_membership_on_topic_by, irc_membership_on_topic, irc_membership_on_no_room, irc_membership_on_not_allowed;
irc_connection_handler irc_talk_on_privmsg, irc_talk_on_notice, irc_talk_on_invite, irc_talk_on_whois,
	irc_talk_on_whois_end, irc_talk_on_no_nick;

#endif
