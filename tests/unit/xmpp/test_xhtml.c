/* SPDX-License-Identifier: MIT */
#include "xmpp/xhtml.h"

#include "xml/parser.h"
#include "xmpp/ns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define START "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>"
#define END   "</body></html>"

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

/* What is written for `inner`, without the wrapping; NULL if nothing is. */
static const char *reduce(struct arena *arena, const char *inner)
{
	const char *result = NULL;
	struct buf out;
	buf_init(&out, 1 << 20);
	if (xhtml_put(&out, arena, inner)) {
		const char *text = arena_strndup(arena, buf_data(&out), buf_len(&out));
		assert_true(g_str_has_prefix(text, START));
		assert_true(g_str_has_suffix(text, END));
		result = arena_strndup(arena, text + strlen(START), strlen(text) - strlen(START END));
	} else {
		assert_int_equal(buf_len(&out), 0);
	}
	buf_fini(&out);
	return result;
}

struct reduced {
	const char *inner, *expected; /* expected NULL: nothing */
};

static void check(struct arena *arena, const struct reduced *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *got = reduce(arena, cases[i].inner);
		if (g_strcmp0(got, cases[i].expected))
			fail_msg("%s\n gave     %s\n expected %s", cases[i].inner, got ? got : "nothing",
				 cases[i].expected ? cases[i].expected : "nothing");
	}
}

#define CHECK(cases) check(*state, cases, G_N_ELEMENTS(cases))

static void recommended_elements_stay(void **state)
{
	static const struct reduced cases[] = {
		{ "just text", "just text" },
		{ "a <strong>bold</strong> <em>word</em>", "a <strong>bold</strong> <em>word</em>" },
		{ "<p>one<br/>two</p>", "<p>one<br/>two</p>" },
		{ "<ul><li>one</li></ul><ol><li>two</li></ol>", "<ul><li>one</li></ul><ol><li>two</li></ol>" },
		{ "<blockquote>a <cite>b</cite></blockquote>", "<blockquote>a <cite>b</cite></blockquote>" },
		{ "<a href=\"https://example.org/?a=1&amp;b='\" type='text/html'>x</a>",
		  "<a href='https://example.org/?a=1&amp;b=&apos;' type='text/html'>x</a>" },
		{ "<img src='http://example.org/a.png' alt='a' height='10' width='50%'/>",
		  "<img alt='a' height='10' src='http://example.org/a.png' width='50%'/>" },
		{ "&lt;script&gt; &amp;amp;", "&lt;script&gt; &amp;amp;" },
	};
	CHECK(cases);
}

static void near_elements_become_recommended_ones(void **state)
{
	static const struct reduced cases[] = {
		{ "<b>x</b><i>y</i>", "<strong>x</strong><em>y</em>" },
		{ "<div>x</div><div>y</div>", "<p>x</p><p>y</p>" },
		{ "<STRONG>x</STRONG><B>y</B>", "<strong>x</strong><strong>y</strong>" },
		{ "<br>x</br>", "<br/>x" },
		{ "<img src='cid:a'/>", "<img alt='' src='cid:a'/>" },
	};
	CHECK(cases);
}

static void unknown_elements_leave_their_text(void **state)
{
	static const struct reduced cases[] = {
		{ "<font color='red'>x <u>y</u></font>", "x y" },
		{ "<span>x</span><span style='position: fixed'>y</span>", "xy" },
		{ "<html><head><title>t</title></head><body>x</body></html>", "x" },
		{ "<form action='x'><input/>y</form>", "y" },
	};
	CHECK(cases);
}

static void scripts_go_with_what_they_contain(void **state)
{
	static const struct reduced cases[] = {
		{ "<script>alert(1)</script>x", "x" },
		{ "<SCRIPT>alert(1)</SCRIPT>x", "x" },
		{ "<style>p { color: red }</style>x", "x" },
		{ "<p><iframe src='http://e/'>y</iframe>x</p>", "<p>x</p>" },
		{ "<svg xmlns='http://www.w3.org/2000/svg'><a>y</a></svg>x", "x" },
		{ "<p xmlns='urn:other'>y</p>x", "x" },
	};
	CHECK(cases);
}

static void only_known_attributes_stay(void **state)
{
	static const struct reduced cases[] = {
		{ "<p onclick='alert(1)' id='a' class='b'>x</p>", "<p>x</p>" },
		{ "<p xml:lang='en' xmlns:h='http://www.w3.org/1999/xhtml' h:style='color: red'>x</p>", "<p>x</p>" },
		{ "<strong style='color: red'>x</strong>", "<strong>x</strong>" },
		{ "<a href='http://e/' target='_top' title='&quot;t&quot;'>x</a>",
		  "<a href='http://e/' title='&quot;t&quot;'>x</a>" },
		{ "<img src='http://e/' height='1e9' width='123456' onerror='x'/>", "<img alt='' src='http://e/'/>" },
		{ "<img src='http://e/' height='%' width='1%%'/>", "<img alt='' src='http://e/'/>" },
		{ "<a href='http://e/' type='text/html; x'>x</a>", "<a href='http://e/'>x</a>" },
	};
	CHECK(cases);
}

static void links_lead_only_where_it_is_safe(void **state)
{
	static const struct reduced cases[] = {
		{ "<a href='javascript:alert(1)'>x</a>", "x" },
		{ "<a href=' javascript:alert(1)'>x</a>", "x" },
		{ "<a href='java&#10;script:alert(1)'>x</a>", "x" },
		{ "<a href='data:text/html,x'>x</a>", "x" },
		{ "<a href='/relative'>x</a>", "x" },
		{ "<a href=''>x</a><a>y</a>", "xy" },
		{ "<a href='HTTP://e/'>x</a>", "<a href='HTTP://e/'>x</a>" },
		{ "<a href='mailto:a@e'>1</a><a href='xmpp:a@e'>2</a><a href='ftp://e/'>3</a>",
		  "<a href='mailto:a@e'>1</a><a href='xmpp:a@e'>2</a><a href='ftp://e/'>3</a>" },
	};
	CHECK(cases);
}

static void images_of_unknown_places_leave_their_words(void **state)
{
	static const struct reduced cases[] = {
		{ "<img src='data:image/png;base64,AAAA' alt='a &lt;cat&gt;'/>", "a &lt;cat&gt;" },
		{ "<img src='javascript:x' alt='a cat'/>", "a cat" },
		{ "<img src='ftp://e/a'/>", NULL },
		{ "<img alt='no place'/>", "no place" },
	};
	CHECK(cases);
}

static void only_known_style_stays(void **state)
{
	static const struct reduced cases[] = {
		{ "<p style='color:red;'>x</p>", "<p style='color: red'>x</p>" },
		{ "<p style=' COLOR : #ff0000 ; position: fixed; font-weight: bold'>x</p>",
		  "<p style='color: #ff0000; font-weight: bold'>x</p>" },
		{ "<p style='color: rgb(1, 2, 3)'>x</p>", "<p style='color: rgb(1, 2, 3)'>x</p>" },
		{ "<p style='font-family: \"Times New Roman\", serif'>x</p>",
		  "<p style='font-family: &quot;Times New Roman&quot;, serif'>x</p>" },
		{ "<p style='font-family: \"Times'>x</p>", "<p>x</p>" },
		{ "<p style='background-color: url(http://e/)'>x</p>", "<p>x</p>" },
		{ "<p style='background-color: URL(x)'>x</p>", "<p>x</p>" },
		{ "<p style='background-color: rgb(1) url(x)'>x</p>", "<p>x</p>" },
		{ "<p style='background-color: rgb(url(x))'>x</p>", "<p>x</p>" },
		{ "<p style='color: u\\72l(x)'>x</p>", "<p>x</p>" },
		{ "<p style='color: expression(alert(1))'>x</p>", "<p>x</p>" },
		{ "<p style='color: expr/**/ession(alert(1))'>x</p>", "<p>x</p>" },
		{ "<p style='color: x)'>x</p>", "<p>x</p>" },
		{ "<p style='color:'>x</p>", "<p>x</p>" },
		{ "<p style='color'>x</p>", "<p>x</p>" },
		{ "<p style=''>x</p>", "<p>x</p>" },
	};
	CHECK(cases);
}

static void usual_html_is_mended(void **state)
{
	static const struct reduced cases[] = {
		{ "one<br>two<BR >three<hr>", "one<br/>two<br/>three" },
		{ "<br></br>&nbsp;x", "<br/>\xc2\xa0x" },
		{ "<img src='http://e/a>b' alt='x'>", "<img alt='x' src='http://e/a&gt;b'/>" },
		{ "<img src='http://e/?a=1&b=2'/>", "<img alt='' src='http://e/?a=1&amp;b=2'/>" },
		{ "Q & A &unknown; &lt;&hellip;", "Q &amp; A &amp;unknown; &lt;\xe2\x80\xa6" },
		{ "&#65; & &#x42;", "A &amp; B" },
		{ "<broken/>&", "&amp;" },
	};
	CHECK(cases);
}

static void malformed_or_invisible_gives_nothing(void **state)
{
	static const struct reduced cases[] = {
		{ "", NULL },
		{ " \n", NULL },
		{ "<p></p>", NULL },
		{ "<script>x</script>", NULL },
		{ "</body></html></message><message>", NULL },
		{ "</body><body>", NULL },
		{ "</body></html></message><message><html><body>x", NULL },
		{ "<p>x", NULL },
		{ "<p>x</b>", NULL },
		{ "a < b", NULL },
		{ "<", NULL },
		{ "<br", NULL },
		{ "<br/", NULL },
		{ "<img alt='", NULL },
		{ "<!-- x -->y", NULL },
		{ "<?php x ?>y", NULL },
		{ "<![CDATA[x", NULL },
		{ "<x:p>y</x:p>", NULL },
		{ "<p a='1' a='2'>y</p>", NULL },
		{ "&#0; &#xffff;", NULL },
	};
	CHECK(cases);
}

static void bytes_that_xml_forbids_are_cleaned(void **state)
{
	static const struct reduced cases[] = {
		{ "a\x01<b>b\xff\x1b</b>\xed\xa0\x80", "a<strong>b_</strong>_" },
		{ "<![CDATA[<b>]]>", "&lt;b&gt;" },
	};
	CHECK(cases);
}

static void size_is_limited(void **state)
{
	g_autofree char *most = g_strnfill(XHTML_MAX - strlen(START END), 'x');
	g_autofree char *more = g_strnfill(XHTML_MAX + 1, 'x');
	g_autofree char *growing = g_strnfill(XHTML_MAX / 4, '\'');
	g_autofree char *mended = g_strnfill(XHTML_MAX / 4, '&');
	assert_string_equal(reduce(*state, most), most);
	assert_null(reduce(*state, more));
	assert_null(reduce(*state, growing));
	assert_null(reduce(*state, mended));
}

static void depth_is_limited(void **state)
{
	GString *deep = g_string_new("x");
	for (int i = 0; i < 31; i++) {
		g_string_prepend(deep, "<p>");
		g_string_append(deep, "</p>");
	}
	assert_string_equal(reduce(*state, deep->str), deep->str);
	g_string_prepend(deep, "<p>");
	g_string_append(deep, "</p>");
	assert_null(reduce(*state, deep->str));
	g_string_free(deep, TRUE);
}

static void what_was_there_before_stays(void **state)
{
	struct buf out;
	buf_init(&out, 200);
	buf_append_text(&out, "<message>");
	assert_false(xhtml_put(&out, *state, "<script/>"));
	assert_false(xhtml_put(&out, *state,
			       "this does not fit into what the buffer has left, so nothing of it may "
			       "be there, and the stanza goes on without it"));
	assert_false(out.failed);
	assert_int_equal(buf_len(&out), strlen("<message>"));
	assert_true(xhtml_put(&out, *state, "x"));
	assert_false(buf_append(&out, START END START END, strlen(START END START END)));
	assert_false(xhtml_put(&out, *state, "x"));
	assert_true(out.failed);
	buf_fini(&out);
}

static const char *inner_of(struct arena *arena, const char *document)
{
	g_autoptr(GError) error = NULL;
	const struct xml_element *html =
		xml_parse_document(arena, &XML_LIMITS_DEFAULT, document, strlen(document), &error);
	assert_null(error);
	return xhtml_inner(html, arena);
}

static void inside_of_a_users_body_is_reduced(void **state)
{
	assert_string_equal(inner_of(*state, START "a <b>bold</b><script>x</script> &amp; word<br/>" END),
			    "a <strong>bold</strong> &amp; word<br/>");
	assert_string_equal(inner_of(*state, "<html xmlns='" NS_XHTML_IM "'><h:body xmlns:h='" NS_XHTML
					     "'><h:em>x</h:em></h:body></html>"),
			    "<em>x</em>");
}

static void no_body_of_a_user_gives_nothing(void **state)
{
	g_autofree char *much = g_strnfill(XHTML_MAX + 1, 'x');
	g_autofree char *large = g_strconcat(START, much, END, NULL);
	assert_null(xhtml_inner(NULL, *state));
	assert_null(inner_of(*state, "<html xmlns='" NS_XHTML_IM "'/>"));
	assert_null(inner_of(*state, "<html xmlns='" NS_XHTML_IM "'><body>x</body></html>"));
	assert_null(inner_of(*state, START " <p/>" END));
	assert_null(inner_of(*state, large));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(recommended_elements_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(near_elements_become_recommended_ones, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown_elements_leave_their_text, setup, teardown),
		cmocka_unit_test_setup_teardown(scripts_go_with_what_they_contain, setup, teardown),
		cmocka_unit_test_setup_teardown(only_known_attributes_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(links_lead_only_where_it_is_safe, setup, teardown),
		cmocka_unit_test_setup_teardown(images_of_unknown_places_leave_their_words, setup, teardown),
		cmocka_unit_test_setup_teardown(only_known_style_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(usual_html_is_mended, setup, teardown),
		cmocka_unit_test_setup_teardown(malformed_or_invisible_gives_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(bytes_that_xml_forbids_are_cleaned, setup, teardown),
		cmocka_unit_test_setup_teardown(size_is_limited, setup, teardown),
		cmocka_unit_test_setup_teardown(depth_is_limited, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_there_before_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(inside_of_a_users_body_is_reduced, setup, teardown),
		cmocka_unit_test_setup_teardown(no_body_of_a_user_gives_nothing, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
