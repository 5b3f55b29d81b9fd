/* SPDX-License-Identifier: MIT */
#include "rig.h"

static void ask(struct puppet *puppet, const char *command)
{
	Pbnetwork__BackendConfig query = PBNETWORK__BACKEND_CONFIG__INIT;
	query.config = (char *)command;
	puppet_send(puppet, WIRE_QUERY, &query.base);
}

/* The text of the next answer. */
static void expect_answer(struct puppet *puppet, const char *text)
{
	struct wire_frame frame;
	size_t used;
	wait_for(puppet->rig, wire_next((const uint8_t *)puppet->got->str, puppet->got->len, WIRE_FRAME_MAX, &frame,
					&used) == WIRE_FRAME);
	assert_int_equal(frame.type, WIRE_QUERY);
	/* Field 1, a text shorter than 128 bytes. */
	assert_int_equal(frame.payload_len, strlen(text) + 2);
	assert_memory_equal((const char *)frame.payload + 2, text, strlen(text));
	g_string_erase(puppet->got, 0, (gssize)used);
}

static struct rig *open_rig(struct puppet **manager)
{
	struct rig *rig = rig_new("sleep", "");
	rig_open(rig);
	*manager = puppet_new(rig);
	puppet_expect(*manager, PING_HEX);
	return rig;
}

static void answers_that_take_time_keep_their_order(void **state)
{
	struct puppet *manager;
	struct rig *rig = open_rig(&manager);
	ask(manager, "later");
	ask(manager, "status");
	wait_for(rig, rig->asked);
	for (int i = 0; i < 5; i++)
		loop_once(rig->loop, 10);
	assert_int_equal(manager->got->len, 0);
	pool_answer_query(rig->pool, rig->asked, "at last");
	expect_answer(manager, "at last");
	expect_answer(manager, "you said status");
	puppet_free(manager);
	rig_close(rig);
}

static void who_waits_for_an_answer_is_not_silent(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig->options.answer_ms = 20;
	rig_open(rig);
	struct puppet *manager = puppet_new(rig);
	puppet_expect(manager, PING_HEX);
	ask(manager, "later");
	wait_for(rig, rig->asked);
	gint64 until = g_get_monotonic_time() + 60000;
	wait_for(rig, g_get_monotonic_time() > until);
	assert_false(manager->ended);
	pool_answer_query(rig->pool, rig->asked, "at last");
	expect_answer(manager, "at last");
	wait_for(rig, manager->ended);
	puppet_free(manager);
	rig_close(rig);
}

static void an_answer_to_who_has_gone_is_dropped(void **state)
{
	struct puppet *manager;
	struct rig *rig = open_rig(&manager);
	ask(manager, "later");
	ask(manager, "status");
	wait_for(rig, rig->asked);
	puppet_free(manager);
	for (int i = 0; i < 5; i++)
		loop_once(rig->loop, 10);
	pool_answer_query(rig->pool, rig->asked, "too late");
	pool_answer_query(rig->pool, 4711, "never asked");
	rig_close(rig);
}

static void questions_are_bounded(void **state)
{
	struct puppet *manager;
	struct rig *rig = open_rig(&manager);
	for (int i = 0; i < 70; i++)
		ask(manager, "later");
	wait_for(rig, manager->ended);
	assert_true(rig_logged(rig, "asks more than it waits for"));
	puppet_free(manager);
	rig_close(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_that_take_time_keep_their_order),
		cmocka_unit_test(who_waits_for_an_answer_is_not_silent),
		cmocka_unit_test(an_answer_to_who_has_gone_is_dropped),
		cmocka_unit_test(questions_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
