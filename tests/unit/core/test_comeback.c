/* SPDX-License-Identifier: MIT */
#include "room_scene.h"

/* After a start: who comes back, how fast, and into which rooms. */

enum { THEN = 1700000000 };

static struct fakes *start(const char *const *overrides)
{
	struct fakes *fakes = fakes_new("sqlite3", overrides);
	fakes->options.tick_ms = 20;
	fakes_open(fakes);
	core_link_up(fakes->core);
	fakes_register(fakes, USER);
	fakes_log_in(fakes, USER);
	return fakes;
}

static void enter_room(struct fakes *fakes)
{
	user_join(fakes, A, ROOM "/me", NULL);
	occupant(fakes, "anna", 0);
	subject(fakes, "anna", "Hello");
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_forget(fakes);
}

/* The link is up again, and no call is left. */
static void restart(struct fakes *fakes)
{
	fakes_close(fakes);
	g_ptr_array_set_size(fakes->lines, 0);
	fakes_open(fakes);
	core_link_up(fakes->core);
}

static void whoever_stays_connected_is_logged_in_unasked(void **state)
{
	static const char *const overrides[] = { "settings.stay_connected=1", NULL };
	struct fakes *fakes = start(overrides);
	restart(fakes);
	fakes_expect_later(fakes, "presence - -> user@localhost probe\n"
				  "net login user@localhost user/secret away\n");
	net_connected(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "net status user@localhost online\n"
			    "presence - -> user@localhost/a online\n");
	fakes_end(fakes);
}

static void others_are_asked_only(void **state)
{
	static const char *const overrides[] = { "settings.stay_connected=1", NULL };
	struct fakes *fakes = start(overrides);
	fakes_store_setting(fakes, USER, "stay_connected", "0");
	restart(fakes);
	fakes_expect_later(fakes, "presence - -> user@localhost probe\n");
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_end(fakes);
}

static void who_has_logged_out_stays_out(void **state)
{
	static const char *const overrides[] = { "settings.stay_connected=1", "service.reconnect_all_users=1", NULL };
	struct fakes *fakes = start(overrides);
	fakes_sql(fakes, "UPDATE users SET online = 0");
	restart(fakes);
	fakes_expect_later(fakes, "presence - -> user@localhost probe\n");
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_end(fakes);
}

static void they_come_at_the_configured_rate(void **state)
{
	static const char *const overrides[] = { "service.login_rate=2", NULL };
	struct fakes *fakes = fakes_new("sqlite3", overrides);
	fakes->options.tick_ms = 60;
	fakes_open(fakes);
	for (int i = 0; i < 5; i++)
		fakes_register(fakes, arena_printf(fakes->arena, "user%d@localhost", i));
	fakes_sql(fakes, "UPDATE users SET online = 1");
	core_link_up(fakes->core);
	guint before = 0, most = 0;
	for (gint64 until = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND; fakes->lines->len < 5;) {
		assert_true(g_get_monotonic_time() < until);
		loop_once(fakes->loop, 5);
		most = MAX(most, fakes->lines->len - before);
		before = fakes->lines->len;
	}
	assert_int_equal(most, 2);
	fakes_end(fakes);
}

static void rooms_are_entered_again_and_told_to_who_was_inside(void **state)
{
	static const char *const none[] = { NULL };
	struct fakes *fakes = start(none);
	enter_room(fakes);
	user_presence(fakes, B, "online", NULL, 0);
	restart(fakes);
	fakes_expect_later(fakes, "presence - -> user@localhost probe\n");
	user_presence(fakes, B, "online", NULL, 0);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	fakes_expect(fakes, "net login user@localhost user/secret online\n"
			    "presence - -> user@localhost/b unavailable \"Connecting\"\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n"
			    "presence - -> user@localhost/b online\n"
			    "presence - -> user@localhost/a online\n"
			    "net join user@localhost #room me\n");
	occupant(fakes, "anna", 0);
	subject(fakes, "anna", "Hello");
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_expect(fakes, ALL_TO("user@localhost/a", "110"));
	fakes_end(fakes);
}

static void who_comes_late_finds_the_room_with_what_was_said(void **state)
{
	static const char *const overrides[] = { "settings.stay_connected=1", NULL };
	struct fakes *fakes = start(overrides);
	struct core_legacy_message said = { .name = "#room",
					    .nickname = "anna",
					    .message = { .body = "Hi", .time = THEN } };
	enter_room(fakes);
	user_presence(fakes, A, "unavailable", NULL, 0);
	core_legacy_message(fakes_user(fakes, USER), &said);
	fakes_settle(fakes);
	restart(fakes);
	wait_for(fakes, fakes_user(fakes, USER) && user_seat(fakes_user(fakes, USER)));
	net_connected(fakes, USER);
	occupant(fakes, "anna", 0);
	subject(fakes, "anna", "Hello");
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_expect(fakes, "presence - -> user@localhost probe\n"
			    "net login user@localhost user/secret away\n"
			    "net join user@localhost #room me\n");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_forget(fakes);
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect_later(fakes, "occupant #room/anna -> user@localhost/a online\n"
				  "occupant #room/me -> user@localhost/a online 110\n"
				  "message #room/anna -> user@localhost/a groupchat \"Hi\" time=1700000000\n"
				  "message #room/anna -> user@localhost/a groupchat subject=\"Hello\"\n");
	fakes_end(fakes);
}

static bool came(struct fakes *fakes, const char *line)
{
	return g_ptr_array_find_with_equal_func(fakes->lines, line, g_str_equal, NULL);
}

static void a_room_nobody_comes_back_to_is_left(void **state)
{
	static const char *const none[] = { NULL };
	struct fakes *fakes = start(none);
	enter_room(fakes);
	fakes->options.return_ms = 1000;
	restart(fakes);
	user_presence(fakes, B, "online", NULL, 0);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	occupant(fakes, "me", CORE_FLAG_ME);
	assert_true(came(fakes, "net join user@localhost #room me"));
	assert_false(came(fakes, "net leave user@localhost #room"));
	wait_for(fakes, came(fakes, "net leave user@localhost #room"));
	restart(fakes);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	assert_true(came(fakes, "presence - -> user@localhost/a online"));
	assert_false(came(fakes, "net join user@localhost #room me"));
	fakes_end(fakes);
}

/* Logs in as A after a restart; true if the room was entered on the network. */
static bool enters_again(struct fakes *fakes)
{
	restart(fakes);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	return came(fakes, "net join user@localhost #room me");
}

static void a_room_with_a_password_is_not_written_down(void **state)
{
	static const char *const none[] = { NULL };
	struct fakes *fakes = start(none);
	user_join(fakes, A, ROOM "/me", "secret");
	occupant(fakes, "me", CORE_FLAG_ME);
	assert_false(enters_again(fakes));
	fakes_end(fakes);
}

static void a_room_that_was_left_is_not_entered_again(void **state)
{
	static const char *const none[] = { NULL };
	struct fakes *fakes = start(none);
	enter_room(fakes);
	assert_true(enters_again(fakes));
	occupant(fakes, "me", CORE_FLAG_ME);
	user_leave(fakes, A, ROOM "/me");
	assert_false(enters_again(fakes));
	fakes_end(fakes);
}

static void who_logs_out_leaves_his_rooms_for_good(void **state)
{
	static const char *const none[] = { NULL };
	struct fakes *fakes = start(none);
	enter_room(fakes);
	user_presence(fakes, A, "unavailable", NULL, 0);
	assert_false(enters_again(fakes));
	fakes_end(fakes);
}

static void rooms_of_long_ago_are_forgotten(void **state)
{
	static const char *const none[] = { NULL };
	struct fakes *fakes = start(none);
	enter_room(fakes);
	fakes->options.return_ms = 1;
	restart(fakes);
	/* Two looks at what waits: the first may end the wait. */
	uint64_t since = loop_now(fakes->loop);
	wait_for(fakes, (loop_once(fakes->loop, 5), loop_now(fakes->loop) > since + 100 && fakes->lines->len));
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	fakes_expect(fakes, "presence - -> user@localhost probe\n"
			    "net login user@localhost user/secret online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n"
			    "presence - -> user@localhost/a online\n");
	fakes_end(fakes);
}

/* The wait for clients to come back is over soon. */
static struct fakes *start_staying(void)
{
	static const char *const overrides[] = { "settings.stay_connected=1", NULL };
	struct fakes *fakes = fakes_new("sqlite3", overrides);
	fakes->options.tick_ms = 20;
	fakes->options.return_ms = 1;
	fakes_open(fakes);
	core_link_up(fakes->core);
	fakes_register(fakes, USER);
	fakes_log_in(fakes, USER);
	return fakes;
}

static void let_time_pass(struct fakes *fakes)
{
	uint64_t since = loop_now(fakes->loop);
	wait_for(fakes, (loop_once(fakes->loop, 5), loop_now(fakes->loop) > since + 100));
}

static void who_was_put_out_long_after_the_start_enters_by_himself(void **state)
{
	struct fakes *fakes = start_staying();
	let_time_pass(fakes);
	enter_room(fakes);
	net_disconnected(fakes, USER, 2, "No");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	assert_true(came(fakes, "net join user@localhost #room me"));
	fakes_forget(fakes);
	occupant(fakes, "anna", 0);
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void nobody_is_asked_while_there_is_no_link(void **state)
{
	static const char *const none[] = { NULL };
	struct fakes *fakes = start(none);
	restart(fakes);
	core_link_down(fakes->core);
	let_time_pass(fakes);
	fakes_expect(fakes, "");
	core_link_up(fakes->core);
	fakes_expect_later(fakes, "presence - -> user@localhost probe\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_stays_connected_is_logged_in_unasked),
		cmocka_unit_test(others_are_asked_only),
		cmocka_unit_test(who_has_logged_out_stays_out),
		cmocka_unit_test(they_come_at_the_configured_rate),
		cmocka_unit_test(rooms_are_entered_again_and_told_to_who_was_inside),
		cmocka_unit_test(who_comes_late_finds_the_room_with_what_was_said),
		cmocka_unit_test(a_room_nobody_comes_back_to_is_left),
		cmocka_unit_test(a_room_with_a_password_is_not_written_down),
		cmocka_unit_test(a_room_that_was_left_is_not_entered_again),
		cmocka_unit_test(who_logs_out_leaves_his_rooms_for_good),
		cmocka_unit_test(rooms_of_long_ago_are_forgotten),
		cmocka_unit_test(who_was_put_out_long_after_the_start_enters_by_himself),
		cmocka_unit_test(nobody_is_asked_while_there_is_no_link),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
