/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* Pings, spare backends, and the ways to make one end. */

static void a_backend_that_answers_stays(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig->options.ping_ms = 30;
	rig_open(rig);
	struct puppet *puppet = puppet_backend(rig);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(puppet_next(puppet), WIRE_PING);
		/* Any frame is a sign of life. */
		puppet_send_hex(puppet, i % 2 ? PONG_HEX : STATS_HEX);
	}
	assert_int_equal(pool_backend_count(rig->pool), 1);
	puppet_free(puppet);
	rig_close(rig);
}

static void a_backend_that_does_not_answer_is_aborted(void **state)
{
	struct rig *rig = rig_new("mute", "");
	rig->options.ping_ms = 300;
	rig_open(rig);
	wait_for(rig, rig->ready);
	struct user *user = fake_core_add(rig->core, "u@example.org");
	pool_backend_port()->login(rig->pool, user);
	wait_for(rig, rig_logged(rig, "has ended: signal 6"));
	assert_true(rig_logged(rig, "does not answer pings"));
	assert_true(g_str_has_prefix(rig->core->calls->str, "disconnected u@example.org 16 "));
	assert_null(user->seat);
	rig_close(rig);
}

static void a_paused_pool_expects_no_answers(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig->options.ping_ms = 30;
	rig_open(rig);
	struct puppet *puppet = puppet_backend(rig);
	pool_pause(rig->pool, true);
	for (int i = 0; i < 5; i++)
		assert_int_equal(puppet_next(puppet), WIRE_PING);
	assert_int_equal(pool_backend_count(rig->pool), 1);
	pool_pause(rig->pool, false);
	wait_for(rig, puppet->ended);
	assert_true(rig_logged(rig, "does not answer pings"));
	puppet_free(puppet);
	rig_close(rig);
}

static void one_spare_backend_is_kept(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig->options.idle_ms = 50;
	rig_open(rig);
	struct puppet *a = puppet_backend(rig), *b = puppet_backend(rig);
	wait_for(rig, pool_backend_count(rig->pool) == 1);
	/* No other one follows: it would have been told in the same time. */
	for (int i = 0; i < 20; i++)
		loop_once(rig->loop, 10);
	assert_int_equal(pool_backend_count(rig->pool), 1);
	puppet_free(a);
	puppet_free(b);
	rig_close(rig);
}

static void a_backend_with_users_is_no_spare_one(void **state)
{
	struct rig *rig = rig_new("sleep", "users_per_backend=2");
	rig->options.idle_ms = 50;
	rig_open(rig);
	struct puppet *a = puppet_backend(rig), *b = puppet_backend(rig);
	pool_backend_port()->login(rig->pool, fake_core_add(rig->core, "a@x"));
	for (int i = 0; i < 20; i++)
		loop_once(rig->loop, 10);
	assert_int_equal(pool_backend_count(rig->pool), 2);
	puppet_free(a);
	puppet_free(b);
	rig_close(rig);
}

static void the_largest_backend_is_drained(void **state)
{
	struct rig *rig = rig_new("sleep", "memory_collector_time=1");
	rig_open(rig);
	struct puppet *small = puppet_backend(rig), *large = puppet_backend(rig);
	puppet_send_hex(large, STATS_HEX);
	puppet_sync(large);
	pool_backend_port()->login(rig->pool, fake_core_add(rig->core, "a@x"));
	assert_int_equal(puppet_next(large), WIRE_LOGIN);
	wait_for(rig, rig_logged(rig, "takes no more users: it is the largest with 20480 KB"));
	pool_backend_port()->login(rig->pool, fake_core_add(rig->core, "b@x"));
	assert_int_equal(puppet_next(small), WIRE_LOGIN);
	puppet_free(small);
	puppet_free(large);
	rig_close(rig);
}

static void a_drained_backend_gets_a_successor(void **state)
{
	struct rig *rig = rig_new("sleep", "memory_collector_time=1");
	rig_open(rig);
	struct puppet *only = puppet_backend(rig);
	puppet_send_hex(only, STATS_HEX);
	puppet_sync(only);
	pool_backend_port()->login(rig->pool, fake_core_add(rig->core, "a@x"));
	wait_for(rig, rig_logged(rig, "takes no more users"));
	assert_int_equal(rig->metrics.value[METRIC_BACKENDS_STARTED], 2);
	puppet_free(only);
	rig_close(rig);
}

static void a_stop_asks_politely_first(void **state)
{
	struct rig *rig = rig_new("answer", "");
	rig->options.exit_ms = 10000;
	rig_open(rig);
	wait_for(rig, rig->ready);
	rig_stop(rig);
	assert_true(rig_logged(rig, "has left: exit code 0"));
	assert_false(rig_logged(rig, "lingers"));
	rig_close(rig);
}

static void a_stop_takes_the_seats_away(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig_open(rig);
	struct puppet *puppet = puppet_backend(rig);
	struct user *user = fake_core_add(rig->core, "u@example.org");
	pool_backend_port()->login(rig->pool, user);
	puppet_expect(puppet, LOGIN_EMPTY_HEX);
	rig_stop(rig);
	assert_null(user->seat);
	puppet_expect(puppet, LOGOUT_HEX);
	puppet_expect(puppet, EXIT_HEX);
	assert_string_equal(rig->core->calls->str, "");
	puppet_free(puppet);
	rig_close(rig);
}

static void a_stop_ends_who_does_not_listen(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig_open(rig);
	struct puppet *puppet = puppet_backend(rig);
	rig_stop(rig);
	assert_true(rig_logged(rig, "lingers; sending it signal 15"));
	assert_true(rig_logged(rig, "has left: signal 15"));
	puppet_free(puppet);
	rig_close(rig);
}

static void a_stop_ends_who_refuses(void **state)
{
	struct rig *rig = rig_new("stubborn", "");
	rig_open(rig);
	wait_for(rig, rig_logged(rig, "I sleep"));
	rig_stop(rig);
	assert_true(rig_logged(rig, "has left: signal 9"));
	rig_close(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_backend_that_answers_stays),
		cmocka_unit_test(a_backend_that_does_not_answer_is_aborted),
		cmocka_unit_test(a_paused_pool_expects_no_answers),
		cmocka_unit_test(one_spare_backend_is_kept),
		cmocka_unit_test(a_backend_with_users_is_no_spare_one),
		cmocka_unit_test(the_largest_backend_is_drained),
		cmocka_unit_test(a_drained_backend_gets_a_successor),
		cmocka_unit_test(a_stop_asks_politely_first),
		cmocka_unit_test(a_stop_takes_the_seats_away),
		cmocka_unit_test(a_stop_ends_who_does_not_listen),
		cmocka_unit_test(a_stop_ends_who_refuses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
