/* SPDX-License-Identifier: MIT */
#include "room_scene.h"

/* --- nicknames ------------------------------------------------------------------------------- */

static void the_user_changes_the_nickname(void **state)
{
	struct fakes *fakes = start_inside();
	struct jid a = fakes_jid(fakes, A), i = fakes_jid(fakes, ROOM "/I");
	core_user_room_presence(fakes->core, &a, &i);
	fakes_expect(fakes, "net join user@localhost #room I\n");
	/* As some backends do, the name before the change. */
	core_legacy_nickname(fakes_user(fakes, USER), "#room", "I");
	renamed(fakes, "me", "I", 0);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone nick=I 303 110\n"
			    "occupant #room/I -> user@localhost/a online 110\n");
	user_writes_room(fakes, A, ROOM, "hi");
	occupant(fakes, "I", 0);
	fakes_expect(fakes, "net message user@localhost #room \"hi\"\n"
			    "occupant #room/I -> user@localhost/a online 110\n");
	fakes_end(fakes);
}

static void a_nickname_that_is_taken_leaves_the_old_one(void **state)
{
	/* Told of the old name, or of the wished one. */
	static const char *const told_of[] = { "me", "anna" };
	for (size_t n = 0; n < G_N_ELEMENTS(told_of); n++) {
		struct fakes *fakes = start_inside();
		struct jid a = fakes_jid(fakes, A), anna = fakes_jid(fakes, ROOM "/anna");
		user_join(fakes, B, ROOM "/me", NULL);
		fakes_forget(fakes);
		core_user_room_presence(fakes->core, &a, &anna);
		gone(fakes, told_of[n], CORE_FLAG_CONFLICT | (n ? 0 : CORE_FLAG_ME), NULL);
		fakes_expect(fakes, "net join user@localhost #room anna\n"
				    "refused #room/anna -> user@localhost/a conflict \"The nickname is in use\"\n");
		/* Inside all the same, as anna is. */
		user_join(fakes, A, ROOM "/me", NULL);
		fakes_expect(fakes, ALL_TO("user@localhost/a", "110"));
		fakes_end(fakes);
	}
}

static void the_network_changes_the_nickname(void **state)
{
	struct fakes *fakes = start_inside();
	core_legacy_nickname(fakes_user(fakes, USER), "#room", "guest1");
	renamed(fakes, "me", "guest1", 0);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone nick=guest1 303 110\n"
			    "occupant #room/guest1 -> user@localhost/a online 110 210\n");
	fakes_end(fakes);
}

static void another_own_name_is_a_change_too(void **state)
{
	struct fakes *fakes = start_inside();
	/* Without a word of the change, and with one. */
	occupant(fakes, "guest1", CORE_FLAG_ME);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone nick=guest1 303 110\n"
			    "occupant #room/guest1 -> user@localhost/a online 110\n");
	core_legacy_nickname(fakes_user(fakes, USER), "#room", "guest2");
	occupant(fakes, "guest2", 0);
	fakes_expect(fakes, "occupant #room/guest1 -> user@localhost/a gone nick=guest2 303 110\n"
			    "occupant #room/guest2 -> user@localhost/a online 110 210\n");
	user_join(fakes, A, ROOM "/guest2", NULL);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a online\n"
			    "occupant #room/guest2 -> user@localhost/a online 110\n"
			    "message #room/anna -> user@localhost/a groupchat subject=\"Hello\"\n");
	renamed(fakes, "anna", "anna", 0);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a online\n");
	fakes_end(fakes);
}

static void a_name_given_by_the_network_ends_the_entry(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	subject(fakes, NULL, "");
	fakes_forget(fakes);
	core_legacy_nickname(fakes_user(fakes, USER), "#room", "me_");
	occupant(fakes, "me_", 0);
	fakes_expect(fakes, "occupant #room/me_ -> user@localhost/a online 110 210\n"
			    "message #room -> user@localhost/a groupchat subject=\"\"\n");
	fakes_end(fakes);
}

static void others_change_their_nicknames(void **state)
{
	struct fakes *fakes = start_inside();
	renamed(fakes, "anna", "hanna", CORE_FLAG_MODERATOR);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a gone nick=hanna 303\n"
			    "occupant #room/hanna -> user@localhost/a online moderator\n");
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect(fakes, "occupant #room/hanna -> user@localhost/a online moderator\n"
			    "occupant #room/me -> user@localhost/a online 110\n"
			    "message #room/anna -> user@localhost/a groupchat subject=\"Hello\"\n");
	fakes_end(fakes);
}

static void another_alias_is_another_name(void **state)
{
	struct core_participant anna = { .room = "#room", .nickname = "U1", .alias = "Anna", .status = CORE_ONLINE };
	g_autofree char *long_alias = g_strnfill(2000, 'x');
	struct fakes *fakes = start_inside();
	net_participant(fakes, USER, &anna);
	net_participant(fakes, USER, &anna);
	fakes_expect(fakes, "occupant #room/Anna -> user@localhost/a online\n"
			    "occupant #room/Anna -> user@localhost/a online\n");
	anna.alias = "Hanna";
	net_participant(fakes, USER, &anna);
	fakes_expect(fakes, "occupant #room/Anna -> user@localhost/a gone nick=Hanna 303\n"
			    "occupant #room/Hanna -> user@localhost/a online\n");
	anna.alias = NULL;
	net_participant(fakes, USER, &anna);
	anna.alias = long_alias;
	net_participant(fakes, USER, &anna);
	fakes_expect(fakes, "occupant #room/Hanna -> user@localhost/a online\n"
			    "occupant #room/Hanna -> user@localhost/a online\n");
	anna.alias = "U1";
	net_participant(fakes, USER, &anna);
	fakes_expect(fakes, "occupant #room/Hanna -> user@localhost/a gone nick=U1 303\n"
			    "occupant #room/U1 -> user@localhost/a online\n");
	fakes_end(fakes);
}

static void a_change_during_the_entry_ends_it(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	subject(fakes, NULL, "Hello");
	fakes_forget(fakes);
	renamed(fakes, "me", "me_", CORE_FLAG_ME);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone nick=me_ 303 110\n"
			    "occupant #room/me_ -> user@localhost/a online 110\n"
			    "message #room -> user@localhost/a groupchat subject=\"Hello\"\n");
	assert_null(user_writes_room(fakes, A, ROOM, "hi"));
	fakes_end(fakes);
}

static void names_that_are_none_are_ignored(void **state)
{
	struct fakes *fakes = start_inside();
	g_autofree char *name = g_strnfill(1 << 20, 'x');
	occupant(fakes, name, 0);
	occupant(fakes, "", 0);
	renamed(fakes, name, "x", 0);
	core_legacy_nickname(fakes_user(fakes, USER), "#room", name);
	core_legacy_nickname(fakes_user(fakes, USER), "#room", "");
	net_occupant(fakes, USER, "#other", "x", 0);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

/* --- leaving --------------------------------------------------------------------------------- */

static void others_leave(void **state)
{
	struct fakes *fakes = start_inside();
	gone(fakes, "anna", 0, "bye");
	gone(fakes, "nobody", 0, "bye");
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a gone \"bye\"\n");
	occupant(fakes, "bert", 0);
	gone(fakes, "bert", CORE_FLAG_KICKED, "rude");
	occupant(fakes, "carl", 0);
	gone(fakes, "carl", CORE_FLAG_BANNED, "spam");
	fakes_expect(fakes, "occupant #room/bert -> user@localhost/a online\n"
			    "occupant #room/bert -> user@localhost/a gone reason=\"rude\" 307\n"
			    "occupant #room/carl -> user@localhost/a online\n"
			    "occupant #room/carl -> user@localhost/a gone reason=\"spam\" 301\n");
	fakes_end(fakes);
}

static void who_is_kicked_is_out(void **state)
{
	struct fakes *fakes = start_inside();
	gone(fakes, "me", CORE_FLAG_KICKED | CORE_FLAG_ME, "rude");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone reason=\"rude\" 110 307\n");
	assert_string_equal(user_writes_room(fakes, A, ROOM, "hi"), "not-acceptable You are not in this room");
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect(fakes, "net join user@localhost #room me\n");
	fakes_end(fakes);
}

static void who_is_kicked_is_out_whatever_the_status(void **state)
{
	struct fakes *fakes = start_inside();
	occupant(fakes, "anna", CORE_FLAG_KICKED);
	occupant(fakes, "me", CORE_FLAG_BANNED);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a gone 307\n"
			    "occupant #room/me -> user@localhost/a gone 110 301\n");
	fakes_end(fakes);
}

static void a_refusal_may_name_nobody(void **state)
{
	static const char *const names[] = { "", "ME", "me" };
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct fakes *fakes = fakes_start(USER);
		user_join(fakes, A, ROOM "/me", NULL);
		fakes_forget(fakes);
		gone(fakes, names[i], CORE_FLAG_CONFLICT, NULL);
		fakes_expect(fakes, "refused #room/me -> user@localhost/a conflict \"The nickname is in use\"\n"
				    "net leave user@localhost #room\n");
		fakes_end(fakes);
	}
	/* Of one who is inside it says something only if there is something to refuse. */
	struct fakes *fakes = start_inside();
	occupant(fakes, "", CORE_FLAG_CONFLICT);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void who_is_put_out_before_being_in_is_refused(void **state)
{
	static const struct {
		int flags;
		const char *error;
	} rows[] = { { CORE_FLAG_BANNED, "forbidden" }, { CORE_FLAG_KICKED, "not-allowed" }, { 0, "not-allowed" } };
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct fakes *fakes = fakes_start(USER);
		user_join(fakes, A, ROOM "/me", NULL);
		fakes_forget(fakes);
		gone(fakes, "me", rows[i].flags, "out");
		g_autofree char *wanted =
			g_strdup_printf("refused #room/me -> user@localhost/a %s \"out\"\n", rows[i].error);
		fakes_expect(fakes, wanted);
		fakes_end(fakes);
	}
}

static void who_is_banned_is_out(void **state)
{
	struct fakes *fakes = start_inside();
	gone(fakes, "me", CORE_FLAG_BANNED | CORE_FLAG_KICKED, "spam");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone reason=\"spam\" 110 301\n");
	fakes_end(fakes);
}

static void the_last_session_leaves_the_room(void **state)
{
	struct fakes *fakes = start_inside();
	user_presence(fakes, B, "online", NULL, 0);
	user_join(fakes, B, ROOM "/me", NULL);
	fakes_forget(fakes);
	user_leave(fakes, A, ROOM "/me");
	user_leave(fakes, A, ROOM "/me");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone 110\n");
	user_leave(fakes, B, ROOM "/me");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/b gone 110\n"
			    "net leave user@localhost #room\n");
	user_leave(fakes, B, ROOM "/me");
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void going_offline_leaves_all_rooms(void **state)
{
	struct fakes *fakes = start_inside();
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone 110\n"
			    "net leave user@localhost #room\n"
			    "presence - -> user@localhost/a unavailable\n"
			    "net logout user@localhost\n");
	fakes_end(fakes);
}

/* --- sessions that only entered rooms -------------------------------------------------------- */

static void such_a_session_ends_with_its_last_room(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	fakes_register(fakes, USER);
	user_join(fakes, A, ROOM "/me", NULL);
	user_join(fakes, A, "#other@gate.localhost/me", NULL);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	fakes_forget(fakes);
	user_leave(fakes, A, "#other@gate.localhost/me");
	fakes_expect(fakes, "occupant #other/me -> user@localhost/a gone 110\n"
			    "net leave user@localhost #other\n");
	user_leave(fakes, A, ROOM "/me");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone 110\n"
			    "net leave user@localhost #room\n"
			    "presence - -> user@localhost/a unavailable\n"
			    "net logout user@localhost\n");
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_end(fakes);
}

static void so_it_does_when_it_is_put_out_or_refused(void **state)
{
	static const int flags[] = { CORE_FLAG_KICKED, CORE_FLAG_NOT_AUTHORIZED };
	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
		struct fakes *fakes = fakes_start(NULL);
		fakes_register(fakes, USER);
		user_join(fakes, A, ROOM "/me", NULL);
		fakes_settle(fakes);
		net_connected(fakes, USER);
		gone(fakes, "me", flags[i], "out");
		assert_int_equal(core_user_count(fakes->core), 0);
		fakes_end(fakes);
	}
}

static void presence_makes_it_a_session_like_others(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	fakes_register(fakes, USER);
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	user_leave(fakes, A, ROOM "/me");
	assert_int_equal(core_user_count(fakes->core), 1);
	fakes_end(fakes);
}

/* --- the network goes and comes -------------------------------------------------------------- */

static void rooms_are_entered_again_and_who_left_meanwhile_is_gone(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.retry_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	fakes_log_in(fakes, USER);
	user_join(fakes, A, ROOM "/me", "pw");
	occupant(fakes, "anna", 0);
	occupant(fakes, "bert", 0);
	occupant(fakes, "me", CORE_FLAG_ME);
	subject(fakes, "anna", "Hello");
	fakes_forget(fakes);

	net_disconnected(fakes, USER, 0, "Link down");
	fakes_expect_later(fakes, "net logout user@localhost\n"
				  "presence - -> user@localhost unavailable \"Link down\"\n"
				  "net login user@localhost user/secret online\n");
	net_connected(fakes, USER);
	fakes_expect(fakes, "presence - -> user@localhost/a online\n"
			    "net join user@localhost #room me password=pw\n");
	occupant(fakes, "anna", 0);
	subject(fakes, "anna", "News");
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a online\n"
			    "occupant #room/me -> user@localhost/a online 110\n"
			    "occupant #room/bert -> user@localhost/a gone\n"
			    "message #room/anna -> user@localhost/a groupchat subject=\"News\"\n");
	fakes_end(fakes);
}

static void who_is_not_let_in_again_is_out(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.retry_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	fakes_log_in(fakes, USER);
	user_join(fakes, A, ROOM "/me", NULL);
	occupant(fakes, "me", CORE_FLAG_ME);
	net_disconnected(fakes, USER, 0, "Link down");
	wait_for(fakes, user_seat(fakes_user(fakes, USER)));
	net_connected(fakes, USER);
	fakes_forget(fakes);
	gone(fakes, "me", CORE_FLAG_NOT_AUTHORIZED, "Not again");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone reason=\"Not again\" 333 110\n"
			    "net leave user@localhost #room\n");
	fakes_end(fakes);
}

static void a_lost_room_can_be_left(void **state)
{
	struct fakes *fakes = start_inside();
	net_disconnected(fakes, USER, 0, "Link down");
	fakes_forget(fakes);
	user_leave(fakes, A, ROOM "/me");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone 110\n");
	fakes_end(fakes);
}

static void a_final_refusal_puts_everybody_out(void **state)
{
	struct fakes *fakes = start_inside();
	user_join(fakes, A, "#other@gate.localhost/me", NULL);
	fakes_forget(fakes);
	net_disconnected(fakes, USER, 2, "Wrong password");
	fakes_expect_any_order(fakes, "message - -> user@localhost chat \"Wrong password\"\n"
				      "occupant #room/me -> user@localhost/a gone reason=\"Wrong password\" 333 110\n"
				      "refused #other/me -> user@localhost/a recipient-unavailable \"Wrong password\"\n"
				      "presence - -> user@localhost unavailable \"Wrong password\"\n"
				      "net logout user@localhost\n");
	fakes_end(fakes);
}

static void a_shutdown_puts_everybody_out(void **state)
{
	struct fakes *fakes = start_inside();
	core_logout_all(fakes->core);
	fakes_expect(fakes,
		     "occupant #room/me -> user@localhost/a gone reason=\"The gateway is being shut down\" 332 110\n"
		     "presence - -> user@localhost unavailable \"The gateway is being shut down\"\n"
		     "net logout user@localhost\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_user_changes_the_nickname),
		cmocka_unit_test(a_nickname_that_is_taken_leaves_the_old_one),
		cmocka_unit_test(the_network_changes_the_nickname),
		cmocka_unit_test(another_own_name_is_a_change_too),
		cmocka_unit_test(a_name_given_by_the_network_ends_the_entry),
		cmocka_unit_test(others_change_their_nicknames),
		cmocka_unit_test(another_alias_is_another_name),
		cmocka_unit_test(a_change_during_the_entry_ends_it),
		cmocka_unit_test(names_that_are_none_are_ignored),
		cmocka_unit_test(others_leave),
		cmocka_unit_test(who_is_kicked_is_out),
		cmocka_unit_test(who_is_kicked_is_out_whatever_the_status),
		cmocka_unit_test(a_refusal_may_name_nobody),
		cmocka_unit_test(who_is_put_out_before_being_in_is_refused),
		cmocka_unit_test(who_is_banned_is_out),
		cmocka_unit_test(the_last_session_leaves_the_room),
		cmocka_unit_test(going_offline_leaves_all_rooms),
		cmocka_unit_test(such_a_session_ends_with_its_last_room),
		cmocka_unit_test(so_it_does_when_it_is_put_out_or_refused),
		cmocka_unit_test(presence_makes_it_a_session_like_others),
		cmocka_unit_test(rooms_are_entered_again_and_who_left_meanwhile_is_gone),
		cmocka_unit_test(who_is_not_let_in_again_is_out),
		cmocka_unit_test(a_lost_room_can_be_left),
		cmocka_unit_test(a_final_refusal_puts_everybody_out),
		cmocka_unit_test(a_shutdown_puts_everybody_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
