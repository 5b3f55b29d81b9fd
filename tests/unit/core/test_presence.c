/* SPDX-License-Identifier: MIT */
#include "core/standing.h"
#include "room_scene.h"

/* What users say of being there. */

static struct fakes *start(const char *const *overrides)
{
	struct fakes *fakes = fakes_new("sqlite3", overrides);
	fakes_open(fakes);
	core_link_up(fakes->core);
	fakes_register(fakes, USER);
	return fakes;
}

static const char *const stay[] = { "settings.stay_connected=1", NULL };
static const char *const none[] = { NULL };

static void who_is_invisible_is_so_on_the_network(void **state)
{
	struct fakes *fakes = start(none);
	user_presence(fakes, A, "invisible", NULL, 0);
	fakes_expect(fakes, "net login user@localhost user/secret invisible\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	net_connected(fakes, USER);
	fakes_forget(fakes);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "net status user@localhost online\n"
			    "presence - -> user@localhost/a online\n");
	user_presence(fakes, A, "invisible", NULL, 0);
	fakes_expect(fakes, "net status user@localhost invisible\n"
			    "presence - -> user@localhost/a invisible\n");
	fakes_end(fakes);
}

static void presence_to_a_contact_logs_in_and_out_again(void **state)
{
	struct fakes *fakes = start(none);
	fakes_forget(fakes);
	user_contact_presence(fakes, A, "bob@gate.localhost", "away");
	fakes_expect(fakes, "net login user@localhost user/secret away\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	net_connected(fakes, USER);
	fakes_forget(fakes);
	user_contact_presence(fakes, A, "bob@gate.localhost", "unavailable");
	fakes_expect(fakes, "presence - -> user@localhost/a unavailable\n"
			    "net logout user@localhost\n");
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_end(fakes);
}

static void who_is_here_by_the_transport_stays_without_a_contact(void **state)
{
	struct fakes *fakes = start(none);
	fakes_forget(fakes);
	user_contact_presence(fakes, A, "bob@gate.localhost", "online");
	fakes_settle(fakes);
	net_connected(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_forget(fakes);
	user_contact_presence(fakes, A, "bob@gate.localhost", "unavailable");
	fakes_expect(fakes, "");
	assert_int_equal(core_user_count(fakes->core), 1);
	fakes_end(fakes);
}

static void who_stays_connected_is_here_again_by_a_contact(void **state)
{
	struct fakes *fakes = start(stay);
	fakes_log_in(fakes, USER);
	user_presence(fakes, A, "unavailable", NULL, 0);
	net_writes(fakes, USER, "bob", "Hi");
	fakes_forget(fakes);
	user_contact_presence(fakes, A, "bob@gate.localhost", "online");
	wait_for(fakes, fakes->lines->len >= 1);
	assert_true(g_str_has_prefix(fakes->lines->pdata[0], "message bob/bot -> user@localhost chat \"Hi\" time="));
	fakes_end(fakes);
}

static void a_probe_is_answered_to_who_asks_only(void **state)
{
	struct fakes *fakes = start(none);
	fakes_log_in(fakes, USER);
	user_presence(fakes, B, "online", NULL, 0);
	net_contact(fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_AWAY });
	fakes_forget(fakes);
	user_presence(fakes, B, "probe", NULL, 0);
	user_contact_presence(fakes, B, "bob@gate.localhost", "probe");
	fakes_expect(fakes, "presence - -> user@localhost/b online\n"
			    "presence bob/bot -> user@localhost/b away\n");
	fakes_end(fakes);
}

static void a_client_that_cannot_be_reached_is_gone_but_not_who_stays(void **state)
{
	struct fakes *fakes = start(stay);
	fakes_log_in(fakes, USER);
	struct jid a = fakes_jid(fakes, A);
	core_user_gone(fakes->core, &a);
	fakes_expect(fakes, "presence - -> user@localhost/a unavailable\n");
	core_user_gone(fakes->core, &a);
	fakes_expect(fakes, "");
	assert_int_equal(core_user_count(fakes->core), 1);
	fakes_end(fakes);
}

static void a_room_is_left_by_command_while_nobody_is_inside(void **state)
{
	struct fakes *fakes = start(stay);
	fakes_log_in(fakes, USER);
	user_join(fakes, A, ROOM "/me", NULL);
	occupant(fakes, "me", CORE_FLAG_ME);
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_forget(fakes);
	struct jid who = fakes_jid(fakes, A), room = fakes_jid(fakes, ROOM);
	assert_true(core_user_leave_room(fakes->core, &who, &room));
	fakes_expect(fakes, "net leave user@localhost #room\n");
	assert_false(core_user_leave_room(fakes->core, &who, &room));
	assert_true(core_user_logout(fakes->core, &who, "Bye"));
	fakes_expect(fakes, "net logout user@localhost\n");
	fakes_end(fakes);
}

static void after_a_lost_link_who_went_meanwhile_is_told(void **state)
{
	struct fakes *fakes = start(none);
	fakes_log_in(fakes, USER);
	net_contact(fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_AWAY });
	net_contact(fakes, USER, &(struct core_contact){ .name = "ann", .status = CORE_ONLINE });
	user_join(fakes, A, ROOM "/me", NULL);
	occupant(fakes, "anna", 0);
	occupant(fakes, "carl", 0);
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_forget(fakes);
	core_link_down(fakes->core);
	net_contact(fakes, USER, &(struct core_contact){ .name = "ann", .status = CORE_OFFLINE });
	gone(fakes, "carl", 0, NULL);
	gone(fakes, "anna", 0, NULL);
	occupant(fakes, "anna", 0);
	fakes_forget(fakes);
	core_link_up(fakes->core);
	fakes_expect_any_order(fakes, "presence - -> user@localhost/a online\n"
				      "presence ann/bot -> user@localhost unavailable\n"
				      "presence bob/bot -> user@localhost away\n"
				      "occupant #room/carl -> user@localhost/a gone\n"
				      "occupant #room/anna -> user@localhost/a online\n"
				      "occupant #room/me -> user@localhost/a online 110\n"
				      "presence - -> user@localhost probe\n");
	core_link_down(fakes->core);
	core_link_up(fakes->core);
	fakes_expect_any_order(fakes, "presence - -> user@localhost/a online\n"
				      "presence bob/bot -> user@localhost away\n"
				      "occupant #room/anna -> user@localhost/a online\n"
				      "occupant #room/me -> user@localhost/a online 110\n"
				      "presence - -> user@localhost probe\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_invisible_is_so_on_the_network),
		cmocka_unit_test(presence_to_a_contact_logs_in_and_out_again),
		cmocka_unit_test(who_is_here_by_the_transport_stays_without_a_contact),
		cmocka_unit_test(who_stays_connected_is_here_again_by_a_contact),
		cmocka_unit_test(a_probe_is_answered_to_who_asks_only),
		cmocka_unit_test(a_client_that_cannot_be_reached_is_gone_but_not_who_stays),
		cmocka_unit_test(a_room_is_left_by_command_while_nobody_is_inside),
		cmocka_unit_test(after_a_lost_link_who_went_meanwhile_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
