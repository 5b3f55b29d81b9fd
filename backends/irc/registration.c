/* SPDX-License-Identifier: MIT */
#include "irc/connection_internal.h"

#include "base/log.h"
#include "base/secret.h"

LOG_AREA("irc.registration");

enum { SASL_CHUNK = 400 }; /* IRCv3 SASL: longer answers are cut to lines of this many characters */

static const struct {
	const char *name;
	enum irc_cap cap;
} caps[] = {
	{ "multi-prefix", IRC_CAP_MULTI_PREFIX },
	{ "away-notify", IRC_CAP_AWAY_NOTIFY },
	{ "server-time", IRC_CAP_SERVER_TIME },
	{ "sasl", IRC_CAP_SASL },
};

/* A user name of what every server takes. */
static char *make_user_name(const char *nick)
{
	char *name = g_strndup(nick, 10);
	for (char *p = name; *p; p++)
		if (!g_ascii_isalnum(*p))
			*p = 'x';
	return name;
}

void irc_registration_begin(struct irc_connection *connection)
{
	g_autofree char *user = make_user_name(connection->wish);
	irc_isupport_init(&connection->isupport);
	connection->sasl_done = false;
	connection->nick_tries = 0;
	g_free(connection->nick);
	g_free(connection->error);
	connection->nick = g_strdup(connection->wish);
	connection->error = g_strdup("");
	irc_connection_set_state(connection, IRC_STATE_CAPS);
	irc_connection_send(connection, "CAP LS 302");
	if (connection->send_pass && *connection->password)
		irc_connection_send(connection, "PASS :%s", connection->password);
	irc_connection_send(connection, "NICK %s", connection->nick);
	irc_connection_send(connection, "USER %s 0 * :%s", user, connection->wish);
}

static void end_caps(struct irc_connection *connection)
{
	if (connection->state >= IRC_STATE_REGISTERING)
		return;
	irc_connection_set_state(connection, IRC_STATE_REGISTERING);
	irc_connection_send(connection, "CAP END");
}

/* The cap of one word of a list, which may have a value ("sasl=PLAIN,EXTERNAL"); 0 if we have no use for it. */
static unsigned find_cap(const struct irc_connection *connection, const char *word)
{
	size_t n = strcspn(word, "=");
	bool plain = !word[n] || strstr(word + n, "PLAIN");
	for (unsigned i = 0; i < G_N_ELEMENTS(caps); i++) {
		if (strlen(caps[i].name) != n || memcmp(caps[i].name, word, n) != 0)
			continue;
		bool wanted = caps[i].cap != IRC_CAP_SASL || (plain && *connection->password && !connection->send_pass);
		return wanted ? caps[i].cap : 0;
	}
	return 0;
}

static unsigned read_caps(const struct irc_connection *connection, const char *list)
{
	g_auto(GStrv) words = g_strsplit(list, " ", -1);
	unsigned found = 0;
	for (char **word = words; *word; word++)
		found |= find_cap(connection, *word);
	return found;
}

static void request_caps(struct irc_connection *connection)
{
	g_autoptr(GString) list = g_string_new(NULL);
	for (unsigned i = 0; i < G_N_ELEMENTS(caps); i++)
		if (connection->offered & caps[i].cap)
			g_string_append_printf(list, "%s%s", list->len ? " " : "", caps[i].name);
	if (list->len)
		irc_connection_send(connection, "CAP REQ :%s", list->str);
	else
		end_caps(connection);
}

static void take_caps(struct irc_connection *connection, const char *list)
{
	connection->caps |= read_caps(connection, list);
	if (connection->state != IRC_STATE_CAPS)
		return;
	if (connection->caps & IRC_CAP_SASL) {
		irc_connection_set_state(connection, IRC_STATE_SASL);
		irc_connection_send(connection, "AUTHENTICATE PLAIN");
		return;
	}
	end_caps(connection);
}

/* CAP <nick> LS|ACK|NAK|DEL [*] :<list> (IRCv3 capability negotiation). */
void irc_registration_on_cap(struct irc_connection *connection, const struct irc_line *line)
{
	const char *what = line->args[1];
	bool more = line->count > 3 && strcmp(line->args[2], "*") == 0;
	if (strcmp(what, "LS") == 0 && connection->state == IRC_STATE_CAPS) {
		connection->offered |= read_caps(connection, irc_line_last(line));
		if (!more)
			request_caps(connection);
	} else if (strcmp(what, "ACK") == 0) {
		take_caps(connection, irc_line_last(line));
	} else if (strcmp(what, "NAK") == 0) {
		end_caps(connection);
	} else if (strcmp(what, "DEL") == 0) {
		connection->caps &= ~read_caps(connection, irc_line_last(line));
	}
}

/* RFC 4616: authorization identity, authentication identity and password between NULs. */
void irc_registration_on_authenticate(struct irc_connection *connection, const struct irc_line *line)
{
	if (connection->state != IRC_STATE_SASL || strcmp(line->args[0], "+") != 0)
		return;
	size_t name = strlen(connection->name), password = strlen(connection->password), n = 2 * name + password + 2;
	g_autofree char *plain = g_malloc(n + 1);
	memcpy(plain, connection->name, name + 1);
	memcpy(plain + name + 1, connection->name, name + 1);
	memcpy(plain + 2 * name + 2, connection->password, password + 1);
	char *encoded = g_base64_encode((const guchar *)plain, n);
	size_t length = strlen(encoded), at = 0;
	for (; at + SASL_CHUNK <= length; at += SASL_CHUNK)
		irc_connection_send(connection, "AUTHENTICATE %.*s", SASL_CHUNK, encoded + at);
	/* A last line of full length, or of none, ends with an empty one. */
	irc_connection_send(connection, "AUTHENTICATE %s", at < length ? encoded + at : "+");
	secret_wipe(plain, n);
	secret_free(&encoded);
}

void irc_registration_on_sasl_done(struct irc_connection *connection, const struct irc_line *line)
{
	connection->sasl_done = true;
	end_caps(connection);
}

/* The account is asked for again by the service's own command, which tells the user what is wrong. */
void irc_registration_on_sasl_failed(struct irc_connection *connection, const struct irc_line *line)
{
	log_info("%s: SASL failed: %s", connection->wish, irc_line_last(line));
	end_caps(connection);
}

static void replace(GString *text, const char *name, const char *value)
{
	g_string_replace(text, name, value, 0);
}

/* "NickServ identify $password" is "PRIVMSG NickServ :identify secret". */
static void identify(struct irc_connection *connection)
{
	const char *blank = strchr(connection->identify, ' ');
	if (connection->send_pass || connection->sasl_done || !*connection->password || !blank)
		return;
	GString *text = g_string_new(blank + 1);
	replace(text, "$name", connection->name);
	replace(text, "$password", connection->password);
	irc_connection_send(connection, "PRIVMSG %.*s :%s", (int)(blank - connection->identify), connection->identify,
			    text->str);
	secret_wipe(text->str, text->len);
	g_string_free(text, TRUE);
	connection->identifying = true;
}

void irc_registration_on_welcome(struct irc_connection *connection, const struct irc_line *line)
{
	if (connection->state >= IRC_STATE_WELCOME)
		return;
	irc_connection_set_state(connection, IRC_STATE_WELCOME);
	connection->deadline = irc_connection_now(connection) + IRC_WELCOME_MS;
	if (irc_names_is_target(line->args[0])) {
		g_free(connection->nick);
		connection->nick = g_strdup(line->args[0]);
	}
	identify(connection);
	connection->events->registered(connection->ctx);
}

void irc_registration_on_isupport(struct irc_connection *connection, const struct irc_line *line)
{
	for (unsigned i = 1; i + 1 < line->count; i++)
		irc_isupport_apply(&connection->isupport, line->args[i]);
}

void irc_registration_ready(struct irc_connection *connection)
{
	irc_connection_set_state(connection, IRC_STATE_READY);
	if (connection->away)
		irc_connection_command(connection, "AWAY :%s", connection->away);
	/* One that cannot be joined is taken out of the list. */
	for (unsigned i = 0; i < connection->channels->len;) {
		struct irc_channel *channel = connection->channels->pdata[i];
		if (channel->state == IRC_CHANNEL_WANTED)
			irc_membership_join(connection, channel);
		i += i < connection->channels->len && connection->channels->pdata[i] == channel;
	}
}

void irc_registration_on_motd_end(struct irc_connection *connection, const struct irc_line *line)
{
	if (connection->state == IRC_STATE_WELCOME)
		irc_registration_ready(connection);
}

/* Another nickname for a wish that cannot be had. False if there is none left. */
static bool try_next_nick(struct irc_connection *connection)
{
	char *next = irc_names_next_nick(connection->wish, ++connection->nick_tries);
	if (!next)
		return false;
	g_free(connection->nick);
	connection->nick = next;
	irc_connection_send(connection, "NICK %s", next);
	return true;
}

/* The user's wish for another nickname, long after the start, failed. */
static bool tell_nick_failed(struct irc_connection *connection, const struct irc_line *line)
{
	if (!irc_connection_is_registered(connection))
		return false;
	if (*connection->nick_where) {
		connection->events->nick_refused(connection->ctx, connection->nick_where, irc_line_last(line));
		g_free(connection->nick_where);
		connection->nick_where = g_strdup("");
	}
	return true;
}

void irc_registration_on_bad_nick(struct irc_connection *connection, const struct irc_line *line)
{
	/* After the first try it is our addition that made it too long. */
	if (tell_nick_failed(connection, line) || (connection->nick_tries > 0 && try_next_nick(connection)))
		return;
	irc_connection_fail(connection, IRC_FAILURE_NICKNAME, irc_line_last(line));
}

void irc_registration_on_nick_taken(struct irc_connection *connection, const struct irc_line *line)
{
	/* 437 is about a nickname or a channel. */
	if (irc_connection_is_channel(connection, irc_line_arg(line, 1))) {
		irc_membership_on_no_room(connection, line);
		return;
	}
	if (!tell_nick_failed(connection, line) && !try_next_nick(connection))
		irc_connection_fail(connection, IRC_FAILURE_NICKNAME_TAKEN, irc_line_last(line));
}

/* For other reasons than the name: banned, too soon, or not in this channel. */
void irc_registration_on_nick_refused(struct irc_connection *connection, const struct irc_line *line)
{
	tell_nick_failed(connection, line);
}

void irc_registration_on_bad_password(struct irc_connection *connection, const struct irc_line *line)
{
	if (!irc_connection_is_registered(connection))
		irc_connection_fail(connection, IRC_FAILURE_PASSWORD, irc_line_last(line));
}

void irc_registration_on_banned(struct irc_connection *connection, const struct irc_line *line)
{
	g_free(connection->error);
	connection->error = g_strdup(irc_line_last(line));
}
