/* SPDX-License-Identifier: MIT */
#include "frontend/server/nonza.h"
#include "frontend/server/sm.h"
#include "lines.h"

#include <malloc.h>

static int setup(void **state)
{
	*state = sm_new();
	return 0;
}

static int teardown(void **state)
{
	struct sm *sm = *state;
	sm_free(&sm);
	assert_null(sm);
	sm_free(&sm);
	return 0;
}

static bool put(struct sm *sm, const char *stanza)
{
	return sm_sent(sm, stanza, strlen(stanza));
}

static void add(void *ctx, const char *stanza, size_t n, int64_t stamp)
{
	int64_t now = g_get_real_time() / G_USEC_PER_SEC;
	assert_true(stamp > now - 60 && stamp <= now);
	g_string_append_len(ctx, stanza, (gssize)n);
}

static void expect_kept(const struct sm *sm, const char *wanted)
{
	g_autoptr(GString) all = g_string_new(NULL);
	sm_each(sm, add, all);
	assert_string_equal(all->str, wanted);
}

static void expect_question(struct sm *sm, const char *wanted)
{
	struct buf out;
	buf_init(&out, 1000);
	sm_ask(sm, &out);
	buf_append(&out, "", 1);
	assert_string_equal(buf_data(&out), wanted);
	buf_fini(&out);
}

#define QUESTION "<r xmlns='urn:xmpp:sm:3'/>"

static void what_is_not_confirmed_is_kept_in_order(void **state)
{
	struct sm *sm = *state;
	uint32_t sent;
	expect_kept(sm, "");
	assert_true(put(sm, "<message>1</message>"));
	assert_true(put(sm, "<presence/>"));
	assert_true(put(sm, "<message>3</message>"));
	expect_kept(sm, "<message>1</message><presence/><message>3</message>");
	assert_true(sm_acked(sm, 1, &sent));
	assert_int_equal(sent, 3);
	expect_kept(sm, "<presence/><message>3</message>");
	assert_true(sm_acked(sm, 1, &sent));
	assert_int_equal(sm_count(sm), 2);
	assert_true(sm_acked(sm, 3, &sent));
	assert_int_equal(sm_count(sm), 0);
	assert_int_equal(sm_bytes(sm), 0);
	expect_kept(sm, "");
}

static void nobody_confirms_what_was_never_sent(void **state)
{
	struct sm *sm = *state;
	uint32_t sent = 7;
	assert_false(sm_acked(sm, 1, &sent));
	assert_int_equal(sent, 0);
	put(sm, "<a/>");
	put(sm, "<b/>");
	assert_false(sm_acked(sm, 3, &sent));
	assert_int_equal(sent, 2);
	assert_true(sm_acked(sm, 2, &sent));
	/* Less than before is a number that is far too high. */
	assert_false(sm_acked(sm, 1, &sent));
	assert_int_equal(sent, 2);
}

/* XEP-0198, section 4: h goes back to 0 after 2^32 - 1. */
static void the_count_wraps(void **state)
{
	struct sm *sm = sm_new_at(UINT32_MAX - 1);
	uint32_t sent;
	for (unsigned i = 0; i < 5; i++)
		put(sm, i < 4 ? "<a/>" : "<b/>");
	assert_false(sm_acked(sm, 4, &sent));
	assert_int_equal(sent, 3);
	assert_true(sm_acked(sm, UINT32_MAX, &sent));
	assert_int_equal(sm_count(sm), 4);
	assert_true(sm_acked(sm, 2, &sent));
	expect_kept(sm, "<b/>");
	sm_handled(sm);
	sm_handled(sm);
	assert_int_equal(sm_handled_count(sm), 0);
	sm_free(&sm);
}

static void too_many_are_kept_to_the_end_of_the_round(void **state)
{
	struct sm *sm = *state;
	for (unsigned i = 0; i < SM_STANZAS_MAX; i++)
		assert_true(put(sm, "<a/>"));
	assert_false(put(sm, "<b/>"));
	assert_int_equal(sm_count(sm), SM_STANZAS_MAX + 1);
}

static void bytes_have_a_limit_too(void **state)
{
	struct sm *sm = *state;
	size_t n = 1 << 20, before;
	g_autofree char *stanza = g_strnfill(n, 'x');
	for (unsigned i = 0; i + 1 < SM_BYTES_MAX / n; i++)
		assert_true(sm_sent(sm, stanza, n));
	assert_true(sm_sent(sm, stanza, n - 1000));
	assert_false(sm_sent(sm, stanza, n));
	do {
		before = sm_bytes(sm);
		assert_false(sm_sent(sm, stanza, n));
	} while (sm_bytes(sm) > before);
	assert_true(before <= SM_BYTES_MAX + SM_ROUND_MAX);
}

static void the_memory_goes_back_with_what_it_was_for(void **state)
{
	struct sm *sm = *state;
	g_autofree char *stanza = g_strnfill(100000, 'x');
	uint32_t sent;
	assert_true(malloc_usable_size(sm) < 200);
	for (unsigned i = 0; i < 30; i++)
		sm_sent(sm, stanza, 100000);
	sm_sent(sm, "<last/>", 7);
	assert_true(sm_acked(sm, 30, &sent));
	expect_kept(sm, "<last/>");
	assert_true(sm_acked(sm, 31, &sent));
	expect_kept(sm, "");
}

static void a_message_is_asked_for_once(void **state)
{
	struct sm *sm = *state;
	uint32_t sent;
	expect_question(sm, "");
	put(sm, "<presence/>");
	expect_question(sm, "");
	put(sm, "<message/>");
	expect_question(sm, QUESTION);
	put(sm, "<message/>");
	expect_question(sm, "");
	/* The answer is from before the second. */
	assert_true(sm_acked(sm, 2, &sent));
	expect_question(sm, QUESTION);
	assert_true(sm_acked(sm, 3, &sent));
	expect_question(sm, "");
}

static void other_stanzas_are_asked_for_now_and_then(void **state)
{
	struct sm *sm = *state;
	for (unsigned i = 1; i < SM_ASK_AFTER; i++) {
		put(sm, "<presence/>");
		expect_question(sm, "");
	}
	put(sm, "<presence/>");
	expect_question(sm, QUESTION);
}

static void another_client_is_asked_anew(void **state)
{
	struct sm *sm = *state;
	put(sm, "<message/>");
	expect_question(sm, QUESTION);
	sm_forget_question(sm);
	expect_question(sm, QUESTION);
}

static void what_the_client_sent_is_counted(void **state)
{
	struct sm *sm = *state;
	assert_int_equal(sm_handled_count(sm), 0);
	sm_handled(sm);
	sm_handled(sm);
	assert_int_equal(sm_handled_count(sm), 2);
}

/* --- its elements ------------------------------------------------------------------------------- */

static int setup_lines(void **state)
{
	*state = lines_new(NULL);
	return 0;
}

static int teardown_lines(void **state)
{
	lines_free(*state);
	return 0;
}

static void say(struct resource *resource, const char *text)
{
	struct arena *arena = arena_new(1000);
	const struct xml_element *element = xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, strlen(text), NULL);
	assert_non_null(element);
	nonza_received(resource, element);
	arena_free(&arena);
}

#define SM "xmlns='urn:xmpp:sm:3'"

static void it_is_enabled_once(void **state)
{
	struct lines *lines = *state;
	struct resource *resource = lines_resource(lines, USER, "a", 0);
	say(resource, "<r " SM "/>");
	lines_expect(lines, 0, "<failed " SM "><unexpected-request xmlns='" NS_STANZAS "'/></failed>");
	say(resource, "<enable " SM "/>");
	lines_expect(lines, 0, "<enabled " SM "/>");
	say(resource, "<enable " SM "/>");
	lines_expect(lines, 0, "<failed " SM "><unexpected-request xmlns='" NS_STANZAS "'/></failed>");
	assert_non_null(resource->sm);
	assert_null(resource->ticket);
}

static void resumption_is_offered_with_its_limit(void **state)
{
	struct lines *lines = *state;
	struct resource *resource = lines_resource(lines, USER, "a", 0);
	struct buf *out = &lines->line[0].out;
	say(resource, "<enable " SM " resume='1'/>");
	buf_append(out, "", 1);
	assert_non_null(strstr(buf_data(out), "<enabled " SM " id='"));
	assert_non_null(strstr(buf_data(out), " resume='true' max='600'/>"));
	assert_non_null(resource->ticket);
}

static void questions_are_answered_by_the_count(void **state)
{
	struct lines *lines = *state;
	struct resource *resource = lines_resource(lines, USER, "a", 0);
	say(resource, "<enable " SM "/>");
	lines_expect(lines, 0, "<enabled " SM "/>");
	sm_handled(resource->sm);
	say(resource, "<r " SM "/>");
	lines_expect(lines, 0, "<a " SM " h='1'/>");
}

static void an_answer_is_followed_by_what_is_left_to_ask(void **state)
{
	struct lines *lines = *state;
	struct resource *resource = lines_resource(lines, USER, "a", 0);
	say(resource, "<enable " SM "/>");
	lines_put(resource, "<message>1</message>");
	sm_ask(resource->sm, &lines->line[0].out);
	lines_put(resource, "<message>2</message>");
	buf_clear(&lines->line[0].out);
	say(resource, "<a " SM " h='1'/>");
	lines_expect(lines, 0, QUESTION);
	say(resource, "<a " SM " h='2'/>");
	lines_expect(lines, 0, "");
}

static void a_count_that_cannot_be_ends_the_stream(void **state)
{
	static const char *const answers[] = { "<a " SM " h='2'/>", "<a " SM "/>", "<a " SM " h='-1'/>",
					       "<a " SM " h='4294967296'/>", "<a " SM " h='x'/>" };
	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
		struct lines *lines = *state;
		struct resource *resource = lines_resource(lines, USER, "a", 0);
		lines->line[0].ended = false;
		say(resource, "<enable " SM "/>");
		lines_put(resource, "<message>1</message>");
		say(resource, answers[i]);
		assert_true(lines->line[0].ended);
		assert_true(resource->doomed);
		assert_int_equal(lines->line[0].error, i ? XMPP_C2S_POLICY_VIOLATION : XMPP_C2S_UNDEFINED_CONDITION);
		resource_free(resource);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_not_confirmed_is_kept_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_confirms_what_was_never_sent, setup, teardown),
		cmocka_unit_test(the_count_wraps),
		cmocka_unit_test_setup_teardown(too_many_are_kept_to_the_end_of_the_round, setup, teardown),
		cmocka_unit_test_setup_teardown(bytes_have_a_limit_too, setup, teardown),
		cmocka_unit_test_setup_teardown(the_memory_goes_back_with_what_it_was_for, setup, teardown),
		cmocka_unit_test_setup_teardown(a_message_is_asked_for_once, setup, teardown),
		cmocka_unit_test_setup_teardown(other_stanzas_are_asked_for_now_and_then, setup, teardown),
		cmocka_unit_test_setup_teardown(another_client_is_asked_anew, setup, teardown),
		cmocka_unit_test_setup_teardown(what_the_client_sent_is_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(it_is_enabled_once, setup_lines, teardown_lines),
		cmocka_unit_test_setup_teardown(resumption_is_offered_with_its_limit, setup_lines, teardown_lines),
		cmocka_unit_test_setup_teardown(questions_are_answered_by_the_count, setup_lines, teardown_lines),
		cmocka_unit_test_setup_teardown(an_answer_is_followed_by_what_is_left_to_ask, setup_lines,
						teardown_lines),
		cmocka_unit_test_setup_teardown(a_count_that_cannot_be_ends_the_stream, setup_lines, teardown_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
