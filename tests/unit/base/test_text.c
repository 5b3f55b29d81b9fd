/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct row {
	const char *in, *out;
};

static void check_clean(const struct row *rows, size_t n)
{
	struct arena *arena = arena_new(1024);
	for (size_t i = 0; i < n; i++) {
		const char *out = text_clean(arena, rows[i].in);
		assert_string_equal(out, rows[i].out);
		assert_true(text_is_clean(out, strlen(out)));
		assert_int_equal(text_is_clean(rows[i].in, strlen(rows[i].in)), strcmp(rows[i].in, rows[i].out) == 0);
	}
	arena_free(&arena);
}

static void malformed_sequences_become_one_mark(void **state)
{
	static const struct row rows[] = {
		{ "test\x80\xe0\xa0\xc0\xaf\xed\xa0\x80test", "test____test" },
		{ "\xff\xfe", "__" },
		{ "\xc0\x80", "_" },         /* overlong NUL */
		{ "\xe0\x80\xaf", "_" },     /* overlong slash */
		{ "\xf0\x80\x80\xaf", "_" }, /* overlong slash */
		{ "\xf4\x90\x80\x80", "_" }, /* U+110000 */
		{ "\xf0\x9f\x98", "_" },     /* cut off */
		{ "\xe2(\xa1", "_(_" },
		{ "\xc3", "_" },
		{ "12345678\xc3", "12345678_" },
	};
	check_clean(rows, G_N_ELEMENTS(rows));
}

static void forbidden_characters_are_left_out(void **state)
{
	static const struct row rows[] = {
		{ "a\x01"
		  "b\x1f"
		  "c\x0b",
		  "abc" },
		{ "a\xef\xbf\xbe"
		  "b\xef\xbf\xbf",
		  "ab" }, /* U+FFFE, U+FFFF */
	};
	check_clean(rows, G_N_ELEMENTS(rows));
}

static void allowed_text_is_unchanged(void **state)
{
	static const char *const texts[] = {
		"",
		"plain",
		"tab\tnewline\nreturn\r",
		"a longer text than eight bytes, with \x7f",
		"\xc2\x80\xdf\xbf",
		"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbd",
		"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
		"Катя антонова",
		"\xf0\x9f\x98\x80",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		assert_true(text_is_clean(texts[i], strlen(texts[i])));
		assert_ptr_equal(text_clean(NULL, texts[i]), texts[i]);
	}
	assert_null(text_clean(NULL, NULL));
}

/* The fast path must find a bad byte wherever it stands among good ones. */
static void bad_byte_is_found_at_every_place(void **state)
{
	static const char bad[] = { 0x00, 0x01, 0x08, 0x0b, 0x1f, (char)0x80, (char)0xc0, (char)0xff };
	for (size_t i = 0; i < 40; i++) {
		for (size_t k = 0; k < sizeof(bad); k++) {
			char text[40];
			memset(text, 'x', sizeof(text));
			text[i] = bad[k];
			assert_false(text_is_clean(text, sizeof(text)));
			assert_true(text_is_clean(text, i));
		}
	}
}

/* All four-byte strings would take long; all of two bytes and the borders of three do not. */
static void agrees_with_glib(void **state)
{
	for (unsigned a = 0; a < 256; a++) {
		for (unsigned b = 0; b < 256; b++) {
			for (unsigned c = 0x7f; c < 0xc1; c++) {
				char s[3] = { (char)a, (char)b, (char)c };
				gunichar ch = g_utf8_get_char_validated(s, 3);
				bool good = a != 0 && ch < 0x110000 &&
					    (ch >= 0x20 || ch == 9 || ch == 10 || ch == 13) && ch != 0xfffe &&
					    ch != 0xffff && !(ch >= 0xd800 && ch < 0xe000);
				assert_int_equal(text_char(s, 3), good ? g_unichar_to_utf8(ch, NULL) : 0);
			}
		}
	}
}

static void cut_ends_between_characters(void **state)
{
	static const char text[] = "a\xc3\xa4\xf0\x9f\x98\x80"
				   "b";
	static const size_t expected[] = { 0, 1, 1, 3, 3, 3, 3, 7, 8, 8 };
	for (size_t max = 0; max < G_N_ELEMENTS(expected); max++)
		assert_int_equal(text_cut(text, 8, max), expected[max]);
	assert_int_equal(text_cut("\x80\x80\x80\x80\x80\x80", 6, 5), 5);
}

static void folding_ignores_case(void **state)
{
	struct arena *arena = arena_new(256);
	const char *plain = "already-small_1";
	assert_ptr_equal(text_fold(arena, plain), plain);
	assert_string_equal(text_fold(arena, "BuddY1"), "buddy1");
	assert_string_equal(text_fold(arena, "Катя Антонова"), text_fold(arena, "катя антонова"));
	assert_string_equal(text_fold(arena, "STRASSE"), text_fold(arena, "straße"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(malformed_sequences_become_one_mark),
		cmocka_unit_test(forbidden_characters_are_left_out),
		cmocka_unit_test(allowed_text_is_unchanged),
		cmocka_unit_test(bad_byte_is_found_at_every_place),
		cmocka_unit_test(agrees_with_glib),
		cmocka_unit_test(cut_ends_between_characters),
		cmocka_unit_test(folding_ignores_case),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
