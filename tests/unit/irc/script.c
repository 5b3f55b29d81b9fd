/* SPDX-License-Identifier: MIT */
#include "script.h"

size_t script_whole = 100000, script_bytes = 1;

#define TELL(...) g_string_append_printf(((struct script *)ctx)->events, __VA_ARGS__)

static uint64_t tell_now(void *ctx)
{
	return ((struct script *)ctx)->now;
}

static void on_registered(void *ctx)
{
	TELL("registered\n");
}

static void on_closed(void *ctx, enum irc_failure why, const char *text)
{
	TELL("closed %d %s\n", why, text);
}

static void on_occupant(void *ctx, struct irc_channel *channel, const struct irc_occupant *o)
{
	TELL("%s %s%s%s%s%s%s", channel->label, o->nick, o->present ? "" : " left", o->me ? " me" : "",
	     o->moderator ? " moderator" : "", o->away ? " away" : "", o->kicked ? " kicked" : "");
	if (*o->reason)
		TELL(" (%s)", o->reason);
	if (*o->new_nick)
		TELL(" -> %s", o->new_nick);
	TELL("\n");
}

static void on_subject(void *ctx, struct irc_channel *channel, const char *text, const char *by)
{
	TELL("%s subject '%s' by '%s'\n", channel->label, text, by);
}

static void on_refused(void *ctx, struct irc_channel *channel, enum irc_refusal why, const char *text)
{
	TELL("%s refused %d %s\n", channel->label, why, text);
}

static void on_message(void *ctx, const struct irc_message *m)
{
	TELL("message %d %s %s: %s", m->kind, m->channel ? m->channel->label : "-", m->nick, m->text);
	if (m->when)
		TELL(" at %ld", (long)m->when);
	TELL("\n");
}

static void on_invited(void *ctx, const char *nick, const char *channel)
{
	TELL("invited by %s to %s\n", nick, channel);
}

static void on_nick_refused(void *ctx, const char *where, const char *text)
{
	TELL("nick refused, %s: %s\n", where, text);
}

static void on_told(void *ctx, const char *where, const char *text)
{
	TELL("told %s: %s\n", where, text);
}

static const struct irc_events events = { .now = tell_now,
					  .registered = on_registered,
					  .closed = on_closed,
					  .occupant = on_occupant,
					  .subject = on_subject,
					  .refused = on_refused,
					  .message = on_message,
					  .invited = on_invited,
					  .nick_refused = on_nick_refused,
					  .told = on_told };

const struct irc_settings script_alice = {
	.nick = "alice", .password = "", .identify = "NickServ identify $password", .name = "alice", .away_ms = 60000
};

struct script *script_new(void **state, const struct irc_settings *settings)
{
	struct script *script = g_new0(struct script, 1);
	script->piece = *(const size_t *)*state;
	script->events = g_string_new(NULL);
	script->connection = irc_connection_new(settings, &events, script);
	script->now = 1000000;
	irc_connection_open(script->connection);
	return script;
}

void script_free(struct script *script)
{
	irc_connection_free(&script->connection);
	g_string_free(script->events, TRUE);
	g_free(script);
}

void script_server(struct script *script, const char *lines)
{
	g_auto(GStrv) parts = g_strsplit(lines, "\n", -1);
	g_autofree char *bytes = g_strjoinv("\r\n", parts);
	for (size_t at = 0, n = strlen(bytes); at < n; at += script->piece) {
		size_t length = MIN(script->piece, n - at);
		g_autofree char *piece = g_memdup2(bytes + at, length);
		irc_connection_feed(script->connection, piece, length);
	}
}

void script_tick(struct script *script, uint64_t ms)
{
	script->now += ms;
	irc_connection_tick(script->connection);
}

void assert_sent(struct script *script, const char *lines)
{
	struct buf *out = irc_connection_output(script->connection);
	g_autofree char *bytes = buf_len(out) ? g_strndup(buf_data(out), buf_len(out)) : g_strdup("");
	g_auto(GStrv) parts = g_strsplit(bytes, "\r\n", -1);
	g_autofree char *sent = g_strjoinv("\n", parts);
	assert_string_equal(sent, lines);
	buf_clear(out);
}

void assert_events(struct script *script, const char *lines)
{
	assert_string_equal(script->events->str, lines);
	g_string_truncate(script->events, 0);
}

void script_forget(struct script *script)
{
	buf_clear(irc_connection_output(script->connection));
	g_string_truncate(script->events, 0);
}

struct script *script_ready(void **state, const char *caps)
{
	struct script *script = script_new(state, &script_alice);
	if (caps) {
		g_autofree char *lines = g_strdup_printf(":s.x CAP * LS :%s\n:s.x CAP * ACK :%s\n", caps, caps);
		script_server(script, lines);
	}
	script_server(script, ":s.x 001 alice :Welcome\n:s.x 005 alice PREFIX=(qaohv)~&@%+ :are supported\n"
			      ":s.x 376 alice :End of MOTD\n");
	script_forget(script);
	return script;
}

struct script *script_in_channel(void **state)
{
	struct script *script = script_ready(state, NULL);
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	script_server(script, ":alice!alice@host JOIN #c\n:s.x 353 alice = #c :alice @bob\n:s.x 366 alice #c :End\n");
	script_tick(script, 10000);
	script_forget(script);
	return script;
}
