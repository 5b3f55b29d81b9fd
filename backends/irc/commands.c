/* SPDX-License-Identifier: MIT */
#include "irc/commands.h"
#include "irc/reports.h"

static void tell(const struct irc_speech *speech, const char *text)
{
	irc_report_tell(speech->account, speech->where, text);
}

static void tell_if_failed(const struct irc_speech *speech, bool done)
{
	if (!done)
		tell(speech, "Not done: there is no connection, too much waits to be sent, or there is no such name");
}

/* A room gives its members' own messages back, whole and with their id: hence we, and not the network by its
 * echo-message, which does so in pieces. */
static void reflect(const struct irc_speech *speech, const char *text, bool action)
{
	if (!speech->channel || strcmp(speech->target, speech->channel->name) != 0)
		return;
	g_autofree char *body = g_strconcat(action ? "/me " : "", text, NULL);
	const struct plugin_message message = { .user = speech->account->user,
						.buddy = speech->channel->label,
						.nickname = irc_connection_nick(speech->network->connection),
						.body = body,
						.id = speech->id };
	plugin_message(speech->account->backend->plugin, &message);
}

static void say(const struct irc_speech *speech, const char *text, bool action)
{
	struct irc_network *network = speech->network;
	struct irc_pending pending = { (char *)speech->target, (char *)text, (char *)speech->where, action };
	bool early = !speech->channel && !network->was_up;
	bool said = early ? irc_network_hold(network, &pending)
			  : irc_connection_say(network->connection, speech->target, text, action);
	if (said)
		reflect(speech, text, action);
	else
		tell(speech,
		     "Message not delivered: there is no connection, too much waits to be sent, or there is no such "
		     "name");
}

static void run_me(const struct irc_speech *speech, const char *args)
{
	say(speech, args, true);
}

static void run_whois(const struct irc_speech *speech, const char *args)
{
	tell_if_failed(speech, irc_connection_whois(speech->network->connection, args, speech->where));
}

static void run_nick(const struct irc_speech *speech, const char *args)
{
	tell_if_failed(speech, irc_connection_set_nick(speech->network->connection, args, speech->where));
}

/* The first word, which the caller frees; *rest is what follows. */
static char *first_word(const char *args, const char **rest)
{
	size_t n = strcspn(args, " ");
	*rest = args + n + strspn(args + n, " ");
	return g_strndup(args, n);
}

static void run_msg(const struct irc_speech *speech, const char *args)
{
	const char *text;
	g_autofree char *nick = first_word(args, &text);
	irc_network_linger(speech->network);
	tell_if_failed(speech, *text && irc_connection_say(speech->network->connection, nick, text, false));
}

static void run_kick(const struct irc_speech *speech, const char *args)
{
	const char *reason;
	g_autofree char *nick = first_word(args, &reason);
	struct irc_connection *connection = speech->network->connection;
	tell_if_failed(speech, speech->channel && irc_names_is_target(nick) &&
				       irc_connection_command(connection, "KICK %s %s :%s", speech->channel->name, nick,
							      *reason ? reason : nick));
}

static void run_invite(const struct irc_speech *speech, const char *args)
{
	struct irc_connection *connection = speech->network->connection;
	tell_if_failed(speech, speech->channel && irc_names_is_target(args) &&
				       irc_connection_command(connection, "INVITE %s %s", args, speech->channel->name));
}

static const struct {
	const char *name;
	void (*run)(const struct irc_speech *speech, const char *args);
	const char *usage;
} commands[] = {
	{ "invite", run_invite, "/invite NICK, in a room" },
	{ "kick", run_kick, "/kick NICK REASON, in a room" },
	{ "me", run_me, "/me TEXT" },
	{ "msg", run_msg, "/msg NICK TEXT" },
	{ "nick", run_nick, "/nick NICK" },
	{ "whois", run_whois, "/whois NICK" },
};

/* False if there is no such command. */
static bool run(const struct irc_speech *speech, const char *text)
{
	const char *args;
	g_autofree char *name = first_word(text, &args);
	g_autofree char *line = g_strchomp(g_strdup(args));
	for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (g_ascii_strcasecmp(commands[i].name, name) != 0)
			continue;
		if (*line)
			commands[i].run(speech, line);
		else
			tell(speech, commands[i].usage);
		return true;
	}
	return false;
}

void irc_commands_take(const struct irc_speech *speech, const char *text)
{
	/* Many XMPP clients take what begins with a slash for themselves: ".whois" is the same. */
	if (g_str_has_prefix(text, ".whois "))
		run(speech, text + 1);
	else if (*text != '/' || (text[1] != '/' && !run(speech, text + 1)))
		say(speech, text, false);
	else if (text[1] == '/')
		say(speech, text + 1, false);
}
