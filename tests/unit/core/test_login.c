/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#define A USER "/a"
#define B USER "/b"

/* A core that is ready, with options of one's own. */
static struct fakes *start(const char *storage_type, const char *const *overrides)
{
	struct fakes *fakes = fakes_new(storage_type, overrides);
	fakes_open(fakes);
	return fakes;
}

static void let_in_anybody(struct fakes *fakes)
{
	core_set_features(fakes->core, &(struct core_features){ .need_password = false, .need_registration = false });
}

/* --- who gets in ----------------------------------------------------------------------------- */

static void presence_logs_a_registered_user_in(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	fakes_register(fakes, USER);
	user_presence(fakes, A, "away", "brb", 0);
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes, "net login user@localhost user/secret away \"brb\"\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	net_connected(fakes, USER);
	fakes_expect(fakes, "presence - -> user@localhost/a away \"brb\"\n");
	assert_int_equal(fakes->metrics.value[METRIC_LOGINS], 1);
	fakes_end(fakes);
}

static void strangers_are_not_answered(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "");
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_end(fakes);
}

static void strangers_are_registered_silently_where_that_is_wanted(void **state)
{
	static const char *const overrides[] = { "registration.auto_register=1", NULL };
	struct fakes *fakes = start("sqlite3", overrides);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "net login user@localhost user/ online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	g_autofree char *stored = fakes_stored(fakes, USER);
	assert_string_equal(stored, "user/");
	fakes_end(fakes);
}

static void networks_without_accounts_take_the_nickname_of_the_first_room(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	let_in_anybody(fakes);
	user_join(fakes, A, "#room@gate.localhost/Nick", NULL);
	fakes_expect(fakes, "net login user@localhost Nick/ online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	fakes_end(fakes);
}

static void without_a_database_such_networks_work_all_the_same(void **state)
{
	struct fakes *fakes = start("none", NULL);
	let_in_anybody(fakes);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "net login user@localhost user/ online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	fakes_end(fakes);
}

static void without_a_database_others_let_nobody_in(void **state)
{
	struct fakes *fakes = start("none", NULL);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "");
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_end(fakes);
}

static void silent_registration_is_for_allowed_servers_only(void **state)
{
	static const char *const overrides[] = { "registration.auto_register=1",
						 "registration.enable_public_registration=0",
						 "service.allowed_servers=good.example", NULL };
	struct fakes *fakes = start("sqlite3", overrides);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "");
	user_presence(fakes, "user@good.example/a", "online", NULL, 0);
	fakes_expect(fakes, "net login user@good.example user/ online\n"
			    "presence - -> user@good.example/a unavailable \"Connecting\"\n");
	fakes_end(fakes);
}

static void a_gateway_for_vips_tells_others(void **state)
{
	static const char *const overrides[] = { "service.vip_only=1", "service.vip_message=VIPs only", NULL };
	struct fakes *fakes = start("sqlite3", overrides);
	fakes_register(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "message - -> user@localhost chat \"VIPs only\"\n");
	fakes_sql(fakes, "UPDATE users SET vip = 1");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "net login user@localhost user/secret online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	fakes_end(fakes);
}

static void who_switched_the_gateway_off_is_left_alone(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	fakes_register(fakes, USER);
	fakes_store_setting(fakes, USER, "enable_transport", "0");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "");
	fakes_store_setting(fakes, USER, "enable_transport", "true");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "net login user@localhost user/secret online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	fakes_end(fakes);
}

static void a_broken_database_is_told_without_its_path(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	fakes_sql(fakes, "DROP TABLE buddies_settings; DROP TABLE buddies; DROP TABLE users");
	user_join(fakes, A, "#room@gate.localhost/nick", NULL);
	fakes_expect(fakes, "refused #room/nick -> user@localhost/a internal-server-error "
			    "\"The gateway's database does not work at the moment\"\n");
	fakes_end(fakes);
}

/* --- sessions -------------------------------------------------------------------------------- */

static void a_second_session_is_shown_the_transport(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_presence(fakes, B, "away", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost/b online\n");
	fakes_end(fakes);
}

static void a_better_session_changes_the_status(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_presence(fakes, B, "dnd", "busy", 5);
	fakes_expect(fakes, "net status user@localhost dnd \"busy\"\n"
			    "presence - -> user@localhost/a dnd \"busy\"\n"
			    "presence - -> user@localhost/b dnd \"busy\"\n");
	user_presence(fakes, B, "unavailable", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost/b unavailable\n"
			    "net status user@localhost online\n"
			    "presence - -> user@localhost/a online\n");
	fakes_end(fakes);
}

static void the_same_presence_again_is_no_news(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void the_last_session_logs_out(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_presence(fakes, B, "online", NULL, 0);
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_forget(fakes);
	user_presence(fakes, B, "unavailable", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost/b unavailable\n"
			    "net logout user@localhost\n");
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_end(fakes);
}

static void unavailable_of_the_bare_jid_ends_all_sessions(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_presence(fakes, B, "online", NULL, 0);
	fakes_forget(fakes);
	user_presence(fakes, USER, "unavailable", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost/a unavailable\n"
			    "net status user@localhost online\n"
			    "presence - -> user@localhost/b online\n"
			    "presence - -> user@localhost/b unavailable\n"
			    "net logout user@localhost\n");
	fakes_end(fakes);
}

static void leaving_while_the_database_is_asked_leaves_nothing_behind(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	fakes_register(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	user_presence(fakes, A, "unavailable", NULL, 0);
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void more_than_fifty_sessions_are_not_served(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	for (int i = 1; i < 50; i++)
		user_presence(fakes, arena_printf(fakes->arena, USER "/%d", i), "online", NULL, 0);
	fakes_forget(fakes);
	user_presence(fakes, B, "online", NULL, 0);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

/* --- presences without a session ------------------------------------------------------------- */

static void probes_of_strangers_are_answered_and_asked_back(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	user_presence(fakes, USER, "probe", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost unavailable\n"
			    "presence - -> user@localhost probe\n");
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost/a unavailable\n");
	fakes_end(fakes);
}

static void a_subscription_to_the_transport_is_granted(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_presence(fakes, A, "subscribe", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost subscribed\n"
			    "presence - -> user@localhost online\n");
	user_presence(fakes, "other@localhost/x", "subscribe", NULL, 0);
	fakes_expect(fakes, "presence - -> other@localhost subscribed\n");
	user_presence(fakes, A, "probe", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost/a online\n");
	fakes_end(fakes);
}

/* --- the network goes ------------------------------------------------------------------------ */

static void a_final_refusal_is_told_and_ends_the_session(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	net_disconnected(fakes, USER, 2, "Wrong password");
	fakes_expect(fakes, "message - -> user@localhost chat \"Wrong password\"\n"
			    "presence - -> user@localhost unavailable \"Wrong password\"\n"
			    "net logout user@localhost\n");
	assert_int_equal(core_user_count(fakes->core), 0);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_expect(fakes, "net login user@localhost user/secret online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	fakes_end(fakes);
}

static struct fakes *start_hasty(unsigned steady_ms)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.retry_ms = 1;
	fakes->options.steady_ms = steady_ms;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	fakes_log_in(fakes, USER);
	return fakes;
}

#define LOST                          \
	"net logout user@localhost\n" \
	"presence - -> user@localhost unavailable \"Link down\"\n"
#define AGAIN "net login user@localhost user/secret online\n"
#define TOLD  "message - -> user@localhost chat \"Link down\"\n"

static void what_passes_is_tried_again(void **state)
{
	struct fakes *fakes = start_hasty(0);
	net_disconnected(fakes, USER, 0, "Link down");
	fakes_expect_later(fakes, LOST AGAIN);
	net_connected(fakes, USER);
	fakes_expect(fakes, "presence - -> user@localhost/a online\n");
	fakes_end(fakes);
}

static void three_failures_in_a_row_are_told_once(void **state)
{
	struct fakes *fakes = start_hasty(0);
	for (int i = 1; i <= 5; i++) {
		net_disconnected(fakes, USER, 16, "Link down");
		fakes_expect_later(fakes, i == 3 ? LOST TOLD AGAIN : LOST AGAIN);
	}
	/* A login that does not last is no success. */
	net_connected(fakes, USER);
	fakes_forget(fakes);
	net_disconnected(fakes, USER, 0, "Link down");
	fakes_expect_later(fakes, LOST AGAIN);
	fakes_end(fakes);
}

static void a_login_that_lasted_makes_failures_count_anew(void **state)
{
	struct fakes *fakes = start_hasty(1);
	for (int i = 1; i <= 3; i++) {
		net_disconnected(fakes, USER, 0, "Link down");
		fakes_expect_later(fakes, i == 3 ? LOST TOLD AGAIN : LOST AGAIN);
	}
	net_connected(fakes, USER);
	uint64_t since = loop_now(fakes->loop);
	wait_for(fakes, (loop_once(fakes->loop, 1), loop_now(fakes->loop) > since + 2));
	fakes_forget(fakes);
	for (int i = 1; i <= 3; i++) {
		net_disconnected(fakes, USER, 0, "Link down");
		fakes_expect_later(fakes, i == 3 ? LOST TOLD AGAIN : LOST AGAIN);
	}
	fakes_end(fakes);
}

static void who_waits_for_the_next_try_is_told_so(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	net_disconnected(fakes, USER, 0, NULL);
	fakes_expect(fakes, "net logout user@localhost\n"
			    "presence - -> user@localhost unavailable \"The connection to the network was lost\"\n");
	user_presence(fakes, B, "online", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost/b unavailable "
			    "\"The network cannot be reached at the moment, trying again\"\n");
	/* A second word of the network about it changes nothing. */
	net_disconnected(fakes, USER, 2, "Late");
	net_connected(fakes, USER);
	fakes_expect(fakes, "");
	user_presence(fakes, USER, "unavailable", NULL, 0);
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_end(fakes);
}

static void a_login_that_nobody_takes_is_tried_again(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.retry_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	fakes->result = -ENOTCONN;
	user_presence(fakes, A, "online", NULL, 0);
	wait_for(fakes, fakes->lines->len >= 3);
	fakes->result = 0;
	wait_for(fakes, user_seat(fakes_user(fakes, USER)));
	net_connected(fakes, USER);
	assert_string_equal(fakes->lines->pdata[fakes->lines->len - 1], "presence - -> user@localhost/a online");
	fakes_end(fakes);
}

/* --- the whole gateway ----------------------------------------------------------------------- */

static void a_shutdown_logs_out_and_keeps_the_online_flag(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	core_logout_all(fakes->core);
	fakes_expect(fakes, "presence - -> user@localhost unavailable \"The gateway is being shut down\"\n"
			    "net logout user@localhost\n");
	fakes_close(fakes);
	fakes->options.tick_ms = 1;
	fakes_open(fakes);
	core_link_up(fakes->core);
	fakes_expect_later(fakes, "presence - -> user@localhost probe\n");
	fakes_end(fakes);
}

static void who_logged_out_is_not_asked_back(void **state)
{
	static const char *const overrides[] = { "service.reconnect_all_users=1", NULL };
	struct fakes *fakes = fakes_start(USER);
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_forget(fakes);
	core_link_up(fakes->core);
	fakes_expect(fakes, "");
	fakes_end(fakes);

	fakes = fakes_new("sqlite3", overrides);
	fakes->options.tick_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	core_link_up(fakes->core);
	fakes_expect_later(fakes, "presence - -> user@localhost probe\n");
	fakes_end(fakes);
}

static void a_link_that_is_back_shows_everything_again(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	net_contact(fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_AWAY });
	core_link_up(fakes->core);
	fakes_forget(fakes);
	core_link_up(fakes->core);
	fakes_expect(fakes, "presence - -> user@localhost/a online\n"
			    "presence bob/bot -> user@localhost away\n"
			    "presence - -> user@localhost probe\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presence_logs_a_registered_user_in),
		cmocka_unit_test(strangers_are_not_answered),
		cmocka_unit_test(strangers_are_registered_silently_where_that_is_wanted),
		cmocka_unit_test(networks_without_accounts_take_the_nickname_of_the_first_room),
		cmocka_unit_test(without_a_database_such_networks_work_all_the_same),
		cmocka_unit_test(without_a_database_others_let_nobody_in),
		cmocka_unit_test(silent_registration_is_for_allowed_servers_only),
		cmocka_unit_test(a_gateway_for_vips_tells_others),
		cmocka_unit_test(who_switched_the_gateway_off_is_left_alone),
		cmocka_unit_test(a_broken_database_is_told_without_its_path),
		cmocka_unit_test(a_second_session_is_shown_the_transport),
		cmocka_unit_test(a_better_session_changes_the_status),
		cmocka_unit_test(the_same_presence_again_is_no_news),
		cmocka_unit_test(the_last_session_logs_out),
		cmocka_unit_test(unavailable_of_the_bare_jid_ends_all_sessions),
		cmocka_unit_test(leaving_while_the_database_is_asked_leaves_nothing_behind),
		cmocka_unit_test(more_than_fifty_sessions_are_not_served),
		cmocka_unit_test(probes_of_strangers_are_answered_and_asked_back),
		cmocka_unit_test(a_subscription_to_the_transport_is_granted),
		cmocka_unit_test(a_final_refusal_is_told_and_ends_the_session),
		cmocka_unit_test(what_passes_is_tried_again),
		cmocka_unit_test(three_failures_in_a_row_are_told_once),
		cmocka_unit_test(a_login_that_lasted_makes_failures_count_anew),
		cmocka_unit_test(who_waits_for_the_next_try_is_told_so),
		cmocka_unit_test(a_login_that_nobody_takes_is_tried_again),
		cmocka_unit_test(a_shutdown_logs_out_and_keeps_the_online_flag),
		cmocka_unit_test(who_logged_out_is_not_asked_back),
		cmocka_unit_test(a_link_that_is_back_shows_everything_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
