/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#include "core/standing.h"

#define A USER "/a"

static struct core_standing standing_of(struct fakes *fakes, const char *who)
{
	struct jid jid = fakes_jid(fakes, who);
	struct core_standing standing;
	core_user_standing(fakes->core, &jid, &standing);
	return standing;
}

static void count(void *ctx, const struct core_standing *standing)
{
	assert_string_equal(standing->jid, USER);
	++*(unsigned *)ctx;
}

static void it_says_how_far_a_user_is(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	unsigned counted = 0;
	assert_int_equal(standing_of(fakes, A).progress, CORE_AWAY_FROM_HERE);
	fakes_register(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	assert_int_equal(standing_of(fakes, A).progress, CORE_COMING);
	assert_null(standing_of(fakes, A).uin);
	fakes_settle(fakes);
	assert_int_equal(standing_of(fakes, A).progress, CORE_COMING);
	net_connected(fakes, USER);
	user_presence(fakes, USER "/b", "away", NULL, 0);
	struct core_standing standing = standing_of(fakes, USER);
	assert_int_equal(standing.progress, CORE_ON_THE_NETWORK);
	assert_int_equal(standing.sessions, 2);
	assert_non_null(standing.uin);
	core_each_standing(fakes->core, count, &counted);
	assert_int_equal(counted, 1);
	net_disconnected(fakes, USER, 0, "gone");
	assert_int_equal(standing_of(fakes, A).progress, CORE_TRYING_AGAIN);
	fakes_end(fakes);
}

static void it_is_idle_since_the_last_message(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	wait_for(fakes, standing_of(fakes, USER).idle_ms >= 20);
	user_writes(fakes, A, "bob@gate.localhost", "hello");
	assert_true(standing_of(fakes, USER).idle_ms < 20);
	wait_for(fakes, standing_of(fakes, USER).idle_ms >= 20);
	net_writes(fakes, USER, "bob", "hello");
	assert_true(standing_of(fakes, USER).idle_ms < 20);
	fakes_end(fakes);
}

static void who_is_called_is_probed_and_who_reconnects_logs_in_again(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	struct jid jid = fakes_jid(fakes, A);
	core_user_call(fakes->core, &jid);
	core_user_reconnect(fakes->core, &jid);
	fakes_expect(fakes, "presence - -> " USER " probe\npresence - -> " USER " probe\n");
	fakes_register(fakes, USER);
	fakes_log_in(fakes, USER);
	core_user_reconnect(fakes->core, &jid);
	assert_int_equal(standing_of(fakes, USER).progress, CORE_COMING);
	fakes_end(fakes);
}

static void a_logout_lasts_until_the_next_presence(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct jid jid = fakes_jid(fakes, A);
	assert_true(core_user_logout(fakes->core, &jid, "Bye"));
	fakes_expect(fakes, "presence - -> " USER " unavailable \"Bye\"\nnet logout " USER "\n");
	assert_false(core_user_logout(fakes->core, &jid, "Bye"));
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	assert_int_equal(standing_of(fakes, A).progress, CORE_COMING);
	fakes_end(fakes);
}

static void a_room_is_left_with_all_resources(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct jid jid = fakes_jid(fakes, A), room = fakes_jid(fakes, "#r@gate.localhost");
	assert_false(core_user_leave_room(fakes->core, &jid, &room));
	user_presence(fakes, USER "/b", "online", NULL, 0);
	user_join(fakes, A, "#r@gate.localhost/me", NULL);
	net_occupant(fakes, USER, "#r", "me", CORE_FLAG_ME);
	user_join(fakes, USER "/b", "#r@gate.localhost/me", NULL);
	fakes_forget(fakes);
	assert_true(core_user_leave_room(fakes->core, &jid, &room));
	fakes_expect(fakes, "occupant #r/me -> " USER "/a gone 110\n"
			    "occupant #r/me -> " USER "/b gone 110\n"
			    "net leave " USER " #r\n");
	fakes_end(fakes);
}

static void who_stays_connected_leaves_a_room_for_good(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	struct jid jid = fakes_jid(fakes, A), room = fakes_jid(fakes, "#r@gate.localhost");
	fakes_register(fakes, USER);
	fakes_store_setting(fakes, USER, "stay_connected", "1");
	fakes_log_in(fakes, USER);
	user_join(fakes, A, "#r@gate.localhost/me", NULL);
	net_occupant(fakes, USER, "#r", "me", CORE_FLAG_ME);
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_forget(fakes);
	assert_true(core_user_leave_room(fakes->core, &jid, &room));
	fakes_expect(fakes, "net leave " USER " #r\n");
	assert_false(core_user_leave_room(fakes->core, &jid, &room));
	fakes_end(fakes);
}

static void add_contact(void *ctx, const char *node, const struct core_contact *contact)
{
	g_string_append_printf(ctx, "%s %s\n", node, contact->alias);
}

static void contacts_come_with_their_nodes(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct jid jid = fakes_jid(fakes, A), stranger = fakes_jid(fakes, "x@localhost");
	g_autoptr(GString) text = g_string_new(NULL);
	net_contact(fakes, USER, &(struct core_contact){ .name = "Bob@x", .alias = "Bob" });
	core_user_each_contact(fakes->core, &jid, add_contact, text);
	core_user_each_contact(fakes->core, &stranger, add_contact, text);
	assert_string_equal(text->str, "bob\\40x Bob\n");
	fakes_end(fakes);
}

static void rooms_are_found_by_name_and_node(void **state)
{
	static const char *const rooms[] = { "c1@x" }, *const names[] = { "General" };
	struct fakes *fakes = fakes_start(USER);
	struct jid jid = fakes_jid(fakes, A);
	core_legacy_room_list(fakes->core, NULL, rooms, names, 1);
	assert_string_equal(core_user_room_node(fakes->core, &jid, fakes->arena, "GENERAL"), "c1\\40x");
	assert_string_equal(core_user_room_node(fakes->core, &jid, fakes->arena, "c1\\40x"), "c1\\40x");
	assert_string_equal(core_user_room_node(fakes->core, &jid, fakes->arena, "#Other@y"), "#other\\40y");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_how_far_a_user_is),
		cmocka_unit_test(it_is_idle_since_the_last_message),
		cmocka_unit_test(who_is_called_is_probed_and_who_reconnects_logs_in_again),
		cmocka_unit_test(a_logout_lasts_until_the_next_presence),
		cmocka_unit_test(a_room_is_left_with_all_resources),
		cmocka_unit_test(who_stays_connected_leaves_a_room_for_good),
		cmocka_unit_test(contacts_come_with_their_nodes),
		cmocka_unit_test(rooms_are_found_by_name_and_node),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
