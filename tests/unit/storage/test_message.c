/* SPDX-License-Identifier: MIT */
#include "fixture.h"

static int open_storage(void **state)
{
	fixture_setup(state);
	return fixture_open(*state, "") ? 0 : -1;
}

static void keep(struct fixture *f, int64_t user, const char *room, const char *sender, const char *body)
{
	struct storage_message message = { .room = room, .sender = sender, .body = body, .stamp = 1000 };
	storage_keep_message(f->storage, user, &message, fixture_reply(f));
}

static const char *list(struct fixture *f, int64_t user, const char *room, unsigned limit)
{
	storage_list_messages(f->storage, user, room, limit, fixture_reply(f));
	fixture_wait(f);
	assert_null(f->error);
	return f->text;
}

static void messages_come_back_whole_and_in_order(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");
	struct storage_message first = { .room = "",
					 .sender = "bob",
					 .message_id = "m1",
					 .body = "one\ntwo 'three'",
					 .xhtml = "<b>one</b>",
					 .attachments = "http://x/\timage/png\tA picture\n",
					 .stamp = 1700000000 };
	struct storage_message second = { .room = "#r", .sender = "Zo\xc3\xab", .is_private = true, .body = "psst" };

	storage_keep_message(f->storage, id, &first, fixture_reply(f));
	storage_keep_message(f->storage, id, &second, fixture_reply(f));
	keep(f, id, "", "ann", "later");
	assert_string_equal(list(f, id, "", 10),
			    "/bob m1 [one\ntwo 'three'] [<b>one</b>] [http://x/\timage/png\tA picture\n] 1700000000\n"
			    "/ann  [later] [] [] 1000\n");
	assert_string_equal(list(f, id, "#r", 10), "#r/Zo\xc3\xab private  [psst] [] [] 0\n");
	assert_string_equal(list(f, id, "#other", 10), "");
}

static void what_was_listed_is_dropped_and_nothing_newer(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");

	keep(f, id, "", "bob", "1");
	keep(f, id, "", "bob", "2");
	keep(f, id, "#r", "bob", "3");
	assert_string_equal(list(f, id, "", 1), "/bob  [1] [] [] 1000\n");
	storage_drop_messages(f->storage, id, "", f->last_message, fixture_reply(f));
	assert_string_equal(list(f, id, "", 9), "/bob  [2] [] [] 1000\n");
	keep(f, id, "", "bob", "4");
	storage_drop_messages(f->storage, id, "", f->last_message, fixture_reply(f));
	assert_string_equal(list(f, id, "", 9), "/bob  [4] [] [] 1000\n");
	assert_string_equal(list(f, id, "#r", 9), "#r/bob  [3] [] [] 1000\n");
}

static void count(struct fixture *f, const char *where, const char *expected)
{
	g_autofree char *sql = g_strdup_printf("SELECT count(*), min(body) FROM users_messages WHERE %s", where);
	g_autofree char *rows = fixture_sql(f->file, sql);
	assert_string_equal(rows, expected);
}

static void of_too_many_the_oldest_go_and_are_counted(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1"), other = fixture_add(f, "c@d", "2");

	keep(f, other, "", "bob", "other");
	for (int i = 1; i <= 1003; i++) {
		char body[8];
		g_snprintf(body, sizeof(body), "%04d", i);
		keep(f, id, "", "bob", body);
		if (i <= 105)
			keep(f, id, "#r", "bob", body);
	}
	fixture_wait(f);
	count(f, "room = '' AND user_id = 1", "1000|0004\n");
	count(f, "room = '#r'", "100|0006\n");
	count(f, "user_id = 2", "1|other\n");
	assert_int_equal(f->dropped, 3 + 5);
}

static void all_rooms_together_are_bounded_too(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");

	for (int i = 0; i < 5300; i++) {
		char room[16];
		g_snprintf(room, sizeof(room), "#%d", i / 100);
		keep(f, id, room, "bob", "x");
		fixture_wait(f);
	}
	g_autofree char *rows = fixture_sql(f->file, "SELECT count(*) <= 5064, min(room) <> '#0' FROM users_messages");
	assert_string_equal(rows, "1|1\n");
	assert_true(f->dropped >= 236);
}

static void who_has_messages_is_told_with_the_user(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");

	keep(f, id, "", "bob", "1");
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\nhas messages\n");
	storage_drop_messages(f->storage, id, "", INT64_MAX, fixture_reply(f));
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\n");
}

static void messages_go_with_their_user(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");

	keep(f, id, "", "bob", "1");
	storage_remove_user(f->storage, "a@b", fixture_reply(f));
	fixture_wait(f);
	count(f, "1", "0|NULL\n");
	keep(f, id, "", "bob", "late");
	fixture_wait(f);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_NOT_FOUND);
	assert_string_equal(f->text, "not kept: late\n");
	count(f, "1", "0|NULL\n");
}

static void messages_survive_a_restart(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");

	keep(f, id, "", "bob", "1");
	fixture_wait(f);
	assert_true(fixture_open(f, ""));
	assert_string_equal(list(f, id, "", 9), "/bob  [1] [] [] 1000\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(messages_come_back_whole_and_in_order, open_storage, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_was_listed_is_dropped_and_nothing_newer, open_storage,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(of_too_many_the_oldest_go_and_are_counted, open_storage,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(all_rooms_together_are_bounded_too, open_storage, fixture_teardown),
		cmocka_unit_test_setup_teardown(who_has_messages_is_told_with_the_user, open_storage, fixture_teardown),
		cmocka_unit_test_setup_teardown(messages_go_with_their_user, open_storage, fixture_teardown),
		cmocka_unit_test_setup_teardown(messages_survive_a_restart, open_storage, fixture_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
