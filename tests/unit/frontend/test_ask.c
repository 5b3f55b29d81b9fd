/* SPDX-License-Identifier: MIT */
#include "frontend/ask.h"

#include "rig.h"

struct answered {
	unsigned times;
	uint64_t id;
	bool succeeded, silent;
};

static void done(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena)
{
	struct answered *answered = ctx;
	answered->times++;
	answered->id = id;
	answered->silent = !answer;
	answered->succeeded = ask_succeeded(answer);
}

static int setup(void **state)
{
	*state = rig_start();
	return 0;
}

static int teardown(void **state)
{
	rig_end(*state);
	return 0;
}

/* Returns the id of the request. */
static char *ask(struct rig *rig, struct answered *answered)
{
	struct buf *out = ask_begin(rig->frontend, "get", (struct core_address){ 0 }, USER);
	assert_non_null(out);
	xml_put(out, "<query xmlns='jabber:iq:roster'/>");
	ask_end(rig->frontend, out, (struct ask_reply){ done, answered, 7 });
	g_autoptr(GMatchInfo) match = NULL;
	g_autoptr(GRegex) regex = g_regex_new("id='([^']*)'", 0, 0, NULL);
	g_autofree char *sent = g_strndup(buf_data(&rig->out), buf_len(&rig->out));
	assert_true(g_regex_match(regex, sent, 0, &match));
	expect(rig, "<iq from='gate.localhost' to='" USER "' type='get' id='00000000-q1'>"
		    "<query xmlns='jabber:iq:roster'/></iq>");
	return g_match_info_fetch(match, 1);
}

static void answer(struct rig *rig, const char *from, const char *type, const char *id)
{
	g_autofree char *stanza =
		g_strdup_printf("<iq from='%s' to='gate.localhost' type='%s' id='%s'/>", from, type, id);
	receive(rig, stanza);
}

static void answer_comes_once_to_who_asked(void **state)
{
	struct answered answered = { 0 };
	g_autofree char *id = ask(*state, &answered);
	answer(*state, USER, "result", id);
	answer(*state, USER, "result", id);
	assert_int_equal(answered.times, 1);
	assert_int_equal(answered.id, 7);
	assert_true(answered.succeeded);
}

static void error_is_an_answer_too(void **state)
{
	struct answered answered = { 0 };
	g_autofree char *id = ask(*state, &answered);
	answer(*state, USER, "error", id);
	assert_int_equal(answered.times, 1);
	assert_false(answered.succeeded || answered.silent);
}

static void nobody_else_can_answer(void **state)
{
	struct answered answered = { 0 };
	g_autofree char *id = ask(*state, &answered);
	answer(*state, "mallory@localhost", "result", id);
	answer(*state, USER "/a", "result", id);
	answer(*state, USER, "result", "00000000-q1");
	assert_int_equal(answered.times, 0);
}

static void nothing_is_asked_without_a_link(void **state)
{
	struct rig *rig = *state;
	rig->closed = true;
	assert_null(ask_begin(rig->frontend, "get", (struct core_address){ 0 }, USER));
}

static void who_has_gone_is_not_called(void **state)
{
	struct rig *rig = *state;
	struct answered gone = { 0 }, other = { 0 };
	g_autofree char *id = ask(rig, &gone);
	ask_forget(rig->frontend, &other);
	ask_forget(rig->frontend, &gone);
	answer(rig, USER, "result", id);
	assert_int_equal(gone.times, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_has_gone_is_not_called, setup, teardown),
		cmocka_unit_test_setup_teardown(answer_comes_once_to_who_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(error_is_an_answer_too, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_else_can_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_is_asked_without_a_link, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
