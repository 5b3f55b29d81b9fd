/* SPDX-License-Identifier: MIT */
#include "script.h"

/* Up to 001, and the connection's life after it. */

static const struct irc_settings with_password = { .nick = "alice",
						   .password = "secret",
						   .identify = "NickServ identify $name $password",
						   .name = "al",
						   .away_ms = 60000 };

static void old_server_without_caps_is_enough(void **state)
{
	struct script *script = script_new(state, &script_alice);
	assert_sent(script, "CAP LS 302\nNICK alice\nUSER alice 0 * :alice\n");
	script_server(script, ":s.x 421 alice CAP :Unknown command\n:s.x 001 alice :Welcome\n");
	assert_events(script, "registered\n");
	assert_true(irc_connection_is_registered(script->connection));
	assert_sent(script, "");
	script_free(script);
}

static void wanted_caps_are_requested(void **state)
{
	struct script *script = script_new(state, &script_alice);
	script_forget(script);
	script_server(script, ":s.x CAP * LS * :account-notify away-notify\n");
	assert_sent(script, "");
	script_server(script, ":s.x CAP * LS :multi-prefix sasl=PLAIN server-time echo-message\n");
	assert_sent(script, "CAP REQ :multi-prefix away-notify server-time\n");
	script_server(script, ":s.x CAP * ACK :multi-prefix away-notify server-time \n");
	assert_sent(script, "CAP END\n");
	script_free(script);
}

static void refused_caps_end_the_negotiation(void **state)
{
	struct script *script = script_new(state, &script_alice);
	script_forget(script);
	script_server(script, ":s.x CAP * LS :multi-prefix\n:s.x CAP * NAK :multi-prefix\n");
	assert_sent(script, "CAP REQ :multi-prefix\nCAP END\n");
	script_free(script);
}

static void sasl_plain_says_who_the_user_is(void **state)
{
	struct script *script = script_new(state, &with_password);
	script_forget(script);
	script_server(script, ":s.x CAP * LS :sasl=EXTERNAL,PLAIN\n:s.x CAP * ACK :sasl\nAUTHENTICATE +\n");
	/* al NUL al NUL secret */
	assert_sent(script, "CAP REQ :sasl\nAUTHENTICATE PLAIN\nAUTHENTICATE YWwAYWwAc2VjcmV0\n");
	script_server(script, ":s.x 900 alice alice!a@h al :You are now logged in\n:s.x 903 alice :SASL successful\n");
	assert_sent(script, "CAP END\n");
	script_server(script, ":s.x 001 alice :Welcome\n");
	assert_sent(script, "");
	script_free(script);
}

static void identify_follows_a_failed_sasl(void **state)
{
	struct script *script = script_new(state, &with_password);
	script_server(script, ":s.x CAP * LS :sasl\n:s.x CAP * ACK :sasl\nAUTHENTICATE +\n");
	script_forget(script);
	script_server(script, ":s.x 904 alice :SASL failed\n:s.x 001 alice :Welcome\n");
	assert_sent(script, "CAP END\nPRIVMSG NickServ :identify al secret\n");
	script_free(script);
}

static void network_without_the_service_says_nothing_to_the_user(void **state)
{
	struct script *script = script_new(state, &with_password);
	script_server(script, ":s.x 001 alice :Welcome\n:s.x 401 alice nickserv :No such nick\n");
	assert_events(script, "registered\n");
	script_server(script, ":s.x 401 alice NickServ :No such nick\n");
	assert_events(script, "message 2 - NickServ: No such nick\n");
	script_free(script);
}

static void password_of_the_server_goes_first(void **state)
{
	struct irc_settings settings = with_password;
	settings.send_pass = true;
	struct script *script = script_new(state, &settings);
	assert_sent(script, "CAP LS 302\nPASS :secret\nNICK alice\nUSER alice 0 * :alice\n");
	script_server(script, ":s.x CAP * LS :sasl\n:s.x 001 alice :Welcome\n");
	assert_sent(script, "CAP END\n");
	script_free(script);
}

static void taken_nickname_gets_an_underscore(void **state)
{
	struct script *script = script_new(state, &script_alice);
	script_forget(script);
	script_server(script, ":s.x 433 * alice :Nickname is in use\n:s.x 433 * alice_ :Nickname is in use\n");
	assert_sent(script, "NICK alice_\nNICK alice__\n");
	script_server(script, ":s.x 001 alice__ :Welcome\n");
	assert_string_equal(irc_connection_nick(script->connection), "alice__");
	script_free(script);
}

static void nicknames_run_out(void **state)
{
	struct script *script = script_new(state, &script_alice);
	for (unsigned i = 0; i < 8; i++)
		script_server(script, ":s.x 433 * alice :Nickname is in use\n");
	assert_events(script, "closed 2 Nickname is in use\n");
	script_free(script);
}

static void bad_nickname_and_password_are_final(void **state)
{
	struct script *script = script_new(state, &script_alice);
	script_server(script, ":s.x 432 * alice :Erroneous nickname\n:s.x 001 alice :Welcome\n");
	assert_events(script, "closed 1 Erroneous nickname\n");
	script_free(script);
	script = script_new(state, &with_password);
	script_server(script, ":s.x 464 alice :Password incorrect\nERROR :Closing link\n");
	assert_events(script, "closed 3 Password incorrect\n");
	script_free(script);
	script = script_new(state, &with_password);
	script_server(script, "ERROR :Access denied: Bad password?\n");
	assert_events(script, "closed 3 Access denied: Bad password?\n");
	script_free(script);
}

static void error_carries_the_reason(void **state)
{
	struct script *script = script_new(state, &script_alice);
	script_server(script, ":s.x 465 alice :You are banned\nERROR :Closing link\n");
	assert_events(script, "closed 0 You are banned (Closing link)\n");
	script_free(script);
	script = script_ready(state, NULL);
	script_server(script, ":oper!o@h KILL alice :spam\nERROR :Closing link\nERROR :again\n");
	assert_events(script, "closed 0 Killed by oper: spam (Closing link)\n");
	script_free(script);
}

static void silence_before_001_is_limited(void **state)
{
	struct script *script = script_new(state, &script_alice);
	assert_int_equal(irc_connection_due(script->connection), script->now + IRC_REGISTRATION_MS);
	script_tick(script, IRC_REGISTRATION_MS - 1);
	assert_events(script, "");
	script_tick(script, 1);
	assert_events(script, "closed 0 The server did not answer in time\n");
	assert_true(irc_connection_due(script->connection) == UINT64_MAX);
	script_free(script);
}

static void silent_server_is_pinged_and_given_up(void **state)
{
	struct script *script = script_ready(state, NULL);
	script_tick(script, IRC_IDLE_MS - 1);
	assert_sent(script, "");
	script_tick(script, 1);
	assert_sent(script, "PING :spectrum\n");
	script_server(script, ":s.x PONG s.x :spectrum\n");
	script_tick(script, IRC_IDLE_MS);
	assert_sent(script, "PING :spectrum\n");
	script_tick(script, IRC_PING_MS);
	assert_events(script, "closed 0 The server does not answer any more\n");
	script_free(script);
}

static void ping_is_answered(void **state)
{
	struct script *script = script_new(state, &script_alice);
	script_forget(script);
	script_server(script, "PING :12 34\n");
	assert_sent(script, "PONG :12 34\n");
	script_free(script);
}

static void join_waits_for_the_end_of_the_motd(void **state)
{
	struct script *script = script_new(state, &script_alice);
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", "key"));
	script_forget(script);
	script_server(script, ":s.x 001 alice :Welcome\n");
	assert_sent(script, "");
	script_server(script, ":s.x 422 alice :No MOTD\n");
	assert_sent(script, "JOIN #c key\n");
	script_free(script);
	/* A server without any gets it a little later. */
	script = script_new(state, &script_alice);
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	script_server(script, ":s.x 001 alice :Welcome\n");
	script_forget(script);
	script_tick(script, IRC_WELCOME_MS);
	assert_sent(script, "JOIN #c\n");
	script_free(script);
}

static void away_is_told_when_it_changes(void **state)
{
	struct script *script = script_new(state, &script_alice);
	irc_connection_set_away(script->connection, "lunch");
	script_forget(script);
	script_server(script, ":s.x 001 alice :Welcome\n:s.x 376 alice :End\n");
	assert_sent(script, "AWAY :lunch\n");
	irc_connection_set_away(script->connection, "lunch");
	assert_sent(script, "");
	irc_connection_set_away(script->connection, NULL);
	assert_sent(script, "AWAY\n");
	script_free(script);
}

static void line_ends_in_arguments_send_no_second_line(void **state)
{
	struct script *script = script_ready(state, NULL);
	assert_true(irc_connection_command(script->connection, "TOPIC #c :%s", "x\r\nQUIT :y"));
	assert_sent(script, "TOPIC #c :x\n");
	assert_false(irc_connection_say(script->connection, "bob\nQUIT", "x", false));
	assert_false(irc_connection_say(script->connection, "#a,#b", "x", false));
	assert_false(irc_connection_join(script->connection, "#a,0", "#a,0", "alice", ""));
	script_free(script);
}

static void garbage_is_survived(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(script,
		      ":\n@\n:x\nJOIN\n:bob JOIN\n:bob KICK #c\n:s.x 353\n:s.x 001\n:s.x 352 a #c\nMODE #c +ooo\n"
		      ":s.x 433\nCAP\nPRIVMSG\n:x NICK :\n: JOIN #c\n:s.x 999 q\n:s.x 471 alice\n\xff\xfe \xff\n");
	assert_events(script, "");
	script_free(script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRIPT(old_server_without_caps_is_enough),
		SCRIPT(wanted_caps_are_requested),
		SCRIPT(refused_caps_end_the_negotiation),
		SCRIPT(sasl_plain_says_who_the_user_is),
		SCRIPT(identify_follows_a_failed_sasl),
		SCRIPT(network_without_the_service_says_nothing_to_the_user),
		SCRIPT(password_of_the_server_goes_first),
		SCRIPT(taken_nickname_gets_an_underscore),
		SCRIPT(nicknames_run_out),
		SCRIPT(bad_nickname_and_password_are_final),
		SCRIPT(error_carries_the_reason),
		SCRIPT(silence_before_001_is_limited),
		SCRIPT(silent_server_is_pinged_and_given_up),
		SCRIPT(ping_is_answered),
		SCRIPT(join_waits_for_the_end_of_the_motd),
		SCRIPT(away_is_told_when_it_changes),
		SCRIPT(line_ends_in_arguments_send_no_second_line),
		SCRIPT(garbage_is_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
