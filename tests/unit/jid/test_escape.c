/* SPDX-License-Identifier: MIT */
#include "jid/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static int setup(void **state)
{
	*state = arena_new(1024);
	return 0;
}

static int teardown(void **state)
{
	arena_free((struct arena **)state);
	return 0;
}

struct sample {
	const char *name, *node;
};

/* XEP-0106, section 5 and more. */
static const struct sample pairs[] = {
	{ "", "" },
	{ "plain.name-1", "plain.name-1" },
	{ "space cadet", "space\\20cadet" },
	{ "call me \"ishmael\"", "call\\20me\\20\\22ishmael\\22" },
	{ "at&t guy", "at\\26t\\20guy" },
	{ "d'artagnan", "d\\27artagnan" },
	{ "/.fanboy", "\\2f.fanboy" },
	{ "::foo::", "\\3a\\3afoo\\3a\\3a" },
	{ "<foo>", "\\3cfoo\\3e" },
	{ "user@host", "user\\40host" },
	{ "c:\\net", "c\\3a\\net" },
	{ "c:\\\\net", "c\\3a\\\\net" },
	{ "c:\\cool stuff", "c\\3a\\cool\\20stuff" },
	{ "c:\\5commas", "c\\3a\\5c5commas" },
	{ "\\40", "\\5c40" },
	{ "\\5c", "\\5c5c" },
	{ "\\5", "\\5" },
	{ "\\", "\\" },
	{ "\\\\20", "\\\\5c20" },
	{ "\\3/", "\\3\\2f" },
	{ "\\41", "\\41" },
	{ "\\2", "\\2" },
	{ "Катя 猫", "Катя\\20猫" },
	{ "a%b#c", "a%b#c" },
};

static void names_are_escaped_and_unescaped(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
		assert_string_equal(jid_escape(*state, pairs[i].name), pairs[i].node);
		assert_string_equal(jid_unescape(*state, pairs[i].node), pairs[i].name);
	}
}

static void unchanged_text_is_borrowed(void **state)
{
	static const char name[] = "plain\\name";
	assert_ptr_equal(jid_escape(*state, name), name);
	assert_ptr_equal(jid_unescape(*state, name), name);
	assert_ptr_equal(jid_at_to_percent(*state, name), name);
	assert_ptr_equal(jid_percent_to_at(*state, name), name);
	assert_ptr_equal(jid_node_of_name(*state, name, true), name);
	assert_ptr_equal(jid_name_of_node(*state, name, NULL), name);
	assert_int_equal(arena_used(*state), 0);
}

static void only_the_ten_codes_are_unescaped(void **state)
{
	assert_string_equal(jid_unescape(*state, "\\20\\21\\22\\26\\27\\2f\\3a\\3c\\3d\\3e\\40\\5c"),
			    " \\21\"&'/:<\\3d>@\\");
	assert_string_equal(jid_unescape(*state, "a\\00b\\0ac\\7e"), "a\\00b\\0ac\\7e");
	assert_string_equal(jid_unescape(*state, "\\4"), "\\4");
}

static void code_in_capitals_does_not_become_another_name(void **state)
{
	/* nodeprep makes \3A small: it must be escaped as well, or it would come back as ':'. */
	const char *node = jid_node_of_name(*state, "a\\3Ab", true);
	assert_string_equal(node, "a\\5c3ab");
	assert_string_equal(jid_name_of_node(*state, node, NULL), "a\\3ab");
}

static void the_last_at_becomes_percent(void **state)
{
	assert_string_equal(jid_at_to_percent(*state, "a@b@c"), "a@b%c");
	assert_string_equal(jid_percent_to_at(*state, "a%b%c"), "a%b@c");
	assert_string_equal(jid_at_to_percent(*state, "@"), "%");
}

static void contacts_become_nodes(void **state)
{
	static const struct {
		const char *name, *escaped, *percent;
	} cases[] = {
		{ "BuddY1", "buddy1", "buddy1" },
		{ "buddy1@test", "buddy1\\40test", "buddy1%test" },
		{ "msn/something", "msn\\2fsomething", NULL },
		{ "a@b", "a\\40b", "a%b" },
		{ "buddy1@domain.tld", "buddy1\\40domain.tld", "buddy1%domain.tld" },
		{ "two words", "two\\20words", NULL },
		{ "a@b@c", "a\\40b\\40c", NULL },
		{ "Катя Антонова", "катя\\20антонова", NULL },
		{ "שלום@example.org", NULL, NULL }, /* Hebrew and Latin */
		{ "שלום", "שלום", "שלום" },
		{ "", NULL, NULL },
		{ "a\xff", NULL, NULL },
		{ "a\nb", NULL, NULL },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		for (int escaping = 0; escaping < 2; escaping++) {
			const char *expected = escaping ? cases[i].escaped : cases[i].percent;
			const char *node = jid_node_of_name(*state, cases[i].name, escaping);
			if (expected)
				assert_string_equal(node, expected);
			else
				assert_null(node);
		}
	}
}

static void rooms_become_nodes(void **state)
{
	assert_string_equal(jid_node_of_room(*state, "19:7002abc@thread.skype", false), "19\\3a7002abc%thread.skype");
	assert_string_equal(jid_node_of_room(*state, "19:7002abc@thread.skype", true), "19\\3a7002abc\\40thread.skype");
	assert_string_equal(jid_node_of_room(*state, "#Room", false), "#room");
	assert_string_equal(jid_node_of_room(*state, "a@b@c", false), "a\\40b%c");
	assert_null(jid_node_of_room(*state, "", false));
}

static void nodes_become_names(void **state)
{
	static const struct {
		const char *node, *name;
		bool escaped;
	} cases[] = {
		{ "buddy1\\40test", "buddy1@test", true },
		{ "buddy1%test", "buddy1@test", false },
		{ "a%b%c", "a%b@c", false },
		{ "a%b\\20c", "a%b c", true },
		{ "#room", "#room", false },
		{ "19\\3a7002abc\\40thread.skype", "19:7002abc@thread.skype", true },
		{ "c\\net", "c\\net", false },
		{ "\\5c40", "\\40", true },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		bool escaped = !cases[i].escaped;
		assert_string_equal(jid_name_of_node(*state, cases[i].node, &escaped), cases[i].name);
		assert_int_equal(escaped, cases[i].escaped);
	}
}

static void long_names_are_no_nodes(void **state)
{
	g_autofree char *longest = g_strnfill(341, '@'), *longer = g_strnfill(342, '@');
	assert_int_equal(strlen(jid_node_of_name(*state, longest, true)), 1023);
	assert_null(jid_node_of_name(*state, longer, true));
}

static void any_small_name_comes_back(void **state)
{
	static const char interesting[] = "\\2540f3ace @/%x";
	g_autoptr(GRand) rand = g_rand_new_with_seed(3);
	for (unsigned round = 0; round < 50000; round++) {
		char name[10];
		size_t n = (size_t)g_rand_int_range(rand, 1, sizeof(name));
		const char *node;
		bool escaped;
		for (size_t i = 0; i < n; i++)
			name[i] = interesting[g_rand_int_range(rand, 0, sizeof(interesting) - 1)];
		name[n] = '\0';
		assert_string_equal(jid_unescape(*state, jid_escape(*state, name)), name);
		node = jid_node_of_name(*state, name, true);
		assert_non_null(node);
		assert_string_equal(jid_unescape(*state, node), name);
		jid_name_of_node(*state, node, &escaped);
		assert_true(escaped || strcmp(node, name) == 0);
		arena_reset(*state);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_are_escaped_and_unescaped),
		TEST(unchanged_text_is_borrowed),
		TEST(only_the_ten_codes_are_unescaped),
		TEST(code_in_capitals_does_not_become_another_name),
		TEST(the_last_at_becomes_percent),
		TEST(contacts_become_nodes),
		TEST(rooms_become_nodes),
		TEST(nodes_become_names),
		TEST(long_names_are_no_nodes),
		TEST(any_small_name_comes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
