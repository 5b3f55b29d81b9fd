/* SPDX-License-Identifier: MIT */
#include "config/snapshot.h"

#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char *section_keys(const struct config *config, const char *section)
{
	return g_strjoinv(" ", (char **)config_extra_keys(config, section));
}

static void what_is_said_is_kept_in_order(void **state)
{
	struct config *config = config_snapshot_new("x.cfg");
	const char *const *list;
	config_snapshot_say(config, "purple.a", "1");
	config_snapshot_say(config, "purple.a", "2");
	list = config_extra_list(config, "purple.a");
	assert_string_equal(list[0], "1");
	assert_string_equal(list[1], "2");
	assert_null(list[2]);
	config_snapshot_forget(config, "purple.a");
	assert_null(config_extra(config, "purple.a"));
	config_snapshot_forget(config, "purple.unsaid");
	config_snapshot_free(&config);
	assert_null(config);
	config_snapshot_free(&config);
}

static void section_names_a_key_once_and_not_the_tables(void **state)
{
	struct config *config = config_snapshot_new("x.cfg");
	g_autofree char *purple = NULL, *service = NULL;
	config_snapshot_say(config, "purple.a", "1");
	config_snapshot_forget(config, "purple.a");
	config_snapshot_say(config, "purple.a", "2");
	config_snapshot_say(config, "Purple.b", "3");
	config_snapshot_say(config, "service.jid", "x");
	purple = section_keys(config, "purple");
	service = section_keys(config, "service");
	assert_string_equal(purple, "purple.a Purple.b");
	assert_string_equal(service, "");
	config_snapshot_free(&config);
}

static void copies_of_values_are_equal_and_separate(void **state)
{
	char text[] = "text", item[] = "item", *items[] = { item, NULL };
	union config_value values[] = { { .text = text }, { .list = items } };
	static const enum config_type types[] = { CONFIG_TEXT, CONFIG_LIST };
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		union config_value copy = config_value_copy(types[i], values[i]);
		assert_true(config_value_equal(types[i], copy, values[i]));
		(i == 0 ? text : item)[0] = 'X';
		assert_false(config_value_equal(types[i], copy, values[i]));
		config_value_clear(types[i], &copy);
	}
	assert_true(config_value_equal(CONFIG_INT, (union config_value){ .number = 3 },
				       (union config_value){ .number = 3 }));
	assert_false(config_value_equal(CONFIG_BOOL, (union config_value){ .flag = true },
					(union config_value){ .flag = false }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_is_kept_in_order),
		cmocka_unit_test(section_names_a_key_once_and_not_the_tables),
		cmocka_unit_test(copies_of_values_are_equal_and_separate),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
