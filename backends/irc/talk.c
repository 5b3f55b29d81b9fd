/* SPDX-License-Identifier: MIT */
#include "irc/connection_internal.h"
#include "irc/text.h"

#include "base/log.h"

#include <time.h>

LOG_AREA("irc.talk");

/* Messages, CTCP, invitations, WHOIS and errors. */

enum { CTCP_WAITING_MAX = 2 }; /* with more lines waiting, CTCP questions are not answered */

struct irc_whois {
	char *nick, *where;
	GString *text;
};

static void free_whois(struct irc_whois *whois)
{
	g_free(whois->nick);
	g_free(whois->where);
	g_string_free(whois->text, TRUE);
	g_free(whois);
}

void irc_talk_clear(struct irc_connection *connection)
{
	struct irc_whois *whois;
	while ((whois = g_queue_pop_head(&connection->whois)))
		free_whois(whois);
}

/* Seconds since 1970 if the server dates the message (IRCv3 server-time) and it is not new. */
static int64_t read_time(const struct irc_line *line)
{
	char text[64];
	if (!irc_line_tag(line, "time", text, sizeof(text)))
		return 0;
	g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(text, NULL);
	int64_t seconds = when ? g_date_time_to_unix(when) : 0;
	return seconds > 0 && seconds + IRC_OLD_MESSAGE_S < g_get_real_time() / G_USEC_PER_SEC ? seconds : 0;
}

static void deliver(struct irc_connection *connection, const struct irc_line *line, enum irc_message_kind kind,
		    char *text)
{
	const char *target = irc_isupport_target(&connection->isupport, line->args[0]);
	struct irc_message message = { .kind = kind, .nick = line->source, .text = text, .when = read_time(line) };
	irc_text_strip(text);
	if (!*text || !*line->source)
		return;
	if (irc_connection_is_channel(connection, target)) {
		message.channel = irc_connection_find(connection, target);
		if (!message.channel || !message.channel->asked)
			return;
	} else if (irc_connection_is_me(connection, line->source) || irc_line_from_server(line)) {
		/* What the user wrote elsewhere, and the server's talk about itself. */
		log_debug("%s: left out a message of %s", connection->nick, line->source);
		return;
	}
	connection->events->message(connection->ctx, &message);
}

static char *answer_ping(const char *arg)
{
	return g_strdup(arg);
}

static char *answer_version(const char *arg)
{
	return g_strdup("Spectrum " SPECTRUM_VERSION);
}

static char *answer_time(const char *arg)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	return g_date_time_format(now, "%Y-%m-%d %H:%M:%S UTC");
}

static char *answer_clientinfo(const char *arg)
{
	return g_strdup("ACTION CLIENTINFO PING TIME VERSION");
}

static const struct {
	const char *name;
	char *(*answer)(const char *arg);
} ctcp_questions[] = {
	{ "CLIENTINFO", answer_clientinfo },
	{ "PING", answer_ping },
	{ "TIME", answer_time },
	{ "VERSION", answer_version },
};

static void answer_ctcp(struct irc_connection *connection, const char *nick, const char *name, const char *arg)
{
	bool busy = connection->flood.lines.length >= CTCP_WAITING_MAX;
	for (unsigned i = 0; i < G_N_ELEMENTS(ctcp_questions) && !busy && irc_names_is_target(nick); i++) {
		if (g_ascii_strcasecmp(ctcp_questions[i].name, name) != 0)
			continue;
		g_autofree char *answer = ctcp_questions[i].answer(arg);
		irc_connection_command(connection, "NOTICE %s :\x01%s %.200s\x01", nick, ctcp_questions[i].name,
				       answer);
		return;
	}
}

/* `text` is what stands between the two \001. */
static void take_ctcp(struct irc_connection *connection, const struct irc_line *line, char *text)
{
	size_t n = strcspn(text, " ");
	g_autofree char *name = g_strndup(text, n);
	const char *arg = text + n + (text[n] == ' ');
	if (g_ascii_strcasecmp(name, "ACTION") == 0) {
		g_autofree char *action = g_strconcat("/me ", arg, NULL);
		deliver(connection, line, IRC_MESSAGE_TEXT, action);
	} else if (!irc_connection_is_me(connection, line->source)) {
		answer_ctcp(connection, line->source, name, arg);
	}
}

void irc_talk_on_privmsg(struct irc_connection *connection, const struct irc_line *line)
{
	g_autofree char *text = g_strdup(line->args[1]);
	if (*text != '\x01') {
		deliver(connection, line, IRC_MESSAGE_TEXT, text);
		return;
	}
	text[1 + strcspn(text + 1, "\x01")] = '\0';
	take_ctcp(connection, line, text + 1);
}

void irc_talk_on_notice(struct irc_connection *connection, const struct irc_line *line)
{
	/* A notice is never answered (RFC 2812, 3.3.2); in CTCP it is an answer nobody asked for. */
	if (*line->args[1] == '\x01' || !irc_connection_is_registered(connection))
		return;
	g_autofree char *text = g_strdup(line->args[1]);
	deliver(connection, line, IRC_MESSAGE_NOTICE, text);
}

void irc_talk_on_invite(struct irc_connection *connection, const struct irc_line *line)
{
	if (irc_connection_is_me(connection, line->args[0]) && !irc_line_from_server(line))
		connection->events->invited(connection->ctx, line->source, line->args[1]);
}

bool irc_connection_whois(struct irc_connection *connection, const char *nick, const char *where)
{
	if (!irc_names_is_target(nick) || connection->whois.length >= IRC_WHOIS_MAX ||
	    !irc_connection_command(connection, "WHOIS %s", nick))
		return false;
	struct irc_whois *whois = g_new0(struct irc_whois, 1);
	whois->nick = g_strdup(nick);
	whois->where = g_strdup(where);
	whois->text = g_string_new(NULL);
	g_queue_push_tail(&connection->whois, whois);
	return true;
}

static struct irc_whois *find_whois(struct irc_connection *connection, const char *nick)
{
	for (GList *item = connection->whois.head; item; item = item->next) {
		struct irc_whois *whois = item->data;
		if (irc_connection_same_name(connection, whois->nick, nick))
			return whois;
	}
	return NULL;
}

static void append_user(GString *text, const struct irc_line *line)
{
	g_string_append_printf(text, "%s is %s@%s (%s)", line->args[1], line->args[2], line->args[3],
			       irc_line_last(line));
}

static void append_rest(GString *text, const struct irc_line *line)
{
	for (unsigned i = 2; i < line->count; i++)
		g_string_append_printf(text, "%s%s", i > 2 ? " " : "", line->args[i]);
}

static const struct {
	const char *command, *title;
	void (*append)(GString *text, const struct irc_line *line);
} whois_lines[] = {
	{ "301", "away: ", append_rest },    { "311", "", append_user },       { "312", "server: ", append_rest },
	{ "313", "", append_rest },          { "317", "idle: ", append_rest }, { "319", "channels: ", append_rest },
	{ "330", "account: ", append_rest }, { "671", "", append_rest },
};

/* <me> <nick> and what is said about them. */
void irc_talk_on_whois(struct irc_connection *connection, const struct irc_line *line)
{
	struct irc_whois *whois = find_whois(connection, line->args[1]);
	for (unsigned i = 0; whois && i < G_N_ELEMENTS(whois_lines); i++) {
		if (strcmp(whois_lines[i].command, line->command) != 0 || whois->text->len > IRC_WHOIS_TEXT_MAX)
			continue;
		g_autoptr(GString) said = g_string_new(whois_lines[i].title);
		whois_lines[i].append(said, line);
		irc_text_strip(said->str);
		g_string_append_printf(whois->text, "%s%s", whois->text->len ? "\n" : "", said->str);
	}
}

static void finish_whois(struct irc_connection *connection, struct irc_whois *whois, const char *text)
{
	g_queue_remove(&connection->whois, whois);
	connection->events->told(connection->ctx, whois->where, text);
	free_whois(whois);
}

void irc_talk_on_whois_end(struct irc_connection *connection, const struct irc_line *line)
{
	struct irc_whois *whois = find_whois(connection, line->args[1]);
	if (!whois)
		return;
	g_autofree char *text = g_strdup(whois->text->len ? whois->text->str : "Nothing is known");
	finish_whois(connection, whois, text);
}

/* A network without the service that is told the password has nothing to say to the user of that. */
static bool is_missing_service(struct irc_connection *connection, const char *nick)
{
	g_autofree char *service = g_strndup(connection->identify, strcspn(connection->identify, " "));
	if (!connection->identifying || !irc_names_equal(connection->isupport.casemap, service, nick))
		return false;
	connection->identifying = false;
	log_info("%s: there is no %s on this network, which service.irc_identify names", connection->nick, service);
	return true;
}

void irc_talk_on_no_nick(struct irc_connection *connection, const struct irc_line *line)
{
	struct irc_whois *whois = find_whois(connection, line->args[1]);
	if (!whois) {
		if (!is_missing_service(connection, line->args[1]))
			irc_talk_error(connection, line);
		return;
	}
	g_autofree char *text = g_strdup_printf("%s: %s", line->args[1], irc_line_last(line));
	finish_whois(connection, whois, text);
}

/* Nobody of this name, or they take no messages of strangers. */
static bool is_about_receiver(const char *command)
{
	static const char *const commands[] = { "401", "477", "486", "531", "716", NULL };
	return g_strv_contains(commands, command);
}

void irc_talk_error(struct irc_connection *connection, const struct irc_line *line)
{
	const char *about = irc_line_arg(line, 1), *text = irc_line_last(line);
	struct irc_channel *channel = irc_connection_find(connection, about);
	if (line->count < 3 || !irc_connection_is_registered(connection)) {
		log_debug("%s: error %s: %s", connection->nick, line->command, text);
	} else if (channel && channel->state == IRC_CHANNEL_JOINING) {
		irc_membership_refuse(connection, channel, IRC_REFUSED_NOT_ALLOWED, text);
	} else if (channel && channel->asked) {
		connection->events->told(connection->ctx, channel->label, text);
	} else if (is_about_receiver(line->command)) {
		struct irc_message message = { .kind = IRC_MESSAGE_ERROR, .nick = about, .text = text };
		connection->events->message(connection->ctx, &message);
	} else {
		log_debug("%s: error %s about %s: %s", connection->nick, line->command, about, text);
	}
}
