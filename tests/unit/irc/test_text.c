/* SPDX-License-Identifier: MIT */
#include "irc/flood.h"
#include "irc/server.h"
#include "irc/text.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void latin1_becomes_utf8(void **state)
{
	g_autofree char *text = irc_text_utf8("caf\xe9 au lait"), *good = irc_text_utf8("caf\xc3\xa9");
	assert_string_equal(text, "caf\xc3\xa9 au lait");
	assert_string_equal(good, "caf\xc3\xa9");
}

static void character_cut_at_the_end_is_dropped(void **state)
{
	g_autofree char *text = irc_text_utf8("\xc3\xa4\xf0\x9f\x98");
	assert_string_equal(text, "\xc3\xa4");
}

static void formatting_is_stripped(void **state)
{
	static const char *const cases[][2] = {
		{ "\x02"
		  "bold\x0f",
		  "bold" },
		{ "\x03"
		  "4red\x03 and \x03"
		  "04,12both\x03",
		  "red and both" },
		{ "\x03"
		  "123",
		  "3" },
		{ "\x03,5", ",5" },
		{ "\x03"
		  "4,x",
		  ",x" },
		{ "\x04"
		  "ff0000,00ff00x",
		  "x" },
		{ "\x1d\x1f\x1e\x11\x16z\x07", "z" },
		{ "tab\tstays", "tab\tstays" },
		{ "\x03", "" },
	};
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdup(cases[i][0]);
		irc_text_strip(text);
		assert_string_equal(text, cases[i][1]);
	}
}

static void assert_pieces(const char *text, size_t max, const char *pieces)
{
	g_autoptr(GString) got = g_string_new(NULL);
	size_t skip;
	for (; *text; text += skip) {
		size_t n = irc_text_piece(text, max, &skip);
		assert_true(n <= max && skip > 0);
		g_string_append_len(got, text, (gssize)n);
		g_string_append_c(got, '|');
	}
	assert_string_equal(got->str, pieces);
}

static void text_is_cut_at_newlines_blanks_and_characters(void **state)
{
	assert_pieces("one\ntwo\r\n\nthree", 100, "one|two|three|");
	assert_pieces("hello big world", 10, "hello big|world|");
	assert_pieces("abcdefghij", 4, "abcd|efgh|ij|");
	assert_pieces("\xc3\xa4\xc3\xa4\xc3\xa4", 5, "\xc3\xa4\xc3\xa4|\xc3\xa4|");
	assert_pieces("\nx", 4, "|x|");
}

static void server_texts_are_read(void **state)
{
	static const struct {
		const char *text, *host;
		unsigned port;
		bool tls;
	} cases[] = {
		{ "irc.example.org", "irc.example.org", 6667, false },
		{ "irc.example.org:6697", "irc.example.org", 6697, true },
		{ "irc.example.org:+7000", "irc.example.org", 7000, true },
		{ "irc.example.org/7000", "irc.example.org", 7000, false },
		{ "irc.example.org/+", "irc.example.org", 6697, true },
		{ "irc.example.org:bad", "irc.example.org", 6667, false },
		{ "irc.example.org:+bad", "irc.example.org", 6697, true },
		{ "irc.example.org:65536", "irc.example.org", 6667, false },
		{ "[2001:db8::1]", "2001:db8::1", 6667, false },
		{ "[2001:db8::1]:+6670", "2001:db8::1", 6670, true },
		{ "2001:db8::1", "2001:db8::1", 6667, false },
	};
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct irc_server server;
		assert_true(irc_server_parse(&server, cases[i].text));
		assert_string_equal(server.host, cases[i].host);
		assert_int_equal(server.port, cases[i].port);
		assert_int_equal(server.tls, cases[i].tls);
		irc_server_fini(&server);
	}
}

static void what_is_no_host_is_refused(void **state)
{
	static const char *const bad[] = { "", ":6667", "a b", "[]", "ex@mple", "host\n" };
	struct irc_server server;
	for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++)
		assert_false(irc_server_parse(&server, bad[i]));
}

static unsigned pop_all(struct irc_flood *flood, uint64_t now)
{
	unsigned n = 0;
	for (char *line; (line = irc_flood_pop(flood, now)); n++)
		g_free(line);
	return n;
}

static void burst_goes_at_once_then_one_a_second(void **state)
{
	struct irc_flood flood;
	irc_flood_init(&flood);
	assert_true(irc_flood_due(&flood) == UINT64_MAX);
	for (unsigned i = 0; i < 20; i++)
		irc_flood_push(&flood, g_strdup("x"));
	assert_int_equal(pop_all(&flood, 100000), IRC_FLOOD_BURST);
	assert_int_equal(pop_all(&flood, 100000), 0);
	assert_int_equal(irc_flood_due(&flood), 100000 + IRC_FLOOD_INTERVAL_MS);
	assert_int_equal(pop_all(&flood, 100000 + IRC_FLOOD_INTERVAL_MS), 1);
	/* Silence earns the burst again, and no more. */
	assert_int_equal(pop_all(&flood, 500000), IRC_FLOOD_BURST);
	irc_flood_clear(&flood);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(latin1_becomes_utf8),
		cmocka_unit_test(character_cut_at_the_end_is_dropped),
		cmocka_unit_test(formatting_is_stripped),
		cmocka_unit_test(text_is_cut_at_newlines_blanks_and_characters),
		cmocka_unit_test(server_texts_are_read),
		cmocka_unit_test(what_is_no_host_is_refused),
		cmocka_unit_test(burst_goes_at_once_then_one_a_second),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
