/* SPDX-License-Identifier: MIT */
#include "room_scene.h"

/* --- entering -------------------------------------------------------------------------------- */

static void a_join_shows_others_then_oneself_then_the_subject(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", "pw");
	fakes_expect(fakes, "net join user@localhost #room me password=pw\n");
	subject(fakes, "anna", "Hello");
	occupant(fakes, "anna", CORE_FLAG_MODERATOR);
	net_participant(
		fakes, USER,
		&(struct core_participant){
			.room = "#Room", .nickname = "bert", .status = CORE_AWAY, .text = "brb", .icon_hash = "hash" });
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a online moderator\n"
			    "occupant #room/bert -> user@localhost/a away \"brb\" icon=hash\n"
			    "occupant #room/me -> user@localhost/a online 110\n"
			    "message #room/anna -> user@localhost/a groupchat subject=\"Hello\"\n");
	struct jid a = fakes_jid(fakes, A), room = fakes_jid(fakes, ROOM),
		   other = fakes_jid(fakes, "#o@gate.localhost");
	assert_true(core_user_in_room(fakes->core, &a, &room));
	assert_false(core_user_in_room(fakes->core, &a, &other));
	fakes_end(fakes);
}

static void who_goes_before_he_was_found_in_the_database_enters_nothing(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	fakes_register(fakes, USER);
	user_join(fakes, A, ROOM "/me", NULL);
	user_presence(fakes, A, "online", NULL, 0);
	user_presence(fakes, B, "online", NULL, 0);
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone 110\n"
			    "net login user@localhost user/secret online\n"
			    "presence - -> user@localhost/b unavailable \"Connecting\"\n");
	net_connected(fakes, USER);
	fakes_expect(fakes, "presence - -> user@localhost/b online\n");
	fakes_end(fakes);
}

static void backends_that_say_only_the_name_are_understood(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	subject(fakes, NULL, "Hello");
	occupant(fakes, "me", 0);
	fakes_expect(fakes, "net join user@localhost #room me\n"
			    "occupant #room/me -> user@localhost/a online 110\n"
			    "message #room -> user@localhost/a groupchat subject=\"Hello\"\n");
	fakes_end(fakes);
}

static void a_room_without_a_subject_gets_an_empty_one(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.tick_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	fakes_log_in(fakes, USER);
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_forget(fakes);
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_expect_later(fakes, "occupant #room/me -> user@localhost/a online 110\n"
				  "message #room -> user@localhost/a groupchat subject=\"\"\n");
	fakes_end(fakes);
}

static void another_nickname_given_by_the_network_is_told(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	subject(fakes, NULL, "Hello");
	core_legacy_nickname(fakes_user(fakes, USER), "#room", "me_");
	occupant(fakes, "me_", 0);
	fakes_expect(fakes, "net join user@localhost #room me\n"
			    "occupant #room/me_ -> user@localhost/a online 110 210\n"
			    "message #room -> user@localhost/a groupchat subject=\"Hello\"\n");
	occupant(fakes, "me_", 0);
	fakes_expect(fakes, "occupant #room/me_ -> user@localhost/a online 110\n");
	fakes_end(fakes);
}

static void a_nickname_given_without_a_word_is_told_too(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	subject(fakes, NULL, "Hello");
	fakes_forget(fakes);
	occupant(fakes, "me_", CORE_FLAG_ME);
	fakes_expect(fakes, "occupant #room/me_ -> user@localhost/a online 110 210\n"
			    "message #room -> user@localhost/a groupchat subject=\"Hello\"\n");
	fakes_end(fakes);
}

static void a_join_before_the_login_is_done_waits_for_it(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	fakes_register(fakes, USER);
	user_join(fakes, A, ROOM "/me", "pw");
	fakes_expect(fakes, "net login user@localhost user/secret online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	net_connected(fakes, USER);
	fakes_expect(fakes, "presence - -> user@localhost/a online\n"
			    "net join user@localhost #room me password=pw\n");
	fakes_end(fakes);
}

static void a_join_of_strangers_is_refused(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect(fakes, "refused #room/me -> user@localhost/a registration-required "
			    "\"You have not registered with this gateway\"\n");
	fakes_end(fakes);
}

static void a_join_needs_a_nickname(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM, NULL);
	fakes_expect(fakes, "refused #room -> user@localhost/a jid-malformed "
			    "\"A nickname is missing: room@service/nickname\"\n");
	fakes_end(fakes);
}

static void room_names_are_written_as_they_were_asked_for(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, "19\\3a7002%thread.skype@gate.localhost/me", NULL);
	user_join(fakes, A, "#a%irc.example.org@gate.localhost/me", NULL);
	user_join(fakes, A, "#b\\40irc.example.org@gate.localhost/me", NULL);
	fakes_expect(fakes, "net join user@localhost 19:7002%thread.skype me\n"
			    "net join user@localhost #a@irc.example.org me\n"
			    "net join user@localhost #b@irc.example.org me\n");
	net_occupant(fakes, USER, "#a@irc.example.org", "x", 0);
	net_occupant(fakes, USER, "#b@irc.example.org", "x", 0);
	fakes_expect(fakes, "occupant #a%irc.example.org/x -> user@localhost/a online\n"
			    "occupant #b\\40irc.example.org/x -> user@localhost/a online\n");
	fakes_end(fakes);
}

/* --- refused --------------------------------------------------------------------------------- */

static void refused_joins_have_their_conditions(void **state)
{
	static const struct {
		int flags;
		const char *text, *line;
	} rows[] = {
		{ CORE_FLAG_CONFLICT, NULL, "conflict \"The nickname is in use\"" },
		{ CORE_FLAG_CONFLICT | CORE_FLAG_ROOM_NOT_FOUND, NULL, "conflict \"The nickname is in use\"" },
		{ CORE_FLAG_NOT_AUTHORIZED, NULL, "not-authorized \"The room does not let you in\"" },
		{ CORE_FLAG_ROOM_NOT_FOUND, "No such channel", "item-not-found \"No such channel\"" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct fakes *fakes = fakes_start(USER);
		g_autofree char *lines = g_strdup_printf("net join user@localhost #room me\n"
							 "refused #room/me -> user@localhost/a %s\n"
							 "net leave user@localhost #room\n",
							 rows[i].line);
		user_join(fakes, A, ROOM "/me", NULL);
		gone(fakes, "me", rows[i].flags, rows[i].text);
		fakes_expect(fakes, lines);
		occupant(fakes, "me", CORE_FLAG_ME);
		fakes_expect(fakes, "");
		fakes_end(fakes);
	}
}

static void flags_of_others_refuse_nothing(void **state)
{
	struct fakes *fakes = start_inside();
	occupant(fakes, "anna", CORE_FLAG_CONFLICT);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a online\n");
	fakes_end(fakes);
}

static struct fakes *start_impatient(void)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.tick_ms = fakes->options.enter_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	return fakes;
}

static void a_join_without_an_answer_is_given_up(void **state)
{
	struct fakes *fakes = start_impatient();
	fakes_log_in(fakes, USER);
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect_later(fakes, "net join user@localhost #room me\n"
				  "refused #room/me -> user@localhost/a remote-server-timeout "
				  "\"The network did not answer the join in time\"\n"
				  "net leave user@localhost #room\n");
	assert_int_equal(core_user_count(fakes->core), 1);
	fakes_end(fakes);
}

static void a_network_that_tells_of_others_only_has_answered(void **state)
{
	struct fakes *fakes = start_impatient();
	fakes_log_in(fakes, USER);
	fakes_forget(fakes);
	user_join(fakes, A, ROOM "/me", NULL);
	occupant(fakes, "anna", 0);
	fakes_expect_later(fakes, "net join user@localhost #room me\n"
				  "occupant #room/anna -> user@localhost/a online\n"
				  "occupant #room/me -> user@localhost/a online 110\n"
				  "message #room -> user@localhost/a groupchat subject=\"\"\n");
	assert_null(user_writes_room(fakes, A, ROOM, "hi"));
	fakes_end(fakes);
}

static void so_is_one_whose_network_does_not_come(void **state)
{
	struct fakes *fakes = start_impatient();
	user_join(fakes, A, ROOM "/me", NULL);
	wait_for(fakes, !core_user_count(fakes->core));
	/* Whether the login was under way by then is a matter of milliseconds. */
	for (guint i = fakes->lines->len; i-- > 0;)
		if (!g_str_has_prefix(fakes->lines->pdata[i], "refused"))
			g_ptr_array_remove_index(fakes->lines, i);
	fakes_expect(fakes, "refused #room/me -> user@localhost/a remote-server-timeout "
			    "\"The network did not answer the join in time\"\n");
	fakes_end(fakes);
}

static void more_rooms_than_allowed_are_refused(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	for (int i = 0; i < 500; i++)
		user_join(fakes, A, arena_printf(fakes->arena, "#r%d@gate.localhost/me", i), NULL);
	fakes_forget(fakes);
	user_join(fakes, A, ROOM "/me", NULL);
	user_join(fakes, B, ROOM "/me", NULL);
	fakes_expect(fakes, "refused #room/me -> user@localhost/a resource-constraint \"Too many rooms or sessions\"\n"
			    "refused #room/me -> user@localhost/b resource-constraint \"Too many rooms or sessions\"\n"
			    "presence - -> user@localhost/b unavailable\n");
	fakes_end(fakes);
}

/* --- several sessions ------------------------------------------------------------------------ */

static void a_second_session_is_told_everything(void **state)
{
	struct fakes *fakes = start_inside();
	user_join(fakes, B, ROOM "/me", NULL);
	fakes_expect(fakes, ALL_TO("user@localhost/b", "110"));
	occupant(fakes, "bert", 0);
	fakes_expect(fakes, "occupant #room/bert -> user@localhost/a online\n"
			    "occupant #room/bert -> user@localhost/b online\n");
	fakes_end(fakes);
}

static void a_second_session_gets_the_nickname_there_is(void **state)
{
	struct fakes *fakes = start_inside();
	user_join(fakes, B, ROOM "/other", NULL);
	fakes_expect(fakes, ALL_TO("user@localhost/b", "110 210"));
	fakes_end(fakes);
}

static void a_second_session_in_the_middle_of_the_entry_misses_nobody(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	occupant(fakes, "anna", 0);
	fakes_forget(fakes);
	user_join(fakes, B, ROOM "/other", NULL);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/b online\n");
	subject(fakes, NULL, "Hello");
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a online 110\n"
			    "occupant #room/me -> user@localhost/b online 110\n"
			    "message #room -> user@localhost/a groupchat subject=\"Hello\"\n"
			    "message #room -> user@localhost/b groupchat subject=\"Hello\"\n");
	fakes_end(fakes);
}

static void who_joins_again_is_told_everything_again(void **state)
{
	struct fakes *fakes = start_inside();
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect(fakes, ALL_TO("user@localhost/a", "110"));
	fakes_end(fakes);
}

static void presence_inside_is_no_join(void **state)
{
	struct fakes *fakes = start_inside();
	struct jid a = fakes_jid(fakes, A), b = fakes_jid(fakes, B), me = fakes_jid(fakes, ROOM "/me");
	core_user_room_presence(fakes->core, &a, &me);
	fakes_expect(fakes, "");
	core_user_room_presence(fakes->core, &b, &me);
	fakes_expect(fakes, ALL_TO("user@localhost/b", "110"));
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_join_shows_others_then_oneself_then_the_subject),
		cmocka_unit_test(who_goes_before_he_was_found_in_the_database_enters_nothing),
		cmocka_unit_test(backends_that_say_only_the_name_are_understood),
		cmocka_unit_test(a_room_without_a_subject_gets_an_empty_one),
		cmocka_unit_test(another_nickname_given_by_the_network_is_told),
		cmocka_unit_test(a_nickname_given_without_a_word_is_told_too),
		cmocka_unit_test(a_join_before_the_login_is_done_waits_for_it),
		cmocka_unit_test(a_join_of_strangers_is_refused),
		cmocka_unit_test(a_join_needs_a_nickname),
		cmocka_unit_test(room_names_are_written_as_they_were_asked_for),
		cmocka_unit_test(refused_joins_have_their_conditions),
		cmocka_unit_test(flags_of_others_refuse_nothing),
		cmocka_unit_test(a_join_without_an_answer_is_given_up),
		cmocka_unit_test(a_network_that_tells_of_others_only_has_answered),
		cmocka_unit_test(so_is_one_whose_network_does_not_come),
		cmocka_unit_test(more_rooms_than_allowed_are_refused),
		cmocka_unit_test(a_second_session_is_told_everything),
		cmocka_unit_test(a_second_session_gets_the_nickname_there_is),
		cmocka_unit_test(a_second_session_in_the_middle_of_the_entry_misses_nobody),
		cmocka_unit_test(who_joins_again_is_told_everything_again),
		cmocka_unit_test(presence_inside_is_no_join),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
