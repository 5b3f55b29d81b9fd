/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void null_is_empty(void **state)
{
	assert_int_equal(str_of(NULL).n, 0);
	assert_true(str_eq(str_of(NULL), STR("")));
}

static void equal_means_same_bytes(void **state)
{
	assert_true(str_eq(STR("abc"), (struct str){ "abcd", 3 }));
	assert_false(str_eq(STR("abc"), STR("abd")));
	assert_false(str_eq(STR("abc"), STR("ab")));
	assert_true(str_is(STR("abc"), "abc"));
}

static void bytes_after_nul_count(void **state)
{
	struct str a = { "a\0b", 3 }, b = { "a\0c", 3 };
	assert_false(str_eq(a, b));
	assert_int_not_equal(str_hash(&a), str_hash(&b));
}

static void is_key_of_hash_table(void **state)
{
	g_autoptr(GHashTable) table = g_hash_table_new(str_hash, str_equal);
	struct str key = STR("romeo@example.net"), same = { "romeo@example.net/orchard", 17 }, other = STR("romeo");
	g_hash_table_insert(table, &key, &key);
	assert_ptr_equal(g_hash_table_lookup(table, &same), &key);
	assert_null(g_hash_table_lookup(table, &other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(null_is_empty),
		cmocka_unit_test(equal_means_same_bytes),
		cmocka_unit_test(bytes_after_nul_count),
		cmocka_unit_test(is_key_of_hash_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
