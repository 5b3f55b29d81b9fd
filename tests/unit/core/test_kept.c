/* SPDX-License-Identifier: MIT */
#include "core/settings.h"
#include "room_scene.h"

/* Users who stay on the network while no client is there, and what waits for them. */

enum { THEN = 1700000000 };

static const char *const stay[] = { "settings.stay_connected=1", NULL };

static struct fakes *start(const char *const *overrides)
{
	struct fakes *fakes = fakes_new("sqlite3", overrides);
	fakes->options.tick_ms = fakes->options.leave_ms = 20;
	fakes_open(fakes);
	core_link_up(fakes->core);
	fakes_register(fakes, USER);
	fakes_log_in(fakes, USER);
	return fakes;
}

/* The client of somebody who stays connected has gone. */
static struct fakes *start_away(void)
{
	struct fakes *fakes = start(stay);
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_forget(fakes);
	return fakes;
}

static void says(struct fakes *fakes, const char *name, const char *nick, const char *body, int64_t time)
{
	struct core_legacy_message message = { .name = name,
					       .nickname = nick,
					       .message = { .body = body, .time = time } };
	core_legacy_message(fakes_user(fakes, USER), &message);
}

static void join_with(struct fakes *fakes, const char *full, struct core_history history)
{
	struct jid from = fakes_jid(fakes, full), to = fakes_jid(fakes, ROOM "/me");
	core_user_join(fakes->core, &from, &to, NULL, &history);
}

/* What a user writes elsewhere while no client is there is for his server to keep, which needs to know when it was. */
static void own_words_while_away_say_when_they_were(void **state)
{
	struct fakes *fakes = start_away();
	struct core_legacy_message own = { .name = "bob", .carbon = true, .message = { .body = "hi", .time = THEN } };
	core_legacy_message(fakes_user(fakes, USER), &own);
	fakes_expect(fakes, "carbon bob -> user@localhost chat \"hi\" time=1700000000\n");
	own.message.time = 0;
	core_legacy_message(fakes_user(fakes, USER), &own);
	assert_int_equal(fakes->lines->len, 1);
	assert_true(g_str_has_prefix(fakes->lines->pdata[0], "carbon bob -> user@localhost chat \"hi\" time=1"));
	fakes_end(fakes);
}

/* --- chats ----------------------------------------------------------------------------------- */

static void who_stays_connected_is_not_logged_out(void **state)
{
	struct fakes *fakes = start(stay);
	net_contact(fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_AWAY });
	fakes_forget(fakes);
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_expect(fakes, "presence bob/bot -> user@localhost/a unavailable\n"
			    "presence - -> user@localhost/a unavailable\n");
	/* Nobody is there to see it. */
	net_contact(fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_DND });
	fakes_expect(fakes, "");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "net status user@localhost online\n"
			    "presence - -> user@localhost/a online\n"
			    "presence bob/bot -> user@localhost/a dnd\n");
	fakes_end(fakes);
}

static void without_the_setting_the_last_session_logs_out(void **state)
{
	static const char *const none[] = { NULL };
	struct fakes *fakes = start(none);
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost/a unavailable\n"
			    "net logout user@localhost\n");
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_end(fakes);
}

static void messages_wait_in_order_with_their_time(void **state)
{
	struct fakes *fakes = start_away();
	says(fakes, "bob", NULL, "one", THEN);
	says(fakes, "Ann", NULL, "two", THEN + 1);
	says(fakes, "bob", NULL, "three", THEN + 2);
	fakes_expect(fakes, "");
	assert_int_equal(fakes->metrics.value[METRIC_MESSAGES_KEPT], 3);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect_later(fakes, "net status user@localhost online\n"
				  "presence - -> user@localhost/a online\n"
				  "message bob/bot -> user@localhost chat \"one\" time=1700000000\n"
				  "message ann/bot -> user@localhost chat \"two\" time=1700000001\n"
				  "message bob/bot -> user@localhost chat \"three\" time=1700000002\n");
	/* Once only. */
	user_presence(fakes, A, "unavailable", NULL, 0);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_forget(fakes);
	says(fakes, "bob", NULL, "four", 0);
	fakes_expect(fakes, "message bob/bot -> user@localhost chat \"four\" active\n");
	fakes_end(fakes);
}

static void more_than_a_page_is_delivered_whole(void **state)
{
	struct fakes *fakes = start_away();
	for (int i = 0; i < 250; i++)
		says(fakes, "bob", NULL, "x", THEN + i);
	user_presence(fakes, A, "online", NULL, 0);
	wait_for(fakes, fakes->lines->len >= 252);
	assert_string_equal(fakes->lines->pdata[251], "message bob/bot -> user@localhost chat \"x\" time=1700000249");
	fakes_end(fakes);
}

static void a_message_that_comes_meanwhile_overtakes_nothing(void **state)
{
	struct fakes *fakes = start_away();
	says(fakes, "bob", NULL, "one", THEN);
	fakes_settle(fakes);
	user_presence(fakes, A, "online", NULL, 0);
	says(fakes, "bob", NULL, "two", THEN + 1);
	core_legacy_receipt(fakes_user(fakes, USER), "bob", "id1");
	fakes_expect_later(fakes, "net status user@localhost online\n"
				  "presence - -> user@localhost/a online\n"
				  "message bob/bot -> user@localhost chat receipt-of=id1\n"
				  "message bob/bot -> user@localhost chat \"one\" time=1700000000\n"
				  "message bob/bot -> user@localhost chat \"two\" time=1700000001\n");
	fakes_end(fakes);
}

static void what_is_of_the_moment_is_not_kept(void **state)
{
	static const char *const overrides[] = { "settings.stay_connected=1", "settings.send_headlines=1", NULL };
	struct fakes *fakes = start(overrides);
	struct core_legacy_message headline = { .name = "bob", .message = { .type = CORE_HEADLINE, .body = "News" } };
	says(fakes, "bob", NULL, "Hi", 0);
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_forget(fakes);
	core_legacy_chat_state(fakes_user(fakes, USER), "bob", CORE_STATE_COMPOSING);
	core_legacy_receipt(fakes_user(fakes, USER), "bob", "id1");
	core_legacy_message(fakes_user(fakes, USER), &headline);
	fakes_expect(fakes, "");
	assert_int_equal(fakes->metrics.value[METRIC_MESSAGES_KEPT], 0);
	fakes_end(fakes);
}

static void files_and_ids_are_kept_too(void **state)
{
	struct fakes *fakes = start_away();
	struct core_attachment files[] = { { "http://x/1", "image/png", "One" }, { "http://x/2", NULL, NULL } };
	struct core_legacy_message message = {
		.name = "bob",
		.message = { .id = "m1", .time = THEN, .attachment_count = 2, .attachments = files },
	};
	core_legacy_message(fakes_user(fakes, USER), &message);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect_later(fakes, "net status user@localhost online\n"
				  "presence - -> user@localhost/a online\n"
				  "message bob/bot -> user@localhost chat id=m1 time=1700000000"
				  " file=http://x/1 file=http://x/2\n");
	fakes_end(fakes);
}

/* RFC 6121, section 8.5.2. */
static void a_session_of_negative_priority_takes_no_messages(void **state)
{
	struct fakes *fakes = start_away();
	says(fakes, "bob", NULL, "one", THEN);
	user_presence(fakes, A, "online", NULL, -1);
	says(fakes, "bob", NULL, "two", THEN);
	fakes_expect(fakes, "net status user@localhost online\n"
			    "presence - -> user@localhost/a online\n");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect_later(fakes, "message bob/bot -> user@localhost chat \"one\" time=1700000000\n"
				  "message bob/bot -> user@localhost chat \"two\" time=1700000000\n");
	fakes_end(fakes);
}

static void what_cannot_be_kept_goes_to_the_users_server(void **state)
{
	struct fakes *fakes = start_away();
	fakes_sql(fakes, "DROP TABLE users_messages");
	says(fakes, "bob", NULL, "one", THEN);
	fakes_expect_later(fakes, "message bob/bot -> user@localhost chat \"one\" time=1700000000\n");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_forget(fakes);
	says(fakes, "bob", NULL, "two", 0);
	fakes_expect_later(fakes, "message bob/bot -> user@localhost chat \"two\" active\n");
	fakes_end(fakes);
}

static void what_cannot_be_dropped_is_delivered_once(void **state)
{
	struct fakes *fakes = start_away();
	says(fakes, "bob", NULL, "one", THEN);
	fakes_settle(fakes);
	fakes_sql(fakes, "CREATE TRIGGER no BEFORE DELETE ON users_messages BEGIN SELECT RAISE(ABORT, 'no'); END");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect_later(fakes, "net status user@localhost online\n"
				  "presence - -> user@localhost/a online\n"
				  "message bob/bot -> user@localhost chat \"one\" time=1700000000\n");
	fakes_settle(fakes);
	says(fakes, "bob", NULL, "two", 0);
	fakes_expect(fakes, "message bob/bot -> user@localhost chat \"two\" active\n");
	fakes_end(fakes);
}

static void what_comes_while_the_database_fails_is_delivered(void **state)
{
	struct fakes *fakes = start_away();
	says(fakes, "bob", NULL, "one", THEN);
	fakes_settle(fakes);
	fakes_sql(fakes, "DROP TABLE users_messages");
	user_presence(fakes, A, "online", NULL, 0);
	says(fakes, "bob", NULL, "two", THEN + 1);
	fakes_expect_later(fakes, "net status user@localhost online\n"
				  "presence - -> user@localhost/a online\n"
				  "message bob/bot -> user@localhost chat \"two\" time=1700000001\n");
	says(fakes, "bob", NULL, "three", 0);
	fakes_expect(fakes, "message bob/bot -> user@localhost chat \"three\" active\n");
	fakes_end(fakes);
}

static void without_a_database_a_few_are_kept_in_memory(void **state)
{
	struct fakes *fakes = fakes_new("none", stay);
	fakes_open(fakes);
	core_set_features(fakes->core, &(struct core_features){ .need_registration = false });
	fakes_log_in(fakes, USER);
	user_presence(fakes, A, "unavailable", NULL, 0);
	for (int i = 1; i <= 103; i++)
		says(fakes, "bob", NULL, i == 4 ? "first" : "x", THEN + i);
	fakes_forget(fakes);
	assert_int_equal(fakes->metrics.value[METRIC_KEPT_DROPPED], 3);
	user_presence(fakes, A, "online", NULL, 0);
	assert_int_equal(fakes->lines->len, 102);
	assert_string_equal(fakes->lines->pdata[2], "message bob/bot -> user@localhost chat \"first\" time=1700000004");
	fakes_end(fakes);
}

static void memory_for_all_rooms_is_bounded(void **state)
{
	struct fakes *fakes = fakes_new("none", stay);
	g_autofree char *much = g_strnfill(60000, 'x');
	fakes_open(fakes);
	core_set_features(fakes->core, &(struct core_features){ .need_registration = false });
	fakes_log_in(fakes, USER);
	for (int i = 0; i < 30; i++) {
		const char *room = arena_printf(fakes->arena, "#r%d", i);
		user_join(fakes, A, arena_printf(fakes->arena, "%s@gate.localhost/me", room), NULL);
		net_occupant(fakes, USER, room, "me", CORE_FLAG_ME);
	}
	user_presence(fakes, A, "unavailable", NULL, 0);
	/* 4 messages a room, 7.2 MB. */
	for (int i = 0; i < 120; i++)
		says(fakes, arena_printf(fakes->arena, "#r%d", i / 4), "anna", much, THEN);
	assert_in_range(fakes->metrics.value[METRIC_KEPT_DROPPED], 30, 45);
	fakes_end(fakes);
}

static void from_memory_the_rest_goes_to_the_users_server_at_the_end(void **state)
{
	struct fakes *fakes = fakes_new("none", stay);
	fakes_open(fakes);
	core_set_features(fakes->core, &(struct core_features){ .need_registration = false });
	fakes_log_in(fakes, USER);
	user_presence(fakes, A, "unavailable", NULL, 0);
	says(fakes, "bob", NULL, "one", THEN);
	fakes_forget(fakes);
	core_logout_all(fakes->core);
	fakes_expect(fakes, "net logout user@localhost\n"
			    "message bob/bot -> user@localhost chat \"one\" time=1700000000\n");
	fakes_end(fakes);
}

static void a_lost_network_is_tried_again_while_nobody_is_there(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", stay);
	fakes->options.retry_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	fakes_log_in(fakes, USER);
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_forget(fakes);
	net_disconnected(fakes, USER, 0, "Link down");
	fakes_expect_later(fakes, "net logout user@localhost\n"
				  "net login user@localhost user/secret away\n");
	net_connected(fakes, USER);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void a_final_refusal_is_told_to_who_is_away(void **state)
{
	struct fakes *fakes = start_away();
	net_disconnected(fakes, USER, 2, "Wrong password");
	fakes_expect(fakes, "message - -> user@localhost chat \"Wrong password\"\n"
			    "net logout user@localhost\n");
	fakes_end(fakes);
}

static void change(struct fakes *fakes, enum core_setting setting, bool on)
{
	struct jid jid = fakes_jid(fakes, A);
	struct core_setting_change change = { setting, on };
	core_user_put_settings(fakes->core, &jid, &change, 1, fakes_reply(fakes, "set"));
	fakes_settle(fakes);
}

static void who_stays_no_longer_is_logged_out(void **state)
{
	struct fakes *fakes = start_away();
	change(fakes, CORE_STAY_CONNECTED, false);
	fakes_expect(fakes, "net logout user@localhost\n"
			    "reply set: ok registered\n");
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_end(fakes);
}

static void what_was_kept_waits_for_the_next_login(void **state)
{
	struct fakes *fakes = start_away();
	says(fakes, "bob", NULL, "one", THEN);
	change(fakes, CORE_STAY_CONNECTED, false);
	fakes_forget(fakes);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect_later(fakes, "net login user@localhost user/secret online\n"
				  "presence - -> user@localhost/a unavailable \"Connecting\"\n"
				  "message bob/bot -> user@localhost chat \"one\" time=1700000000\n");
	fakes_end(fakes);
}

static void the_bare_jid_ends_all_sessions_of_who_stays(void **state)
{
	struct fakes *fakes = start(stay);
	user_presence(fakes, B, "online", NULL, 0);
	fakes_forget(fakes);
	user_presence(fakes, USER, "unavailable", NULL, 0);
	assert_int_equal(core_user_count(fakes->core), 1);
	user_presence(fakes, USER, "unavailable", NULL, 0);
	assert_int_equal(core_user_count(fakes->core), 1);
	fakes_end(fakes);
}

/* --- rooms ----------------------------------------------------------------------------------- */

static struct fakes *start_in_room(void)
{
	struct fakes *fakes = start(stay);
	user_join(fakes, A, ROOM "/me", NULL);
	occupant(fakes, "anna", 0);
	subject(fakes, "anna", "Hello");
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_forget(fakes);
	return fakes;
}

static struct fakes *start_away_from_room(void)
{
	struct fakes *fakes = start_in_room();
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_forget(fakes);
	return fakes;
}

#define BACK                                 \
	"net status user@localhost online\n" \
	"presence - -> user@localhost/a online\n"
#define INSIDE                                             \
	"occupant #room/anna -> user@localhost/a online\n" \
	"occupant #room/me -> user@localhost/a online 110\n"
#define SUBJECT          "message #room/anna -> user@localhost/a groupchat subject=\"Hello\"\n"
#define SAID(text, time) "message #room/anna -> user@localhost/a groupchat \"" text "\" time=170000000" time "\n"

static void comes_back(struct fakes *fakes)
{
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, BACK);
}

/* XEP-0045, section 7.2.15. */
static void who_enters_again_gets_what_was_said_before_the_subject(void **state)
{
	struct fakes *fakes = start_away_from_room();
	struct core_legacy_message whisper = {
		.name = "#room", .nickname = "anna", .pm = true, .message = { .body = "psst", .time = THEN + 1 }
	};
	says(fakes, "#room", "anna", "one", THEN);
	core_legacy_message(fakes_user(fakes, USER), &whisper);
	fakes_expect(fakes, "");
	comes_back(fakes);
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect_later(fakes, INSIDE SAID("one", "0") "message #room/anna -> user@localhost/a chat \"psst\" "
							  "time=1700000001 from-occupant\n" SUBJECT);
	says(fakes, "#room", "anna", "live", 0);
	fakes_expect(fakes, "message #room/anna -> user@localhost/a groupchat \"live\"\n");
	fakes_end(fakes);
}

static void words_of_the_room_that_come_meanwhile_overtake_nothing(void **state)
{
	struct fakes *fakes = start_away_from_room();
	says(fakes, "#room", "anna", "one", THEN);
	comes_back(fakes);
	user_join(fakes, A, ROOM "/me", NULL);
	says(fakes, "#room", "anna", "two", THEN + 1);
	subject(fakes, "anna", "News");
	fakes_expect_later(
		fakes, INSIDE SAID("one", "0")
			       SAID("two", "1") "message #room/anna -> user@localhost/a groupchat subject=\"News\"\n");
	fakes_end(fakes);
}

static void who_enters_a_room_only_gets_his_messages_too(void **state)
{
	struct fakes *fakes = start_away_from_room();
	says(fakes, "bob", NULL, "one", THEN);
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect_later(fakes, INSIDE SUBJECT "message bob/bot -> user@localhost chat \"one\" time=1700000000\n");
	says(fakes, "bob", NULL, "two", 0);
	fakes_expect(fakes, "message bob/bot -> user@localhost chat \"two\" active\n");
	/* And waits for them again when he has left it. */
	user_leave(fakes, A, ROOM "/me");
	fakes_forget(fakes);
	says(fakes, "bob", NULL, "three", THEN);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void a_second_client_does_not_shorten_what_the_first_is_told(void **state)
{
	struct fakes *fakes = start_away_from_room();
	says(fakes, "#room", "anna", "one", THEN);
	comes_back(fakes);
	user_presence(fakes, B, "online", NULL, 0);
	fakes_forget(fakes);
	user_join(fakes, A, ROOM "/me", NULL);
	join_with(fakes, B, (struct core_history){ -1, 0, -1, -1 });
	wait_for(fakes, fakes->lines->len >= 8);
	const char *said = "message #room/anna -> user@localhost/a groupchat \"one\" time=1700000000";
	assert_true(g_ptr_array_find_with_equal_func(fakes->lines, said, g_str_equal, NULL));
	fakes_end(fakes);
}

/* XEP-0045, section 7.2.14. */
static void only_as_much_is_told_as_is_wanted(void **state)
{
	int64_t now = g_get_real_time() / G_USEC_PER_SEC;
	const struct {
		struct core_history history;
		const char *told;
	} cases[] = {
		{ { -1, 2, -1, -1 }, SAID("two", "1") SAID("three", "2") },
		{ { -1, 0, -1, -1 }, "" },
		{ { 0, -1, -1, -1 }, "" },
		{ { 300, -1, -1, -1 }, SAID("three", "2") },
		{ { -1, -1, -1, THEN + 1 }, SAID("two", "1") SAID("three", "2") },
		{ { -1, -1, now - THEN + 50, -1 }, SAID("two", "1") SAID("three", "2") },
		{ { -1, -1, 3600, -1 }, "" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct fakes *fakes = start_away_from_room();
		says(fakes, "#room", "anna", "one", THEN - 100);
		says(fakes, "#room", "anna", "two", THEN + 1);
		says(fakes, "#room", "anna", "three", THEN + 2);
		comes_back(fakes);
		join_with(fakes, A, cases[i].history);
		fakes_expect_later(fakes, arena_printf(fakes->arena, "%s%s%s", INSIDE, cases[i].told, SUBJECT));
		fakes_end(fakes);
	}
}

static void history_of_the_network_obeys_the_same_limits(void **state)
{
	struct fakes *fakes = start(stay);
	join_with(fakes, A, (struct core_history){ -1, -1, -1, THEN });
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_forget(fakes);
	says(fakes, "#room", "anna", "long ago", THEN - 1);
	says(fakes, "#room", "anna", "then", THEN);
	fakes_expect(fakes, "message #room/anna -> user@localhost/a groupchat \"then\" time=1700000000\n");
	/* After the entry all is news. */
	subject(fakes, NULL, "Hello");
	fakes_forget(fakes);
	says(fakes, "#room", "anna", "late", THEN - 1);
	fakes_expect(fakes, "message #room/anna -> user@localhost/a groupchat \"late\" time=1699999999\n");
	fakes_end(fakes);
}

static void what_comes_while_the_database_fails_is_for_who_is_in_the_room(void **state)
{
	struct fakes *fakes = start_away_from_room();
	says(fakes, "#room", "anna", "one", THEN);
	comes_back(fakes);
	fakes_settle(fakes);
	fakes_sql(fakes, "DROP TABLE users_messages");
	user_join(fakes, A, ROOM "/me", NULL);
	says(fakes, "#room", "anna", "two", THEN + 1);
	fakes_expect_later(fakes, INSIDE SAID("two", "1") SUBJECT);
	fakes_end(fakes);
}

static void a_client_that_goes_altogether_stays_in_the_room(void **state)
{
	struct fakes *fakes = start_in_room();
	user_leave(fakes, A, ROOM "/me");
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone 110\n"
			    "presence - -> user@localhost/a unavailable\n");
	uint64_t since = loop_now(fakes->loop);
	wait_for(fakes, (loop_once(fakes->loop, 5), loop_now(fakes->loop) > since + 80));
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void a_client_that_leaves_the_room_alone_leaves_it(void **state)
{
	struct fakes *fakes = start_in_room();
	user_leave(fakes, A, ROOM "/me");
	says(fakes, "#room", "anna", "one", THEN);
	fakes_expect_later(fakes, "occupant #room/me -> user@localhost/a gone 110\n"
				  "net leave user@localhost #room\n");
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect(fakes, "net join user@localhost #room me\n");
	occupant(fakes, "me", CORE_FLAG_ME);
	subject(fakes, NULL, "Hello");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a online 110\n"
			    "message #room -> user@localhost/a groupchat subject=\"Hello\"\n");
	fakes_end(fakes);
}

static void who_is_kicked_while_away_hears_it_all_when_he_is_back(void **state)
{
	struct fakes *fakes = start_away_from_room();
	says(fakes, "#room", "anna", "one", THEN);
	gone(fakes, "me", CORE_FLAG_ME | CORE_FLAG_KICKED, "Bye");
	comes_back(fakes);
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect(fakes, "net join user@localhost #room me\n");
	subject(fakes, "anna", "Hello");
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_expect_later(fakes, "occupant #room/me -> user@localhost/a online 110\n" SAID("one", "0") SUBJECT);
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_words_while_away_say_when_they_were),
		cmocka_unit_test(who_stays_connected_is_not_logged_out),
		cmocka_unit_test(without_the_setting_the_last_session_logs_out),
		cmocka_unit_test(messages_wait_in_order_with_their_time),
		cmocka_unit_test(more_than_a_page_is_delivered_whole),
		cmocka_unit_test(a_message_that_comes_meanwhile_overtakes_nothing),
		cmocka_unit_test(what_is_of_the_moment_is_not_kept),
		cmocka_unit_test(files_and_ids_are_kept_too),
		cmocka_unit_test(a_session_of_negative_priority_takes_no_messages),
		cmocka_unit_test(what_cannot_be_kept_goes_to_the_users_server),
		cmocka_unit_test(what_cannot_be_dropped_is_delivered_once),
		cmocka_unit_test(what_comes_while_the_database_fails_is_delivered),
		cmocka_unit_test(without_a_database_a_few_are_kept_in_memory),
		cmocka_unit_test(memory_for_all_rooms_is_bounded),
		cmocka_unit_test(from_memory_the_rest_goes_to_the_users_server_at_the_end),
		cmocka_unit_test(a_lost_network_is_tried_again_while_nobody_is_there),
		cmocka_unit_test(a_final_refusal_is_told_to_who_is_away),
		cmocka_unit_test(who_stays_no_longer_is_logged_out),
		cmocka_unit_test(what_was_kept_waits_for_the_next_login),
		cmocka_unit_test(the_bare_jid_ends_all_sessions_of_who_stays),
		cmocka_unit_test(who_enters_again_gets_what_was_said_before_the_subject),
		cmocka_unit_test(words_of_the_room_that_come_meanwhile_overtake_nothing),
		cmocka_unit_test(who_enters_a_room_only_gets_his_messages_too),
		cmocka_unit_test(a_second_client_does_not_shorten_what_the_first_is_told),
		cmocka_unit_test(only_as_much_is_told_as_is_wanted),
		cmocka_unit_test(history_of_the_network_obeys_the_same_limits),
		cmocka_unit_test(what_comes_while_the_database_fails_is_for_who_is_in_the_room),
		cmocka_unit_test(a_client_that_goes_altogether_stays_in_the_room),
		cmocka_unit_test(a_client_that_leaves_the_room_alone_leaves_it),
		cmocka_unit_test(who_is_kicked_while_away_hears_it_all_when_he_is_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
