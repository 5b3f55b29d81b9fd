/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#define A USER "/a"

static struct fakes *start(const char *const *overrides)
{
	struct fakes *fakes = fakes_new("sqlite3", overrides);
	fakes_open(fakes);
	return fakes;
}

static void ask(struct fakes *fakes, const char *from)
{
	struct jid jid = fakes_jid(fakes, from);
	core_user_get_registration(fakes->core, &jid, fakes_reply(fakes, "get"));
}

static void set_up(struct fakes *fakes, const char *from, const char *uin, const char *password)
{
	struct jid jid = fakes_jid(fakes, from);
	core_user_register(fakes->core, &jid, &(struct core_registration){ .uin = uin, .password = password },
			   fakes_reply(fakes, "set"));
}

static void take_down(struct fakes *fakes, const char *from)
{
	struct jid jid = fakes_jid(fakes, from);
	core_user_unregister(fakes->core, &jid, fakes_reply(fakes, "remove"));
}

static void expect_refusal(const char *const *overrides, const char *uin, const char *password, const char *line)
{
	struct fakes *fakes = start(overrides);
	set_up(fakes, A, uin, password);
	fakes_expect(fakes, line);
	g_autofree char *stored = fakes_stored(fakes, USER);
	assert_string_equal(stored, "");
	fakes_end(fakes);
}

/* --- registering ----------------------------------------------------------------------------- */

static void a_registration_is_kept_and_the_transport_becomes_a_contact(void **state)
{
	static const char *const overrides[] = { "registration.notify_jid=admin@localhost", "registration.language=de",
						 NULL };
	struct fakes *fakes = start(overrides);
	ask(fakes, A);
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes, "reply get: ok\n");
	set_up(fakes, A, "juliet", "pw");
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes, "reply set: ok registered\n"
			    "contact - -> user@localhost\n"
			    "message - -> admin@localhost chat \"registered: user@localhost\"\n");
	ask(fakes, A);
	fakes_expect(fakes, "reply get: ok registered juliet de\n");
	g_autofree char *stored = fakes_stored(fakes, USER);
	assert_string_equal(stored, "juliet/pw");
	fakes_end(fakes);
}

static void what_is_missing_is_said(void **state)
{
	expect_refusal(NULL, NULL, "pw", "reply set: not-acceptable \"A user name is needed\"\n");
	expect_refusal(NULL, "", "pw", "reply set: not-acceptable \"A user name is needed\"\n");
	expect_refusal(NULL, "juliet", NULL, "reply set: not-acceptable \"A password is needed\"\n");
}

static void the_own_address_is_no_name(void **state)
{
	expect_refusal(NULL, "User@Localhost", "pw",
		       "reply set: not-acceptable \"The user name of the other network is needed, not your own "
		       "address\"\n");
}

static void names_and_passwords_are_bounded(void **state)
{
	static const char line[] = "reply set: not-acceptable \"The user name or the password is too long\"\n";
	g_autofree char *text = g_strnfill(1024, 'x');
	expect_refusal(NULL, text, "pw", line);
	expect_refusal(NULL, "juliet", text, line);
}

static void the_mask_makes_the_name(void **state)
{
	static const char *const overrides[] = { "registration.username_mask=$username@chat.example", NULL };
	struct fakes *fakes = start(overrides);
	set_up(fakes, A, "juliet", "pw");
	fakes_settle(fakes);
	g_autofree char *stored = fakes_stored(fakes, USER);
	assert_string_equal(stored, "juliet@chat.example/pw");
	fakes_end(fakes);
}

static void the_whole_masked_name_has_to_match(void **state)
{
	static const char *const overrides[] = { "registration.username_mask=$username@x",
						 "registration.allowed_usernames=[a-z]+@x|root", NULL };
	static const char line[] = "reply set: not-acceptable \"This user name is not allowed here\"\n";
	expect_refusal(overrides, "juliet1", "pw", line);
	expect_refusal(overrides, "juliet@x\n", "pw", line);
	struct fakes *fakes = start(overrides);
	set_up(fakes, A, "juliet", "pw");
	fakes_expect(fakes, "reply set: ok registered\ncontact - -> user@localhost\n");
	fakes_end(fakes);
}

static void who_may_register_is_a_matter_of_the_server(void **state)
{
	static const char *const overrides[] = { "registration.enable_public_registration=0",
						 "service.allowed_servers=good.example", NULL };
	struct fakes *fakes = start(overrides);
	struct jid good = fakes_jid(fakes, "a@good.example"), bad = fakes_jid(fakes, "a@sub.good.example");
	assert_true(core_may_register(fakes->core, &good));
	assert_false(core_may_register(fakes->core, &bad));
	fakes_end(fakes);
	fakes = start(NULL);
	bad = fakes_jid(fakes, "a@sub.good.example");
	assert_true(core_may_register(fakes->core, &bad));
	fakes_end(fakes);
}

static void without_a_password_a_name_is_one_users_only(void **state)
{
	struct fakes *fakes = start(NULL);
	core_set_features(fakes->core, &(struct core_features){ .need_registration = true });
	set_up(fakes, A, "juliet", NULL);
	fakes_expect(fakes, "reply set: ok registered\ncontact - -> user@localhost\n");
	set_up(fakes, "other@localhost/x", "juliet", NULL);
	fakes_expect(fakes, "reply set: conflict \"Somebody else has registered this name\"\n");
	/* One's own may be registered again. */
	set_up(fakes, A, "juliet", NULL);
	fakes_expect(fakes, "reply set: ok registered\n");
	g_autofree char *stored = fakes_stored(fakes, USER);
	assert_string_equal(stored, "juliet/");
	fakes_end(fakes);
}

static void with_passwords_a_name_may_be_shared(void **state)
{
	struct fakes *fakes = start(NULL);
	set_up(fakes, A, "juliet", "pw");
	set_up(fakes, "other@localhost/x", "juliet", "pw");
	fakes_expect(fakes, "reply set: ok registered\ncontact - -> user@localhost\n"
			    "reply set: ok registered\ncontact - -> other@localhost\n");
	fakes_end(fakes);
}

static void without_a_database_nobody_registers(void **state)
{
	static const char none[] = "not-allowed \"This gateway has no database, so nobody can register\"\n";
	struct fakes *fakes = fakes_new("none", NULL);
	g_autofree char *lines = g_strdup_printf("reply get: %sreply set: %sreply remove: %s", none, none, none);
	fakes_open(fakes);
	ask(fakes, A);
	set_up(fakes, A, "juliet", "pw");
	take_down(fakes, A);
	fakes_expect(fakes, lines);
	fakes_end(fakes);
}

static void a_broken_database_is_told(void **state)
{
	struct fakes *fakes = start(NULL);
	fakes_sql(fakes, "DROP TABLE users");
	ask(fakes, A);
	fakes_expect(fakes, "reply get: internal-server-error "
			    "\"The gateway's database does not work at the moment\"\n");
	fakes_end(fakes);
}

/* --- changing -------------------------------------------------------------------------------- */

static void another_password_logs_in_again(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	net_contact(fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_AWAY });
	fakes_forget(fakes);
	set_up(fakes, A, "user", "other");
	fakes_expect(fakes, "net logout user@localhost\n"
			    "presence bob/bot -> user@localhost unavailable\n"
			    "presence - -> user@localhost/a unavailable "
			    "\"Connecting\"\n"
			    "reply set: ok registered\n");
	/* A moment later, when the network has let go of the name. */
	fakes_expect_later(fakes, "net login user@localhost user/other online\n");
	fakes_end(fakes);
}

static void so_it_does_in_the_middle_of_a_login(void **state)
{
	struct fakes *fakes = start(NULL);
	fakes_register(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_forget(fakes);
	set_up(fakes, A, "user", "other");
	fakes_expect(fakes, "net logout user@localhost\n"
			    "net login user@localhost user/other online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n"
			    "reply set: ok registered\n");
	net_connected(fakes, USER);
	fakes_expect(fakes, "presence - -> user@localhost/a online\n");
	fakes_end(fakes);
}

static void so_it_does_while_the_next_try_is_waited_for(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	net_disconnected(fakes, USER, 0, NULL);
	fakes_forget(fakes);
	set_up(fakes, A, "user", "other");
	fakes_expect(fakes, "net login user@localhost user/other online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n"
			    "reply set: ok registered\n");
	fakes_end(fakes);
}

static void the_same_again_changes_nothing(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	set_up(fakes, A, "user", "secret");
	fakes_expect(fakes, "reply set: ok registered\n");
	fakes_end(fakes);
}

/* --- unregistering --------------------------------------------------------------------------- */

static void unregistering_takes_everything_back(void **state)
{
	static const char *const overrides[] = { "registration.notify_jid=admin@localhost", NULL };
	struct fakes *fakes = start(overrides);
	fakes_register(fakes, USER);
	fakes_store_contact(fakes, USER,
			    &(struct storage_contact){ .name = "Bob@X",
						       .subscription = "both",
						       .alias = "",
						       .groups = "",
						       .flags = 2,
						       .icon_hash = "" });
	fakes_store_contact(
		fakes, USER,
		&(struct storage_contact){
			.name = "carol@x", .subscription = "ask", .alias = "", .groups = "", .icon_hash = "" });
	fakes_log_in(fakes, USER);
	/* Not announced yet, so not now either. */
	net_contact(fakes, USER, &(struct core_contact){ .name = "dave", .status = CORE_OFFLINE });
	fakes_forget(fakes);
	take_down(fakes, A);
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes, "gone bob\\40x -> user@localhost\n"
			    "gone carol%x -> user@localhost\n"
			    "gone - -> user@localhost\n"
			    "presence - -> user@localhost unavailable \"You have unregistered\"\n"
			    "net logout user@localhost\n"
			    "message - -> admin@localhost chat \"unregistered: user@localhost\"\n"
			    "reply remove: ok\n");
	g_autofree char *stored = fakes_stored(fakes, USER);
	assert_string_equal(stored, "");
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_end(fakes);
}

static void who_is_not_registered_is_gone_already(void **state)
{
	struct fakes *fakes = start(NULL);
	take_down(fakes, A);
	fakes_expect(fakes, "reply remove: ok\n");
	fakes_end(fakes);
}

static void what_is_under_way_at_the_end_is_answered(void **state)
{
	struct fakes *fakes = start(NULL);
	set_up(fakes, A, "juliet", "pw");
	ask(fakes, A);
	fakes_close(fakes);
	assert_int_equal(fakes->lines->len, 3);
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_registration_is_kept_and_the_transport_becomes_a_contact),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(the_own_address_is_no_name),
		cmocka_unit_test(names_and_passwords_are_bounded),
		cmocka_unit_test(the_mask_makes_the_name),
		cmocka_unit_test(the_whole_masked_name_has_to_match),
		cmocka_unit_test(who_may_register_is_a_matter_of_the_server),
		cmocka_unit_test(without_a_password_a_name_is_one_users_only),
		cmocka_unit_test(with_passwords_a_name_may_be_shared),
		cmocka_unit_test(without_a_database_nobody_registers),
		cmocka_unit_test(a_broken_database_is_told),
		cmocka_unit_test(another_password_logs_in_again),
		cmocka_unit_test(so_it_does_in_the_middle_of_a_login),
		cmocka_unit_test(so_it_does_while_the_next_try_is_waited_for),
		cmocka_unit_test(the_same_again_changes_nothing),
		cmocka_unit_test(unregistering_takes_everything_back),
		cmocka_unit_test(who_is_not_registered_is_gone_already),
		cmocka_unit_test(what_is_under_way_at_the_end_is_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
