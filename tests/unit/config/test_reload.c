/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void equal_files_have_no_changes(void **state)
{
	struct config *a = fixture_load(*state, GATEWAY "admin_jid=a@x\n", NULL, NULL);
	struct config *b = fixture_load(*state, GATEWAY "admin_jid=a@x\n", NULL, NULL);
	g_autofree int *changes = config_changes(a, b);
	assert_int_equal(changes[0], -1);
	config_unref(&a);
	config_unref(&b);
}

static void changes_of_every_type_are_found(void **state)
{
	struct config *a = fixture_load(*state, GATEWAY "admin_jid=a@x\n", NULL, NULL);
	struct config *b =
		fixture_load(*state, GATEWAY "admin_jid=b@x\nlogin_delay=3\nvip_only=1\nvip_message=no\n", NULL, NULL);
	g_autofree int *changes = config_changes(a, b);
	static const int expected[] = { CONFIG_SERVICE_ADMIN_JID, CONFIG_SERVICE_LOGIN_DELAY, CONFIG_SERVICE_VIP_ONLY,
					CONFIG_SERVICE_VIP_MESSAGE, -1 };
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
		assert_int_equal(changes[i], expected[i]);
	config_unref(&a);
	config_unref(&b);
}

static void what_takes_a_restart_is_kept_and_named(void **state)
{
	g_autoptr(GString) kept = g_string_new(NULL);
	struct config *running = fixture_load(*state, GATEWAY "[database]\nprefix=a_\n", NULL, NULL);
	struct config *fresh = fixture_load(
		*state, "[service]\njid=new.example.org\npassword=secret\nport=5347\nvip_only=1\n[purple]\nx=2\n", NULL,
		NULL);
	struct config *merged = config_merge_reload(running, fresh, kept);
	assert_string_equal(config_text(merged, CONFIG_SERVICE_JID), "irc.example.org");
	assert_string_equal(config_extra(merged, "service.jid"), "irc.example.org");
	assert_string_equal(config_text(merged, CONFIG_DATABASE_PREFIX), "a_");
	assert_true(config_is_set(merged, CONFIG_DATABASE_PREFIX));
	assert_true(config_bool(merged, CONFIG_SERVICE_VIP_ONLY));
	assert_string_equal(config_extra(merged, "purple.x"), "2");
	assert_string_equal(config_extra_keys(merged, "purple")[0], "purple.x");
	assert_string_equal(config_path(merged), config_path(fresh));
	assert_string_equal(kept->str, "service.jid\nservice.pidfile\nservice.portfile\nservice.working_dir\n"
				       "database.database\ndatabase.prefix");
	config_unref(&running);
	config_unref(&fresh);
	assert_string_equal(config_text(merged, CONFIG_SERVICE_JID), "irc.example.org");
	config_unref(&merged);
}

int main(void)
{
#define FIXED(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)
	const struct CMUnitTest tests[] = {
		FIXED(equal_files_have_no_changes),
		FIXED(changes_of_every_type_are_found),
		FIXED(what_takes_a_restart_is_kept_and_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
