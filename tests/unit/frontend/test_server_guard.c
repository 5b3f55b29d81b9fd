/* SPDX-License-Identifier: MIT */
#include "frontend/server/guard.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define PEER  "192.0.2.7:50212"
#define OTHER "192.0.2.8:50212"
#define LOCAL "127.0.0.1:50212"

static uint64_t now;

uint64_t __wrap_loop_now(const struct loop *loop);

uint64_t __wrap_loop_now(const struct loop *loop)
{
	return now;
}

static int setup(void **state)
{
	now = 1000000;
	*state = guard_new(NULL);
	return 0;
}

static int teardown(void **state)
{
	struct guard *guard = *state;
	guard_free(&guard);
	assert_null(guard);
	return 0;
}

static uint64_t fails(struct guard *guard, const char *peer, const char *name)
{
	uint64_t wait = guard_delay(guard, peer, name);
	if (wait != GUARD_NEVER) {
		now += wait;
		guard_failed(guard, peer, name);
	}
	return wait;
}

static void fails_often(struct guard *guard, const char *peer, const char *name, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		fails(guard, peer, name);
}

static void fails_for_many(struct guard *guard, const char *peer, unsigned names)
{
	for (unsigned i = 0; i < names; i++) {
		g_autofree char *name = g_strdup_printf("name%u@example.org", i);
		fails(guard, peer, name);
	}
}

/* Strangers */

static unsigned enters(struct guard *guard, const char *format, unsigned tries)
{
	unsigned entered = 0;
	for (unsigned i = 0; i < tries; i++) {
		g_autofree char *peer = g_strdup_printf("%s:%u", format, 1000 + i);
		entered += guard_enter(guard, peer);
	}
	return entered;
}

static void one_address_may_be_there_fifty_times(void **state)
{
	struct guard *guard = *state;
	assert_int_equal(enters(guard, "192.0.2.7", 60), GUARD_STRANGERS_ADDRESS_MAX);
	assert_true(guard_enter(guard, OTHER));
	guard_leave(guard, PEER);
	assert_int_equal(enters(guard, "192.0.2.7", 60), 1);
}

static void of_ipv6_the_network_counts(void **state)
{
	struct guard *guard = *state;
	assert_int_equal(enters(guard, "[2001:db8::1]", 30), 30);
	assert_int_equal(enters(guard, "[2001:db8::ffff:2]", 30), 20);
	assert_int_equal(enters(guard, "[2001:db8:0:1::1]", 60), GUARD_STRANGERS_ADDRESS_MAX);
}

static void loopback_has_no_limit_but_that_for_all(void **state)
{
	struct guard *guard = *state;
	static const char *const peers[] = { "127.0.0.1", "127.9.9.9", "[::1]", "local socket" };
	for (size_t i = 0; i < G_N_ELEMENTS(peers); i++)
		assert_int_equal(enters(guard, peers[i], 1000), 1000);
	assert_false(guard_is_full(guard));
	assert_int_equal(enters(guard, "127.0.0.1", 1000), GUARD_STRANGERS_MAX - 4000);
	assert_true(guard_is_full(guard));
	assert_false(guard_enter(guard, PEER));
	guard_leave(guard, LOCAL);
	assert_true(guard_enter(guard, PEER));
}

/* Passwords */

static void wrong_passwords_for_a_name_are_slowed_ever_more(void **state)
{
	static const uint64_t waits[] = { 0, 0, 0, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000 };
	struct guard *guard = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(waits); i++)
		assert_int_equal(fails(guard, i % 2 ? PEER : LOCAL, "anna@example.org"), waits[i]);
	assert_int_equal(guard_delay(guard, PEER, "berta@example.org"), 0);
}

static void tries_at_the_same_time_wait_for_each_other_or_are_refused(void **state)
{
	static const uint64_t waits[] = { 0, 0, 0, 1000, 3000, 7000, 15000, 31000, GUARD_NEVER, GUARD_NEVER };
	struct guard *guard = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(waits); i++)
		assert_true(guard_delay(guard, LOCAL, "anna@example.org") == waits[i]);
	now += 31000;
	assert_int_equal(guard_delay(guard, LOCAL, "anna@example.org"), 32000);
}

static void failures_are_forgotten(void **state)
{
	struct guard *guard = *state;
	fails_often(guard, PEER, "anna@example.org", 8);
	now += GUARD_FORGET_MS - 1;
	assert_int_equal(guard_delay(guard, PEER, "anna@example.org"), 32000);
	now += GUARD_FORGET_MS;
	assert_int_equal(guard_delay(guard, PEER, "anna@example.org"), 0);
}

static void success_ends_the_waiting(void **state)
{
	struct guard *guard = *state;
	fails_often(guard, LOCAL, "anna@example.org", 8);
	guard_succeeded(guard, LOCAL, "anna@example.org");
	assert_int_equal(guard_delay(guard, LOCAL, "anna@example.org"), 0);
}

static void who_was_here_before_is_not_kept_out_by_others(void **state)
{
	struct guard *guard = *state;
	guard_succeeded(guard, PEER, "anna@example.org");
	fails_often(guard, OTHER, "anna@example.org", 8);
	fails_for_many(guard, PEER, GUARD_NAMES_FREE + 5);
	assert_int_equal(guard_delay(guard, PEER, "anna@example.org"), 0);
	guard_failed(guard, PEER, "anna@example.org");
	assert_int_not_equal(guard_delay(guard, PEER, "anna@example.org"), 0);
}

static void many_names_from_one_address_are_slowed(void **state)
{
	struct guard *guard = *state;
	fails_for_many(guard, PEER, GUARD_NAMES_FREE);
	assert_int_equal(guard_delay(guard, "192.0.2.7:1", "anna@example.org"), 1000);
	assert_int_equal(guard_delay(guard, OTHER, "anna@example.org"), 0);
	fails_for_many(guard, LOCAL, GUARD_NAMES_FREE);
	assert_int_equal(guard_delay(guard, LOCAL, "berta@example.org"), 0);
}

static void client_with_an_old_password_slows_nobody_else(void **state)
{
	struct guard *guard = *state;
	fails_often(guard, PEER, "anna@example.org", 60);
	assert_int_equal(guard_delay(guard, PEER, "berta@example.org"), 0);
}

static void tables_are_bounded_and_forget_what_is_oldest(void **state)
{
	struct guard *guard = *state;
	fails_often(guard, LOCAL, "anna@example.org", 5);
	fails_often(guard, LOCAL, "berta@example.org", 5);
	fails_for_many(guard, LOCAL, GUARD_TABLE_MAX - 1);
	assert_int_equal(guard_delay(guard, LOCAL, "berta@example.org"), 4000);
	assert_int_equal(guard_delay(guard, LOCAL, "anna@example.org"), 0);
}

#define facts(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		facts(one_address_may_be_there_fifty_times),
		facts(of_ipv6_the_network_counts),
		facts(loopback_has_no_limit_but_that_for_all),
		facts(wrong_passwords_for_a_name_are_slowed_ever_more),
		facts(tries_at_the_same_time_wait_for_each_other_or_are_refused),
		facts(failures_are_forgotten),
		facts(success_ends_the_waiting),
		facts(who_was_here_before_is_not_kept_out_by_others),
		facts(many_names_from_one_address_are_slowed),
		facts(client_with_an_old_password_slows_nobody_else),
		facts(tables_are_bounded_and_forget_what_is_oldest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
