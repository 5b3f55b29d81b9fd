/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "admin/line.h"

/* The parts, as "verb|name|word|word...". */
static char *parts(const char *text, bool person)
{
	static const char *const verbs[] = { "run", "get", "set" };
	struct line line;
	if (!line_split(&line, text, person))
		return g_strdup("too long");
	GString *out = g_string_new(verbs[line.verb]);
	g_string_append_printf(out, "|%.*s", (int)line.name.n, line.name.p);
	for (size_t i = 0; i < line.count && i < LINE_WORDS_MAX; i++)
		g_string_append_printf(out, "|%.*s", (int)line.words[i].n, line.words[i].p);
	return g_string_free(out, FALSE);
}

static void expect_parts(const char *text, bool person, const char *wanted)
{
	g_autofree char *came = parts(text, person);
	assert_string_equal(came, wanted);
}

static void words_end_at_each_single_blank(void **state)
{
	expect_parts("status", false, "run|status");
	expect_parts("get status", false, "get|status");
	expect_parts("set x y", false, "set|x|y");
	expect_parts("register a b c", false, "run|register|a|b|c");
	expect_parts("register  a ", false, "run|register||a|");
	expect_parts(" status", false, "run||status");
	expect_parts("a\tb\n", false, "run|a\tb\n");
	expect_parts("", false, "run|");
	expect_parts("get", false, "run|get");
	expect_parts("get ", false, "get|");
	expect_parts("GET x", false, "run|GET|x");
}

static void people_type_as_they_like(void **state)
{
	expect_parts("  Register \t me   pass\n", true, "run|Register|me|pass");
	expect_parts("Set  send_headlines\non", true, "set|send_headlines|on");
	expect_parts("   ", true, "run|");
	expect_parts("get", true, "run|get");
}

static void the_rest_of_a_line_keeps_its_blanks(void **state)
{
	struct line line;
	assert_true(line_split(&line, "register me my  pass word \n", true));
	struct str rest = line_rest(&line, 1);
	assert_true(str_is(rest, "my  pass word"));
}

static void more_words_are_counted_than_kept(void **state)
{
	struct line line;
	assert_true(line_split(&line, "a 1 2 3 4 5 6 7 8", false));
	assert_int_equal(line.count, 8);
	expect_parts("a 1 2 3 4 5 6 7 8", false, "run|a|1|2|3|4|5|6|7");
}

static void lines_are_bounded(void **state)
{
	g_autofree char *text = g_strnfill(ADMIN_LINE_MAX + 1, 'x');
	expect_parts(text, false, "too long");
	expect_parts(text, true, "too long");
	text[ADMIN_LINE_MAX] = '\0';
	struct line line;
	assert_true(line_split(&line, text, false));
	assert_int_equal(line.name.n, ADMIN_LINE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_end_at_each_single_blank),
		cmocka_unit_test(people_type_as_they_like),
		cmocka_unit_test(the_rest_of_a_line_keeps_its_blanks),
		cmocka_unit_test(more_words_are_counted_than_kept),
		cmocka_unit_test(lines_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
