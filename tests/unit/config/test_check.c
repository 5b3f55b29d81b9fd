/* SPDX-License-Identifier: MIT */
#include "config/check.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool accepts(enum config_option option, const char *text)
{
	union config_value value = { 0 };
	g_autofree char *expected = NULL;
	bool ok = config_check_convert(option, text, &value, &expected);
	assert_int_equal(ok, expected == NULL);
	if (ok && config_option_info(option)->type == CONFIG_LIST)
		g_free(value.text);
	else if (ok)
		config_value_clear(config_option_info(option)->type, &value);
	return ok;
}

static void numbers_are_whole_and_in_range(void **state)
{
	assert_true(accepts(CONFIG_SERVICE_PORT, "65535"));
	assert_false(accepts(CONFIG_SERVICE_PORT, "65536"));
	assert_false(accepts(CONFIG_SERVICE_PORT, "-1"));
	assert_false(accepts(CONFIG_SERVICE_PORT, ""));
	assert_false(accepts(CONFIG_SERVICE_PORT, "5222x"));
	assert_false(accepts(CONFIG_SERVICE_PORT, "0x10"));
	assert_false(accepts(CONFIG_SERVICE_PORT, "99999999999999999999"));
	assert_true(accepts(CONFIG_SERVICE_WEB_MAXIMGSIZE, "2147483647"));
	assert_false(accepts(CONFIG_SERVICE_WEB_MAXIMGSIZE, "2147483648"));
	assert_false(accepts(CONFIG_SERVICE_USERS_PER_BACKEND, "0"));
}

/* Paths are made of the JID. */
static void jid_is_a_domain(void **state)
{
	assert_true(accepts(CONFIG_SERVICE_JID, "irc.example.org"));
	assert_true(accepts(CONFIG_SERVICE_JID, "localhost"));
	assert_false(accepts(CONFIG_SERVICE_JID, ""));
	assert_false(accepts(CONFIG_SERVICE_JID, ".."));
	assert_false(accepts(CONFIG_SERVICE_JID, "a/b"));
	assert_false(accepts(CONFIG_SERVICE_JID, "user@example.org"));
}

static void texts_with_a_meaning_are_checked(void **state)
{
	assert_true(accepts(CONFIG_SERVICE_BACKEND, "/usr/libexec/b 'x y' BACKEND_ID"));
	assert_false(accepts(CONFIG_SERVICE_BACKEND, "/usr/libexec/b 'x"));
	assert_false(accepts(CONFIG_SERVICE_BACKEND, ""));
	assert_true(accepts(CONFIG_REGISTRATION_ALLOWED_USERNAMES, "[a-z]+@.*"));
	assert_false(accepts(CONFIG_REGISTRATION_ALLOWED_USERNAMES, "[a-z"));
	assert_true(accepts(CONFIG_DATABASE_PREFIX, "irc_2"));
	assert_false(accepts(CONFIG_DATABASE_PREFIX, "a; drop"));
	assert_true(accepts(CONFIG_DATABASE_TYPE, "sqlite3"));
	assert_true(accepts(CONFIG_DATABASE_TYPE, ""));
	assert_false(accepts(CONFIG_DATABASE_TYPE, "SQLite3"));
	assert_false(accepts(CONFIG_SERVICE_FRONTEND, "slack"));
	assert_false(accepts(CONFIG_SERVICE_ADMIN_JID, ""));
}

static void every_default_is_accepted(void **state)
{
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		const struct config_option_info *info = config_option_info((enum config_option)i);
		if (i != CONFIG_SERVICE_JID && info->type != CONFIG_LIST &&
		    !accepts((enum config_option)i, info->fallback))
			fail_msg("%s", info->key);
	}
}

static void nearest_key_is_near(void **state)
{
	g_autofree char *endless = g_strnfill(5000, 'x');
	assert_string_equal(config_check_nearest("service.prot"), "service.port");
	assert_string_equal(config_check_nearest("service.usersperbackend"), "service.users_per_backend");
	assert_string_equal(config_check_nearest("Identity.Name"), "identity.name");
	assert_null(config_check_nearest("service.quite_different"));
	assert_null(config_check_nearest(endless));
}

static void ours_are_the_sections_of_the_table(void **state)
{
	assert_true(config_check_is_ours("service.x"));
	assert_true(config_check_is_ours("SERVICE.x"));
	assert_true(config_check_is_ours("features.x"));
	assert_false(config_check_is_ours("purple.x"));
	assert_false(config_check_is_ours("serv.x"));
	assert_false(config_check_is_ours("services.x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_whole_and_in_range),
		cmocka_unit_test(jid_is_a_domain),
		cmocka_unit_test(texts_with_a_meaning_are_checked),
		cmocka_unit_test(every_default_is_accepted),
		cmocka_unit_test(nearest_key_is_near),
		cmocka_unit_test(ours_are_the_sections_of_the_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
