/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* Which backend gets a user. */

static struct rig *open_rig(const char *settings)
{
	struct rig *rig = rig_new("sleep", settings);
	rig_open(rig);
	return rig;
}

static struct user *login(struct rig *rig, const char *jid)
{
	struct user *user = fake_core_add(rig->core, jid);
	assert_int_equal(pool_backend_port()->login(rig->pool, user), 0);
	return user;
}

/* Frames of one type that have come by now. */
static unsigned count_logins(struct puppet *puppet)
{
	unsigned n = 0;
	int type;
	Pbnetwork__BackendConfig query = PBNETWORK__BACKEND_CONFIG__INIT;
	query.config = (char *)"";
	puppet_send(puppet, WIRE_QUERY, &query.base);
	while ((type = puppet_next(puppet)) != WIRE_QUERY)
		n += type == WIRE_LOGIN;
	return n;
}

static void users_wait_for_the_first_backend(void **state)
{
	struct rig *rig = open_rig("");
	struct user *user = login(rig, "a@x");
	login(rig, "b@x");
	assert_non_null(user->seat);
	assert_int_equal(pool_backend_port()->status(rig->pool, user, CORE_AWAY, ""), -107 /* ENOTCONN */);
	struct puppet *puppet = puppet_backend(rig);
	assert_int_equal(count_logins(puppet), 2);
	assert_int_equal(rig->metrics.value[METRIC_BACKENDS_STARTED], 1);
	puppet_free(puppet);
	rig_close(rig);
}

static void a_user_who_leaves_the_line_is_not_logged_in(void **state)
{
	struct rig *rig = open_rig("");
	struct user *user = login(rig, "a@x");
	pool_backend_port()->logout(rig->pool, user);
	assert_null(user->seat);
	struct puppet *puppet = puppet_backend(rig);
	assert_int_equal(count_logins(puppet), 0);
	puppet_free(puppet);
	rig_close(rig);
}

static void a_full_backend_gets_a_companion(void **state)
{
	struct rig *rig = open_rig("users_per_backend=2");
	struct puppet *first = puppet_backend(rig);
	login(rig, "a@x");
	login(rig, "b@x");
	assert_int_equal(rig->metrics.value[METRIC_BACKENDS_STARTED], 1);
	login(rig, "c@x");
	assert_int_equal(rig->metrics.value[METRIC_BACKENDS_STARTED], 2);
	struct puppet *second = puppet_backend(rig);
	assert_int_equal(count_logins(first), 2);
	assert_int_equal(count_logins(second), 1);
	puppet_free(first);
	puppet_free(second);
	rig_close(rig);
}

static void the_newest_backend_with_room_is_taken(void **state)
{
	struct rig *rig = open_rig("users_per_backend=2");
	struct puppet *old = puppet_backend(rig), *new = puppet_backend(rig);
	login(rig, "a@x");
	login(rig, "b@x");
	login(rig, "c@x");
	assert_int_equal(count_logins(new), 2);
	assert_int_equal(count_logins(old), 1);
	puppet_free(old);
	puppet_free(new);
	rig_close(rig);
}

static void one_start_is_enough_for_a_short_line(void **state)
{
	struct rig *rig = open_rig("users_per_backend=2");
	login(rig, "a@x");
	login(rig, "b@x");
	assert_int_equal(rig->metrics.value[METRIC_BACKENDS_STARTED], 1);
	login(rig, "c@x");
	assert_int_equal(rig->metrics.value[METRIC_BACKENDS_STARTED], 2);
	login(rig, "d@x");
	assert_int_equal(rig->metrics.value[METRIC_BACKENDS_STARTED], 2);
	rig_close(rig);
}

static void room_that_is_given_back_is_used(void **state)
{
	struct rig *rig = open_rig("users_per_backend=2");
	struct puppet *puppet = puppet_backend(rig);
	struct user *user = login(rig, "a@x");
	login(rig, "b@x");
	login(rig, "c@x");
	assert_int_equal(count_logins(puppet), 2);
	pool_backend_port()->logout(rig->pool, user);
	assert_int_equal(count_logins(puppet), 1);
	puppet_free(puppet);
	rig_close(rig);
}

static void a_backend_that_was_full_may_be_spared(void **state)
{
	struct rig *rig = open_rig("users_per_backend=2\nreuse_old_backends=0");
	struct puppet *first = puppet_backend(rig);
	struct user *a = login(rig, "a@x"), *b = login(rig, "b@x");
	pool_backend_port()->logout(rig->pool, a);
	login(rig, "c@x");
	assert_int_equal(count_logins(first), 2);
	struct puppet *second = puppet_backend(rig);
	assert_int_equal(count_logins(second), 1);
	/* The last user of the old one gone, it goes too. */
	pool_backend_port()->logout(rig->pool, b);
	while (puppet_next(first) != WIRE_EXIT)
		;
	puppet_free(first);
	puppet_free(second);
	rig_close(rig);
}

static void a_backend_for_one_user_is_not_used_twice(void **state)
{
	struct rig *rig = open_rig("users_per_backend=1");
	struct puppet *puppet = puppet_backend(rig);
	struct user *user = login(rig, "a@x");
	assert_int_equal(puppet_next(puppet), WIRE_LOGIN);
	pool_backend_port()->logout(rig->pool, user);
	assert_int_equal(puppet_next(puppet), WIRE_LOGOUT);
	assert_int_equal(puppet_next(puppet), WIRE_EXIT);
	assert_int_equal(pool_backend_count(rig->pool), 0);
	assert_int_equal(rig->metrics.value[METRIC_BACKENDS_STARTED], 2);
	puppet_free(puppet);
	rig_close(rig);
}

static void login_delay_spaces_logins(void **state)
{
	struct rig *rig = open_rig("login_delay=1");
	struct puppet *puppet = puppet_backend(rig);
	gint64 before = g_get_monotonic_time();
	login(rig, "a@x");
	login(rig, "b@x");
	assert_int_equal(count_logins(puppet), 1);
	assert_int_equal(puppet_next(puppet), WIRE_LOGIN);
	/* The loop's clock is that of the start of a round. */
	assert_true(g_get_monotonic_time() - before > G_TIME_SPAN_SECOND * 9 / 10);
	assert_int_equal(rig->metrics.value[METRIC_BACKENDS_STARTED], 1);
	puppet_free(puppet);
	rig_close(rig);
}

static void waiting_has_an_end(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig->options.queue_ms = 50;
	rig_open(rig);
	struct user *user = login(rig, "a@x");
	expect_calls(rig, "disconnected a@x 0 There is no backend for this network at the moment.\n");
	assert_null(user->seat);
	rig_close(rig);
}

static struct rig *again_rig;

static void login_again(struct user *user)
{
	pool_backend_port()->login(again_rig->pool, user);
}

static void users_may_come_back_at_once(void **state)
{
	struct rig *rig = again_rig = open_rig("");
	struct puppet *first = puppet_backend(rig);
	login(rig, "a@x");
	login(rig, "b@x");
	assert_int_equal(count_logins(first), 2);
	rig->core->on_disconnected = login_again;
	stream_close(&first->stream);
	wait_for(rig, strstr(rig->core->calls->str, "disconnected b@x 16"));
	assert_non_null(strstr(rig->core->calls->str, "disconnected a@x 16"));
	rig->core->on_disconnected = NULL;
	struct puppet *second = puppet_backend(rig);
	assert_int_equal(count_logins(second), 2);
	puppet_free(first);
	puppet_free(second);
	rig_close(rig);
}

static void a_second_login_replaces_the_first(void **state)
{
	struct rig *rig = open_rig("");
	struct puppet *puppet = puppet_backend(rig);
	struct user *user = login(rig, "u@example.org");
	pool_backend_port()->login(rig->pool, user);
	puppet_expect(puppet, LOGIN_EMPTY_HEX);
	puppet_expect(puppet, LOGOUT_HEX);
	puppet_expect(puppet, LOGIN_EMPTY_HEX);
	puppet_free(puppet);
	rig_close(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_wait_for_the_first_backend),
		cmocka_unit_test(a_user_who_leaves_the_line_is_not_logged_in),
		cmocka_unit_test(a_full_backend_gets_a_companion),
		cmocka_unit_test(the_newest_backend_with_room_is_taken),
		cmocka_unit_test(one_start_is_enough_for_a_short_line),
		cmocka_unit_test(room_that_is_given_back_is_used),
		cmocka_unit_test(a_backend_that_was_full_may_be_spared),
		cmocka_unit_test(a_backend_for_one_user_is_not_used_twice),
		cmocka_unit_test(login_delay_spaces_logins),
		cmocka_unit_test(waiting_has_an_end),
		cmocka_unit_test(users_may_come_back_at_once),
		cmocka_unit_test(a_second_login_replaces_the_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
