/* SPDX-License-Identifier: MIT */
#include "irc/isupport.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void casemaps_differ_in_brackets(void **state)
{
	assert_true(irc_names_equal(IRC_CASEMAP_RFC1459, "Nick[]\\~", "nICK{}|^"));
	assert_true(irc_names_equal(IRC_CASEMAP_STRICT_RFC1459, "[]\\", "{}|"));
	assert_false(irc_names_equal(IRC_CASEMAP_STRICT_RFC1459, "~", "^"));
	assert_false(irc_names_equal(IRC_CASEMAP_ASCII, "[", "{"));
	assert_true(irc_names_equal(IRC_CASEMAP_ASCII, "ABC", "abc"));
	assert_false(irc_names_equal(IRC_CASEMAP_ASCII, "abc", "abcd"));
	assert_int_equal(irc_casemap_find("utf8"), IRC_CASEMAP_ASCII);
	assert_int_equal(irc_casemap_find("RFC1459"), IRC_CASEMAP_RFC1459);
}

static void fold_is_one_for_all_spellings(void **state)
{
	g_autofree char *a = irc_names_fold(IRC_CASEMAP_RFC1459, "A[\xc3\x84"),
			*b = irc_names_fold(IRC_CASEMAP_RFC1459, "a{\xc3\x84");
	assert_string_equal(a, b);
}

static void nicknames_are_made_acceptable(void **state)
{
	static const char *const cases[][2] = { { "bob", "bob" },
						{ "bob@example.org", "bob" },
						{ "two words", "two_words" },
						{ "1st", "_1st" },
						{ "-x", "_-x" },
						{ "", "_" },
						{ "a:b,c!d", "a_b_c_d" },
						{ "[a]|b", "[a]|b" },
						{ "\xc3\xa4", "\xc3\xa4" } };
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *nick = irc_names_make_nick(cases[i][0]);
		assert_string_equal(nick, cases[i][1]);
	}
}

static void tries_for_a_nickname_end(void **state)
{
	g_autofree char *first = irc_names_next_nick("alice", 1), *third = irc_names_next_nick("alice", 3);
	g_autofree char *fourth = irc_names_next_nick("alexandra", 4);
	assert_string_equal(first, "alice_");
	assert_string_equal(third, "alice___");
	assert_int_equal(strlen(fourth), 9);
	assert_memory_equal(fourth, "alexan", 6);
	assert_null(irc_names_next_nick("alice", 8));
}

static void words_are_one_target(void **state)
{
	static const char *const bad[] = { "", "a b", "#a,#b", ":x", "a\r", "a\nQUIT", "a\a" };
	for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++)
		assert_false(irc_names_is_target(bad[i]));
	assert_true(irc_names_is_target("#chan:x"));
}

static void isupport_is_applied(void **state)
{
	struct irc_isupport isupport;
	irc_isupport_init(&isupport);
	assert_true(irc_isupport_is_channel(&isupport, "&local"));
	irc_isupport_apply(&isupport, "PREFIX=(qaohv)~&@%+");
	irc_isupport_apply(&isupport, "CHANTYPES=#");
	irc_isupport_apply(&isupport, "CASEMAPPING=ascii");
	irc_isupport_apply(&isupport, "CHANMODES=beI,kL,lH,psmnti,extra");
	assert_int_equal(isupport.casemap, IRC_CASEMAP_ASCII);
	assert_false(irc_isupport_is_channel(&isupport, "&local"));
	assert_false(irc_isupport_is_channel(&isupport, ""));
	assert_int_equal(irc_isupport_sign_bit(&isupport, '@'), irc_isupport_mode_bit(&isupport, 'o'));
	assert_int_equal(irc_isupport_sign_bit(&isupport, 'x'), 0);
	assert_int_equal(irc_isupport_sign_bit(&isupport, '\0'), 0);
	irc_isupport_apply(&isupport, "-CASEMAPPING");
	assert_int_equal(isupport.casemap, IRC_CASEMAP_RFC1459);
}

static void senseless_prefix_is_ignored(void **state)
{
	static const char *const bad[] = { "PREFIX=(ov)@", "PREFIX=ov", "PREFIX=(ov",
					   "PREFIX=(abcdefghijklmnopqrst)12345678901234567890" };
	struct irc_isupport isupport;
	irc_isupport_init(&isupport);
	for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
		irc_isupport_apply(&isupport, bad[i]);
		assert_string_equal(isupport.prefix_signs, "@+");
	}
	irc_isupport_apply(&isupport, "PREFIX=");
	assert_string_equal(isupport.prefix_signs, "");
}

static void owners_protected_and_operators_moderate(void **state)
{
	struct irc_isupport isupport;
	irc_isupport_init(&isupport);
	irc_isupport_apply(&isupport, "PREFIX=(qaohv)~&@%+");
	for (const char *sign = "~&@"; *sign; sign++)
		assert_true(irc_isupport_is_moderator(&isupport, irc_isupport_sign_bit(&isupport, *sign)));
	for (const char *sign = "%+ "; *sign; sign++)
		assert_false(irc_isupport_is_moderator(&isupport, irc_isupport_sign_bit(&isupport, *sign)));
}

static void modes_know_their_parameters(void **state)
{
	struct irc_isupport isupport;
	irc_isupport_init(&isupport);
	assert_true(irc_isupport_mode_has_arg(&isupport, 'b', false));
	assert_true(irc_isupport_mode_has_arg(&isupport, 'k', false));
	assert_true(irc_isupport_mode_has_arg(&isupport, 'l', true));
	assert_false(irc_isupport_mode_has_arg(&isupport, 'l', false));
	assert_true(irc_isupport_mode_has_arg(&isupport, 'o', false));
	assert_false(irc_isupport_mode_has_arg(&isupport, 'm', true));
	irc_isupport_apply(&isupport, "CHANMODES=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ,,,");
	assert_true(irc_isupport_mode_has_arg(&isupport, 'Z', false));
}

static void sign_before_a_channel_is_left_out(void **state)
{
	struct irc_isupport isupport;
	irc_isupport_init(&isupport);
	assert_string_equal(irc_isupport_target(&isupport, "@#c"), "@#c");
	irc_isupport_apply(&isupport, "STATUSMSG=@+");
	assert_string_equal(irc_isupport_target(&isupport, "@#c"), "#c");
	assert_string_equal(irc_isupport_target(&isupport, "@nick"), "@nick");
	assert_string_equal(irc_isupport_target(&isupport, "#c"), "#c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(casemaps_differ_in_brackets),
		cmocka_unit_test(fold_is_one_for_all_spellings),
		cmocka_unit_test(nicknames_are_made_acceptable),
		cmocka_unit_test(tries_for_a_nickname_end),
		cmocka_unit_test(words_are_one_target),
		cmocka_unit_test(isupport_is_applied),
		cmocka_unit_test(senseless_prefix_is_ignored),
		cmocka_unit_test(owners_protected_and_operators_moderate),
		cmocka_unit_test(modes_know_their_parameters),
		cmocka_unit_test(sign_before_a_channel_is_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
