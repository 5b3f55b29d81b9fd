/* SPDX-License-Identifier: MIT */
#include "core/arrival.h"

#include "core/settings.h"
#include "core/standing.h"
#include "fakes.h"

/* Server mode: who logs in with the password of the network. */

#define ME "me%irc.example@gate.localhost"
#define A  ME "/a"

enum { NETWORK_ERROR = 0, AUTHENTICATION_FAILED = 2, NAME_IN_USE = 6 };

#define LOGIN  "net login " ME " me@irc.example/pw away\n"
#define LOGOUT "net logout " ME "\n"

static struct fakes *prepare(const char *storage_type, const char *override)
{
	const char *const overrides[] = { "service.server_mode=1", override, NULL };
	struct fakes *fakes = fakes_new(storage_type, overrides);
	fakes->options.retry_ms = 600000;
	return fakes;
}

static void let_in_anybody(struct fakes *fakes)
{
	core_set_features(fakes->core, &(struct core_features){ .need_password = true });
}

static struct fakes *start(const char *storage_type, const char *override)
{
	struct fakes *fakes = prepare(storage_type, override);
	fakes_open(fakes);
	let_in_anybody(fakes);
	return fakes;
}

static uint64_t arrive(struct fakes *fakes, const char *name, const char *password)
{
	struct jid who = fakes_jid(fakes, ME);
	return core_arrive(fakes->core, &who, password, fakes_reply(fakes, name));
}

static void fail_told(void *ctx, uint64_t id, const struct core_result *result)
{
	fail_msg("an answer that nobody waits for");
}

/* No answer is to come. */
static uint64_t arrive_in_vain(struct fakes *fakes)
{
	struct jid who = fakes_jid(fakes, ME);
	return core_arrive(fakes->core, &who, "pw", (struct core_reply){ fail_told, NULL, 1 });
}

/* Somebody who is in, with nothing left to be seen of it. */
static uint64_t enter(struct fakes *fakes, const char *name)
{
	uint64_t id = arrive(fakes, name, "pw");
	fakes_settle(fakes);
	net_connected(fakes, ME);
	fakes_forget(fakes);
	return id;
}

static void nobody_is_here(struct fakes *fakes)
{
	assert_int_equal(core_user_count(fakes->core), 0);
}

/* --- the network's word ---------------------------------------------------------------------- */

static void the_network_lets_in(void **state)
{
	struct fakes *fakes = start("none", NULL);
	uint64_t id = arrive(fakes, "one", "pw");
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes, LOGIN);
	net_connected(fakes, ME);
	assert_int_equal(fakes->lines->len, 0);
	assert_false(core_has_arrived(fakes->core, id));
	fakes_expect(fakes, "reply one: ok\n");
	assert_true(core_has_arrived(fakes->core, id));
	core_depart(fakes->core, id);
	assert_false(core_has_arrived(fakes->core, id));
	fakes_expect(fakes, LOGOUT);
	nobody_is_here(fakes);
	core_depart(fakes->core, id);
	fakes_end(fakes);
}

static void a_refusal_comes_in_the_words_of_the_network(void **state)
{
	struct fakes *fakes = start("none", NULL);
	uint64_t id = arrive(fakes, "one", "pw");
	fakes_settle(fakes);
	net_disconnected(fakes, ME, AUTHENTICATION_FAILED, "Password incorrect");
	fakes_expect(fakes, LOGIN LOGOUT "reply one: not-authorized \"Password incorrect\"\n");
	nobody_is_here(fakes);
	core_depart(fakes->core, id);
	fakes_end(fakes);
}

static void what_passes_is_no_refusal(void **state)
{
	static const int codes[] = { NETWORK_ERROR, NAME_IN_USE, 16 };
	struct fakes *fakes = start("none", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
		arrive(fakes, "one", "pw");
		fakes_settle(fakes);
		net_disconnected(fakes, ME, codes[i], "Not now");
		fakes_expect(fakes, LOGIN LOGOUT "reply one: remote-server-timeout \"Not now\"\n");
		nobody_is_here(fakes);
	}
	fakes_end(fakes);
}

static void silence_is_not_waited_out(void **state)
{
	struct fakes *fakes = prepare("none", NULL);
	fakes->options.arrival_ms = 20;
	fakes_open(fakes);
	let_in_anybody(fakes);
	arrive(fakes, "one", "pw");
	fakes_expect_later(fakes, LOGIN LOGOUT "reply one: remote-server-timeout \"The network did not answer in "
					       "time\"\n");
	nobody_is_here(fakes);
	fakes_end(fakes);
}

static void who_goes_before_the_answer_hears_none(void **state)
{
	struct fakes *fakes = start("none", NULL);
	core_depart(fakes->core, arrive_in_vain(fakes));
	nobody_is_here(fakes);
	uint64_t id = arrive_in_vain(fakes);
	fakes_expect(fakes, LOGIN);
	core_depart(fakes->core, id);
	fakes_expect(fakes, LOGOUT);
	/* Also when it is there, but not told. */
	id = arrive_in_vain(fakes);
	fakes_settle(fakes);
	net_connected(fakes, ME);
	core_depart(fakes->core, id);
	fakes_expect(fakes, LOGIN LOGOUT);
	fakes_end(fakes);
}

/* --- who is here already --------------------------------------------------------------------- */

static void the_password_of_who_is_in_is_compared(void **state)
{
	struct fakes *fakes = start("none", NULL);
	enter(fakes, "one");
	arrive(fakes, "two", "wrong");
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes, "reply two: not-authorized \"The user name or the password is wrong\"\n");
	arrive(fakes, "three", "pw");
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes, "reply three: ok\n");
	fakes_end(fakes);
}

static void logins_with_one_password_share_an_attempt(void **state)
{
	struct fakes *fakes = start("none", NULL);
	arrive(fakes, "one", "pw");
	arrive(fakes, "two", "pw");
	fakes_expect(fakes, LOGIN);
	arrive(fakes, "three", "pw");
	arrive(fakes, "four", "other");
	fakes_expect(fakes, "reply four: remote-server-timeout \"Another login with this name is under way\"\n");
	net_connected(fakes, ME);
	fakes_expect_any_order(fakes, "reply one: ok\nreply two: ok\nreply three: ok\n");
	fakes_end(fakes);
}

static void all_of_them_are_refused(void **state)
{
	struct fakes *fakes = start("none", NULL);
	arrive(fakes, "one", "pw");
	arrive(fakes, "two", "pw");
	fakes_settle(fakes);
	net_disconnected(fakes, ME, AUTHENTICATION_FAILED, "No");
	fakes_expect_any_order(fakes, LOGIN LOGOUT "reply one: not-authorized \"No\"\n"
						   "reply two: not-authorized \"No\"\n");
	nobody_is_here(fakes);
	fakes_end(fakes);
}

static void the_last_client_logs_out(void **state)
{
	struct fakes *fakes = start("none", NULL);
	uint64_t one = enter(fakes, "one"), two = arrive(fakes, "two", "pw");
	fakes_forget(fakes);
	core_depart(fakes->core, one);
	fakes_expect(fakes, "");
	user_presence(fakes, A, "online", NULL, 0);
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_forget(fakes);
	assert_int_equal(core_user_count(fakes->core), 1);
	core_depart(fakes->core, two);
	fakes_expect(fakes, LOGOUT);
	nobody_is_here(fakes);
	fakes_end(fakes);
}

static void who_stays_connected_does_without_clients(void **state)
{
	struct fakes *fakes = start("none", "settings.stay_connected=1");
	core_depart(fakes->core, enter(fakes, "one"));
	fakes_expect(fakes, "");
	assert_int_equal(core_user_count(fakes->core), 1);
	arrive(fakes, "two", "other");
	fakes_expect(fakes, "reply two: not-authorized \"The user name or the password is wrong\"\n");
	core_depart(fakes->core, arrive_in_vain(fakes));
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void who_was_never_let_in_does_not_stay(void **state)
{
	struct fakes *fakes = start("none", "settings.stay_connected=1");
	uint64_t id = arrive_in_vain(fakes);
	fakes_expect(fakes, LOGIN);
	core_depart(fakes->core, id);
	nobody_is_here(fakes);
	fakes_end(fakes);
}

static void more_clients_than_fifty_are_not_taken(void **state)
{
	struct fakes *fakes = start("none", NULL);
	enter(fakes, "one");
	for (int i = 1; i < 50; i++)
		arrive(fakes, "more", "pw");
	fakes_forget(fakes);
	arrive(fakes, "last", "pw");
	fakes_expect(fakes, "reply last: remote-server-timeout \"Too many clients of this account are connected\"\n");
	fakes_end(fakes);
}

/* --- the network goes ------------------------------------------------------------------------ */

static void a_lost_network_is_tried_at_once_for_who_comes(void **state)
{
	struct fakes *fakes = start("none", NULL);
	enter(fakes, "one");
	net_disconnected(fakes, ME, NETWORK_ERROR, "Gone");
	fakes_expect(fakes, LOGOUT);
	arrive(fakes, "two", "other");
	fakes_expect(fakes, "reply two: remote-server-timeout "
			    "\"The network cannot be reached at the moment, trying again\"\n");
	arrive(fakes, "three", "pw");
	fakes_expect(fakes, LOGIN);
	net_disconnected(fakes, ME, NETWORK_ERROR, "Still gone");
	fakes_expect(fakes, LOGOUT "reply three: remote-server-timeout \"Still gone\"\n");
	arrive(fakes, "four", "pw");
	fakes_forget(fakes);
	net_connected(fakes, ME);
	fakes_expect(fakes, "reply four: ok\n");
	fakes_end(fakes);
}

static void a_final_word_ends_the_streams(void **state)
{
	struct fakes *fakes = start("none", NULL);
	uint64_t id = enter(fakes, "one");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_forget(fakes);
	net_disconnected(fakes, ME, AUTHENTICATION_FAILED, "Password changed");
	assert_null(fakes_user(fakes, ME));
	assert_false(core_has_arrived(fakes->core, id));
	/* What its clients still say while they are not closed is nobody's. */
	user_presence(fakes, A, "online", NULL, 0);
	user_join(fakes, A, "#room@gate.localhost/me", NULL);
	user_contact_presence(fakes, A, "bob@gate.localhost", "online");
	nobody_is_here(fakes);
	core_depart(fakes->core, id);
	fakes_expect(fakes, "message - -> " ME " chat \"Password changed\"\n"
			    "presence - -> " ME " unavailable \"Password changed\"\n" LOGOUT "refused #room/me -> " A
			    " recipient-unavailable \"You are not logged in any more\"\n"
			    "ended " ME " \"Password changed\"\n");
	fakes_end(fakes);
}

static void an_administrator_ends_them_too(void **state)
{
	struct fakes *fakes = start("none", NULL);
	enter(fakes, "one");
	struct jid who = fakes_jid(fakes, ME);
	core_user_logout(fakes->core, &who, "Enough");
	assert_int_equal(fakes->lines->len, 1);
	fakes_expect(fakes, LOGOUT "ended " ME " \"Enough\"\n");
	fakes_end(fakes);
}

static void who_is_alone_is_not_ended(void **state)
{
	struct fakes *fakes = start("none", "settings.stay_connected=1");
	core_depart(fakes->core, enter(fakes, "one"));
	net_disconnected(fakes, ME, AUTHENTICATION_FAILED, "No");
	fakes_expect(fakes, "message - -> " ME " chat \"No\"\n" LOGOUT);
	nobody_is_here(fakes);
	fakes_end(fakes);
}

static void nobody_comes_back_after_a_start(void **state)
{
	struct fakes *fakes = prepare("sqlite3", "settings.stay_connected=1");
	fakes->options.tick_ms = 1;
	fakes_open(fakes);
	let_in_anybody(fakes);
	enter(fakes, "one");
	fakes_close(fakes);
	fakes_open(fakes);
	fakes_forget(fakes);
	core_link_up(fakes->core);
	for (int i = 0; i < 5; i++)
		loop_once(fakes->loop, 2);
	fakes_expect(fakes, "");
	nobody_is_here(fakes);
	fakes_end(fakes);
}

/* --- the database ---------------------------------------------------------------------------- */

static void who_is_let_in_is_stored_without_a_password(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	arrive(fakes, "one", "pw");
	fakes_settle(fakes);
	g_autofree char *before = fakes_stored(fakes, ME);
	assert_string_equal(before, "");
	net_connected(fakes, ME);
	fakes_expect(fakes, LOGIN "reply one: ok\n");
	g_autofree char *after = fakes_stored(fakes, ME);
	assert_string_equal(after, "me@irc.example/");
	fakes_end(fakes);
}

static void who_is_refused_is_not_stored(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	arrive(fakes, "one", "pw");
	fakes_settle(fakes);
	net_disconnected(fakes, ME, AUTHENTICATION_FAILED, "No");
	fakes_forget(fakes);
	g_autofree char *stored = fakes_stored(fakes, ME);
	assert_string_equal(stored, "");
	fakes_end(fakes);
}

static void a_stored_name_counts_and_a_stored_password_does_not(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	fakes_register(fakes, ME);
	arrive(fakes, "one", "pw");
	fakes_expect(fakes, "net login " ME " me%irc.example/pw away\n");
	net_connected(fakes, ME);
	fakes_expect(fakes, "reply one: ok\n");
	arrive(fakes, "two", "secret");
	fakes_expect(fakes, "reply two: not-authorized \"The user name or the password is wrong\"\n");
	g_autofree char *stored = fakes_stored(fakes, ME);
	assert_string_equal(stored, "me%irc.example/secret");
	fakes_end(fakes);
}

static void the_second_time_he_is_known(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	core_depart(fakes->core, enter(fakes, "one"));
	fakes_expect(fakes, LOGOUT);
	core_set_features(fakes->core, &(struct core_features){ .need_password = true, .need_registration = true });
	arrive(fakes, "two", "pw");
	fakes_expect(fakes, LOGIN);
	net_connected(fakes, ME);
	fakes_expect(fakes, "reply two: ok\n");
	fakes_end(fakes);
}

/* Who does not know the password is not told whether there is such an account. */
static void strangers_are_refused_where_one_has_to_register(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	core_set_features(fakes->core, &(struct core_features){ .need_password = true, .need_registration = true });
	arrive(fakes, "one", "pw");
	fakes_expect(fakes, LOGIN);
	net_connected(fakes, ME);
	fakes_expect(fakes, LOGOUT "reply one: not-authorized \"This account is not registered with this server\"\n");
	g_autofree char *stored = fakes_stored(fakes, ME);
	assert_string_equal(stored, "");
	fakes_end(fakes);
}

static void vips_only(void **state)
{
	struct fakes *fakes = start("sqlite3", "service.vip_only=1");
	fakes_register(fakes, ME);
	arrive(fakes, "one", "pw");
	fakes_expect(fakes, "reply one: forbidden \"This gateway is for certain users only\"\n");
	nobody_is_here(fakes);
	fakes_sql(fakes, "UPDATE users SET vip = 1");
	arrive_in_vain(fakes);
	fakes_expect(fakes, "net login " ME " me%irc.example/pw away\n");
	fakes_end(fakes);
}

static void who_switched_it_off_is_told_so(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	fakes_register(fakes, ME);
	fakes_store_setting(fakes, ME, "enable_transport", "0");
	arrive(fakes, "one", "pw");
	fakes_expect(
		fakes,
		"reply one: forbidden \"You have switched your account off; an administrator can switch it on\"\n");
	nobody_is_here(fakes);
	fakes_end(fakes);
}

static void a_broken_database_is_no_refusal(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	fakes_sql(fakes, "DROP TABLE users");
	arrive(fakes, "one", "pw");
	fakes_settle(fakes);
	assert_int_equal(fakes->lines->len, 1);
	assert_string_equal(fakes->lines->pdata[0], "reply one: remote-server-timeout "
						    "\"The gateway's database does not work at the moment\"");
	nobody_is_here(fakes);
	fakes_end(fakes);
}

static void switching_the_bouncer_off_ends_no_client(void **state)
{
	struct fakes *fakes = start("sqlite3", "settings.stay_connected=1");
	struct jid who = fakes_jid(fakes, ME);
	struct core_setting_change off = { CORE_STAY_CONNECTED, false };
	uint64_t id = enter(fakes, "one");
	core_user_put_settings(fakes->core, &who, &off, 1, fakes_reply(fakes, "set"));
	fakes_expect(fakes, "reply set: ok registered\n");
	core_depart(fakes->core, id);
	fakes_expect(fakes, LOGOUT);
	fakes_end(fakes);
}

static void nobody_registers(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	struct jid who = fakes_jid(fakes, ME);
	assert_false(core_may_register(fakes->core, &who));
	fakes_end(fakes);
}

/* --- before there is a presence -------------------------------------------------------------- */

static void what_is_said_before_a_client_is_there_waits(void **state)
{
	static const char *const types[] = { "none", "sqlite3" };
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		struct fakes *fakes = start(types[i], NULL);
		arrive(fakes, "one", "pw");
		fakes_settle(fakes);
		net_connected(fakes, ME);
		/* He is being stored. */
		net_writes(fakes, ME, "bob", "first");
		fakes_settle(fakes);
		net_writes(fakes, ME, "bob", "second");
		fakes_forget(fakes);
		user_presence(fakes, A, "online", NULL, 0);
		fakes_settle(fakes);
		user_presence(fakes, A, "online", NULL, 0);
		fakes_settle(fakes);
		GString *all = g_string_new(NULL);
		for (guint k = 0; k < fakes->lines->len; k++)
			if (g_str_has_prefix(fakes->lines->pdata[k], "message bob"))
				g_string_append(all, strchr(fakes->lines->pdata[k], '"'));
		assert_true(g_str_has_prefix(all->str, "\"first\" time="));
		assert_non_null(strstr(all->str, "\"second\" time="));
		g_string_free(all, TRUE);
		fakes_end(fakes);
	}
}

/* --- what was not read ----------------------------------------------------------------------- */

static void is_unread(struct fakes *fakes, const char *body)
{
	struct jid who = fakes_jid(fakes, A);
	core_user_unread(fakes->core, &who, (struct core_address){ "bob", "bot" },
			 &(struct core_message){ .body = body, .id = "m1", .time = 1700000000 });
}

#define BOB "message bob/bot -> " ME " chat "

static void what_was_not_read_goes_to_other_clients(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	enter(fakes, "one");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_forget(fakes);
	is_unread(fakes, "hi");
	fakes_expect(fakes, BOB "\"hi\" id=m1 time=1700000000\n");
	fakes_end(fakes);
}

static void it_waits_in_its_order_for_the_next_client(void **state)
{
	static const char *const types[] = { "none", "sqlite3" };
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		struct fakes *fakes = start(types[i], NULL);
		struct jid who = fakes_jid(fakes, ME);
		enter(fakes, "one");
		is_unread(fakes, "one");
		is_unread(fakes, "two");
		core_user_unread(fakes->core, &who, (struct core_address){ "#room", "nick" },
				 &(struct core_message){ .body = "psst", .from_occupant = true, .time = 1700000000 });
		core_user_unread(fakes->core, &who, (struct core_address){ "#room", "nick" },
				 &(struct core_message){ .body = "all", .type = CORE_GROUPCHAT });
		fakes_expect(fakes, "");
		user_presence(fakes, A, "online", NULL, 0);
		fakes_settle(fakes);
		fakes_expect(fakes, "net status " ME " online\n"
				    "presence - -> " A " online\n" BOB "\"one\" id=m1 time=1700000000\n" BOB
				    "\"two\" id=m1 time=1700000000\n"
				    "message #room/nick -> " ME " chat \"psst\" time=1700000000 from-occupant\n");
		fakes_end(fakes);
	}
}

static void it_waits_for_the_next_login(void **state)
{
	struct fakes *fakes = start("sqlite3", NULL);
	core_depart(fakes->core, enter(fakes, "one"));
	nobody_is_here(fakes);
	is_unread(fakes, "one");
	is_unread(fakes, "two");
	fakes_settle(fakes);
	enter(fakes, "two");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	fakes_expect(fakes, "net status " ME " online\n"
			    "presence - -> " A " online\n" BOB "\"one\" id=m1 time=1700000000\n" BOB
			    "\"two\" id=m1 time=1700000000\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_network_lets_in),
		cmocka_unit_test(a_refusal_comes_in_the_words_of_the_network),
		cmocka_unit_test(what_passes_is_no_refusal),
		cmocka_unit_test(silence_is_not_waited_out),
		cmocka_unit_test(who_goes_before_the_answer_hears_none),
		cmocka_unit_test(the_password_of_who_is_in_is_compared),
		cmocka_unit_test(logins_with_one_password_share_an_attempt),
		cmocka_unit_test(all_of_them_are_refused),
		cmocka_unit_test(the_last_client_logs_out),
		cmocka_unit_test(who_stays_connected_does_without_clients),
		cmocka_unit_test(who_was_never_let_in_does_not_stay),
		cmocka_unit_test(more_clients_than_fifty_are_not_taken),
		cmocka_unit_test(a_lost_network_is_tried_at_once_for_who_comes),
		cmocka_unit_test(a_final_word_ends_the_streams),
		cmocka_unit_test(an_administrator_ends_them_too),
		cmocka_unit_test(who_is_alone_is_not_ended),
		cmocka_unit_test(nobody_comes_back_after_a_start),
		cmocka_unit_test(who_is_let_in_is_stored_without_a_password),
		cmocka_unit_test(who_is_refused_is_not_stored),
		cmocka_unit_test(a_stored_name_counts_and_a_stored_password_does_not),
		cmocka_unit_test(the_second_time_he_is_known),
		cmocka_unit_test(strangers_are_refused_where_one_has_to_register),
		cmocka_unit_test(vips_only),
		cmocka_unit_test(who_switched_it_off_is_told_so),
		cmocka_unit_test(a_broken_database_is_no_refusal),
		cmocka_unit_test(switching_the_bouncer_off_ends_no_client),
		cmocka_unit_test(nobody_registers),
		cmocka_unit_test(what_is_said_before_a_client_is_there_waits),
		cmocka_unit_test(what_was_not_read_goes_to_other_clients),
		cmocka_unit_test(it_waits_in_its_order_for_the_next_client),
		cmocka_unit_test(it_waits_for_the_next_login),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
