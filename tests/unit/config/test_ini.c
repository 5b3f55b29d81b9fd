/* SPDX-License-Identifier: MIT */
#include "config/ini.h"

#include <glib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void take_row(void *ctx, const char *key, const char *value, unsigned line)
{
	g_string_append_printf(ctx, "%u %s='%s'\n", line, key, value);
}

static void take_fault(void *ctx, unsigned line, const char *what)
{
	g_string_append_printf(ctx, "%u ! %s\n", line, what);
}

static void assert_parsed(const char *text, size_t n, const char *expected)
{
	static const struct config_ini_sink sink = { take_row, take_fault };
	g_autoptr(GString) out = g_string_new(NULL);
	config_ini_parse(text, n, &sink, out);
	assert_string_equal(out->str, expected);
}

static void assert_text(const char *text, const char *expected)
{
	assert_parsed(text, strlen(text), expected);
}

static void sections_prefix_keys(void **state)
{
	assert_text("a.b = 1\n[service]\njid=x\n\n[ purple ]\nsub.key=y",
		    "1 a.b='1'\n3 service.jid='x'\n6 purple.sub.key='y'\n");
}

static void keys_and_values_are_trimmed(void **state)
{
	assert_text("[s]\n \tk\t =  a  b \t\r\nempty=\n", "2 s.k='a  b'\n3 s.empty=''\n");
}

static void hash_is_a_comment_at_the_start_or_after_a_blank(void **state)
{
	assert_text("# all\n[s] # section\n   # indented\na=pass#word\nb=x # y\nc=#d\ne= # f\n",
		    "4 s.a='pass#word'\n5 s.b='x'\n6 s.c='#d'\n7 s.e=''\n");
}

static void value_keeps_its_text(void **state)
{
	assert_text("[s]\na=\"q\" 'r' = \\n; [x]\n", "2 s.a='\"q\" 'r' = \\n; [x]'\n");
}

static void repeated_keys_are_told_each_time(void **state)
{
	assert_text("[s]\na=1\na=2", "2 s.a='1'\n3 s.a='2'\n");
}

static void faults_name_their_line_and_the_rest_goes_on(void **state)
{
	assert_text("[s]\nnonsense\n= x\nk=v\n", "2 ! neither [section] nor key = value\n"
						 "3 ! the key before '=' is missing\n4 s.k='v'\n");
	assert_text("key=v\n", "1 ! the key stands in no section\n");
	assert_text("a=\xff\nb=\x01\n", "1 ! not valid UTF-8, or with control characters\n"
					"2 ! not valid UTF-8, or with control characters\n");
}

/* Else the keys of a misspelled section would be taken for those of the one before. */
static void keys_after_a_bad_section_line_are_skipped(void **state)
{
	assert_text("[a]\n[b\nk=1\n[]\nk=2\n[c]\nk=3", "2 ! a section is written as [name]\n"
						       "4 ! the section has no name\n7 c.k='3'\n");
}

static void byte_order_mark_is_skipped(void **state)
{
	assert_text("\xef\xbb\xbf[s]\na=1", "2 s.a='1'\n");
}

static void empty_text_is_nothing(void **state)
{
	assert_text("", "");
	assert_text("\n\r\n", "");
}

static void limits_hold(void **state)
{
	g_autofree char *large = g_strnfill(CONFIG_INI_TEXT_MAX + 1, '\n');
	g_autofree char *line = g_strnfill(CONFIG_INI_LINE_MAX + 1, 'x');
	g_autofree char *text = g_strconcat(line, "\n[s]\na=1", NULL);
	assert_parsed(large, CONFIG_INI_TEXT_MAX, "");
	assert_parsed(large, CONFIG_INI_TEXT_MAX + 1, "1 ! the file is larger than 1 MiB\n");
	assert_text(text, "1 ! the line is longer than 16 KiB\n3 s.a='1'\n");
}

static void zero_bytes_are_a_fault(void **state)
{
	assert_parsed("[s]\na=b\0c\n", 10, "2 ! not valid UTF-8, or with control characters\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_prefix_keys),
		cmocka_unit_test(keys_and_values_are_trimmed),
		cmocka_unit_test(hash_is_a_comment_at_the_start_or_after_a_blank),
		cmocka_unit_test(value_keeps_its_text),
		cmocka_unit_test(repeated_keys_are_told_each_time),
		cmocka_unit_test(faults_name_their_line_and_the_rest_goes_on),
		cmocka_unit_test(keys_after_a_bad_section_line_are_skipped),
		cmocka_unit_test(byte_order_mark_is_skipped),
		cmocka_unit_test(empty_text_is_nothing),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(zero_bytes_are_a_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
