/* SPDX-License-Identifier: MIT */
#include "fixture.h"

static int open_storage(void **state)
{
	fixture_setup(state);
	return fixture_open(*state, "") ? 0 : -1;
}

static void unknown_user_is_not_found(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(fixture_find(f, "nobody@example.org"), "");
	assert_int_equal(fixture_code(f), STORAGE_ERROR_NOT_FOUND);
	assert_non_null(strstr(f->error->message, "nobody@example.org"));
}

static void put_user_answers_with_the_new_user(void **state)
{
	struct fixture *f = *state;

	fixture_add(f, "romeo@example.org", "rom");
	assert_string_equal(f->text, "romeo@example.org rom pw en utf8\n");
	int64_t id = f->id;
	assert_string_equal(fixture_find(f, "romeo@example.org"), "romeo@example.org rom pw en utf8\n");
	assert_int_equal(f->id, id);
	g_autofree char *login = fixture_sql(f->file, "SELECT last_login IS NOT NULL FROM users");
	assert_string_equal(login, "1\n");
}

static void missing_texts_are_stored_empty(void **state)
{
	struct fixture *f = *state;

	storage_put_user(f->storage, &(struct storage_user){ .jid = "a@b" }, fixture_reply(f));
	fixture_wait(f);
	assert_string_equal(f->text, "a@b    \n");
	assert_string_equal(fixture_find(f, "a@b"), "a@b    \n");
}

static void put_user_changes_only_its_own_part(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "old");
	struct storage_contact contact = { .name = "c", .subscription = "both", .alias = "C" };
	struct storage_setting setting = { .name = "x", .value = "1", .type = 4 };

	storage_set_online(f->storage, id, true, fixture_reply(f));
	storage_put_contacts(f->storage, id, &contact, 1, fixture_reply(f));
	storage_put_setting(f->storage, id, &setting, fixture_reply(f));
	fixture_wait(f);
	g_free(fixture_sql(f->file, "UPDATE users SET vip = 1"));
	struct storage_user user = { .jid = "a@b", .uin = "new", .password = "p2", .language = "de", .encoding = "l1" };
	storage_put_user(f->storage, &user, fixture_reply(f));
	fixture_wait(f);
	assert_string_equal(f->text, "a@b new p2 de l1 vip online\ncontact 1 c both [C] [] 0 []\nsetting x 4 [1]\n");
	assert_int_equal(f->id, id);
}

static void online_flag_is_kept_and_listed(void **state)
{
	struct fixture *f = *state;
	int64_t a = fixture_add(f, "a@b", "1");

	fixture_add(f, "c@d", "2");
	g_free(fixture_sql(f->file, "UPDATE users SET last_login = NULL"));
	storage_set_online(f->storage, a, true, fixture_reply(f));
	storage_list_users(f->storage, true, fixture_reply(f));
	fixture_wait(f);
	assert_string_equal(f->text, "a@b\n");
	g_autofree char *logins = fixture_sql(f->file, "SELECT last_login > '2020-01-01 00:00:00' FROM users");
	assert_string_equal(logins, "1\nNULL\n");
	storage_set_online(f->storage, a, false, fixture_reply(f));
	storage_list_users(f->storage, true, fixture_reply(f));
	fixture_wait(f);
	assert_string_equal(f->text, "");
	storage_list_users(f->storage, false, fixture_reply(f));
	fixture_wait(f);
	assert_string_equal(f->text, "a@b\nc@d\n");
}

static void changes_of_a_missing_user_are_not_found(void **state)
{
	struct fixture *f = *state;
	struct storage_setting setting = { .name = "x", .value = "1", .type = 4 };
	struct storage_contact contact = { .name = "c", .subscription = "both" };

	storage_set_online(f->storage, 77, true, fixture_reply(f));
	fixture_wait(f);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_NOT_FOUND);
	storage_put_setting(f->storage, 77, &setting, fixture_reply(f));
	fixture_wait(f);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_NOT_FOUND);
	storage_put_contacts(f->storage, 77, &contact, 1, fixture_reply(f));
	fixture_wait(f);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_NOT_FOUND);
	storage_remove_user(f->storage, "nobody@b", fixture_reply(f));
	fixture_wait(f);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_NOT_FOUND);
}

static void setting_is_inserted_then_updated(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");

	storage_put_setting(f->storage, id, &(struct storage_setting){ "zoo", "1", 4 }, fixture_reply(f));
	storage_put_setting(f->storage, id, &(struct storage_setting){ "ape", "", 0 }, fixture_reply(f));
	storage_put_setting(f->storage, id, &(struct storage_setting){ "zoo", "0", 13 }, fixture_reply(f));
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\nsetting ape 0 []\nsetting zoo 13 [0]\n");
}

static bool uin_used(struct fixture *f, const char *uin, const char *except)
{
	storage_uin_in_use(f->storage, uin, except, fixture_reply(f));
	fixture_wait(f);
	assert_null(f->error);
	return f->yes;
}

static void uin_is_compared_exactly(void **state)
{
	struct fixture *f = *state;

	fixture_add(f, "a@b", "Z\xc3\xbcrich");
	assert_true(uin_used(f, "Z\xc3\xbcrich", NULL));
	assert_true(uin_used(f, "Z\xc3\xbcrich", "c@d"));
	assert_false(uin_used(f, "Z\xc3\xbcrich", "a@b"));
	assert_false(uin_used(f, "z\xc3\xbcrich", NULL));
	assert_false(uin_used(f, "Z\xc3\x9crich", NULL));
	assert_false(uin_used(f, "Zu\xcc\x88rich", NULL)); /* the same letters, decomposed */
	assert_false(uin_used(f, "Z\xc3\xbcrich ", NULL));
	fixture_add(f, "e@f", "Z\xc3\xbcrich");
	assert_true(uin_used(f, "Z\xc3\xbcrich", "a@b"));
}

static void removed_user_leaves_no_row(void **state)
{
	static const char count[] = "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM buddies),"
				    " (SELECT count(*) FROM buddies_settings), (SELECT count(*) FROM users_settings)";
	struct fixture *f = *state;
	struct storage_contact contact = { .name = "c", .subscription = "both", .icon_hash = "abc" };
	struct storage_setting setting = { .name = "x", .value = "1", .type = 4 };
	const char *jids[] = { "a@b", "c@d" };

	for (size_t i = 0; i < 2; i++) {
		int64_t id = fixture_add(f, jids[i], "1");
		storage_put_contacts(f->storage, id, &contact, 1, fixture_reply(f));
		storage_put_setting(f->storage, id, &setting, fixture_reply(f));
	}
	fixture_wait(f);
	g_autofree char *before = fixture_sql(f->file, count);
	assert_string_equal(before, "2|2|2|2\n");
	storage_remove_user(f->storage, "c@d", fixture_reply(f));
	fixture_wait(f);
	assert_null(f->error);
	g_autofree char *after = fixture_sql(f->file, count);
	assert_string_equal(after, "1|1|1|1\n");
	assert_string_equal(fixture_find(f, "a@b"),
			    "a@b 1 pw en utf8\ncontact 1 c both [] [] 0 [abc]\nsetting x 4 [1]\n");
	assert_string_equal(fixture_find(f, "c@d"), "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_storage, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(unknown_user_is_not_found),        TEST(put_user_answers_with_the_new_user),
		TEST(missing_texts_are_stored_empty),   TEST(put_user_changes_only_its_own_part),
		TEST(online_flag_is_kept_and_listed),   TEST(changes_of_a_missing_user_are_not_found),
		TEST(setting_is_inserted_then_updated), TEST(uin_is_compared_exactly),
		TEST(removed_user_leaves_no_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
