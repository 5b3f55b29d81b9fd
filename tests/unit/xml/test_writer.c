/* SPDX-License-Identifier: MIT */
#include "xml/writer.h"

#include "base/text.h"
#include "xml/parser.h"

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

/* What was written, as a text; the buffer is done with. */
static const char *take(struct arena *arena, struct buf *out)
{
	const char *text = buf_len(out) ? arena_strndup(arena, buf_data(out), buf_len(out)) : "";
	buf_fini(out);
	return text;
}

static const char *escaped(struct arena *arena, const char *text)
{
	struct buf out;
	buf_init(&out, 1 << 20);
	xml_escape(&out, text);
	return take(arena, &out);
}

static void markup_is_escaped_and_nothing_else(void **state)
{
	assert_string_equal(escaped(*state, ""), "");
	assert_string_equal(escaped(*state, "plain"), "plain");
	assert_string_equal(escaped(*state, "<a href=\"x\">'&'</a>"),
			    "&lt;a href=&quot;x&quot;&gt;&apos;&amp;&apos;&lt;/a&gt;");
	assert_string_equal(escaped(*state, "tab\there\nCatherine, Катя, 猫, 😺"), "tab\there\nCatherine, Катя, 猫, 😺");
}

static void numbers_are_decimal(void **state)
{
	struct buf out;
	buf_init(&out, 100);
	xml_put_number(&out, 0);
	xml_put_number_attr(&out, "most", UINT64_MAX);
	assert_string_equal(take(*state, &out), "0 most='18446744073709551615'");
}

static void each_byte_is_treated_alike_at_each_place(void **state)
{
	/* Blocks of 16 go another way than the rest: the answer must not depend on the place. */
	for (unsigned c = 1; c < 128; c++) {
		char alone[2] = { (char)c, '\0' };
		const char *expected = arena_strdup(*state, escaped(*state, alone));
		for (size_t before = 0; before < 40; before += 3) {
			g_autofree char *filling = g_strnfill(before, 'x');
			g_autofree char *text = g_strdup_printf("%s%cyyyyyyyyyyyyyyyyyyyyy", filling, (char)c);
			g_autofree char *result = g_strdup_printf("%s%syyyyyyyyyyyyyyyyyyyyy", filling, expected);
			assert_string_equal(escaped(*state, text), result);
		}
	}
}

static void forbidden_characters_are_left_out(void **state)
{
	assert_string_equal(escaped(*state, "a\x01\x02\x0b\x0c\x1f\x7f"
					    "b"),
			    "a\x7f"
			    "b");
	assert_string_equal(escaped(*state, "a\xef\xbf\xbe\xef\xbf\xbf"
					    "b"),
			    "ab");
	assert_string_equal(escaped(*state, "a\xef\xbf\xbd"
					    "b"),
			    "a\xef\xbf\xbd"
			    "b");
}

static void malformed_sequence_becomes_one_underscore(void **state)
{
	assert_string_equal(escaped(*state, "test\x80\xe0\xa0\xc0\xaf\xed\xa0\x80test"), "test____test");
	assert_string_equal(escaped(*state, "\xf0\x9f\x98"), "_");
	assert_string_equal(escaped(*state, "\xef\xbf"), "_");
}

static void escape_n_takes_nul_as_forbidden(void **state)
{
	struct buf out;
	buf_init(&out, 100);
	xml_escape_n(&out, "a\0b&", 4);
	assert_string_equal(take(*state, &out), "ab&amp;");
}

static void hostile_text_is_cleaned_as_text_clean_does(void **state)
{
	static const unsigned char interesting[] = { 'a',  ' ',  0x80, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xa0, 0xed,
						     0xef, 0xbe, 0xf0, 0x90, 0xf4, 0xf8, 0xff, 0x01, '\n' };
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);
	for (unsigned round = 0; round < 20000; round++) {
		char text[41];
		size_t n = (size_t)g_rand_int_range(rand, 0, sizeof(text));
		for (size_t i = 0; i < n; i++)
			text[i] = (char)interesting[g_rand_int_range(rand, 0, sizeof(interesting))];
		text[n] = '\0';
		assert_string_equal(escaped(*state, text), text_clean(*state, text));
		arena_reset(*state);
	}
}

static void attribute_is_written_unless_null(void **state)
{
	struct buf out;
	buf_init(&out, 100);
	xml_put(&out, "<a");
	xml_put_attr(&out, "id", "it's");
	xml_put_attr(&out, "to", NULL);
	xml_put_attr(&out, "x", "a\tb\nc\rd");
	xml_put(&out, "/>");
	assert_string_equal(take(*state, &out), "<a id='it&apos;s' x='a&#9;b&#10;c&#13;d'/>");
}

static void text_element_is_written_unless_null(void **state)
{
	struct buf out;
	buf_init(&out, 100);
	xml_put_text(&out, "body", "a<b");
	xml_put_text(&out, "subject", NULL);
	xml_put_text(&out, "show", "");
	assert_string_equal(take(*state, &out), "<body>a&lt;b</body><show></show>");
}

static void full_buffer_fails_and_can_be_rolled_back(void **state)
{
	struct buf out;
	buf_init(&out, 16);
	xml_put(&out, "<a/>");
	xml_put_text(&out, "body", "too long for the rest");
	assert_true(out.failed);
	buf_truncate(&out, 4);
	assert_string_equal(take(*state, &out), "<a/>");
}

static const char *rewritten(struct arena *arena, const char *text, const char *ns)
{
	g_autoptr(GError) error = NULL;
	const struct xml_element *root = xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, strlen(text), &error);
	struct buf out;
	assert_null(error);
	buf_init(&out, 1 << 20);
	xml_put_element(&out, root, ns);
	return take(arena, &out);
}

static void namespace_is_written_where_it_changes(void **state)
{
	assert_string_equal(rewritten(*state, "<p:a xmlns:p='u'><p:b/><c/></p:a>", ""),
			    "<a xmlns='u'><b/><c xmlns=''/></a>");
	assert_string_equal(rewritten(*state, "<a xmlns='u'><b/></a>", "u"), "<a><b/></a>");
	assert_string_equal(rewritten(*state, "<a xmlns='it&apos;s'/>", ""), "<a xmlns='it&apos;s'/>");
}

static void trees_survive_writing_and_parsing(void **state)
{
	static const char *const texts[] = {
		"<a/>",
		"<a>text</a>",
		"<a x='1'><b/>between<c><d>deep</d></c>tail</a>",
		"<a xmlns='u'><b xmlns='v'><c xmlns='u'/></b><d/></a>",
		"<a xml:lang='en' xml:space='preserve'>x</a>",
		"<a xmlns:n1='u' xmlns:n2='v' n1:x='1' n2:x='2' x='3'/>",
		"<a xmlns='u' xmlns:n1='u' n1:x='1'><b xmlns:n1='v' n1:y='2'/></a>",
		"<xml:a><b xmlns='u'><xml:c><d/></xml:c></b></xml:a>",
		"<a xmlns='u'><xml:b><c/><d xmlns=''/></xml:b></a>",
		"<a x='&#9;&#10;&#13;&lt;'>&#13;\n\t]]&gt;</a>",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *once = rewritten(*state, texts[i], "");
		assert_string_equal(rewritten(*state, once, ""), once);
		assert_int_equal(strlen(once) > 0, 1);
	}
	/* Some are written as they came. */
	assert_string_equal(rewritten(*state, texts[2], ""), texts[2]);
	assert_string_equal(rewritten(*state, texts[3], ""), texts[3]);
	assert_string_equal(rewritten(*state, texts[4], ""), texts[4]);
	assert_string_equal(rewritten(*state, texts[7], ""), texts[7]);
	assert_string_equal(rewritten(*state, texts[8], ""), texts[8]);
	assert_string_equal(rewritten(*state, texts[9], ""), texts[9]);
}

static void attributes_keep_their_namespaces(void **state)
{
	assert_string_equal(rewritten(*state, "<a xmlns:p='u' xmlns:q='v' p:x='1' y='2' q:x='3'/>", ""),
			    "<a xmlns:n1='u' n1:x='1' y='2' xmlns:n3='v' n3:x='3'/>");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_are_decimal),
		TEST(markup_is_escaped_and_nothing_else),
		TEST(each_byte_is_treated_alike_at_each_place),
		TEST(forbidden_characters_are_left_out),
		TEST(malformed_sequence_becomes_one_underscore),
		TEST(escape_n_takes_nul_as_forbidden),
		TEST(hostile_text_is_cleaned_as_text_clean_does),
		TEST(attribute_is_written_unless_null),
		TEST(text_element_is_written_unless_null),
		TEST(full_buffer_fails_and_can_be_rolled_back),
		TEST(namespace_is_written_where_it_changes),
		TEST(trees_survive_writing_and_parsing),
		TEST(attributes_keep_their_namespaces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
