/* SPDX-License-Identifier: MIT */
#include "irc/line.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct irc_line parse(char *text)
{
	struct irc_line line;
	assert_true(irc_line_parse(&line, text));
	return line;
}

static void source_is_split(void **state)
{
	char text[] = ":nick!user@host PRIVMSG #chan :hello there";
	struct irc_line line = parse(text);
	assert_string_equal(line.source, "nick");
	assert_string_equal(line.user, "user@host");
	assert_string_equal(line.command, "PRIVMSG");
	assert_int_equal(line.count, 2);
	assert_string_equal(line.args[0], "#chan");
	assert_string_equal(line.args[1], "hello there");
	assert_false(irc_line_from_server(&line));
}

static void server_is_told_from_user(void **state)
{
	char server[] = ":irc.example.org 001 nick :Welcome", nobody[] = "PING :x", nick[] = ":nick QUIT";
	struct irc_line line = parse(server);
	assert_true(irc_line_from_server(&line));
	line = parse(nobody);
	assert_true(irc_line_from_server(&line));
	line = parse(nick);
	assert_false(irc_line_from_server(&line));
}

static void fifteenth_parameter_takes_the_rest(void **state)
{
	char text[] = "X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 :17";
	struct irc_line line = parse(text);
	assert_int_equal(line.count, IRC_ARGS_MAX);
	assert_string_equal(line.args[13], "14");
	assert_string_equal(line.args[14], "15 16 :17");
}

static void missing_parameters_are_empty(void **state)
{
	char text[] = "AWAY", trailing[] = "TOPIC #c :";
	struct irc_line line = parse(text);
	assert_string_equal(irc_line_arg(&line, 0), "");
	assert_string_equal(irc_line_last(&line), "");
	line = parse(trailing);
	assert_int_equal(line.count, 2);
	assert_string_equal(irc_line_last(&line), "");
}

static void lines_without_command_are_refused(void **state)
{
	static const char *const texts[] = { "",  " ", ":source", ":source ", "@tags", "@tags :source",
					     ":", "@", "@a :b :c" };
	for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *text = g_strdup(texts[i]);
		struct irc_line line;
		assert_false(irc_line_parse(&line, text));
	}
}

static void tags_are_unescaped(void **state)
{
	char text[] = "@a=1;time=x\\:y\\sz\\\\\\r\\nq\\;b;c= :s CMD";
	char value[32];
	struct irc_line line = parse(text);
	assert_true(irc_line_tag(&line, "time", value, sizeof(value)));
	assert_string_equal(value, "x;y z\\\r\nq");
	assert_true(irc_line_tag(&line, "b", value, sizeof(value)));
	assert_string_equal(value, "");
	assert_true(irc_line_tag(&line, "c", value, sizeof(value)));
	assert_string_equal(value, "");
	assert_false(irc_line_tag(&line, "tim", value, sizeof(value)));
	assert_false(irc_line_tag(&line, "d", value, sizeof(value)));
	assert_string_equal(line.source, "s");
}

static void long_tag_values_do_not_fit(void **state)
{
	char text[] = "@t=12345 CMD", value[5], fits[6];
	struct irc_line line = parse(text);
	assert_false(irc_line_tag(&line, "t", value, sizeof(value)));
	assert_true(irc_line_tag(&line, "t", fits, sizeof(fits)));
}

/* All lines of `bytes`, fed in pieces, each followed by '|'. */
static char *gather(struct irc_lines *lines, const char *bytes, size_t n, size_t piece)
{
	GString *got = g_string_new(NULL);
	for (size_t at = 0; at < n;) {
		char *text;
		g_autofree char *copy = g_memdup2(bytes + at, MIN(piece, n - at));
		at += irc_lines_take(lines, copy, MIN(piece, n - at), &text);
		if (text)
			g_string_append_printf(got, "%s|", text);
	}
	return g_string_free(got, FALSE);
}

static void lines_are_found_at_any_cut(void **state)
{
	static const char bytes[] = "one\r\ntwo\n\r\n\nthree\r\nnu\0l\r\nfour\r\nrest";
	for (size_t piece = 1; piece <= sizeof(bytes); piece++) {
		g_autofree struct irc_lines *lines = g_new0(struct irc_lines, 1);
		g_autofree char *got = gather(lines, bytes, sizeof(bytes) - 1, piece);
		assert_string_equal(got, "one|two|three|four|");
	}
}

static void overlong_lines_are_dropped(void **state)
{
	g_autofree struct irc_lines *lines = g_new0(struct irc_lines, 1);
	GString *bytes = g_string_new("a\n");
	for (unsigned i = 0; i < IRC_TAGS_MAX + IRC_LINE_MAX + 1; i++)
		g_string_append_c(bytes, 'x');
	g_string_append(bytes, "\nb\n");
	for (size_t piece = 1; piece < 20000; piece = piece * 3 + 1) {
		g_autofree char *got = gather(lines, bytes->str, bytes->len, piece);
		assert_string_equal(got, "a|b|");
	}
	g_string_free(bytes, TRUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(source_is_split),
		cmocka_unit_test(server_is_told_from_user),
		cmocka_unit_test(fifteenth_parameter_takes_the_rest),
		cmocka_unit_test(missing_parameters_are_empty),
		cmocka_unit_test(lines_without_command_are_refused),
		cmocka_unit_test(tags_are_unescaped),
		cmocka_unit_test(long_tag_values_do_not_fit),
		cmocka_unit_test(lines_are_found_at_any_cut),
		cmocka_unit_test(overlong_lines_are_dropped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
