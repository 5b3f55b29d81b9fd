/* SPDX-License-Identifier: MIT */
#include "script.h"

#include "irc/flood.h"
#include "irc/line.h"

static void messages_are_plain_text(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(script, ":bob!b@h PRIVMSG #C :\x03"
			      "4,5red\x0f text\n:bob!b@h PRIVMSG alice :psst\n:bob!b@h NOTICE #c :note\n"
			      ":bob!b@h PRIVMSG #c :\x02\x02\n:bob!b@h PRIVMSG #c :caf\xe9 au lait\n");
	assert_events(script, "message 0 #c bob: red text\nmessage 0 - bob: psst\nmessage 1 #c bob: note\n"
			      "message 0 #c bob: caf\xc3\xa9 au lait\n");
	script_free(script);
}

static void action_is_a_me_both_ways(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(script, ":bob!b@h PRIVMSG #c :\x01"
			      "ACTION waves\x01\n:bob!b@h PRIVMSG alice :\x01"
			      "ACTION nods\n");
	assert_events(script, "message 0 #c bob: /me waves\nmessage 0 - bob: /me nods\n");
	assert_true(irc_connection_say(script->connection, "#c", "laughs", true));
	assert_sent(script, "PRIVMSG #c :\x01"
			    "ACTION laughs\x01\n");
	script_free(script);
}

static void talk_of_the_server_itself_is_left_out(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(script, ":s.x NOTICE alice :*** hello\nNOTICE alice :x\n:bob!b@h PRIVMSG #other :x\n"
			      ":bob!b@h NOTICE alice :\x01VERSION mIRC\x01\n");
	assert_events(script, "");
	script_free(script);
}

static void ctcp_questions_are_answered(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(script, ":bob!b@h PRIVMSG alice :\x01PING 12 34\x01\n:bob!b@h PRIVMSG alice :\x01version\x01\n"
			      ":bob!b@h PRIVMSG #c :\x01"
			      "CLIENTINFO\x01\n:bob!b@h PRIVMSG alice :\x01"
			      "DCC SEND x\x01\n");
	assert_sent(script,
		    "NOTICE bob :\x01PING 12 34\x01\nNOTICE bob :\x01VERSION Spectrum " SPECTRUM_VERSION "\x01\n"
		    "NOTICE bob :\x01"
		    "CLIENTINFO ACTION CLIENTINFO PING TIME VERSION\x01\n");
	assert_events(script, "");
	script_free(script);
}

static void ctcp_flood_is_not_answered(void **state)
{
	struct script *script = script_in_channel(state);
	for (unsigned i = 0; i < 100; i++)
		script_server(script, ":bob!b@h PRIVMSG alice :\x01PING 1\x01\n");
	script_forget(script);
	script_tick(script, 60000);
	script_tick(script, 60000);
	script_tick(script, 60000);
	script_forget(script);
	script_tick(script, 20000);
	assert_sent(script, "");
	script_free(script);
}

static void own_words_from_elsewhere_are_told(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(script, ":alice!a@h PRIVMSG #c :mine\n:alice!a@h PRIVMSG bob :private\n");
	assert_events(script, "message 0 #c alice: mine\n");
	script_free(script);
}

static void only_old_messages_have_a_time(void **state)
{
	struct script *script = script_in_channel(state);
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *stamp = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S.123Z");
	g_autofree char *line = g_strdup_printf("@time=%s :bob!b@h PRIVMSG #c :new\n", stamp);
	script_server(script, line);
	assert_events(script, "message 0 #c bob: new\n");
	script_server(
		script,
		"@a=b;time=2020-01-02T03:04:05.678Z :bob!b@h PRIVMSG #c :old\n@time=nonsense :bob!b@h PRIVMSG #c :x\n");
	assert_events(script, "message 0 #c bob: old at 1577934245\nmessage 0 #c bob: x\n");
	script_free(script);
}

static void long_text_is_split_so_that_others_get_all_of_it(void **state)
{
	struct script *script = script_in_channel(state);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) got = g_string_new(NULL);
	for (unsigned i = 0; i < 600; i++)
		g_string_append(text, "\xc3\xa4");
	assert_true(irc_connection_say(script->connection, "#c", text->str, false));
	struct buf *out = irc_connection_output(script->connection);
	g_autofree char *bytes = g_strndup(buf_data(out), buf_len(out));
	g_auto(GStrv) lines = g_strsplit(bytes, "\r\n", -1);
	assert_true(g_strv_length(lines) > 3);
	for (char **line = lines; **line; line++) {
		assert_true(strlen(":alice!alice@host ") + strlen(*line) + 2 <= IRC_LINE_MAX);
		assert_true(g_utf8_validate(*line, -1, NULL));
		g_string_append(got, *line + strlen("PRIVMSG #c :"));
	}
	assert_string_equal(got->str, text->str);
	script_free(script);
}

static void every_line_is_a_message(void **state)
{
	struct script *script = script_in_channel(state);
	assert_true(irc_connection_say(script->connection, "bob", "one\n\ntwo\r\nthree", false));
	assert_sent(script, "PRIVMSG bob :one\nPRIVMSG bob :two\nPRIVMSG bob :three\n");
	script_free(script);
}

static void too_much_text_is_refused_whole(void **state)
{
	struct script *script = script_in_channel(state);
	g_autoptr(GString) text = g_string_new(NULL);
	for (unsigned i = 0; i <= IRC_FLOOD_QUEUE_MAX; i++)
		g_string_append(text, "x\n");
	assert_false(irc_connection_say(script->connection, "#c", text->str, false));
	assert_sent(script, "");
	g_string_truncate(text, text->len - 2);
	assert_true(irc_connection_say(script->connection, "#c", text->str, false));
	script_forget(script);
	script_tick(script, IRC_FLOOD_INTERVAL_MS);
	assert_sent(script, "PRIVMSG #c :x\n");
	script_free(script);
}

static void what_waits_when_the_connection_is_lost_is_told(void **state)
{
	struct script *script = script_in_channel(state);
	assert_true(irc_connection_say(script->connection, "#c", "1\n2\n3\n4\n5\n6\n7", false));
	script_forget(script);
	irc_connection_lost(script->connection);
	assert_events(script,
		      "told #c: Message not delivered: the connection was lost before it went out (lines: 2)\n");
	script_free(script);
	script = script_in_channel(state);
	assert_true(irc_connection_say(script->connection, "bob", "1\n2\n3\n4\n5\n6", false));
	script_forget(script);
	irc_connection_lost(script->connection);
	assert_events(script, "message 2 - bob: the connection was lost before it went out (lines: 1)\n");
	script_free(script);
}

static void errors_come_to_the_conversation(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(
		script,
		":s.x 404 alice #c :Cannot send to channel\n:s.x 482 alice #c :You're not channel operator\n"
		":s.x 401 alice carol :No such nick\n:s.x 421 alice FOO :Unknown command\n:s.x 442 alice #q :x\n");
	assert_events(script, "told #c: Cannot send to channel\ntold #c: You're not channel operator\n"
			      "message 2 - carol: No such nick\n");
	script_server(script, ":s.x 477 alice carol :Register first\n:s.x 716 alice carol :is in +g mode\n"
			      ":s.x 443 alice carol #c :is already on channel\n");
	assert_events(script, "message 2 - carol: Register first\nmessage 2 - carol: is in +g mode\n");
	script_free(script);
}

static void whois_is_answered_where_it_was_asked(void **state)
{
	struct script *script = script_in_channel(state);
	assert_true(irc_connection_whois(script->connection, "bob", "#c"));
	assert_true(irc_connection_whois(script->connection, "carol", "dave"));
	assert_sent(script, "WHOIS bob\nWHOIS carol\n");
	script_server(
		script,
		":s.x 311 alice bob b host * :Bob B\n:s.x 319 alice bob :@#c #d\n:s.x 312 alice bob s.x :A server\n"
		":s.x 318 alice bob :End\n:s.x 401 alice carol :No such nick\n:s.x 318 alice carol :End\n");
	assert_events(script, "told #c: bob is b@host (Bob B)\nchannels: @#c #d\nserver: s.x A server\n"
			      "told dave: carol: No such nick\n");
	assert_false(irc_connection_whois(script->connection, "a b", "#c"));
	script_free(script);
}

static void refused_nickname_is_told_where_it_was_asked(void **state)
{
	struct script *script = script_in_channel(state);
	assert_true(irc_connection_set_nick(script->connection, "bob", "#c"));
	assert_sent(script, "NICK bob\n");
	script_server(script, ":s.x 433 alice bob :Nickname is in use\n:s.x 433 alice bob :Nickname is in use\n");
	assert_events(script, "nick refused, #c: Nickname is in use\n");
	script_free(script);
}

static void private_talk_stays_in_the_room_it_began_in(void **state)
{
	struct script *script = script_in_channel(state);
	struct irc_channel *channel = irc_connection_find(script->connection, "#c");
	assert_null(irc_connection_find_pm(script->connection, "bob"));
	irc_connection_set_pm(script->connection, "BOB", channel);
	script_server(script, ":bob!b@h NICK robert\n");
	assert_ptr_equal(irc_connection_find_pm(script->connection, "Robert"), channel);
	script_server(script, ":robert!b@h PART #c\n:robert!b@h JOIN #c\n");
	assert_null(irc_connection_find_pm(script->connection, "robert"));
	script_free(script);
}

static void invitation_is_reported(void **state)
{
	struct script *script = script_ready(state, NULL);
	script_server(script, ":bob!b@h INVITE alice :#c\n:bob!b@h INVITE carol :#c\n");
	assert_events(script, "invited by bob to #c\n");
	script_free(script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRIPT(messages_are_plain_text),
		SCRIPT(action_is_a_me_both_ways),
		SCRIPT(talk_of_the_server_itself_is_left_out),
		SCRIPT(ctcp_questions_are_answered),
		SCRIPT(ctcp_flood_is_not_answered),
		SCRIPT(own_words_from_elsewhere_are_told),
		SCRIPT(only_old_messages_have_a_time),
		SCRIPT(long_text_is_split_so_that_others_get_all_of_it),
		SCRIPT(every_line_is_a_message),
		SCRIPT(too_much_text_is_refused_whole),
		SCRIPT(what_waits_when_the_connection_is_lost_is_told),
		SCRIPT(errors_come_to_the_conversation),
		SCRIPT(whois_is_answered_where_it_was_asked),
		SCRIPT(refused_nickname_is_told_where_it_was_asked),
		SCRIPT(private_talk_stays_in_the_room_it_began_in),
		SCRIPT(invitation_is_reported),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
