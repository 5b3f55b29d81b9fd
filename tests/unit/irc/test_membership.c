/* SPDX-License-Identifier: MIT */
#include "script.h"

#include "irc/flood.h"

static void others_come_first_and_oneself_last(void **state)
{
	struct script *script = script_ready(state, "multi-prefix");
	assert_true(irc_connection_join(script->connection, "#C", "#C@x", "alice", ""));
	assert_sent(script, "JOIN #C\n");
	script_server(script, ":alice!a@h JOIN :#c\n:s.x 332 alice #c :The \x02topic\x02\n"
			      ":s.x 333 alice #c bob!b@h 1700000000\n:s.x 353 alice = #c :alice ~@bob\n");
	assert_events(script, "");
	script_server(script, ":s.x 366 alice #c :End of NAMES\n");
	assert_events(script, "#C@x bob moderator\n#C@x alice me\n#C@x subject 'The topic' by 'bob'\n");
	assert_sent(script, "WHO #c\n");
	script_free(script);
}

static void missing_topic_is_told_as_empty(void **state)
{
	struct script *script = script_ready(state, NULL);
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	script_server(script, ":alice!a@h JOIN #c\n:s.x 331 alice #c :No topic\n:s.x 353 alice = #c :@alice\n:s.x 366 "
			      "alice #c :End\n");
	assert_events(script, "#c alice me moderator\n#c subject '' by ''\n");
	script_free(script);
}

static void topic_without_author_is_told(void **state)
{
	struct script *script = script_ready(state, NULL);
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	script_server(script,
		      ":alice!a@h JOIN #c\n:s.x 332 alice #c :T\n:s.x 353 alice = #c :alice\n:s.x 366 alice #c :End\n");
	assert_events(script, "#c alice me\n#c subject 'T' by ''\n");
	script_server(script, ":bob!b@h TOPIC #c :new\n:bob!b@h TOPIC #c :\n");
	assert_events(script, "#c subject 'new' by 'bob'\n#c subject '' by 'bob'\n");
	script_free(script);
}

static void comings_and_goings_have_reasons(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(script,
		      ":carol!c@h JOIN #C\n:carol!c@h PART #c :\x02"
		      "dinner\x02\n:dave!d@h JOIN #c\n:dave!d@h QUIT :Ping timeout\n"
		      ":eve!e@h JOIN #c\n:bob!b@h KICK #c eve :flood\n:eve!e@h JOIN #c\n:bob!b@h KICK #c eve\n");
	assert_events(script,
		      "#c carol\n#c carol left (dinner)\n#c dave\n#c dave left (Ping timeout)\n"
		      "#c eve\n#c eve left kicked (flood (by bob))\n#c eve\n#c eve left kicked (Kicked by bob)\n");
	script_free(script);
}

static void own_kick_ends_the_channel(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(script, ":bob!b@h KICK #c alice :out\n:bob!b@h PRIVMSG #c :gone\n");
	assert_events(script, "#c alice left me kicked (out (by bob))\n");
	assert_null(irc_connection_find(script->connection, "#c"));
	script_free(script);
}

static void kick_before_all_names_came_refuses_the_join(void **state)
{
	struct script *script = script_ready(state, NULL);
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	script_server(script, ":alice!a@h JOIN #c\n:bob!b@h KICK #c alice :out\n");
	assert_events(script, "#c refused 1 out (by bob)\n");
	assert_null(irc_connection_find(script->connection, "#c"));
	script_free(script);
}

static void nicknames_change(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(script, ":bob!b@h NICK :robert\n:alice!a@h NICK alicia\n:s.x MODE #c +o alicia\n");
	assert_events(script, "#c bob moderator -> robert\n#c alice me -> alicia\n#c alicia me moderator\n");
	script_server(script, ":alicia!a@h NICK Alicia\n");
	assert_events(script, "#c alicia me moderator -> Alicia\n");
	assert_string_equal(irc_connection_nick(script->connection), "Alicia");
	script_free(script);
}

static void only_moderation_is_told_of_modes(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(script, ":s.x MODE #c +v-b+k alice *!*@x key\n");
	assert_events(script, "");
	script_server(script, ":s.x MODE #c +bk-o+o *!*@x key bob alice\n");
	assert_events(script, "#c bob\n#c alice me moderator\n");
	/* Still an owner. */
	script_server(script, ":s.x MODE #c +q-o alice alice\n");
	assert_events(script, "");
	script_server(script, ":s.x MODE #c -q alice\n");
	assert_events(script, "#c alice me\n");
	script_free(script);
}

static void away_is_polled(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(script,
		      ":s.x 352 alice #c b host s.x bob G@ :0 Bob\n:s.x 352 alice #c a host s.x alice H :0 Alice\n");
	assert_events(script, "#c bob moderator away\n");
	script_tick(script, 60000);
	assert_sent(script, "WHO #c\n");
	script_server(script, ":s.x 352 alice #c b host s.x bob H@ :0 Bob\n");
	assert_events(script, "#c bob moderator\n");
	script_tick(script, 30000);
	assert_sent(script, "");
	script_free(script);
}

static void questions_who_is_away_give_way(void **state)
{
	struct script *script = script_ready(state, NULL);
	for (unsigned i = 0; i < 10; i++) {
		g_autofree char *name = g_strdup_printf("#%u", i);
		assert_true(irc_connection_join(script->connection, name, name, "alice", ""));
	}
	script_server(script, ":alice!a@h JOIN #0\n:s.x 366 alice #0 :End\n");
	assert_true(irc_connection_say(script->connection, "#0", "hi", false));
	script_forget(script);
	for (unsigned i = 0; i < 5; i++)
		script_tick(script, 1000);
	assert_sent(script, "JOIN #5\nJOIN #6\nJOIN #7\nJOIN #8\nJOIN #9\n");
	script_tick(script, 1000);
	script_tick(script, 1000);
	assert_sent(script, "PRIVMSG #0 :hi\nWHO #0\n");
	script_free(script);
}

static void join_that_waits_its_turn_is_not_given_up(void **state)
{
	struct script *script = script_ready(state, NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	for (unsigned i = 0; i < IRC_JOIN_MS / IRC_FLOOD_INTERVAL_MS + 5; i++)
		g_string_append(text, "x\n");
	assert_true(irc_connection_say(script->connection, "bob", text->str, false));
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	for (unsigned i = 0; i < IRC_JOIN_MS / IRC_FLOOD_INTERVAL_MS; i++)
		script_tick(script, IRC_FLOOD_INTERVAL_MS);
	script_server(script, "PING :x\n");
	assert_events(script, "");
	script_forget(script);
	script_tick(script, IRC_FLOOD_INTERVAL_MS);
	assert_sent(script, "JOIN #c\n");
	script_free(script);
}

static void away_notify_needs_no_polling(void **state)
{
	struct script *script = script_ready(state, "away-notify");
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	script_server(script, ":alice!a@h JOIN #c\n:s.x 353 alice = #c :alice bob\n:s.x 366 alice #c :End\n");
	script_forget(script);
	script_server(script, ":bob!b@h AWAY :lunch\n:bob!b@h AWAY\n");
	assert_events(script, "#c bob away\n#c bob\n");
	script_tick(script, 90000);
	assert_sent(script, "");
	script_free(script);
}

static void refused_joins_are_told(void **state)
{
	static const struct {
		const char *reply;
		int why;
	} cases[] = { { "403", 0 }, { "405", 0 }, { "437", 0 }, { "471", 1 }, { "473", 1 }, { "474", 1 },
		      { "475", 1 }, { "477", 1 }, { "479", 0 }, { "489", 1 }, { "520", 1 } };
	struct script *script = script_ready(state, NULL);
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *line = g_strdup_printf(":s.x %s alice #c :Sorry\n", cases[i].reply);
		g_autofree char *event = g_strdup_printf("#c refused %d Sorry\n", cases[i].why);
		assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
		script_tick(script, 5000);
		script_server(script, line);
		assert_events(script, event);
		assert_null(irc_connection_find(script->connection, "#c"));
	}
	script_free(script);
}

static void unanswered_join_is_given_up(void **state)
{
	struct script *script = script_ready(state, NULL);
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	script_tick(script, IRC_JOIN_MS - 1);
	assert_events(script, "");
	script_tick(script, 1);
	assert_events(script, "#c refused 0 The server did not answer in time\n");
	script_free(script);
}

static void names_without_end_are_taken_as_they_are(void **state)
{
	struct script *script = script_ready(state, NULL);
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	script_server(script, ":alice!a@h JOIN #c\n:s.x 353 alice = #c :alice bob\n");
	script_tick(script, IRC_JOIN_MS);
	assert_events(script, "#c bob\n#c alice me\n#c subject '' by ''\n");
	script_free(script);
}

static void what_a_hostile_server_names_is_bounded(void **state)
{
	struct script *script = script_in_channel(state);
	g_autofree char *long_name = g_strnfill(IRC_TARGET_MAX + 1, 'x');
	g_autofree char *lines = g_strdup_printf(
		":%s!x@h JOIN #c\n:bob!b@h NICK %s\n:alice!a@h NICK %s\n:alice!a@h JOIN #%s\n:alice!a@h JOIN :#a b\n",
		long_name, long_name, long_name, long_name);
	script_server(script, lines);
	script_server(script, " JOIN #c\n:x JOIN\n PRIVMSG #c :nobody\n:s.x 353 alice = #c :@ + @+\n");
	assert_events(script, "");
	assert_string_equal(irc_connection_nick(script->connection), "alice");
	assert_null(irc_connection_find(script->connection, "#a b"));
	script_free(script);
}

static void members_of_all_channels_are_limited(void **state)
{
	struct script *script = script_ready(state, NULL);
	g_autoptr(GString) names = g_string_new(NULL);
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	script_server(script, ":alice!a@h JOIN #c\n");
	for (unsigned i = 0; i < IRC_MEMBERS_MAX; i += 1000) {
		g_string_assign(names, ":s.x 353 alice = #c :alice");
		for (unsigned k = i; k < i + 1000; k++)
			g_string_append_printf(names, " n%u", k);
		g_string_append_c(names, '\n');
		script_server(script, names->str);
	}
	script_server(script, ":s.x 366 alice #c :End\n");
	assert_int_equal(g_hash_table_size(irc_connection_find(script->connection, "#c")->members), IRC_MEMBERS_MAX);
	script_forget(script);
	assert_true(irc_connection_join(script->connection, "#d", "#d", "alice", ""));
	script_server(script, ":alice!a@h JOIN #d\n:s.x 353 alice = #d :alice bob\n:s.x 366 alice #d :End\n");
	assert_events(script, "#d alice me\n#d subject '' by ''\n");
	script_free(script);
}

static void join_again_tells_all_again(void **state)
{
	struct script *script = script_in_channel(state);
	assert_true(irc_connection_join(script->connection, "#C", "#C", "alice", ""));
	assert_events(script, "#C bob moderator\n#C alice me\n#C subject '' by ''\n");
	assert_sent(script, "");
	script_free(script);
}

static void channel_of_a_bouncer_is_silent_until_asked_for(void **state)
{
	struct script *script = script_ready(state, NULL);
	script_server(
		script,
		":alice!a@h JOIN #z\n:s.x 353 alice = #z :alice bob\n:s.x 366 alice #z :End\n:bob!b@h PRIVMSG #z :hi\n"
		":bob!b@h QUIT :x\n");
	assert_events(script, "");
	assert_int_equal(irc_connection_channels(script->connection), 0);
	assert_true(irc_connection_join(script->connection, "#z", "#z", "alice", ""));
	assert_events(script, "#z alice me\n#z subject '' by ''\n");
	script_free(script);
}

static void late_part_of_a_left_channel_does_not_hurt_the_new_one(void **state)
{
	struct script *script = script_in_channel(state);
	irc_connection_part(script->connection, irc_connection_find(script->connection, "#c"));
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	assert_sent(script, "PART #c\nJOIN #c\n");
	script_server(script,
		      ":alice!a@h PART #c\n:alice!a@h JOIN #c\n:s.x 353 alice = #c :alice\n:s.x 366 alice #c :End\n");
	assert_events(script, "#c alice me\n#c subject '' by ''\n");
	script_free(script);
}

static void early_leave_does_not_hurt_the_next_join(void **state)
{
	struct script *script = script_ready(state, NULL);
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	irc_connection_part(script->connection, irc_connection_find(script->connection, "#c"));
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	assert_sent(script, "JOIN #c\nPART #c\nJOIN #c\n");
	script_server(script, ":alice!a@h JOIN #c\n:s.x 353 alice = #c :alice bob\n:s.x 366 alice #c :End\n"
			      ":alice!a@h PART #c\n");
	assert_events(script, "");
	script_server(script, ":alice!a@h JOIN #c\n:s.x 353 alice = #c :alice\n:s.x 366 alice #c :End\n");
	assert_events(script, "#c alice me\n#c subject '' by ''\n");
	script_free(script);
}

static void early_leave_leaves_nothing(void **state)
{
	struct script *script = script_ready(state, NULL);
	assert_true(irc_connection_join(script->connection, "#c", "#c", "alice", ""));
	irc_connection_part(script->connection, irc_connection_find(script->connection, "#c"));
	irc_connection_part(script->connection, irc_connection_find(script->connection, "#c"));
	assert_sent(script, "JOIN #c\nPART #c\n");
	assert_int_equal(irc_connection_channels(script->connection), 0);
	script_server(script, ":alice!a@h JOIN #c\n:s.x 366 alice #c :End\n:alice!a@h PART #c\n");
	assert_events(script, "");
	assert_null(irc_connection_find(script->connection, "#c"));
	script_free(script);
}

static void channels_are_joined_again_after_a_loss(void **state)
{
	struct script *script = script_in_channel(state);
	script_server(script, ":carol!c@h JOIN #c\n");
	irc_connection_lost(script->connection);
	script_forget(script);
	assert_true(irc_connection_due(script->connection) == UINT64_MAX);
	irc_connection_open(script->connection);
	script_server(script, ":s.x 433 * alice :In use\n:s.x 001 alice_ :Welcome\n:s.x 376 alice_ :End\n");
	assert_sent(script, "CAP LS 302\nNICK alice\nUSER alice 0 * :alice\nNICK alice_\nJOIN #c\n");
	script_server(script, ":alice_!a@h JOIN #c\n:s.x 353 alice_ = #c :alice_ @bob\n:s.x 366 alice_ #c :End\n");
	char *events = script->events->str;
	assert_non_null(strstr(events, "#c carol left\n"));
	assert_non_null(strstr(events, "#c alice me -> alice_\n"));
	assert_true(g_str_has_suffix(events, "#c bob moderator\n#c alice_ me\n#c subject '' by ''\n"));
	script_free(script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRIPT(others_come_first_and_oneself_last),
		SCRIPT(missing_topic_is_told_as_empty),
		SCRIPT(topic_without_author_is_told),
		SCRIPT(comings_and_goings_have_reasons),
		SCRIPT(own_kick_ends_the_channel),
		SCRIPT(kick_before_all_names_came_refuses_the_join),
		SCRIPT(nicknames_change),
		SCRIPT(only_moderation_is_told_of_modes),
		SCRIPT(away_is_polled),
		SCRIPT(questions_who_is_away_give_way),
		SCRIPT(join_that_waits_its_turn_is_not_given_up),
		SCRIPT(away_notify_needs_no_polling),
		SCRIPT(refused_joins_are_told),
		SCRIPT(unanswered_join_is_given_up),
		SCRIPT(names_without_end_are_taken_as_they_are),
		SCRIPT(what_a_hostile_server_names_is_bounded),
		SCRIPT(members_of_all_channels_are_limited),
		SCRIPT(join_again_tells_all_again),
		SCRIPT(channel_of_a_bouncer_is_silent_until_asked_for),
		SCRIPT(late_part_of_a_left_channel_does_not_hurt_the_new_one),
		SCRIPT(early_leave_does_not_hurt_the_next_join),
		SCRIPT(early_leave_leaves_nothing),
		SCRIPT(channels_are_joined_again_after_a_loss),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
