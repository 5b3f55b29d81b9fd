/* SPDX-License-Identifier: MIT */
/* A server that says anything: to the line parser, and to a user who is in a room. */
#include "irc/connection.h"
#include "irc/line.h"

static uint64_t clock_ms;

static uint64_t tell_now(void *ctx)
{
	return clock_ms;
}

static void check(const char *text)
{
	g_assert(text && g_utf8_validate(text, -1, NULL));
}

static void on_registered(void *ctx)
{
}

static void on_closed(void *ctx, enum irc_failure why, const char *text)
{
	check(text);
}

static void on_occupant(void *ctx, struct irc_channel *channel, const struct irc_occupant *occupant)
{
	check(channel->label);
	check(occupant->nick);
	check(occupant->reason);
	check(occupant->new_nick);
	g_assert(*occupant->nick);
}

static void on_subject(void *ctx, struct irc_channel *channel, const char *text, const char *by)
{
	check(text);
	check(by);
}

static void on_refused(void *ctx, struct irc_channel *channel, enum irc_refusal why, const char *text)
{
	check(text);
}

static void on_message(void *ctx, const struct irc_message *message)
{
	check(message->nick);
	check(message->text);
}

static void on_pair(void *ctx, const char *a, const char *b)
{
	check(a);
	check(b);
}

static const struct irc_events events = { .now = tell_now,
					  .registered = on_registered,
					  .closed = on_closed,
					  .occupant = on_occupant,
					  .subject = on_subject,
					  .refused = on_refused,
					  .message = on_message,
					  .invited = on_pair,
					  .nick_refused = on_pair,
					  .told = on_pair };

/* Nothing that a server says may make us send more than whole lines of a lawful length. */
static void check_output(struct buf *out)
{
	const char *p = buf_len(out) ? buf_data(out) : "";
	for (size_t n = buf_len(out); n > 0;) {
		const char *end = memchr(p, '\n', n);
		g_assert(end && end > p && end[-1] == '\r' && (size_t)(end - p) < IRC_LINE_MAX);
		g_assert(!memchr(p, '\r', (size_t)(end - p) - 1) && !memchr(p, '\0', (size_t)(end - p)));
		n -= (size_t)(end - p) + 1;
		p = end + 1;
	}
	buf_clear(out);
}

static void parse_lines(const char *bytes, size_t n)
{
	struct irc_lines *lines = g_new0(struct irc_lines, 1);
	while (n > 0) {
		char *text, value[32];
		struct irc_line line;
		size_t used = irc_lines_take(lines, bytes, n, &text);
		bytes += used;
		n -= used;
		if (text && irc_line_parse(&line, text)) {
			g_assert(*line.command && line.count <= IRC_ARGS_MAX);
			irc_line_tag(&line, "time", value, sizeof(value));
		}
	}
	g_free(lines);
}

static void feed(struct irc_connection *connection, const char *bytes, size_t n)
{
	irc_connection_feed(connection, bytes, n);
	check_output(irc_connection_output(connection));
}

static void serve(const char *bytes, size_t n)
{
	static const char start[] =
		":s 001 alice :Hi\r\n:s 005 alice PREFIX=(qaohv)~&@%+ STATUSMSG=@ :x\r\n:s 376 alice :End\r\n";
	static const char room[] = ":alice!a@h JOIN #c\r\n:s 353 alice = #c :alice @bob\r\n:s 366 alice #c :End\r\n";
	static const struct irc_settings settings = { "alice", "pass", false, "NickServ identify $password",
						      "alice", 60000 };
	struct irc_connection *connection = irc_connection_new(&settings, &events, NULL);
	bool ready = n > 0 && *bytes != '!';
	clock_ms = 1000;
	irc_connection_open(connection);
	irc_connection_join(connection, "#c", "#c", "alice", "");
	feed(connection, ready ? start : "", ready ? sizeof(start) - 1 : 0);
	feed(connection, ready ? room : "", ready ? sizeof(room) - 1 : 0);
	irc_connection_whois(connection, "bob", "#c");
	feed(connection, bytes, n);
	for (unsigned i = 0; i < 5; i++) {
		clock_ms += 50000;
		irc_connection_tick(connection);
		check_output(irc_connection_output(connection));
	}
	irc_connection_lost(connection);
	irc_connection_open(connection);
	feed(connection, bytes, n);
	irc_connection_free(&connection);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parse_lines((const char *)data, size);
	serve((const char *)data, size);
	return 0;
}
