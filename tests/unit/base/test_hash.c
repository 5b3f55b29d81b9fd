/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <glib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* SipHash-1-3 with a key of zeros, as CPython 3.11 computes it with PYTHONHASHSEED=0. */
static void equals_other_implementation(void **state)
{
	static const struct {
		const char *text;
		uint64_t hash;
	} rows[] = {
		{ "a", 0x407448d2b89b1813 },
		{ "abcdefg", 0x6db12aae9070f506 },
		{ "abcdefgh", 0x3f7b849c0b8e35ea },
		{ "abcdefghi", 0xf89b34a3d11eb6e5 },
		{ "The quick brown fox jumps over the lazy dog", 0x8df676d3d00c451e },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_int_equal(hash_bytes_keyed(rows[i].text, strlen(rows[i].text), 0, 0), rows[i].hash);
}

static void key_changes_hash(void **state)
{
	uint64_t hash = hash_bytes_keyed("text", 4, 1, 2);
	assert_int_equal(hash, hash_bytes_keyed("text", 4, 1, 2));
	assert_int_not_equal(hash, hash_bytes_keyed("text", 4, 2, 2));
	assert_int_not_equal(hash, hash_bytes_keyed("text", 4, 1, 3));
}

static void process_key_is_drawn_once(void **state)
{
	assert_int_equal(hash_bytes("text", 4), hash_bytes("text", 4));
	assert_int_not_equal(hash_bytes("text", 4), hash_bytes("texu", 4));
	assert_int_not_equal(hash_bytes("text", 4), hash_bytes_keyed("text", 4, 0, 0));
}

static void texts_are_keys_of_a_table(void **state)
{
	char copy[] = "text";
	assert_int_equal(hash_text("text"), hash_text(copy));
	assert_int_not_equal(hash_text("text"), hash_text("texu"));
	assert_int_not_equal(hash_text("text"), g_str_hash("text"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_other_implementation),
		cmocka_unit_test(key_changes_hash),
		cmocka_unit_test(process_key_is_drawn_once),
		cmocka_unit_test(texts_are_keys_of_a_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
