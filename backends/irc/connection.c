/* SPDX-License-Identifier: MIT */
#include "irc/connection_internal.h"
#include "irc/text.h"

#include "base/log.h"
#include "base/secret.h"

#include <stdlib.h>

LOG_AREA("irc.connection");

static const char *const state_names[] = { "idle", "caps", "sasl", "registering", "welcome", "ready", "closed" };

static void free_channel(gpointer p)
{
	struct irc_channel *channel = p;
	irc_channel_free(&channel);
}

struct irc_connection *irc_connection_new(const struct irc_settings *settings, const struct irc_events *events,
					  void *ctx)
{
	struct irc_connection *connection = g_new0(struct irc_connection, 1);
	connection->events = events;
	connection->ctx = ctx;
	buf_init(&connection->out, IRC_OUTPUT_MAX);
	irc_flood_init(&connection->flood);
	irc_isupport_init(&connection->isupport);
	connection->channels = g_ptr_array_new_with_free_func(free_channel);
	g_queue_init(&connection->whois);
	connection->wish = g_strdup(settings->nick);
	connection->nick = g_strdup(settings->nick);
	connection->user = g_strdup("");
	connection->nick_where = g_strdup("");
	connection->error = g_strdup("");
	connection->password = secret_dup(settings->password);
	connection->identify = g_strdup(settings->identify);
	connection->name = g_strdup(settings->name);
	connection->send_pass = settings->send_pass;
	connection->away_ms = settings->away_ms;
	return connection;
}

void irc_connection_free(struct irc_connection **at)
{
	struct irc_connection *connection = *at;
	*at = NULL;
	if (!connection)
		return;
	irc_talk_clear(connection);
	irc_flood_clear(&connection->flood);
	buf_fini(&connection->out);
	g_ptr_array_unref(connection->channels);
	g_free(connection->wish);
	g_free(connection->nick);
	g_free(connection->user);
	g_free(connection->nick_where);
	g_free(connection->error);
	secret_free(&connection->password);
	g_free(connection->identify);
	g_free(connection->name);
	g_free(connection->away);
	g_free(connection);
}

void irc_connection_set_state(struct irc_connection *connection, enum irc_state state)
{
	/* Onward only; the end of the transport starts again. */
	g_assert(state > connection->state || state == IRC_STATE_IDLE);
	log_debug("%s: %s -> %s", connection->wish, state_names[connection->state], state_names[state]);
	connection->state = state;
}

void irc_connection_open(struct irc_connection *connection)
{
	g_assert(connection->state == IRC_STATE_IDLE);
	uint64_t now = irc_connection_now(connection);
	connection->heard = now;
	connection->deadline = now + IRC_REGISTRATION_MS;
	connection->pinged = false;
	irc_registration_begin(connection);
}

uint64_t irc_connection_now(const struct irc_connection *connection)
{
	return connection->events->now(connection->ctx);
}

static void drop_if_unasked(struct irc_connection *connection, struct irc_channel *channel)
{
	if (!channel->asked) {
		irc_connection_drop_channel(connection, channel);
		return;
	}
	channel->parts = 0;
	irc_channel_make_stale(channel);
	irc_channel_set_state(channel, IRC_CHANNEL_WANTED);
}

void irc_connection_lost(struct irc_connection *connection)
{
	if (connection->state == IRC_STATE_IDLE)
		return;
	irc_connection_set_state(connection, IRC_STATE_IDLE);
	irc_connection_drop_queue(connection);
	irc_talk_clear(connection);
	buf_clear(&connection->out);
	connection->lines.used = 0;
	connection->lines.overlong = false;
	connection->caps = connection->offered = 0;
	for (unsigned i = connection->channels->len; i > 0; i--)
		drop_if_unasked(connection, connection->channels->pdata[i - 1]);
}

void irc_connection_fail(struct irc_connection *connection, enum irc_failure why, const char *text)
{
	if (connection->state == IRC_STATE_IDLE || connection->state == IRC_STATE_CLOSED)
		return;
	irc_connection_set_state(connection, IRC_STATE_CLOSED);
	connection->events->closed(connection->ctx, why, text);
}

static void on_ping(struct irc_connection *connection, const struct irc_line *line)
{
	irc_connection_send(connection, "PONG :%s", irc_line_last(line));
}

/* Some servers refuse a password by ERROR only, without 464. */
static enum irc_failure failure_of(const struct irc_connection *connection, const char *text)
{
	bool refused =
		!irc_connection_is_registered(connection) && *connection->password && strcasestr(text, "password");
	return refused ? IRC_FAILURE_PASSWORD : IRC_FAILURE_NETWORK;
}

static void on_error(struct irc_connection *connection, const struct irc_line *line)
{
	const char *text = irc_line_arg(line, 0);
	g_autofree char *both = *connection->error ? g_strdup_printf("%s (%s)", connection->error, text)
						   : g_strdup(*text ? text : "The server closed the connection");
	irc_connection_fail(connection, failure_of(connection, text), both);
}

static void on_kill(struct irc_connection *connection, const struct irc_line *line)
{
	if (!irc_connection_is_me(connection, line->args[0]))
		return;
	g_free(connection->error);
	connection->error = g_strdup_printf("Killed by %s: %s", line->source, irc_line_arg(line, 1));
}

/* Sorted, for a binary search. `args` is how many parameters there must be. */
static const struct command {
	const char *name;
	irc_connection_handler *handle;
	unsigned args;
} commands[] = {
	{ "001", irc_registration_on_welcome, 1 },
	{ "005", irc_registration_on_isupport, 1 },
	{ "301", irc_talk_on_whois, 3 },
	{ "311", irc_talk_on_whois, 6 },
	{ "312", irc_talk_on_whois, 3 },
	{ "313", irc_talk_on_whois, 3 },
	{ "317", irc_talk_on_whois, 3 },
	{ "318", irc_talk_on_whois_end, 2 },
	{ "319", irc_talk_on_whois, 3 },
	{ "330", irc_talk_on_whois, 3 },
	{ "331", irc_membership_on_no_topic, 2 },
	{ "332", irc_membership_on_topic_is, 3 },
	{ "333", irc_membership_on_topic_by, 3 },
	{ "352", irc_membership_on_who, 7 },
	{ "353", irc_membership_on_names, 4 },
	{ "366", irc_membership_on_names_end, 2 },
	{ "376", irc_registration_on_motd_end, 0 },
	{ "401", irc_talk_on_no_nick, 2 },
	{ "402", irc_talk_on_no_nick, 2 },
	{ "403", irc_membership_on_no_room, 2 },
	{ "405", irc_membership_on_no_room, 2 },
	{ "422", irc_registration_on_motd_end, 0 },
	{ "432", irc_registration_on_bad_nick, 1 },
	{ "433", irc_registration_on_nick_taken, 1 },
	{ "435", irc_registration_on_nick_refused, 1 },
	{ "436", irc_registration_on_nick_taken, 1 },
	{ "437", irc_registration_on_nick_taken, 1 },
	{ "438", irc_registration_on_nick_refused, 1 },
	{ "447", irc_registration_on_nick_refused, 1 },
	{ "464", irc_registration_on_bad_password, 0 },
	{ "465", irc_registration_on_banned, 0 },
	{ "471", irc_membership_on_not_allowed, 2 },
	{ "473", irc_membership_on_not_allowed, 2 },
	{ "474", irc_membership_on_not_allowed, 2 },
	{ "475", irc_membership_on_not_allowed, 2 },
	{ "476", irc_membership_on_no_room, 2 },
	{ "477", irc_membership_on_not_allowed, 2 },
	{ "479", irc_membership_on_no_room, 2 },
	{ "671", irc_talk_on_whois, 3 },
	{ "716", irc_talk_error, 3 },
	{ "902", irc_registration_on_sasl_failed, 0 },
	{ "903", irc_registration_on_sasl_done, 0 },
	{ "904", irc_registration_on_sasl_failed, 0 },
	{ "905", irc_registration_on_sasl_failed, 0 },
	{ "906", irc_registration_on_sasl_failed, 0 },
	{ "907", irc_registration_on_sasl_done, 0 },
	{ "908", irc_registration_on_sasl_failed, 0 },
	{ "AUTHENTICATE", irc_registration_on_authenticate, 1 },
	{ "AWAY", irc_membership_on_away, 0 },
	{ "CAP", irc_registration_on_cap, 3 },
	{ "ERROR", on_error, 0 },
	{ "INVITE", irc_talk_on_invite, 2 },
	{ "JOIN", irc_membership_on_join, 1 },
	{ "KICK", irc_membership_on_kick, 2 },
	{ "KILL", on_kill, 1 },
	{ "MODE", irc_membership_on_mode, 2 },
	{ "NICK", irc_membership_on_nick, 1 },
	{ "NOTICE", irc_talk_on_notice, 2 },
	{ "PART", irc_membership_on_part, 1 },
	{ "PING", on_ping, 1 },
	{ "PRIVMSG", irc_talk_on_privmsg, 2 },
	{ "QUIT", irc_membership_on_quit, 0 },
	{ "TOPIC", irc_membership_on_topic, 2 },
};

static int compare_command(const void *key, const void *row)
{
	return g_ascii_strcasecmp(key, ((const struct command *)row)->name);
}

/* Replies 400 to 599 are errors (RFC 2812, 5.2). */
static bool is_error(const char *command)
{
	return (*command == '4' || *command == '5') && strlen(command) == 3;
}

static void take_line(struct irc_connection *connection, const char *bytes)
{
	struct irc_line line;
	g_autofree char *text = irc_text_utf8(bytes);
	connection->heard = irc_connection_now(connection);
	connection->pinged = false;
	if (!irc_line_parse(&line, text))
		return;
	const struct command *command =
		bsearch(line.command, commands, G_N_ELEMENTS(commands), sizeof(*commands), compare_command);
	if (command && line.count >= command->args)
		command->handle(connection, &line);
	else if (!command && is_error(line.command))
		irc_talk_error(connection, &line);
}

void irc_connection_feed(struct irc_connection *connection, const char *bytes, size_t n)
{
	while (n > 0 && connection->state != IRC_STATE_IDLE && connection->state != IRC_STATE_CLOSED) {
		char *text;
		size_t used = irc_lines_take(&connection->lines, bytes, n, &text);
		bytes += used;
		n -= used;
		if (text)
			take_line(connection, text);
	}
	irc_connection_pump(connection);
}

struct buf *irc_connection_output(struct irc_connection *connection)
{
	return &connection->out;
}

static uint64_t channel_due(const struct irc_channel *channel)
{
	return channel->asked && channel->state != IRC_CHANNEL_WANTED ? channel->due : UINT64_MAX;
}

static uint64_t liveness_due(const struct irc_connection *connection)
{
	return connection->heard + IRC_IDLE_MS + (connection->pinged ? IRC_PING_MS : 0);
}

uint64_t irc_connection_due(const struct irc_connection *connection)
{
	if (connection->state == IRC_STATE_IDLE || connection->state == IRC_STATE_CLOSED)
		return UINT64_MAX;
	if (connection->state < IRC_STATE_READY)
		return connection->deadline;
	uint64_t due = MIN(liveness_due(connection), irc_flood_due(&connection->flood));
	for (unsigned i = 0; i < connection->channels->len; i++)
		due = MIN(due, channel_due(connection->channels->pdata[i]));
	return due;
}

static void tick_registration(struct irc_connection *connection)
{
	if (irc_connection_now(connection) < connection->deadline)
		return;
	if (connection->state == IRC_STATE_WELCOME)
		irc_registration_ready(connection);
	else
		irc_connection_fail(connection, IRC_FAILURE_NETWORK, "The server did not answer in time");
}

static void tick_channel(struct irc_connection *connection, struct irc_channel *channel)
{
	if (channel_due(channel) > irc_connection_now(connection))
		return;
	if (channel->state == IRC_CHANNEL_JOINING)
		irc_membership_refuse(connection, channel, IRC_REFUSED_NO_ROOM, "The server did not answer in time");
	else if (channel->state == IRC_CHANNEL_FILLING)
		irc_membership_complete(connection, channel);
	else
		irc_membership_ask_away(connection, channel);
}

static void tick_liveness(struct irc_connection *connection)
{
	if (irc_connection_now(connection) < liveness_due(connection))
		return;
	if (connection->pinged) {
		irc_connection_fail(connection, IRC_FAILURE_NETWORK, "The server does not answer any more");
		return;
	}
	connection->pinged = true;
	irc_connection_send(connection, "PING :spectrum");
}

void irc_connection_tick(struct irc_connection *connection)
{
	if (connection->state == IRC_STATE_IDLE || connection->state == IRC_STATE_CLOSED)
		return;
	if (connection->state < IRC_STATE_READY) {
		tick_registration(connection);
	} else {
		for (unsigned i = connection->channels->len; i > 0; i--)
			tick_channel(connection, connection->channels->pdata[i - 1]);
		tick_liveness(connection);
	}
	irc_connection_pump(connection);
}

bool irc_connection_is_registered(const struct irc_connection *connection)
{
	return connection->state == IRC_STATE_WELCOME || connection->state == IRC_STATE_READY;
}

const char *irc_connection_nick(const struct irc_connection *connection)
{
	return connection->nick;
}

bool irc_connection_same_name(const struct irc_connection *connection, const char *a, const char *b)
{
	return irc_names_equal(connection->isupport.casemap, a, b);
}

bool irc_connection_is_channel(const struct irc_connection *connection, const char *name)
{
	return irc_isupport_is_channel(&connection->isupport, name);
}

bool irc_connection_is_me(const struct irc_connection *connection, const char *nick)
{
	return irc_connection_same_name(connection, connection->nick, nick);
}
