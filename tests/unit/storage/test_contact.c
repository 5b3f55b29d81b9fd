/* SPDX-License-Identifier: MIT */
#include "fixture.h"

static int open_storage(void **state)
{
	fixture_setup(state);
	return fixture_open(*state, "") ? 0 : -1;
}

static void put(struct fixture *f, int64_t user, struct storage_contact contact)
{
	storage_put_contacts(f->storage, user, &contact, 1, fixture_reply(f));
	fixture_wait(f);
	assert_null(f->error);
}

static void contacts_come_by_id_with_their_icons(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");
	struct storage_contact contacts[] = {
		{ .name = "zed", .subscription = "both", .alias = "Z", .groups = "Work\nFriends", .flags = 2 },
		{ .name = "abe", .subscription = "ask", .alias = "A", .icon_hash = "aaa" },
		{ .name = "mia", .subscription = "both", .flags = 10, .icon_hash = "mmm" },
	};

	storage_put_contacts(f->storage, id, contacts, G_N_ELEMENTS(contacts), fixture_reply(f));
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\n"
						    "contact 1 zed both [Z] [Work\nFriends] 2 []\n"
						    "contact 2 abe ask [A] [] 0 [aaa]\n"
						    "contact 3 mia both [] [] 10 [mmm]\n");
	g_autofree char *icons = fixture_sql(f->file, "SELECT * FROM buddies_settings ORDER BY buddy_id");
	assert_string_equal(icons, "1|2|icon_hash|13|aaa\n1|3|icon_hash|13|mmm\n");
}

static void contact_is_changed_by_name(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");

	put(f, id, (struct storage_contact){ .name = "c", .subscription = "ask", .alias = "old" });
	put(f, id, (struct storage_contact){ .name = "C", .subscription = "ask" });
	put(f, id, (struct storage_contact){ .name = "c", .subscription = "both", .alias = "new", .icon_hash = "1" });
	assert_string_equal(fixture_find(f, "a@b"),
			    "a@b 1 pw en utf8\ncontact 1 c both [new] [] 0 [1]\ncontact 2 C ask [] [] 0 []\n");
	put(f, id, (struct storage_contact){ .name = "c", .subscription = "both", .alias = "new", .icon_hash = "2" });
	put(f, id, (struct storage_contact){ .name = "C", .subscription = "ask", .flags = 8, .groups = "G" });
	assert_string_equal(fixture_find(f, "a@b"),
			    "a@b 1 pw en utf8\ncontact 1 c both [new] [] 0 [2]\ncontact 2 C ask [] [G] 8 []\n");
	put(f, id, (struct storage_contact){ .name = "c", .subscription = "both", .alias = "new" });
	assert_string_equal(fixture_find(f, "a@b"),
			    "a@b 1 pw en utf8\ncontact 1 c both [new] [] 0 []\ncontact 2 C ask [] [G] 8 []\n");
}

static void same_name_twice_in_a_put_is_one_contact(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");
	struct storage_contact contacts[] = {
		{ .name = "c", .subscription = "both", .alias = "first" },
		{ .name = "c", .subscription = "both", .alias = "second" },
	};

	storage_put_contacts(f->storage, id, contacts, G_N_ELEMENTS(contacts), fixture_reply(f));
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\ncontact 1 c both [second] [] 0 []\n");
}

static void no_contacts_are_a_valid_put(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");

	storage_put_contacts(f->storage, id, NULL, 0, fixture_reply(f));
	fixture_wait(f);
	assert_null(f->error);
}

static void contacts_of_users_are_apart(void **state)
{
	struct fixture *f = *state;
	int64_t a = fixture_add(f, "a@b", "1"), c = fixture_add(f, "c@d", "2");

	put(f, a, (struct storage_contact){ .name = "x", .subscription = "both", .alias = "A", .icon_hash = "1" });
	put(f, c, (struct storage_contact){ .name = "x", .subscription = "ask", .alias = "C", .icon_hash = "2" });
	storage_remove_contact(f->storage, a, "x", fixture_reply(f));
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\n");
	assert_string_equal(fixture_find(f, "c@d"), "c@d 2 pw en utf8\ncontact 2 x ask [C] [] 0 [2]\n");
	g_autofree char *icons = fixture_sql(f->file, "SELECT user_id FROM buddies_settings");
	assert_string_equal(icons, "2\n");
}

static void removing_a_contact_that_is_not_there_is_no_failure(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");

	storage_remove_contact(f->storage, id, "x", fixture_reply(f));
	fixture_wait(f);
	assert_null(f->error);
}

static void text_that_xml_forbids_does_not_come_out(void **state)
{
	struct fixture *f = *state;

	fixture_add(f, "a@b", "1");
	g_free(fixture_sql(f->file, "INSERT INTO buddies (user_id, uin, subscription, nickname, groups) VALUES"
				    " (1, 'good', 'both', 'A' || char(1) || 'B', CAST(x'47ff' AS text)),"
				    " (1, 'bad' || char(2), 'both', '', '')"));
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\ncontact 1 good both [AB] [G_] 0 []\n");
}

static void names_keep_any_letters(void **state)
{
	static const char name[] = "\xe6\xbc\xa2\xf0\x9f\x98\x80'\"%_;--";
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "a@b", "1");

	put(f, id, (struct storage_contact){ .name = name, .subscription = "both", .alias = name });
	g_autofree char *expected = g_strdup_printf("a@b 1 pw en utf8\ncontact 1 %s both [%s] [] 0 []\n", name, name);
	assert_string_equal(fixture_find(f, "a@b"), expected);
	storage_remove_contact(f->storage, id, name, fixture_reply(f));
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_storage, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(contacts_come_by_id_with_their_icons),
		TEST(contact_is_changed_by_name),
		TEST(same_name_twice_in_a_put_is_one_contact),
		TEST(no_contacts_are_a_valid_put),
		TEST(contacts_of_users_are_apart),
		TEST(removing_a_contact_that_is_not_there_is_no_failure),
		TEST(text_that_xml_forbids_does_not_come_out),
		TEST(names_keep_any_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
