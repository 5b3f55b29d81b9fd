/* SPDX-License-Identifier: MIT */
#include "frontend/server/csi.h"
#include "frontend/server/nonza.h"
#include "frontend/server/resume.h"
#include "frontend/server/sm.h"
#include "serving.h"

/* Stanzas on their way out: written, kept, held, or all of it. */

static struct resource *phone;

static int setup(void **state)
{
	struct serving *serving = *state = serving_new(NULL);
	phone = serving_bind(serving, 0, "phone");
	nonza_begin(phone, true);
	return 0;
}

static int teardown(void **state)
{
	struct serving *serving = *state;
	if (!serving->line[0].client.resource)
		resource_free(phone);
	serving_end(serving);
	return 0;
}

static void put(const char *stanza)
{
	resource_put(phone, stanza, strlen(stanza));
}

static void lose(struct serving *serving)
{
	client_end(&serving->line[0].client, XMPP_C2S_CONFLICT, NULL);
	assert_true(resume_wait(phone));
}

#define MESSAGE  "<message from='bob@" DOMAIN "/bot'><body>hi</body></message>"
#define PRESENCE "<presence from='bob@" DOMAIN "/bot'/>"

static void what_is_written_is_kept_and_asked_for(void **state)
{
	put(PRESENCE);
	put(MESSAGE);
	put(MESSAGE);
	g_autofree char *text = heard(*state, 0);
	assert_string_equal(text, PRESENCE MESSAGE "<r xmlns='urn:xmpp:sm:3'/>" MESSAGE);
	assert_int_equal(sm_count(phone->sm), 3);
}

static void without_a_client_it_is_only_kept(void **state)
{
	struct serving *serving = *state;
	lose(serving);
	put(MESSAGE);
	put(MESSAGE);
	assert_int_equal(sm_count(phone->sm), 2);
	assert_int_equal(buf_len(&serving->server.unheard), 0);
}

static void what_is_held_goes_before_words(void **state)
{
	csi_set(phone, false);
	put(PRESENCE);
	silence(*state);
	assert_int_equal(sm_count(phone->sm), 0);
	put(MESSAGE);
	g_autofree char *text = heard(*state, 0);
	assert_string_equal(text, PRESENCE MESSAGE "<r xmlns='urn:xmpp:sm:3'/>");
	assert_int_equal(sm_count(phone->sm), 2);
}

static void one_that_is_too_large_takes_no_other_along(void **state)
{
	struct serving *serving = *state;
	g_autofree char *large = g_strnfill(serving->server.unheard.max + 1, 'x');
	lose(serving);
	put(large);
	put(MESSAGE);
	assert_int_equal(sm_count(phone->sm), 1);
}

static void who_takes_too_much_is_ended_later_and_misses_nothing(void **state)
{
	struct serving *serving = *state;
	put(MESSAGE);
	for (unsigned i = 0; i < SM_STANZAS_MAX; i++)
		put(PRESENCE);
	assert_true(phone->doomed);
	buf_clear(&serving->line[0].out);
	/* What comes in the same round. */
	put(MESSAGE);
	assert_int_equal(buf_len(&serving->line[0].out), 0);
	assert_int_equal(sm_count(phone->sm), SM_STANZAS_MAX + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_written_is_kept_and_asked_for, setup, teardown),
		cmocka_unit_test_setup_teardown(without_a_client_it_is_only_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_held_goes_before_words, setup, teardown),
		cmocka_unit_test_setup_teardown(one_that_is_too_large_takes_no_other_along, setup, teardown),
		cmocka_unit_test_setup_teardown(who_takes_too_much_is_ended_later_and_misses_nothing, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
