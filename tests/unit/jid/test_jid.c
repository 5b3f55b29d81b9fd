/* SPDX-License-Identifier: MIT */
#include "jid/jid.h"

#include <setjmp.h>
#include <stdarg.h>

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

static struct jid parsed(struct arena *arena, const char *text)
{
	struct jid jid;
	assert_true(jid_parse_text(&jid, arena, text));
	return jid;
}

static void parts_are_found(void **state)
{
	static const struct {
		const char *text, *node, *domain, *resource;
	} cases[] = {
		{ "example.org", "", "example.org", "" },
		{ "juliet@example.org", "juliet", "example.org", "" },
		{ "juliet@example.org/Balcony", "juliet", "example.org", "Balcony" },
		{ "example.org/x", "", "example.org", "x" },
		{ "a@b/c@d/e", "a", "b", "c@d/e" },
		{ "b/c@d", "", "b", "c@d" },
		{ "Juliet@Example.org/Balcony", "juliet", "example.org", "Balcony" },
		{ "JULIET@example.org", "juliet", "example.org", "" },
		{ "Катя@Пример.org/Дом", "катя", "пример.org", "Дом" },
		{ "a@[2001:db8::1]/x", "a", "[2001:db8::1]", "x" },
		{ "a@example.org./x", "a", "example.org", "x" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct jid jid = parsed(*state, cases[i].text);
		assert_true(str_is(jid_node(&jid), cases[i].node));
		assert_true(str_is(jid_domain(&jid), cases[i].domain));
		assert_string_equal(jid_resource(&jid), cases[i].resource);
		assert_int_equal(strlen(jid.full), jid.len);
		assert_int_equal(jid_is_bare(&jid), !*cases[i].resource);
	}
}

static void what_is_no_jid_is_refused(void **state)
{
	static const char *const texts[] = {
		"",      "@",     "/",      "@b",       "a@",     "a@/c",  "b/",     "a@b/",  "a@b@c",
		"a b@c", "a@b c", "a@b/\n", "a@b/\xff", "a@b..c", "a:b@c", "\xff@b", "a@b:1",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct jid jid;
		assert_false(jid_parse_text(&jid, *state, texts[i]));
	}
	struct jid jid;
	assert_false(jid_parse(&jid, *state, "a\0b@c", 5));
	assert_false(jid_parse(&jid, *state, "a@b/\0", 5));
}

static void prepared_text_is_borrowed(void **state)
{
	static const char *const texts[] = { "juliet@example.org/Balcony", "катя@пример.org/Дом", "a@[::1]" };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct jid jid = parsed(*state, texts[i]);
		assert_ptr_equal(jid.full, texts[i]);
	}
	assert_int_equal(arena_used(*state), 0);
}

static void equal_jids_have_equal_bytes(void **state)
{
	struct jid a = parsed(*state, "Juliet@EXAMPLE.org./x"), b = parsed(*state, "juliet@example.org/x");
	struct jid c = parsed(*state, "juliet@example.org/X"), d = parsed(*state, "juliet.example.org/x");
	assert_true(jid_equal(&a, &b));
	assert_string_equal(a.full, b.full);
	assert_false(jid_equal(&a, &c));
	assert_true(jid_equal_bare(&a, &c));
	assert_false(jid_equal_bare(&a, &d));
}

static void bare_jid_drops_resource(void **state)
{
	struct jid full = parsed(*state, "juliet@example.org/x"), bare = parsed(*state, "juliet@example.org");
	assert_true(str_is(jid_bare(&full), "juliet@example.org"));
	assert_string_equal(jid_bare_text(&full, *state), "juliet@example.org");
	assert_ptr_equal(jid_bare_text(&bare, *state), bare.full);
}

static void each_part_may_have_1023_bytes(void **state)
{
	g_autofree char *part = g_strnfill(1023, 'a'), *longer = g_strnfill(1024, 'a');
	g_autoptr(GString) domain = g_string_new("a");
	g_autofree char *longest = NULL;
	struct jid jid;
	while (domain->len < 1023)
		g_string_append(domain, ".b");
	longest = g_strdup_printf("%s@%s/%s", part, domain->str, part);
	assert_true(jid_parse_text(&jid, *state, longest));
	assert_int_equal(jid.len, JID_MAX);
	assert_int_equal(jid_node(&jid).n, 1023);
	assert_int_equal(jid_domain(&jid).n, 1023);
	assert_int_equal(strlen(jid_resource(&jid)), 1023);
	assert_true(jid_build(&jid, *state, part, domain->str, part));
	assert_string_equal(jid.full, longest);
	assert_false(jid_build(&jid, *state, longer, "b", NULL));
	assert_false(jid_build(&jid, *state, NULL, "b", longer));
}

static void build_prepares_its_parts(void **state)
{
	struct jid jid;
	assert_true(jid_build(&jid, *state, "Juliet", "Example.org", "Balcony"));
	assert_string_equal(jid.full, "juliet@example.org/Balcony");
	assert_true(jid_build(&jid, *state, NULL, "example.org", ""));
	assert_string_equal(jid.full, "example.org");
	assert_true(jid_build(&jid, *state, "", "example.org", "a/b@c"));
	assert_string_equal(jid.full, "example.org/a/b@c");
	assert_string_equal(jid_resource(&jid), "a/b@c");
	assert_false(jid_build(&jid, *state, "a@b", "example.org", NULL));
	assert_false(jid_build(&jid, *state, "a", "", NULL));
	assert_false(jid_build(&jid, *state, "a", "b/c", NULL));
}

static void any_cut_of_a_jid_is_parsed_or_refused(void **state)
{
	static const char text[] = "Катя\\40x@пример.Example.org/Дом 😺";
	for (size_t n = 0; n < sizeof(text); n++) {
		/* In a block of its own, so that reading past its end is seen. */
		g_autofree char *cut = g_strndup(text, n);
		struct jid jid, again;
		if (!jid_parse(&jid, *state, cut, n))
			continue;
		assert_true(jid_parse(&again, *state, jid.full, jid.len));
		assert_ptr_equal(again.full, jid.full);
		assert_true(jid_equal(&jid, &again));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(parts_are_found),           TEST(what_is_no_jid_is_refused),
		TEST(prepared_text_is_borrowed), TEST(equal_jids_have_equal_bytes),
		TEST(bare_jid_drops_resource),   TEST(each_part_may_have_1023_bytes),
		TEST(build_prepares_its_parts),  TEST(any_cut_of_a_jid_is_parsed_or_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
