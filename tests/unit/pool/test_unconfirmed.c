/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include "pool/unconfirmed.h"

#define FROM "u@example.org/a"
#define BOB  "bob@gate"

static void note(struct unconfirmed *unconfirmed, const char *id, const char *body)
{
	unconfirmed_note(unconfirmed, &(struct core_message){ .id = id, .body = body, .sender = FROM, .address = BOB });
}

static void write_down(void *ctx, const struct core_undelivered *undelivered)
{
	assert_string_equal(undelivered->sender, FROM);
	assert_string_equal(undelivered->address, BOB);
	g_string_append_printf(ctx, "%s=%s ", undelivered->id ? undelivered->id : "-", undelivered->body);
}

static void expect_taken(struct unconfirmed *unconfirmed, const char *wanted)
{
	g_autoptr(GString) taken = g_string_new(NULL);
	unconfirmed_take(unconfirmed, write_down, taken);
	assert_string_equal(taken->str, wanted);
	assert_true(unconfirmed_is_empty(unconfirmed));
	unconfirmed_fini(unconfirmed);
}

static void a_pong_confirms_what_came_before_its_ping(void **state)
{
	struct unconfirmed unconfirmed = { 0 };
	note(&unconfirmed, "1", "one");
	assert_true(unconfirmed_wants_ping(&unconfirmed));
	unconfirmed_pinged(&unconfirmed);
	note(&unconfirmed, NULL, "two");
	assert_false(unconfirmed_wants_ping(&unconfirmed));
	unconfirmed_ponged(&unconfirmed);
	assert_true(unconfirmed_wants_ping(&unconfirmed));
	expect_taken(&unconfirmed, "-=two ");
}

static void pongs_count_in_the_order_of_their_pings(void **state)
{
	struct unconfirmed unconfirmed = { 0 };
	unconfirmed_pinged(&unconfirmed);
	note(&unconfirmed, "1", "one");
	unconfirmed_pinged(&unconfirmed);
	note(&unconfirmed, "2", "two");
	unconfirmed_pinged(&unconfirmed);
	unconfirmed_ponged(&unconfirmed);
	expect_taken(&unconfirmed, "1=one 2=two ");
}

static void a_pong_nobody_asked_for_confirms_nothing(void **state)
{
	struct unconfirmed unconfirmed = { 0 };
	unconfirmed_ponged(&unconfirmed);
	unconfirmed_ponged(&unconfirmed);
	note(&unconfirmed, "1", "");
	unconfirmed_pinged(&unconfirmed);
	expect_taken(&unconfirmed, "1= ");
}

static void memory_is_bounded(void **state)
{
	struct unconfirmed unconfirmed = { 0 };
	g_autofree char *body = g_strnfill(100000, 'x');
	note(&unconfirmed, "1", "one");
	while (!unconfirmed_is_full(&unconfirmed))
		note(&unconfirmed, "2", body);
	assert_true(unconfirmed_are_many(&unconfirmed));
	size_t size = unconfirmed.since.size;
	note(&unconfirmed, "3", body);
	assert_int_equal(unconfirmed.since.size, size);
	unconfirmed_pinged(&unconfirmed);
	assert_true(unconfirmed_is_full(&unconfirmed));
	unconfirmed_ponged(&unconfirmed);
	assert_false(unconfirmed_is_full(&unconfirmed));
	for (unsigned i = 0; i < 5000; i++)
		note(&unconfirmed, "4", "small");
	unconfirmed_pinged(&unconfirmed);
	unconfirmed_ponged(&unconfirmed);
	unconfirmed_rest(&unconfirmed);
	expect_taken(&unconfirmed, "");
}

/* --- in a pool ------------------------------------------------------------------------------- */

struct scene {
	struct rig *rig;
	struct puppet *puppet;
	struct user *user;
};

static int setup(void **state)
{
	struct scene *at = g_new0(struct scene, 1);
	at->rig = rig_new("sleep", "");
	rig_open(at->rig);
	at->puppet = puppet_backend(at->rig);
	at->user = fake_core_add(at->rig->core, "u@example.org");
	pool_backend_port()->login(at->rig->pool, at->user);
	assert_int_equal(puppet_next(at->puppet), WIRE_LOGIN);
	*state = at;
	return 0;
}

static int teardown(void **state)
{
	struct scene *at = *state;
	puppet_free(at->puppet);
	rig_close(at->rig);
	g_free(at);
	return 0;
}

static void write_to_bob(struct scene *at, const char *id)
{
	struct core_message message = { .id = id, .body = "hi", .sender = FROM, .address = BOB };
	assert_int_equal(pool_backend_port()->message(at->rig->pool, at->user, "bob", &message), 0);
	assert_int_equal(puppet_next(at->puppet), WIRE_CONV_MESSAGE);
}

static void what_a_lost_backend_had_not_confirmed_comes_back(void **state)
{
	struct scene *at = *state;
	write_to_bob(at, "1");
	assert_int_equal(puppet_next(at->puppet), WIRE_PING);
	puppet_send_hex(at->puppet, PONG_HEX);
	puppet_sync(at->puppet);
	write_to_bob(at, "2");
	write_to_bob(at, "3");
	puppet_send_hex(at->puppet, "ff ff ff ff");
	wait_for(at->rig, at->puppet->ended);
	assert_true(g_str_has_prefix(at->rig->core->calls->str, "undelivered " FROM " -> " BOB " 2 hi\n"
								"undelivered " FROM " -> " BOB " 3 hi\n"
								"disconnected u@example.org 16 "));
}

static void what_nobody_wrote_does_not_come_back(void **state)
{
	struct scene *at = *state;
	struct core_message message = { .body = "hi" };
	pool_backend_port()->message(at->rig->pool, at->user, "bob", &message);
	puppet_send_hex(at->puppet, "ff ff ff ff");
	wait_for(at->rig, at->puppet->ended);
	assert_true(g_str_has_prefix(at->rig->core->calls->str, "disconnected u@example.org 16 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pong_confirms_what_came_before_its_ping),
		cmocka_unit_test(pongs_count_in_the_order_of_their_pings),
		cmocka_unit_test(a_pong_nobody_asked_for_confirms_nothing),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test_setup_teardown(what_a_lost_backend_had_not_confirmed_comes_back, setup, teardown),
		cmocka_unit_test_setup_teardown(what_nobody_wrote_does_not_come_back, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
