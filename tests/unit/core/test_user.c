/* SPDX-License-Identifier: MIT */
#include "fakes.h"

/* Which session speaks for the user: seen in what the network is told. */

static void say(struct fakes *fakes, const char *resource, const char *show, int priority)
{
	user_presence(fakes, arena_printf(fakes->arena, USER "/%s", resource), show, resource, priority);
}

static void expect_best(struct fakes *fakes, const char *resource)
{
	struct user_login login;
	fakes_forget(fakes);
	user_login(fakes_user(fakes, USER), &login);
	assert_string_equal(login.status_text ? login.status_text : "", resource);
}

static void the_highest_priority_speaks(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	say(fakes, "a", "chat", 0);
	expect_best(fakes, "a");
	say(fakes, "b", "xa", 1);
	expect_best(fakes, "b");
	say(fakes, "c", "chat", -1);
	expect_best(fakes, "b");
	say(fakes, "b", "xa", -2);
	expect_best(fakes, "a");
	fakes_end(fakes);
}

static void among_equals_the_most_available_speaks(void **state)
{
	static const char *const shows[] = { "xa", "away", "dnd", "online", "chat" };
	struct fakes *fakes = fakes_start(USER);
	say(fakes, "a", "invisible", 0);
	for (size_t i = 0; i < G_N_ELEMENTS(shows); i++) {
		say(fakes, shows[i], shows[i], 0);
		expect_best(fakes, shows[i]);
	}
	fakes_end(fakes);
}

static void among_the_same_the_first_speaks(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	say(fakes, "a", "away", 0);
	say(fakes, "b", "away", 0);
	expect_best(fakes, "a");
	fakes_end(fakes);
}

static void a_session_that_only_entered_a_room_does_not_speak(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	say(fakes, "a", "xa", -5);
	user_join(fakes, USER "/b", "#room@gate.localhost/nick", NULL);
	expect_best(fakes, "a");
	say(fakes, "b", "away", 0);
	expect_best(fakes, "b");
	fakes_end(fakes);
}

static void long_status_texts_are_cut(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct user_login login;
	g_autofree char *text = g_strnfill(5000, 'x');
	user_presence(fakes, USER "/a", "online", text, 0);
	user_login(fakes_user(fakes, USER), &login);
	assert_int_equal(strlen(login.status_text), 1023);
	fakes_end(fakes);
}

static void the_login_carries_the_settings(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	struct user_login login;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	fakes_store_setting(fakes, USER, "send_headlines", "1");
	user_presence(fakes, USER "/a", "online", NULL, 0);
	fakes_settle(fakes);
	user_login(fakes_user(fakes, USER), &login);
	assert_string_equal(login.legacy_name, "user");
	assert_string_equal(login.password, "secret");
	assert_int_equal(login.setting_count, 1);
	assert_string_equal(login.setting_names[0], "send_headlines");
	assert_string_equal(login.setting_values[0], "1");
	fakes_end(fakes);
}

static void note_contact(void *ctx, const struct core_contact *contact)
{
	g_string_append_printf(ctx, "%s %s %zu %s\n", contact->name, contact->alias, contact->group_count,
			       contact->icon_hash);
}

static void contacts_of_the_database_are_there_at_login(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	fakes_open(fakes);
	fakes_register(fakes, USER);
	fakes_store_contact(fakes, USER,
			    &(struct storage_contact){ .name = "BuddY1",
						       .subscription = "both",
						       .alias = "Buddy",
						       .groups = "A\nB",
						       .flags = 2,
						       .icon_hash = "hash" });
	user_presence(fakes, USER "/a", "online", NULL, 0);
	fakes_settle(fakes);
	user_each_contact(fakes_user(fakes, USER), note_contact, text);
	assert_string_equal(text->str, "BuddY1 Buddy 2 hash\n");
	/* Nobody is told of a contact that is not there and was known before. */
	fakes_expect(fakes, "net login user@localhost user/secret online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_highest_priority_speaks),
		cmocka_unit_test(among_equals_the_most_available_speaks),
		cmocka_unit_test(among_the_same_the_first_speaks),
		cmocka_unit_test(a_session_that_only_entered_a_room_does_not_speak),
		cmocka_unit_test(long_status_texts_are_cut),
		cmocka_unit_test(the_login_carries_the_settings),
		cmocka_unit_test(contacts_of_the_database_are_there_at_login),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
