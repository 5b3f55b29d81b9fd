/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#define A USER "/a"

static const char *const work[] = { "Work" };
static const char *const both_groups[] = { "Friends", "Work" };
static const char *const turned_groups[] = { "Work", "Friends" };

/* Bob, whom the database has with the name Bobby and the group Friends, as `subscription`; the user is logged in. */
static struct fakes *start(const char *subscription)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.tick_ms = fakes->options.gather_ms = 1;
	fakes->options.retry_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	if (subscription)
		fakes_store_contact(fakes, USER,
				    &(struct storage_contact){ .name = "Bob",
							       .subscription = subscription,
							       .alias = "Bobby",
							       .groups = "Friends",
							       .icon_hash = "" });
	fakes_log_in(fakes, USER);
	return fakes;
}

static void roster(struct fakes *fakes, struct core_contact_item item)
{
	core_user_roster(fakes->core, USER, &item, 1, true);
}

static struct core_contact_item bob(const char *name, const char *group, bool settled)
{
	static const char *groups[1];
	groups[0] = group;
	return (struct core_contact_item){
		.node = "bob", .name = name, .group_count = group ? 1 : 0, .groups = groups, .settled = settled
	};
}

static void expect_stored(struct fakes *fakes, const char *text)
{
	char *stored = NULL;
	for (int i = 0; i < 200 && (!stored || strcmp(stored, text)); i++) {
		g_free(stored);
		loop_once(fakes->loop, 1);
		stored = fakes_stored(fakes, USER);
	}
	assert_string_equal(stored, text);
	g_free(stored);
}

static void the_roster_is_wanted_once_a_login(void **state)
{
	struct fakes *fakes = start("both");
	assert_int_equal(fakes->rosters_wanted, 1);
	net_disconnected(fakes, USER, 0, NULL);
	wait_for(fakes, user_seat(fakes_user(fakes, USER)));
	net_connected(fakes, USER);
	assert_int_equal(fakes->rosters_wanted, 1);
	fakes_end(fakes);
}

static void what_agrees_is_left_as_it_is(void **state)
{
	struct fakes *fakes = start("both");
	roster(fakes, bob("Bobby", "Friends", true));
	fakes_settle(fakes);
	fakes_expect(fakes, "");
	expect_stored(fakes, "user/secret Bob:both:Bobby:Friends:0:");
	fakes_end(fakes);
}

static void what_the_user_changed_meanwhile_is_taken_over(void **state)
{
	struct fakes *fakes = start("both");
	roster(fakes, bob("Robert", "Work", true));
	fakes_expect(fakes, "net put " USER " Bob alias=Robert group=Work\n");
	expect_stored(fakes, "user/secret Bob:both:Robert:Work:0:");
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

/* What came in by a subscription request may have neither. */
static void a_roster_without_name_or_groups_is_told_ours(void **state)
{
	struct fakes *fakes = start("both");
	roster(fakes, bob(NULL, "Work", true));
	fakes_expect_later(fakes, "net put " USER " Bob alias=Bobby group=Work\n"
				  "contact bob -> " USER " name=Bobby group=Work settled\n");
	fakes_end(fakes);
	fakes = start("both");
	roster(fakes, bob("Robert", NULL, true));
	fakes_expect_later(fakes, "net put " USER " Bob alias=Robert group=Friends\n"
				  "contact bob -> " USER " name=Robert group=Friends settled\n");
	fakes_end(fakes);
}

static void what_is_missing_is_put(void **state)
{
	struct fakes *fakes = start("ask");
	core_user_roster(fakes->core, USER, NULL, 0, true);
	fakes_expect_later(fakes, "contact bob -> " USER " name=Bobby group=Friends settled\n");
	core_user_contacts_kept(fakes->core, USER, (const char *const[]){ "bob" }, 1);
	expect_stored(fakes, "user/secret Bob:both:Bobby:Friends:0:");
	fakes_end(fakes);
	fakes = start("both");
	roster(fakes, bob("Robert", "Friends", false));
	fakes_expect_later(fakes, "net put " USER " Bob alias=Robert group=Friends\n"
				  "contact bob -> " USER " name=Robert group=Friends settled\n");
	fakes_end(fakes);
}

static void a_roster_that_is_only_read_is_not_told(void **state)
{
	struct core_contact_item item = bob(NULL, NULL, true);
	struct fakes *fakes = start("both");
	core_user_roster(fakes->core, USER, NULL, 0, false);
	core_user_roster(fakes->core, USER, &item, 1, false);
	item = bob("Robert", NULL, true);
	core_user_roster(fakes->core, USER, &item, 1, false);
	fakes_expect(fakes, "net put " USER " Bob alias=Robert group=Friends\n");
	expect_stored(fakes, "user/secret Bob:both:Robert:Friends:0:");
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void what_is_mutual_there_is_mutual_here(void **state)
{
	struct fakes *fakes = start("ask");
	roster(fakes, bob("Bobby", "Friends", true));
	fakes_expect(fakes, "");
	expect_stored(fakes, "user/secret Bob:both:Bobby:Friends:0:");
	fakes_end(fakes);
}

static void what_the_network_changed_first_goes_to_the_roster(void **state)
{
	struct fakes *fakes = start("both");
	net_contact(fakes, USER, &(struct core_contact){ .name = "Bob", .alias = "Net", .status = CORE_OFFLINE });
	roster(fakes, bob("Robert", "Friends", true));
	fakes_expect_later(fakes, "contact bob -> " USER " name=Net group=Friends settled\n");
	/* And later changes too. */
	net_contact(fakes, USER,
		    &(struct core_contact){ .name = "Bob", .groups = work, .group_count = 1, .status = CORE_OFFLINE });
	fakes_expect_later(fakes, "contact bob -> " USER " name=Net group=Work settled\n");
	fakes_end(fakes);
}

static void a_new_contact_that_the_roster_has_is_not_announced(void **state)
{
	struct fakes *fakes = start(NULL);
	net_contact(fakes, USER, &(struct core_contact){ .name = "Bob", .alias = "Net", .status = CORE_OFFLINE });
	roster(fakes, bob("Robert", NULL, true));
	fakes_expect(fakes, "net put " USER " Bob alias=Robert\n");
	expect_stored(fakes, "user/secret Bob:both:Robert::2:");
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void strangers_in_the_roster_are_left_alone(void **state)
{
	struct fakes *fakes = start(NULL);
	roster(fakes, (struct core_contact_item){ .node = "stranger", .name = "X", .settled = true });
	roster(fakes, (struct core_contact_item){ .settled = true });
	core_user_roster(fakes->core, "nobody@localhost", NULL, 0, true);
	fakes_settle(fakes);
	fakes_expect(fakes, "");
	expect_stored(fakes, "user/secret");
	fakes_end(fakes);
}

static void the_order_of_groups_means_nothing(void **state)
{
	struct fakes *fakes = start(NULL);
	struct core_contact seen = { .name = "Bob", .groups = both_groups, .group_count = 2, .status = CORE_OFFLINE };
	net_contact(fakes, USER, &seen);
	fakes_expect_later(fakes, "contact bob -> " USER " group=Friends group=Work\n");
	seen.groups = turned_groups;
	net_contact(fakes, USER, &seen);
	roster(fakes,
	       (struct core_contact_item){ .node = "bob", .groups = turned_groups, .group_count = 2, .settled = true });
	fakes_settle(fakes);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

/* --- one item --------------------------------------------------------------------------------- */

static void put(struct fakes *fakes, struct core_contact_item item, bool by_server)
{
	struct jid from = fakes_jid(fakes, by_server ? USER : A);
	core_user_put_item(fakes->core, &from, &item, by_server);
}

static void drop(struct fakes *fakes, const char *node, bool by_server)
{
	struct jid from = fakes_jid(fakes, by_server ? USER : A);
	core_user_drop_item(fakes->core, &from, node, by_server);
}

static void a_push_is_the_users_word(void **state)
{
	struct fakes *fakes = start("both");
	roster(fakes, bob("Bobby", "Friends", true));
	put(fakes, bob("Robert", "Friends", true), true);
	fakes_expect(fakes, "net put " USER " Bob alias=Robert group=Friends\n");
	/* Ours were there, so that none means that the user wants none. */
	put(fakes, bob("Robert", NULL, true), true);
	fakes_expect(fakes, "net put " USER " Bob alias=Robert\n");
	expect_stored(fakes, "user/secret Bob:both:Robert::0:");
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void a_push_does_not_undo_what_the_network_changed(void **state)
{
	struct fakes *fakes = start("both");
	roster(fakes, bob("Bobby", "Friends", true));
	net_contact(fakes, USER, &(struct core_contact){ .name = "Bob", .alias = "Net", .status = CORE_OFFLINE });
	put(fakes, bob("Bobby", "Friends", true), true);
	fakes_expect_later(fakes, "contact bob -> " USER " name=Net group=Friends settled\n");
	fakes_end(fakes);
}

static void what_a_client_asks_of_us_goes_to_its_server_too(void **state)
{
	struct fakes *fakes = start("both");
	put(fakes, bob("Robert", NULL, false), false);
	fakes_expect_later(fakes, "net put " USER " Bob alias=Robert\n"
				  "contact bob -> " USER " name=Robert settled\n");
	put(fakes, (struct core_contact_item){ .node = "carol", .name = "Carol" }, false);
	fakes_expect_later(fakes, "net put " USER " carol alias=Carol\n"
				  "contact carol -> " USER " name=Carol settled\n");
	expect_stored(fakes, "user/secret Bob:both:Robert::0: carol:both:Carol::2:");
	fakes_end(fakes);
}

static void a_removal_asked_of_us_is_done_everywhere(void **state)
{
	struct fakes *fakes = start("both");
	drop(fakes, "stranger", false);
	fakes_expect(fakes, "");
	drop(fakes, "bob", false);
	fakes_expect(fakes, "gone bob -> " USER "\nnet remove " USER " Bob\n");
	expect_stored(fakes, "user/secret");
	fakes_end(fakes);
}

static void a_removal_at_the_server_is_told_by_presence_if_it_was_mutual(void **state)
{
	struct fakes *fakes = start("both");
	drop(fakes, "bob", true);
	fakes_expect(fakes, "");
	fakes_end(fakes);
	fakes = start("ask");
	drop(fakes, "bob", true);
	fakes_expect(fakes, "net remove " USER " Bob\n");
	expect_stored(fakes, "user/secret");
	fakes_end(fakes);
}

static void who_is_not_logged_in_changes_nothing(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	put(fakes, bob("Robert", NULL, true), true);
	put(fakes, bob("Robert", NULL, true), false);
	drop(fakes, "bob", false);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

/* --- kept ------------------------------------------------------------------------------------- */

static void what_is_kept_is_mutual_and_shown_once(void **state)
{
	static const char *const nodes[] = { "bob", "nobody", "bob" };
	struct fakes *fakes = start(NULL);
	net_contact(fakes, USER, &(struct core_contact){ .name = "Bob", .status = CORE_AWAY });
	fakes_expect_later(fakes, "presence bob/bot -> " USER " away\n"
				  "contact bob -> " USER "\n");
	core_user_contacts_kept(fakes->core, USER, nodes, 3);
	fakes_expect(fakes, "presence bob/bot -> " USER " away\n");
	expect_stored(fakes, "user/secret Bob:both:::2:");
	fakes_end(fakes);
}

static void a_kept_transport_asks_who_is_there(void **state)
{
	static const char *const transport[] = { NULL };
	struct fakes *fakes = fakes_start(NULL);
	core_user_contacts_kept(fakes->core, USER, transport, 1);
	fakes_expect(fakes, "presence - -> " USER " probe\n");
	fakes_end(fakes);
	fakes = start(NULL);
	core_user_contacts_kept(fakes->core, USER, transport, 1);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_roster_is_wanted_once_a_login),
		cmocka_unit_test(what_agrees_is_left_as_it_is),
		cmocka_unit_test(what_the_user_changed_meanwhile_is_taken_over),
		cmocka_unit_test(a_roster_without_name_or_groups_is_told_ours),
		cmocka_unit_test(what_is_missing_is_put),
		cmocka_unit_test(a_roster_that_is_only_read_is_not_told),
		cmocka_unit_test(what_is_mutual_there_is_mutual_here),
		cmocka_unit_test(what_the_network_changed_first_goes_to_the_roster),
		cmocka_unit_test(a_new_contact_that_the_roster_has_is_not_announced),
		cmocka_unit_test(strangers_in_the_roster_are_left_alone),
		cmocka_unit_test(the_order_of_groups_means_nothing),
		cmocka_unit_test(a_push_is_the_users_word),
		cmocka_unit_test(a_push_does_not_undo_what_the_network_changed),
		cmocka_unit_test(what_a_client_asks_of_us_goes_to_its_server_too),
		cmocka_unit_test(a_removal_asked_of_us_is_done_everywhere),
		cmocka_unit_test(a_removal_at_the_server_is_told_by_presence_if_it_was_mutual),
		cmocka_unit_test(who_is_not_logged_in_changes_nothing),
		cmocka_unit_test(what_is_kept_is_mutual_and_shown_once),
		cmocka_unit_test(a_kept_transport_asks_who_is_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
