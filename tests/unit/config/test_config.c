/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void booleans_in_any_case(void **state)
{
	static const char *const good[] = { "1", "true", "YES", "On" }, *const not_good[] = { "0", "False", "no",
											      "OFF" };
	static const char *const neither[] = { "", "2", "tru", "yes ", "-1" };
	bool value;
	for (size_t i = 0; i < 4; i++) {
		assert_true(config_parse_bool(good[i], &value) && value);
		assert_true(config_parse_bool(not_good[i], &value) && !value);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(neither); i++)
		assert_false(config_parse_bool(neither[i], &value));
}

static void extras_give_raw_text(void **state)
{
	struct config *config = fixture_load(
		*state, GATEWAY "irc_server = a\nirc_server = b\nother = 1\n[purple]\nflag = yes\nbad = 7\n", NULL,
		NULL);
	assert_string_equal(config_extra(config, "service.other"), "1");
	assert_string_equal(config_extra(config, "service.irc_server"), "b");
	assert_string_equal(config_extra_list(config, "service.irc_server")[0], "a");
	assert_string_equal(config_list(config, CONFIG_SERVICE_IRC_SERVER)[1], "b");
	assert_null(config_extra(config, "service.none"));
	assert_null(config_extra_list(config, "service.none")[0]);
	assert_true(config_extra_bool(config, "purple.flag", false));
	assert_true(config_extra_bool(config, "purple.bad", true));
	assert_false(config_extra_bool(config, "purple.none", false));
	config_unref(&config);
}

static void keys_of_a_section_ignore_its_case(void **state)
{
	struct config *config =
		fixture_load(*state, GATEWAY "other=1\n[purple]\na=1\na=2\n[Purple]\nb=1\n", NULL, NULL);
	const char *const *keys = config_extra_keys(config, "PURPLE");
	assert_string_equal(keys[0], "purple.a");
	assert_string_equal(keys[1], "Purple.b");
	assert_null(keys[2]);
	keys = config_extra_keys(config, "service");
	assert_string_equal(keys[0], "service.other");
	assert_null(keys[1]);
	assert_null(config_extra_keys(config, "none")[0]);
	config_unref(&config);
}

static void snapshot_lives_until_the_last_reference(void **state)
{
	struct config *config = fixture_load(*state, GATEWAY, NULL, NULL);
	struct config *second = config_ref(config);
	config_unref(&config);
	assert_null(config);
	assert_string_equal(config_text(second, CONFIG_SERVICE_JID), "irc.example.org");
	config_unref(&second);
	config_unref(&second);
}

int main(void)
{
#define FIXED(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(booleans_in_any_case),
		FIXED(extras_give_raw_text),
		FIXED(keys_of_a_section_ignore_its_case),
		FIXED(snapshot_lives_until_the_last_reference),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
