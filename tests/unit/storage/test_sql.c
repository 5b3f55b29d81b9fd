/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "storage/sql.h"

#include <glib.h>

static void names_are_prefixed_and_quoted(void **state)
{
	g_autofree char *sql = sql_expand(SQL_CONTACTS_OF_USER, SQL_SQLITE, "a_", '"');

	assert_string_equal(sql, "SELECT id, uin, subscription, nickname, \"groups\", flags FROM \"a_buddies\""
				 " WHERE user_id = ?");
}

static void quotes_in_a_prefix_stay_in_the_name(void **state)
{
	g_autofree char *sql = sql_expand(SQL_USER_REMOVE, SQL_SQLITE, "x` y\"", '`');

	assert_string_equal(sql, "DELETE FROM `x`` y\"users` WHERE id = ?");
}

static void every_statement_has_a_text_without_placeholders(void **state)
{
	for (int id = 0; id < SQL_COUNT; id++) {
		g_autofree char *sql = sql_expand((enum sql_id)id, SQL_SQLITE, "", '"');
		assert_true(strlen(sql) > 10);
		assert_null(strpbrk(sql, "{}[];"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_prefixed_and_quoted),
		cmocka_unit_test(quotes_in_a_prefix_stay_in_the_name),
		cmocka_unit_test(every_statement_has_a_text_without_placeholders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
