/* SPDX-License-Identifier: MIT */
#include "jid/prep.h"

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
	const char *text, *prepared; /* prepared NULL: cannot be */
};

typedef const char *prep(struct arena *arena, const char *s, size_t n);

static void check(struct arena *arena, prep *prepare, const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *text = samples[i].text, *prepared = prepare(arena, text, strlen(text));
		if (!samples[i].prepared) {
			assert_null(prepared);
			continue;
		}
		assert_non_null(prepared);
		assert_string_equal(prepared, samples[i].prepared);
		/* Prepared already means borrowed, and preparing again changes nothing. */
		assert_int_equal(prepared == text, strcmp(text, prepared) == 0);
		assert_ptr_equal(prepare(arena, prepared, strlen(prepared)), prepared);
	}
}

static void nodeprep_follows_its_profile(void **state)
{
	static const struct sample samples[] = {
		{ "juliet", "juliet" },
		{ "#room", "#room" },
		{ "a\\40b%c!$(){}[]~", "a\\40b%c!$(){}[]~" },
		{ "Juliet", "juliet" },
		{ "Катя", "катя" },
		{ "катя", "катя" },
		{ "Straße", "strasse" },
		{ "\xef\xbc\xa1", "a" },     /* fullwidth A */
		{ "e\xcc\x81", "\xc3\xa9" }, /* e, combining acute */
		{ "a\xc2\xad"
		  "b",
		  "ab" }, /* soft hyphen */
		{ "😺", "😺" },
		{ "", NULL },
		{ "\xc2\xad", NULL }, /* nothing is left */
		{ "a b", NULL },
		{ "a\"b", NULL },
		{ "a&b", NULL },
		{ "a'b", NULL },
		{ "a/b", NULL },
		{ "a:b", NULL },
		{ "a<b", NULL },
		{ "a>b", NULL },
		{ "a@b", NULL },
		{ "a\tb", NULL },
		{ "a\x7f", NULL },
		{ "é b", NULL },
		{ "a\xc2\xa0"
		  "b",
		  NULL },                 /* no-break space */
		{ "\xe2\x84\x80", NULL }, /* a/c in one character */
		{ "\xef\xbc\xa0", NULL }, /* fullwidth @ */
		{ "a\xff", NULL },
		{ "\xc3", NULL },
		{ "שלום", "שלום" },
		{ "שלום%example.org", NULL }, /* mixed direction (RFC 3454, section 6) */
	};
	check(*state, jid_nodeprep, samples, G_N_ELEMENTS(samples));
}

static void nameprep_takes_names_and_addresses(void **state)
{
	static const struct sample samples[] = {
		{ "example.org", "example.org" },
		{ "Example.ORG", "example.org" },
		{ "example.org.", "example.org" },
		{ "EXAMPLE.org.", "example.org" },
		{ "localhost", "localhost" },
		{ "my_host-1", "my_host-1" },
		{ "192.0.2.7", "192.0.2.7" },
		{ "[2001:db8::1]", "[2001:db8::1]" },
		{ "[2001:DB8::1]", "[2001:db8::1]" },
		{ "2001:db8::1", "2001:db8::1" },
		{ "Пример.example", "пример.example" },
		{ "пример.example", "пример.example" },
		{ "пример\xe3\x80\x82"
		  "example",
		  "пример.example" }, /* ideographic full stop */
		{ "a\xef\xbc\x8e"
		  "b",
		  "a.b" }, /* fullwidth full stop */
		{ "a\xef\xbd\xa1", "a" },
		{ "שלום.example", "שלום.example" }, /* each label has its own direction */
		{ "xn--e1afmkfd.example", "xn--e1afmkfd.example" },
		{ "", NULL },
		{ ".", NULL },
		{ ".org", NULL },
		{ "example..org", NULL },
		{ "example.org..", NULL },
		{ "exa mple", NULL },
		{ "exa\tmple", NULL },
		{ "a@b", NULL },
		{ "a/b", NULL },
		{ "a'b", NULL },
		{ "a<b", NULL },
		{ "a%b", NULL },
		{ "localhost:5222", NULL },
		{ "[2001:db8::1", NULL },
		{ "[example.org]", NULL },
		{ "[é]", NULL },
		{ "[]", NULL },
		{ "\xe2\x84\x80.example", NULL }, /* a/c in one character */
		{ "a\xe2\x80\xa4"
		  "b",
		  NULL }, /* one dot leader */
		{ "\xc2\xad.example", NULL },
		{ "a\xff.example", NULL },
	};
	check(*state, jid_nameprep, samples, G_N_ELEMENTS(samples));
}

static void resourceprep_keeps_case_and_blanks(void **state)
{
	static const struct sample samples[] = {
		{ "Conversations.aB3x", "Conversations.aB3x" },
		{ "my phone @ home/2 <&>", "my phone @ home/2 <&>" },
		{ "Дом", "Дом" },
		{ "\xef\xbc\xa1", "A" },
		{ "x😺", "x😺" },
		{ "", NULL },
		{ "a\nb", NULL },
		{ "a\x7f", NULL },
		{ "é\x01", NULL },
		{ "a\xe2\x80\xa8", NULL }, /* line separator */
		{ "\xf0\x9f\x98", NULL },
	};
	check(*state, jid_resourceprep, samples, G_N_ELEMENTS(samples));
}

static void parts_have_at_most_1023_bytes(void **state)
{
	g_autofree char *longest = g_strnfill(1023, 'a'), *longer = g_strnfill(1024, 'a');
	g_autoptr(GString) expanding = g_string_new(NULL);
	assert_ptr_equal(jid_nodeprep(*state, longest, 1023), longest);
	assert_null(jid_nodeprep(*state, longer, 1024));
	assert_ptr_equal(jid_resourceprep(*state, longest, 1023), longest);
	assert_null(jid_resourceprep(*state, longer, 1024));
	/* Three bytes that become 33 (U+FDFA). */
	for (unsigned i = 0; i < 300; i++)
		g_string_append(expanding, "\xef\xb7\xba");
	assert_null(jid_resourceprep(*state, expanding->str, expanding->len));
}

static void labels_have_at_most_63_bytes(void **state)
{
	g_autofree char *longest = g_strnfill(63, 'a'), *longer = g_strnfill(64, 'a'), *capitals = g_strnfill(64, 'A');
	g_autofree char *long_ascii = g_strdup_printf("é%s", longest);
	g_autoptr(GString) labels = g_string_new("a");
	assert_ptr_equal(jid_nameprep(*state, longest, 63), longest);
	assert_null(jid_nameprep(*state, longer, 64));
	assert_null(jid_nameprep(*state, capitals, 64));
	assert_null(jid_nameprep(*state, long_ascii, strlen(long_ascii)));
	while (labels->len < 1023)
		g_string_append(labels, ".b");
	assert_ptr_equal(jid_nameprep(*state, labels->str, 1023), labels->str);
	g_string_append(labels, ".");
	assert_null(jid_nameprep(*state, labels->str, 1024));
	labels->str[0] = 'A';
	assert_int_equal(strlen(jid_nameprep(*state, labels->str, 1023)), 1023);
}

static void slice_of_a_longer_text_is_copied(void **state)
{
	const char *text = "juliet@example.com";
	const char *node = jid_nodeprep(*state, text, 6);
	assert_string_equal(node, "juliet");
	assert_ptr_not_equal(node, text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void saslprep_maps_and_forbids(void **state)
{
	/* RFC 4013, section 3. */
	static const struct {
		const char *text, *prepared;
	} rows[] = { { "I\xc2\xadX", "IX" }, { "user", "user" },       { "USER", "USER" },
		     { "\xc2\xaa", "a" },    { "\xe2\x85\xa8", "IX" }, { "\xc2\xa0x", " x" },
		     { "\x07", NULL },       { "\xd8\xa7\x31", NULL }, { "", NULL },
		     { "\xff", NULL } };
	char room[JID_PREP_ROOM];
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		assert_true(jid_saslprep(rows[i].text, room) == !!rows[i].prepared);
		if (rows[i].prepared)
			assert_string_equal(room, rows[i].prepared);
	}
	g_autofree char *longest = g_strnfill(1023, 'x');
	g_autofree char *longer = g_strnfill(1024, 'x');
	assert_true(jid_saslprep(longest, room));
	assert_false(jid_saslprep(longer, room));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nodeprep_follows_its_profile),     TEST(nameprep_takes_names_and_addresses),
		TEST(saslprep_maps_and_forbids),        TEST(resourceprep_keeps_case_and_blanks),
		TEST(parts_have_at_most_1023_bytes),    TEST(labels_have_at_most_63_bytes),
		TEST(slice_of_a_longer_text_is_copied),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
