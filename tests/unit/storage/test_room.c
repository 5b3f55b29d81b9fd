/* SPDX-License-Identifier: MIT */
#include "fixture.h"

static int open_storage(void **state)
{
	fixture_setup(state);
	return fixture_open(*state, "") ? 0 : -1;
}

static void put(struct fixture *f, int64_t user, const char *node, const char *nick, const char *resources)
{
	storage_put_room(f->storage, user, &(struct storage_room){ node, nick, resources }, fixture_reply(f));
	fixture_wait(f);
}

static void rooms_come_with_their_user(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1"), other = fixture_add(f, "c@d", "2");

	put(f, id, "#two", "me", "home\nphone");
	put(f, id, "#one", "me", "");
	put(f, other, "#one", "you", "");
	put(f, id, "#two", "myself", "phone");
	assert_null(f->error);
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\nroom #one me []\nroom #two myself [phone]\n");
	storage_remove_room(f->storage, id, "#one", fixture_reply(f));
	storage_remove_room(f->storage, id, "#none", fixture_reply(f));
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\nroom #two myself [phone]\n");
	assert_string_equal(fixture_find(f, "c@d"), "c@d 2 pw en utf8\nroom #one you []\n");
}

static void all_rooms_can_go_at_once(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");

	put(f, id, "#one", "me", "");
	put(f, id, "#two", "me", "");
	storage_remove_room(f->storage, id, NULL, fixture_reply(f));
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\n");
}

static void rooms_go_with_their_user(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");

	put(f, id, "#one", "me", "");
	storage_remove_user(f->storage, "a@b", fixture_reply(f));
	fixture_wait(f);
	put(f, id, "#two", "me", "");
	assert_int_equal(fixture_code(f), STORAGE_ERROR_NOT_FOUND);
	g_autofree char *rows = fixture_sql(f->file, "SELECT count(*) FROM users_rooms");
	assert_string_equal(rows, "0\n");
}

static void who_is_brought_back_comes_with_the_setting(void **state)
{
	struct fixture *f = *state;
	int64_t a = fixture_add(f, "a@b", "1"), c = fixture_add(f, "c@d", "2");

	fixture_add(f, "e@f", "3");
	storage_set_online(f->storage, a, true, fixture_reply(f));
	storage_put_setting(f->storage, a, &(struct storage_setting){ "send_headlines", "1", 4 }, fixture_reply(f));
	storage_set_online(f->storage, c, true, fixture_reply(f));
	storage_put_setting(f->storage, c, &(struct storage_setting){ "stay_connected", "1", 4 }, fixture_reply(f));
	storage_list_returning(f->storage, false, fixture_reply(f));
	fixture_wait(f);
	assert_string_equal(f->text, "a@b [] online\nc@d [1] online\n");
	storage_list_returning(f->storage, true, fixture_reply(f));
	fixture_wait(f);
	assert_string_equal(f->text, "a@b [] online\nc@d [1] online\ne@f []\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rooms_come_with_their_user, open_storage, fixture_teardown),
		cmocka_unit_test_setup_teardown(all_rooms_can_go_at_once, open_storage, fixture_teardown),
		cmocka_unit_test_setup_teardown(rooms_go_with_their_user, open_storage, fixture_teardown),
		cmocka_unit_test_setup_teardown(who_is_brought_back_comes_with_the_setting, open_storage,
						fixture_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
