/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#define A USER "/a"

/* Logged in, with changes that are announced and stored soon. */
static struct fakes *start_soon(const char *const *overrides)
{
	struct fakes *fakes = fakes_new("sqlite3", overrides);
	fakes->options.tick_ms = fakes->options.gather_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	return fakes;
}

static void report(struct fakes *fakes, const char *name, const char *alias, enum core_status status, const char *text)
{
	net_contact(fakes, USER,
		    &(struct core_contact){ .name = name, .alias = alias, .status = status, .text = text });
}

/* --- presence -------------------------------------------------------------------------------- */

static void presence_of_contacts_reaches_the_user(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	report(fakes, "BuddY1", "Buddy", CORE_AWAY, "brb");
	fakes_expect(fakes, "presence buddy1/bot -> user@localhost away \"brb\"\n");
	report(fakes, "buddy1", NULL, CORE_OFFLINE, NULL);
	fakes_expect(fakes, "presence buddy1/bot -> user@localhost unavailable\n");
	fakes_end(fakes);
}

static void unchanged_contacts_are_no_news(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	report(fakes, "bob", "Bob", CORE_AWAY, "brb");
	fakes_forget(fakes);
	report(fakes, "bob", "Bob", CORE_AWAY, "brb");
	report(fakes, "bob", NULL, CORE_AWAY, "brb");
	report(fakes, "BOB", "Robert", CORE_AWAY, "brb");
	fakes_expect(fakes, "");
	report(fakes, "carol", "Carol", CORE_OFFLINE, NULL);
	report(fakes, "carol", "Carol", CORE_OFFLINE, "gone");
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void a_changed_picture_is_shown(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct core_contact bob = { .name = "bob", .status = CORE_ONLINE, .icon_hash = "h1" };
	net_contact(fakes, USER, &bob);
	fakes_expect(fakes, "presence bob/bot -> user@localhost online icon=h1\n");
	bob.icon_hash = "h2";
	net_contact(fakes, USER, &bob);
	fakes_expect(fakes, "presence bob/bot -> user@localhost online icon=h2\n");
	fakes_end(fakes);
}

static void a_new_session_hears_of_those_who_are_there(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	report(fakes, "bob", NULL, CORE_AWAY, NULL);
	report(fakes, "carol", NULL, CORE_OFFLINE, NULL);
	fakes_forget(fakes);
	user_presence(fakes, USER "/b", "online", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost/b online\n"
			    "presence bob/bot -> user@localhost/b away\n");
	user_presence(fakes, USER "/b", "unavailable", NULL, 0);
	fakes_expect(fakes, "presence bob/bot -> user@localhost/b unavailable\n"
			    "presence - -> user@localhost/b unavailable\n");
	fakes_end(fakes);
}

static void a_session_that_entered_a_room_first_hears_of_them_with_its_presence(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	report(fakes, "bob", NULL, CORE_AWAY, NULL);
	user_join(fakes, USER "/b", "#room@gate.localhost/nick", NULL);
	fakes_forget(fakes);
	user_presence(fakes, USER "/b", "online", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost/b online\n"
			    "presence bob/bot -> user@localhost/b away\n");
	fakes_end(fakes);
}

static void a_lost_network_takes_its_contacts_along(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	report(fakes, "bob", NULL, CORE_AWAY, NULL);
	fakes_forget(fakes);
	net_disconnected(fakes, USER, 0, "Link down");
	fakes_expect(fakes, "net logout user@localhost\n"
			    "presence bob/bot -> user@localhost unavailable\n"
			    "presence - -> user@localhost unavailable \"Link down\"\n");
	fakes_end(fakes);
}

/* --- who becomes a contact ------------------------------------------------------------------- */

static void the_user_is_no_contact_of_himself(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	report(fakes, "user", NULL, CORE_ONLINE, NULL);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void names_become_nodes(void **state)
{
	static const char *const percent[] = { "service.jid_escaping=0", NULL };
	struct fakes *fakes = fakes_start(USER);
	report(fakes, "msn/some body@x", NULL, CORE_ONLINE, NULL);
	fakes_expect(fakes, "presence msn\\2fsome\\20body\\40x/bot -> user@localhost online\n");
	report(fakes, "Катя", NULL, CORE_ONLINE, NULL);
	fakes_expect(fakes, "presence катя/bot -> user@localhost online\n");
	fakes_end(fakes);

	fakes = fakes_new("sqlite3", percent);
	fakes_open(fakes);
	fakes_register(fakes, USER);
	fakes_log_in(fakes, USER);
	report(fakes, "body@x", NULL, CORE_ONLINE, NULL);
	/* What '%' makes no node of is escaped all the same. */
	report(fakes, "some@body@x", NULL, CORE_ONLINE, NULL);
	report(fakes, "", NULL, CORE_ONLINE, NULL);
	fakes_expect(fakes, "presence body%x/bot -> user@localhost online\n"
			    "presence some\\40body\\40x/bot -> user@localhost online\n");
	fakes_end(fakes);
}

static void broken_names_are_cleaned(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	report(fakes, "b\x80ob\x01", NULL, CORE_ONLINE, NULL);
	fakes_expect(fakes, "presence b_ob/bot -> user@localhost online\n");
	fakes_end(fakes);
}

/* --- announcing and keeping ------------------------------------------------------------------- */

static void new_contacts_are_announced_and_kept(void **state)
{
	static const char *const groups[] = { "Friends", "Work" };
	struct fakes *fakes = start_soon(NULL);
	fakes_log_in(fakes, USER);
	net_contact(fakes, USER,
		    &(struct core_contact){ .name = "Bob@X",
					    .alias = "Bobby",
					    .status = CORE_OFFLINE,
					    .icon_hash = "hash",
					    .group_count = 2,
					    .groups = groups });
	fakes_expect_later(fakes, "contact bob\\40x -> user@localhost name=Bobby group=Friends group=Work\n");
	g_autofree char *stored = fakes_stored(fakes, USER);
	assert_string_equal(stored, "user/secret Bob@X:ask:Bobby:Friends,Work:2:hash");
	fakes_end(fakes);
}

static void known_contacts_are_not_announced_again(void **state)
{
	struct fakes *fakes = start_soon(NULL);
	fakes_store_contact(
		fakes, USER,
		&(struct storage_contact){
			.name = "Bob", .subscription = "ask", .alias = "Bob", .groups = "", .icon_hash = "" });
	fakes_log_in(fakes, USER);
	report(fakes, "Bob", "Bob", CORE_OFFLINE, NULL);
	report(fakes, "carol", NULL, CORE_OFFLINE, NULL);
	fakes_expect_later(fakes, "contact carol -> user@localhost\n");
	/* Another alias is kept, and no reason to ask anew. */
	report(fakes, "Bob", "Robert", CORE_OFFLINE, NULL);
	report(fakes, "dave", NULL, CORE_OFFLINE, NULL);
	wait_for(fakes, fakes->lines->len == 2);
	fakes_expect_any_order(fakes, "contact bob -> user@localhost name=Robert settled\n"
				      "contact dave -> user@localhost\n");
	g_autofree char *stored = fakes_stored(fakes, USER);
	assert_string_equal(stored, "user/secret Bob:ask:Robert::0: carol:ask:::2: dave:ask:::2:");
	fakes_end(fakes);
}

static void what_is_gathered_is_kept_at_logout(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	report(fakes, "bob", "Bob", CORE_OFFLINE, NULL);
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost/a unavailable\n"
			    "contact bob -> user@localhost name=Bob\n"
			    "net logout user@localhost\n");
	g_autofree char *stored = fakes_stored(fakes, USER);
	assert_string_equal(stored, "user/secret bob:ask:Bob::2:");
	fakes_end(fakes);
}

static void without_a_database_contacts_are_announced_all_the_same(void **state)
{
	struct fakes *fakes = fakes_new("none", NULL);
	fakes->options.tick_ms = fakes->options.gather_ms = 1;
	fakes_open(fakes);
	core_set_features(fakes->core, &(struct core_features){ .need_registration = false });
	fakes_log_in(fakes, USER);
	report(fakes, "bob", NULL, CORE_OFFLINE, NULL);
	fakes_expect_later(fakes, "contact bob -> user@localhost\n");
	fakes_end(fakes);
}

static void old_contacts_keep_their_way_of_writing(void **state)
{
	struct fakes *fakes = start_soon(NULL);
	fakes_store_contact(
		fakes, USER,
		&(struct storage_contact){
			.name = "bob@x", .subscription = "both", .alias = "", .groups = "", .icon_hash = "" });
	fakes_log_in(fakes, USER);
	report(fakes, "bob@x", NULL, CORE_ONLINE, NULL);
	fakes_expect(fakes, "presence bob%x/bot -> user@localhost online\n");
	fakes_end(fakes);
}

/* --- going ----------------------------------------------------------------------------------- */

static void a_contact_removed_by_the_network_is_taken_back(void **state)
{
	struct fakes *fakes = start_soon(NULL);
	fakes_log_in(fakes, USER);
	report(fakes, "Bob", NULL, CORE_OFFLINE, NULL);
	fakes_expect_later(fakes, "contact bob -> user@localhost\n");
	core_legacy_contact_removed(fakes_user(fakes, USER), "nobody");
	fakes_expect(fakes, "");
	core_legacy_contact_removed(fakes_user(fakes, USER), "BOB");
	fakes_expect(fakes, "gone bob -> user@localhost\n");
	g_autofree char *stored = fakes_stored(fakes, USER);
	assert_string_equal(stored, "user/secret");
	fakes_end(fakes);
}

static void a_wish_to_be_a_contact_is_passed_on(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	core_legacy_auth_request(fakes_user(fakes, USER), "Bob@X");
	fakes_expect(fakes, "presence bob\\40x -> user@localhost subscribe\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presence_of_contacts_reaches_the_user),
		cmocka_unit_test(unchanged_contacts_are_no_news),
		cmocka_unit_test(a_changed_picture_is_shown),
		cmocka_unit_test(a_new_session_hears_of_those_who_are_there),
		cmocka_unit_test(a_session_that_entered_a_room_first_hears_of_them_with_its_presence),
		cmocka_unit_test(a_lost_network_takes_its_contacts_along),
		cmocka_unit_test(the_user_is_no_contact_of_himself),
		cmocka_unit_test(names_become_nodes),
		cmocka_unit_test(broken_names_are_cleaned),
		cmocka_unit_test(new_contacts_are_announced_and_kept),
		cmocka_unit_test(known_contacts_are_not_announced_again),
		cmocka_unit_test(what_is_gathered_is_kept_at_logout),
		cmocka_unit_test(without_a_database_contacts_are_announced_all_the_same),
		cmocka_unit_test(old_contacts_keep_their_way_of_writing),
		cmocka_unit_test(a_contact_removed_by_the_network_is_taken_back),
		cmocka_unit_test(a_wish_to_be_a_contact_is_passed_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
