/* SPDX-License-Identifier: MIT */
#include "irc/connection_internal.h"
#include "irc/text.h"

#include "base/secret.h"
#include "base/text.h"

#define MESSAGE "PRIVMSG "

enum {
	BODY_MAX = IRC_LINE_MAX - 2, /* without CR LF */
	/* Room for the user@host others see us with, when ours is not known or shorter: it may change. */
	USER_RESERVE = 10 + 1 + 63,
	QUIT_TEXT_MAX = 200
};

/* At most one line of at most BODY_MAX bytes, without its end. */
G_GNUC_PRINTF(1, 0) static char *format_line(const char *format, va_list args)
{
	char *line = g_strdup_vprintf(format, args);
	size_t n = strcspn(line, "\r\n");
	line[n > BODY_MAX ? text_cut(line, n, BODY_MAX) : n] = '\0';
	return line;
}

static void put_line(struct irc_connection *connection, const char *line)
{
	buf_append_text(&connection->out, line);
	buf_append(&connection->out, "\r\n", 2);
	if (connection->out.failed)
		irc_connection_fail(connection, IRC_FAILURE_NETWORK, "The server does not take what we send");
}

void irc_connection_send(struct irc_connection *connection, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *line = format_line(format, args);
	va_end(args);
	put_line(connection, line);
	/* It may be a password. */
	secret_free(&line);
}

void irc_connection_pump(struct irc_connection *connection)
{
	char *line;
	if (connection->state != IRC_STATE_READY)
		return;
	while ((line = irc_flood_pop(&connection->flood, irc_connection_now(connection)))) {
		put_line(connection, line);
		secret_free(&line);
	}
}

static void tell_unsent(struct irc_connection *connection, const char *target, unsigned lines)
{
	struct irc_channel *channel = irc_connection_find(connection, target);
	g_autofree char *text = g_strdup_printf("the connection was lost before it went out (lines: %u)", lines);
	g_autofree char *said = g_strconcat("Message not delivered: ", text, NULL);
	const struct irc_message message = { .kind = IRC_MESSAGE_ERROR, .nick = target, .text = text };
	if (channel)
		connection->events->told(connection->ctx, channel->label, said);
	else if (!irc_connection_is_channel(connection, target))
		connection->events->message(connection->ctx, &message);
}

void irc_connection_drop_queue(struct irc_connection *connection)
{
	g_autoptr(GHashTable) unsent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iter;
	gpointer target, lines;
	for (GList *item = connection->flood.lines.head; item; item = item->next) {
		const char *line = item->data;
		if (!g_str_has_prefix(line, MESSAGE))
			continue;
		line += strlen(MESSAGE);
		char *to = g_strndup(line, strcspn(line, " "));
		lines = g_hash_table_lookup(unsent, to);
		g_hash_table_replace(unsent, to, GUINT_TO_POINTER(GPOINTER_TO_UINT(lines) + 1));
	}
	irc_flood_clear(&connection->flood);
	g_hash_table_iter_init(&iter, unsent);
	while (g_hash_table_iter_next(&iter, &target, &lines))
		tell_unsent(connection, target, GPOINTER_TO_UINT(lines));
}

static bool is_ready(const struct irc_connection *connection, unsigned lines)
{
	return irc_connection_is_registered(connection) && irc_flood_room(&connection->flood) >= lines;
}

bool irc_connection_command(struct irc_connection *connection, const char *format, ...)
{
	va_list args;
	if (!is_ready(connection, 1))
		return false;
	va_start(args, format);
	irc_flood_push(&connection->flood, format_line(format, args));
	va_end(args);
	irc_connection_pump(connection);
	return true;
}

/* What fits into one message, as others receive it with our prefix in front. */
static size_t message_max(const struct irc_connection *connection, const char *target, bool action)
{
	size_t used =
		strlen(":! " MESSAGE " :") + strlen(connection->nick) + MAX(strlen(connection->user), USER_RESERVE);
	used += strlen(target) + (action ? strlen("\x01"
						  "ACTION \x01")
					 : 0);
	return used + 100 < BODY_MAX ? BODY_MAX - used : 100;
}

static unsigned count_pieces(const char *text, size_t max)
{
	unsigned pieces = 0;
	size_t skip;
	for (; *text && pieces <= IRC_FLOOD_QUEUE_MAX; text += skip)
		pieces += irc_text_piece(text, max, &skip) > 0;
	return pieces;
}

bool irc_connection_say(struct irc_connection *connection, const char *target, const char *text, bool action)
{
	size_t max = message_max(connection, target, action), skip;
	const char *before = action ? "\x01"
				      "ACTION "
				    : "",
		   *after = action ? "\x01" : "";
	if (!irc_names_is_target(target) || !is_ready(connection, count_pieces(text, max)))
		return false;
	for (; *text; text += skip) {
		size_t n = irc_text_piece(text, max, &skip);
		if (n > 0)
			irc_flood_push(&connection->flood,
				       g_strdup_printf(MESSAGE "%s :%s%.*s%s", target, before, (int)n, text, after));
	}
	irc_connection_pump(connection);
	return true;
}

bool irc_connection_set_nick(struct irc_connection *connection, const char *nick, const char *where)
{
	g_autofree char *wish = irc_names_make_nick(nick);
	if (!irc_connection_command(connection, "NICK %s", wish))
		return false;
	g_free(connection->nick_where);
	connection->nick_where = g_strdup(where);
	return true;
}

void irc_connection_set_away(struct irc_connection *connection, const char *text)
{
	if (g_strcmp0(connection->away, text) == 0)
		return;
	g_free(connection->away);
	connection->away = g_strdup(text);
	if (connection->state != IRC_STATE_READY)
		return;
	if (text)
		irc_connection_command(connection, "AWAY :%s", text);
	else
		irc_connection_command(connection, "AWAY");
}

void irc_connection_quit(struct irc_connection *connection, const char *text)
{
	if (connection->state != IRC_STATE_IDLE && connection->state != IRC_STATE_CLOSED)
		irc_connection_send(connection, "QUIT :%.*s", QUIT_TEXT_MAX, text);
}
