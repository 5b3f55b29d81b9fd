/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#define A     USER "/a"
#define ADDED "reply set: ok registered\ncontact - -> user@localhost\n"
#define CHECK "check romeo@localhost pw at localhost:5222 in 10000 ms\n"
#define BUSY \
	"reply set: resource-constraint \"Another account is being checked for you: please try again in a moment\"\n"
#define NEEDED "reply set: not-acceptable \"The name and the password of your account on localhost are needed\"\n"

static struct fakes *start(const char *server)
{
	const char *const overrides[] = { "registration.require_local_account=1", server, NULL };
	struct fakes *fakes = fakes_new("sqlite3", overrides);
	fakes->options.tick_ms = 20;
	fakes_open(fakes);
	return fakes;
}

static void set_up(struct fakes *fakes, const char *from, const char *name, const char *password)
{
	struct jid jid = fakes_jid(fakes, from);
	struct core_registration registration = {
		.uin = "juliet", .password = "x", .local_name = name, .local_password = password
	};
	core_user_register(fakes->core, &jid, &registration, fakes_reply(fakes, "set"));
	fakes_settle(fakes);
}

static void assert_stored(struct fakes *fakes, const char *what)
{
	g_autofree char *stored = fakes_stored(fakes, USER);
	assert_string_equal(stored, what);
}

static void who_has_the_account_registers(void **state)
{
	struct fakes *fakes = start(NULL);
	assert_true(core_needs_local_account(fakes->core));
	set_up(fakes, A, "Romeo", "pw");
	fakes_expect(fakes, CHECK);
	assert_stored(fakes, "");
	fakes_account_checked(fakes, CORE_OK);
	fakes_expect(fakes, ADDED);
	assert_stored(fakes, "juliet/x");
	/* A second answer is to nobody. */
	fakes_account_checked(fakes, CORE_OK);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void who_has_registered_is_not_asked_again(void **state)
{
	struct fakes *fakes = start(NULL);
	fakes_register(fakes, USER);
	set_up(fakes, A, NULL, NULL);
	fakes_expect(fakes, "reply set: ok registered\n");
	assert_stored(fakes, "juliet/x");
	fakes_end(fakes);
}

static void without_the_option_nobody_is_asked(void **state)
{
	struct fakes *fakes = start("registration.require_local_account=0");
	assert_false(core_needs_local_account(fakes->core));
	set_up(fakes, A, "romeo", "pw");
	fakes_expect(fakes, ADDED);
	fakes_end(fakes);
}

static void both_name_and_password_are_needed(void **state)
{
	static const struct {
		const char *name, *password;
	} rows[] = { { NULL, NULL },  { "romeo", NULL },           { NULL, "pw" },  { "", "pw" },
		     { "romeo", "" }, { "romeo@elsewhere", "pw" }, { "a/b", "pw" }, { "romeo@localhost/a", "pw" } };
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct fakes *fakes = start(NULL);
		set_up(fakes, A, rows[i].name, rows[i].password);
		fakes_expect(fakes, NEEDED);
		fakes_end(fakes);
	}
}

static void the_server_is_where_the_option_says(void **state)
{
	struct fakes *fakes = start("registration.local_account_server=example.org [::1]:15222");
	set_up(fakes, A, "romeo@example.org", "pw");
	fakes_expect(fakes, "check romeo@example.org pw at ::1:15222 in 10000 ms\n");
	fakes_account_checked(fakes, CORE_OK);
	fakes_settle(fakes);
	fakes_end(fakes);
}

static void other_faults_come_first(void **state)
{
	struct fakes *fakes = start("registration.allowed_usernames=romeo");
	set_up(fakes, A, "romeo", "pw");
	fakes_expect(fakes, "reply set: not-acceptable \"This user name is not allowed here\"\n");
	fakes_end(fakes);
}

static void a_wrong_password_is_told_after_a_second(void **state)
{
	struct fakes *fakes = start(NULL);
	set_up(fakes, A, "romeo", "pw");
	fakes_expect(fakes, CHECK);
	gint64 began = g_get_monotonic_time();
	fakes_account_checked(fakes, CORE_NOT_AUTHORIZED);
	fakes_expect(fakes, "");
	fakes_expect_later(fakes,
			   "reply set: not-authorized \"The name or the password of your local account is wrong\"\n");
	assert_true(g_get_monotonic_time() - began > 900 * G_TIME_SPAN_MILLISECOND);
	assert_stored(fakes, "");
	/* The next try is one. */
	set_up(fakes, A, "romeo", "pw");
	fakes_expect(fakes, CHECK);
	fakes_account_checked(fakes, CORE_OK);
	fakes_expect(fakes, ADDED);
	fakes_end(fakes);
}

static void a_silent_server_is_told(void **state)
{
	struct fakes *fakes = start(NULL);
	set_up(fakes, A, "romeo", "pw");
	fakes_expect(fakes, CHECK);
	fakes_account_checked(fakes, CORE_REMOTE_SERVER_TIMEOUT);
	fakes_expect(fakes, "reply set: remote-server-timeout "
			    "\"Your local account cannot be checked at the moment\"\n");
	assert_stored(fakes, "");
	fakes_end(fakes);
}

static void a_user_and_an_account_have_one_try_at_a_time(void **state)
{
	struct fakes *fakes = start(NULL);
	set_up(fakes, A, "romeo", "pw");
	fakes_expect(fakes, CHECK);
	set_up(fakes, USER "/b", "other", "pw"); /* the same user */
	fakes_expect(fakes, BUSY);
	set_up(fakes, "mallory@localhost", "ROMEO", "pw"); /* the same account */
	fakes_expect(fakes, BUSY);
	set_up(fakes, "juliet@localhost", "juliet", "pw"); /* neither */
	fakes_expect(fakes, "check juliet@localhost pw at localhost:5222 in 10000 ms\n");
	/* As long as a wrong one is not told, too. */
	fakes_account_checked(fakes, CORE_NOT_AUTHORIZED);
	set_up(fakes, "juliet@localhost", "other", "pw");
	fakes_expect(fakes, BUSY);
	fakes_end(fakes);
}

static void there_is_an_end_to_tries_at_once(void **state)
{
	struct fakes *fakes = start(NULL);
	for (int i = 0; i < 33; i++) {
		const char *name = arena_printf(fakes->arena, "n%d", i);
		set_up(fakes, arena_printf(fakes->arena, "%s@localhost", name), name, "pw");
	}
	assert_int_equal(fakes->lines->len, 33);
	assert_string_equal(fakes->lines->pdata[31], "check n31@localhost pw at localhost:5222 in 10000 ms");
	assert_true(g_str_has_prefix(fakes->lines->pdata[32], "reply set: resource-constraint"));
	fakes_end(fakes);
}

static void what_is_under_way_ends_with_the_core(void **state)
{
	struct fakes *fakes = start(NULL);
	struct jid late = fakes_jid(fakes, "late@localhost");
	struct core_registration registration = {
		.uin = "juliet", .password = "x", .local_name = "l", .local_password = "pw"
	};
	set_up(fakes, A, "romeo", "pw");
	set_up(fakes, "juliet@localhost", "juliet", "pw");
	fakes_account_checked(fakes, CORE_NOT_AUTHORIZED);
	fakes_forget(fakes);
	/* This one is still on its way through the database. */
	core_user_register(fakes->core, &late, &registration, fakes_reply(fakes, "late"));
	fakes_close(fakes);
	assert_int_equal(fakes->lines->len, 3);
	assert_string_equal(fakes->lines->pdata[0],
			    "reply set: service-unavailable \"The gateway is being shut down\"");
	assert_string_equal(fakes->lines->pdata[1],
			    "reply set: service-unavailable \"The gateway is being shut down\"");
	assert_true(g_str_has_prefix(fakes->lines->pdata[2], "reply late: resource-constraint"));
	fakes_free(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_has_the_account_registers),
		cmocka_unit_test(who_has_registered_is_not_asked_again),
		cmocka_unit_test(without_the_option_nobody_is_asked),
		cmocka_unit_test(both_name_and_password_are_needed),
		cmocka_unit_test(the_server_is_where_the_option_says),
		cmocka_unit_test(other_faults_come_first),
		cmocka_unit_test(a_wrong_password_is_told_after_a_second),
		cmocka_unit_test(a_silent_server_is_told),
		cmocka_unit_test(a_user_and_an_account_have_one_try_at_a_time),
		cmocka_unit_test(there_is_an_end_to_tries_at_once),
		cmocka_unit_test(what_is_under_way_ends_with_the_core),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
